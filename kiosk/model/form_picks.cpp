// What a question offers to pick: options, yes and no, records of the catalogue, parts of a day.
#include "kiosk/model/eligibility.h"
#include "kiosk/model/filling.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

using forms::Format;
using forms::Question;
using forms::Widget;

// Years offered for a day that is no birth.
constexpr int kYearsBack = 5;
constexpr int kYearsAhead = 3;
constexpr int kOldest = 110;  // years, for births without a rule
constexpr int kDecade = 10;

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// "May" of a month: the words of "1 May" without its number.
std::string month_name(const Maker& maker, int year, unsigned month) {
  const Date first{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{1}};
  const std::string words = day_and_month(first, maker.visit().language);
  const auto space = words.find(' ');
  return space == std::string::npos ? words : words.substr(space + 1);
}

class Days {
 public:
  Days(const Maker& maker, const Question& question)
      : maker_(maker), question_(question), today_(today_of(maker.state.kiosk)) {}

  // Whether any day between the two may be the answer.
  [[nodiscard]] bool fits(Date first, Date last) const {
    switch (question_.format.value_or(Format::kAnyDate)) {
      case Format::kDateToCome:
        return last >= today_;
      case Format::kDateGoneBy:
      case Format::kBirth:
        return first <= today_;
      default:
        return true;
    }
  }

  void add(QuestionView& view) const {
    const std::string& part = maker_.visit().filling.part;
    view.pick_style = PickStyle::kCells;
    constexpr std::size_t kYear = 4;
    if (part.size() > kYear && part.ends_with('s')) {
      add_years(view, std::stoi(part.substr(0, kYear)), kDecade);
    } else if (part.size() == kYear) {
      view.hint = maker_.say("form.day.month");
      add_months(view, std::stoi(part));
    } else if (part.size() > kYear) {
      view.hint = maker_.say("form.day.day");
      add_days(view, std::stoi(part.substr(0, kYear)),
               static_cast<unsigned>(std::stoi(part.substr(kYear + 1))));
    } else if (question_.widget == Widget::kBirth) {
      add_decades(view);
    } else {
      add_first_years(view);
    }
  }

 private:
  void cell(QuestionView& view, std::string value, std::string label) const {
    const std::string answer = text_answer(maker_.visit().filling, question_);
    // The way that was taken before stays marked: a decade by its first three digits.
    const bool decade = value.ends_with('s');
    const std::string_view stem =
        decade ? std::string_view(value).substr(0, 3) : std::string_view(value);
    const bool selected = !answer.empty() && answer.starts_with(stem);
    view.picks.push_back(
        {.value = std::move(value), .label = std::move(label), .selected = selected});
  }

  void add_decades(QuestionView& view) const {
    view.hint = maker_.say("form.day.decade");
    const int this_year = static_cast<int>(today_.year());
    const int youngest = this_year - question_.ages.least;
    const int oldest = this_year - std::min(question_.ages.most, kOldest) - 1;
    for (int first = youngest / kDecade * kDecade; first + kDecade > oldest; first -= kDecade) {
      cell(view, std::to_string(first) + "s",
           isolate_left_to_right(std::to_string(first) + "–" +
                                 std::to_string(std::min(first + kDecade - 1, youngest))));
    }
    std::ranges::reverse(view.picks);
  }

  void add_years(QuestionView& view, int first, int count) const {
    view.hint = maker_.say("form.day.year");
    for (int year = first; year < first + count; ++year) {
      if (fits(day(year, 1, 1), day(year, 12, 31))) {
        cell(view, std::to_string(year), std::to_string(year));
      }
    }
  }

  void add_first_years(QuestionView& view) const {
    const int year = static_cast<int>(today_.year());
    const bool ahead = question_.format == Format::kDateToCome;
    const bool back = question_.format == Format::kDateGoneBy;
    if (!maker_.state.kiosk.today.empty() && fits(today_, today_)) {
      cell(view, maker_.state.kiosk.today, maker_.say("form.day.today"));
      view.picks.back().selected =
          text_answer(maker_.visit().filling, question_) == maker_.state.kiosk.today;
    }
    const int first = ahead ? year : year - kYearsBack;
    const int last = back ? year : year + kYearsAhead;
    add_years(view, first, last - first + 1);
    view.hint = maker_.say("form.day.year");
  }

