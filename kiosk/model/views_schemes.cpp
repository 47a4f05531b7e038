// Schemes: the list, one of them, its cards, and what follows from the answers.
#include "kiosk/model/eligibility.h"
#include "kiosk/model/filling.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

const std::string& today_in(const Maker& maker) { return maker.state.kiosk.today; }

// "25%" of 25 and "12.5%" of 12.5.
std::string percent_text(double percent) {
  return isolate_left_to_right(fmt::format("{:.4g}%", percent));
}

std::string value_of(const Maker& maker, const SchemeFigure& figure) {
  if (figure.percent.has_value() && figure.max_inr.has_value()) {
    return maker.say(
        figure.whichever_is == "more" ? "scheme.value_more" : "scheme.value_most",
        {{"percent", percent_text(*figure.percent)}, {"amount", rupees(*figure.max_inr)}});
  }
  if (figure.percent.has_value()) return percent_text(*figure.percent);
  if (figure.max_inr.has_value()) {
    return maker.say("scheme.value_amount", {{"amount", rupees(*figure.max_inr)}});
  }
  if (figure.cost_to_inr.has_value()) return rupees(*figure.cost_to_inr);
  return {};
}

FigureRow figure_row(const Maker& maker, const SchemeFigure& figure, std::string value) {
  FigureRow row{maker.in(figure.label), std::move(value), source_line(maker, figure.dated)};
  if (figure.confidence == "medium" || figure.confidence == "low") {
    row.source += " " + maker.say("scheme.unsure");
  }
  return row;
}

std::vector<std::string> documents_of(const Maker& maker, const forms::Form* form) {
  std::vector<std::string> out;
  if (form == nullptr || !form->scheme.has_value()) return out;
  for (const auto& document : form->scheme->documents) out.push_back(maker.in(document.label));
  return out;
}

std::string where_of(const Maker& maker, const Scheme& scheme) {
  return scheme.apply_where.empty() ? std::string{}
                                    : maker.say("scheme.where." + scheme.apply_where);
}

// How much of it is told, when not all has room.
enum class Told : std::uint8_t { kAll, kNoNotes, kNoMoney };

// A line of each, plain text.
std::string code_text(const Maker& maker, const Scheme& scheme, const ResultView& view, Told told,
                      std::size_t papers) {
  std::string out;
  const auto add = [&](const std::string& line) { out += without_isolates(line) + "\n"; };
  add(maker.in(scheme.name));
  if (told == Told::kAll) add(view.title);
  if (told != Told::kNoMoney) {
    for (const auto& row : view.money) add(row.label + ": " + row.value);
  }
  if (told == Told::kAll && !view.documents.empty()) add(view.documents_title + ":");
  for (std::size_t i = 0; i < papers; ++i) {
    const std::string& document = view.documents[i];
    // "Aadhaar card: show it at the office": the paper, and a note on it.
    add("- " + (told == Told::kAll ? document : document.substr(0, document.find(": "))));
  }
  const std::size_t more = view.documents.size() - papers;
  if (more > 0) add(maker.words.plural("check.more_papers", static_cast<std::int64_t>(more)));
  return out;
}

// What a visitor takes along, at most kMaxCodeBytes. What has no room is left out in this order:
// labels and notes, the amounts, papers from the last; of these the last line says how many.
std::string taken_along(const Maker& maker, const Scheme& scheme, const ResultView& view) {
  for (const Told told : {Told::kAll, Told::kNoNotes, Told::kNoMoney}) {
    std::string all = code_text(maker, scheme, view, told, view.documents.size());
    if (all.size() <= kMaxCodeBytes) return all;
  }
  for (std::size_t papers = view.documents.size(); papers-- > 0;) {
    std::string some = code_text(maker, scheme, view, Told::kNoMoney, papers);
    if (some.size() <= kMaxCodeBytes) return some;
  }
  return {};
}

QuestionView check_head(const Maker& maker, const Checked& now, std::size_t step) {
  QuestionView view;
  const bool slabs = has_slabs(maker.catalogue, maker.visit().check.scheme, today_in(maker));
  view.steps = static_cast<int>(now.cards + (slabs ? 1 : 0));
  view.step = static_cast<int>(step);
  view.step_text = maker.say(
      "form.step", {{"step", group_indian(view.step)}, {"steps", group_indian(view.steps)}});
  view.back = maker.say("form.back");
  return view;
}

QuestionView card_view(const Maker& maker, const Checked& now) {
  QuestionView view = check_head(maker, now, now.said.size() + 1);
  view.question = maker.in(now.card->question);
  view.hint = maker.say("check.hint");
  view.pick_field = now.card->id;
  view.pick_style = PickStyle::kCards;
  view.picks.push_back({.value = "yes", .label = maker.say("form.yes"), .icon = "check"});
  view.picks.push_back({.value = "no", .label = maker.say("form.no"), .icon = "close"});
  return view;
}

QuestionView cost_view(const Maker& maker, const Checked& now) {
  QuestionView view = check_head(maker, now, now.cards + 1);
  const std::string& cost = maker.visit().check.cost;
  view.question = maker.say("check.cost");
  view.hint = maker.say("check.cost_hint");
  FieldView field;
  field.id = "form.field.cost";
  field.label = view.question;
  field.value = cost;
  field.prefix = "₹";
  field.focused = true;
  field.most_digits = static_cast<int>(kCostDigits);
  if (!cost.empty()) field.progress = rupees(std::stoll(cost));
  view.fields.push_back(std::move(field));
  view.keys = Keys::kNumbers;
  view.next = maker.say(cost.empty() ? "form.skip" : "form.next");
  return view;
}