  void add_months(QuestionView& view, int year) const {
    constexpr unsigned kMonths = 12;
    for (unsigned month = 1; month <= kMonths; ++month) {
      const Date last{std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                                            std::chrono::last}};
      if (!fits(day(year, month, 1), last)) continue;
      cell(view, std::to_string(year) + "-" + two_digits(month), month_name(maker_, year, month));
    }
  }

  void add_days(QuestionView& view, int year, unsigned month) const {
    const auto last = static_cast<unsigned>(std::chrono::year_month_day_last{
        std::chrono::year{year}, std::chrono::month_day_last{std::chrono::month{
                                     month}}}.day());
    for (unsigned number = 1; number <= last; ++number) {
      const Date date = day(year, month, number);
      if (fits(date, date)) cell(view, iso_date(date), std::to_string(number));
    }
  }

  static Date day(int year, unsigned month, unsigned number) {
    return Date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{number}};
  }

  const Maker& maker_;
  const Question& question_;
  Date today_;
};

void add_options(const Maker& maker, const Question& question, QuestionView& view) {
  for (const auto& option : question.options) {
    if (leads_nowhere(maker.visit().filling, question, option, maker.catalogue,
                      maker.state.kiosk.today)) {
      continue;
    }
    if (!option.picture.empty()) view.pick_style = PickStyle::kCards;
    view.picks.push_back({.value = option.value,
                          .label = maker.in(option.label),
                          .icon = option.picture,
                          .selected = is_chosen(maker.visit().filling, question, option.value)});
  }
}

void add_yes_no(const Maker& maker, const Question& question, QuestionView& view) {
  view.pick_style = PickStyle::kCards;
  const bool said = has_answer(maker.visit().filling, question);
  for (const auto& [value, icon] : {std::pair{"yes", "check"}, std::pair{"no", "close"}}) {
    view.picks.push_back({.value = value,
                          .label = maker.say(std::string("form.") + value),
                          .icon = icon,
                          .selected = said && is_chosen(maker.visit().filling, question, value)});
  }
}

void add_product(const Maker& maker, const Question& question, const Product& product,
                 const std::string& district, QuestionView& view) {
  view.picks.push_back({.value = product.id,
                        .label = maker.in(product.name),
                        .note = maker.district_name(district),
                        .picture = picture_of(product, true),
                        .selected = is_chosen(maker.visit().filling, question, product.id)});
}

void add_families(const Maker& maker, QuestionView& view, std::string_view prefix) {
  for (const auto& family : maker.catalogue.families) {
    view.picks.push_back({.value = std::string(prefix) + family.id,
                          .label = maker.in(family.name),
                          .picture = {.photo = {}, .drawing = {}, .family = family.id}});
  }
}

// The crafts of the district that was answered, else the families; the others behind one tile.
void add_products(const Maker& maker, const Question& question, QuestionView& view) {
  const std::string& part = maker.visit().filling.part;
  const Catalogue& catalogue = maker.catalogue;
  view.pick_style = PickStyle::kCards;
  if (part.starts_with(kFamilyPrefix)) {
    const std::string_view family = std::string_view(part).substr(kFamilyPrefix.size());
    for (const auto& product : catalogue.products) {
      if (product.family != family) continue;
      add_product(maker, question, product,
                  product.districts.empty() ? std::string{} : product.districts.front(), view);
    }
    return;
  }
  const std::string district = answered_district(maker.visit().filling);
  const auto listed = catalogue.products_by_district.find(district);
  if (part.empty() && listed != catalogue.products_by_district.end()) {
    for (const std::size_t at : listed->second) {
      add_product(maker, question, catalogue.products[at], district, view);
    }
    view.picks.push_back({.value = std::string(kOtherProducts),
                          .label = maker.say("form.pick.other"),
                          .note = maker.say("form.pick.other_note"),
                          .icon = "grid"});
    return;
  }
  add_families(maker, view, kFamilyPrefix);
}

void add_events(const Maker& maker, const Question& question, QuestionView& view) {
  for (const Event* event : events_to_name(maker.catalogue, maker.state.kiosk.today)) {
    view.picks.push_back(
        {.value = event->id,
         .label = maker.in(event->title),
         .note = long_date(parse_date(event->start_date).value(), maker.visit().language),
         .icon = "calendar",
         .selected = is_chosen(maker.visit().filling, question, event->id)});
  }
  view.pick_style = PickStyle::kCards;
}

template <typename Items>
void add_records(const Maker& maker, const Question& question, const Items& items,
                 QuestionView& view) {
  for (const auto& item : items) {
    view.picks.push_back({.value = item.id,
                          .label = maker.in(item.name),
                          .selected = is_chosen(maker.visit().filling, question, item.id)});
  }
}

// Those of the district that was answered first, then those that serve the whole state.
void add_institutions(const Maker& maker, const Question& question, QuestionView& view) {
  const std::string district = answered_district(maker.visit().filling);
  const auto add = [&](const Institution& one) {
    if (!valid_on(one.dated, maker.state.kiosk.today)) return;
    view.picks.push_back({.value = one.id,
                          .label = maker.in(one.name),
                          .note = maker.district_name(one.district),
                          .selected = is_chosen(maker.visit().filling, question, one.id)});
  };
  const auto near = [&](const Institution& one) {
    return !district.empty() && one.district == district;
  };
  for (const auto& one : maker.catalogue.institutions) {
    if (near(one)) add(one);
  }
  for (const auto& one : maker.catalogue.institutions) {
    if (!near(one) && (one.statewide || district.empty())) add(one);
  }
}

void add_source(const Maker& maker, const Question& question, QuestionView& view) {
  const Catalogue& catalogue = maker.catalogue;
  const std::string& source = question.source;
  if (source == "districts") {
    add_map(maker, view.map, view.regions, view.region);
    view.whole_map = maker.say("home.whole_map");
    view.here = maker.say("home.here");
    const std::string answer = text_answer(maker.visit().filling, question);
    for (auto& tile : view.map) {
      tile.dimmed = !answer.empty() && tile.district != answer;
    }
  } else if (source == "products") {
    add_products(maker, question, view);
  } else if (source == "families") {
    view.pick_style = PickStyle::kCards;
    add_families(maker, view, {});
  } else if (source == "events") {
    add_events(maker, question, view);
  } else if (source == "countries") {
    add_records(maker, question, catalogue.countries, view);
    for (std::size_t i = 0; i < view.picks.size(); ++i) {
      const std::string& code = catalogue.countries[i].detail;
      if (!code.empty()) view.picks[i].label += " " + isolate_left_to_right(code);
    }
  } else if (source == "units") {
    add_records(maker, question, catalogue.units, view);
  } else if (source == "offices") {
    add_records(maker, question, catalogue.offices, view);
  } else if (source == "schemes") {
    view.pick_style = PickStyle::kCards;
    for (const Scheme* scheme : schemes_on(catalogue, maker.state.kiosk.today)) {
      view.picks.push_back({.value = scheme->id,
                            .label = maker.in(scheme->name),
                            .icon = "rupee",
                            .selected = is_chosen(maker.visit().filling, question, scheme->id)});
    }
  } else if (source == "institutions") {
    add_institutions(maker, question, view);
  } else if (source == "currencies") {
    for (const std::string_view id : kCurrencies) {
      view.picks.push_back({.value = std::string(id),
                            .label = currency_name(maker, id),
                            .selected = is_chosen(maker.visit().filling, question, id)});
    }
  } else if (source == "stalls") {
    for (const auto& stall : catalogue.stalls) {
      view.picks.push_back({.value = stall.id,
                            .label = stall.number,
                            .note = maker.in(stall.holder),
                            .selected = is_chosen(maker.visit().filling, question, stall.id)});
    }
  }
  if (view.picks.empty() && view.map.empty()) view.no_picks = maker.say("form.pick.none");
}

}  // namespace

void add_picks(const Maker& maker, const Question& question, QuestionView& view) {
  view.pick_field = question.field;
  switch (question.widget) {
    case Widget::kOneChoice:
      add_options(maker, question, view);
      return;
    case Widget::kChoices:
      view.several = true;
      add_options(maker, question, view);
      return;
    case Widget::kYesNo:
      add_yes_no(maker, question, view);
      return;
    case Widget::kDay:
    case Widget::kBirth:
      Days(maker, question).add(view);
      return;
    case Widget::kPicker:
      add_source(maker, question, view);
      return;
    case Widget::kMeasure: {
      const std::string typed = text_answer(maker.visit().filling, question);
      for (const auto& unit : maker.catalogue.units) {
        view.picks.push_back({.value = unit.id,
                              .label = maker.in(unit.name),
                              .selected = unit_part(typed) == unit.id});
      }
      return;
    }
    case Widget::kProductList:
      for (const auto& item : maker.visit().list) view.rows.push_back(list_row_of(maker, item));
      add_row_labels(maker, view);
      if (view.rows.empty()) view.no_picks = maker.say("list.empty");
      return;
    default:
      return;
  }
}

}  // namespace odop::kiosk