ResultView result_view(const Maker& maker, const Scheme& scheme, const Checked& now) {
  const Check& check = maker.visit().check;
  const auto form = form_of_scheme(maker.catalogue, scheme.id, today_in(maker));
  ResultView view;
  view.scheme = scheme.id;
  view.eligible = now.eligible;
  view.title = maker.say(now.eligible ? "check.eligible" : "check.not_eligible");
  view.advice = maker.say(now.eligible ? "check.advice" : "check.advice_not");
  for (const auto& said : now.said) {
    view.reasons.push_back({maker.in(said.met ? said.rule->met : said.rule->unmet), said.met});
  }
  if (now.eligible && !check.cost.empty()) {
    const std::int64_t cost = std::stoll(check.cost);
    const Support support = support_for(maker.catalogue, scheme.id, cost, today_in(maker));
    view.money_title = maker.say("check.money", {{"cost", rupees(cost)}});
    if (support.subsidy.has_value()) {
      const SchemeFigure& figure = *support.subsidy->figure;
      FigureRow row = figure_row(maker, figure, rupees(support.subsidy->rupees));
      row.label = maker.say("check.subsidy", {{"rule", value_of(maker, figure)}});
      view.money.push_back(std::move(row));
    }
    for (const auto& own : support.own) {
      view.money.push_back(figure_row(maker, *own.figure, rupees(own.rupees)));
    }
    if (view.money.empty()) view.money_title = maker.say("check.no_money");
  }
  // Who does not appear eligible needs no papers yet.
  if (now.eligible) view.documents = documents_of(maker, form.get());
  view.documents_title = maker.say("form.documents");
  view.qr = taken_along(maker, scheme, view);
  view.qr_label = maker.say("check.qr");
  view.again = maker.say("check.again");
  if (form != nullptr && now.eligible) {
    view.apply = maker.say("scheme.apply");
    view.form = form->id;
  }
  return view;
}

}  // namespace

std::string source_line(const Maker& maker, const Dated& dated) {
  const auto checked = parse_date(dated.checked_on);
  const std::string source = maker.in(dated.source);
  if (!checked.has_value()) return maker.say("product.source", {{"source", source}});
  return maker.say("scheme.source", {{"source", source},
                                     {"date", long_date(checked.value(), maker.visit().language)}});
}

SchemesView schemes_view(const Maker& maker) {
  SchemesView view;
  view.title = maker.say("schemes.title");
  view.hint = maker.say("schemes.hint");
  for (const Scheme* scheme : schemes_on(maker.catalogue, today_in(maker))) {
    SchemeTile tile;
    tile.scheme = scheme->id;
    tile.title = maker.in(scheme->name);
    tile.note = first_sentence(maker.in(scheme->summary));
    tile.dated = source_line(maker, scheme->dated);
    if (form_of_scheme(maker.catalogue, scheme->id, today_in(maker)) != nullptr) {
      tile.mark = maker.say("schemes.form_here");
    }
    view.tiles.push_back(std::move(tile));
  }
  if (view.tiles.empty()) view.empty = maker.say("schemes.none");
  return view;
}

SchemeView scheme_view(const Maker& maker, const std::string& id) {
  SchemeView view;
  const Scheme* scheme = scheme_on(maker.catalogue, id, today_in(maker));
  if (scheme == nullptr) return view;
  view.scheme = id;
  view.title = maker.in(scheme->name);
  view.summary = maker.in(scheme->summary);
  view.summary_source = source_line(maker, scheme->dated);
  view.where = where_of(maker, *scheme);
  const auto form = form_of_scheme(maker.catalogue, id, today_in(maker));
  if (form != nullptr) {
    view.not_filed = maker.in(form->scheme->not_filed);
    view.deadline = deadline_of(maker, *form->scheme);
    view.apply = maker.say("scheme.apply");
    view.form = form->id;
  } else if (!scheme->apply_by.empty()) {
    view.deadline = deadline_words(maker, scheme->apply_by);
  }
  view.figures_title = maker.say("scheme.figures");
  for (const SchemeFigure* figure : figures_of(maker.catalogue, id, today_in(maker))) {
    view.figures.push_back(figure_row(maker, *figure, value_of(maker, *figure)));
  }
  view.who_title = maker.say("scheme.who");
  for (const EligibilityRule* rule : rules_of(maker.catalogue, id, today_in(maker))) {
    view.who.push_back({rule->icon, maker.in(rule->unmet)});
  }
  if (!view.who.empty()) view.check = maker.say("scheme.check");
  view.documents = documents_of(maker, form.get());
  view.documents_title = maker.say("form.documents");
  return view;
}

BodyView eligibility_view(const Maker& maker, const std::string& id) {
  const Scheme* scheme = scheme_on(maker.catalogue, id, today_in(maker));
  if (scheme == nullptr) return schemes_view(maker);
  const Checked now = checked(maker.visit().check, maker.catalogue, today_in(maker));
  switch (now.stage) {
    case CheckStage::kCard:
      return card_view(maker, now);
    case CheckStage::kCost:
      return cost_view(maker, now);
    case CheckStage::kResult:
      return result_view(maker, *scheme, now);
  }
  return schemes_view(maker);
}

std::string check_place(const Maker& maker) {
  switch (checked(maker.visit().check, maker.catalogue, today_in(maker)).stage) {
    case CheckStage::kCard:
      return "card";
    case CheckStage::kCost:
      return "cost";
    case CheckStage::kResult:
      return "result";
  }
  return {};
}

}  // namespace odop::kiosk
