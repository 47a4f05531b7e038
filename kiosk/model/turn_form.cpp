#include "kiosk/model/filling.h"
#include "kiosk/model/lookup.h"
#include "kiosk/model/turn.h"
#include "shared/forms/check.h"
#include "shared/forms/formats.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

using forms::Question;
using forms::Widget;

std::vector<forms::ListedProduct> listed(const std::vector<ListItem>& list) {
  std::vector<forms::ListedProduct> out;
  out.reserve(list.size());
  for (const auto& item : list) {
    out.push_back({item.product, item.district, item.quantity,
                   item.quantity > 0 ? item.unit : std::string{}});
  }
  return out;
}

// The dialling code of the country that was answered before, to begin a phone number with.
std::string dialled_country(const Filling& filling, const Catalogue& catalogue) {
  for (const Question* question : asked_questions(filling)) {
    if (question->source != "countries") continue;
    return dialling_code(catalogue, text_answer(filling, *question));
  }
  return {};
}

}  // namespace

void Turn::start_form(const std::string& id, const std::string& event) {
  const auto offered = offered_forms(catalogue, state.kiosk.today);
  const auto found =
      std::ranges::find_if(offered, [&](const auto& form) { return form->id == id; });
  if (found == offered.end() || turned_away()) return;
  begin(*found);
  answer_event(event);
  show(ScreenId::kForm, id);
  if ((*found)->scheme.has_value()) {
    visit().filling.stage = FormStage::kOpening;
  } else {
    go_on();
  }
}

void Turn::start_enquiry(const std::string& product) {
  auto form = enquiry_form(catalogue);
  if (form == nullptr || turned_away()) return;
  if (!product.empty()) add(product, district_on_the_way());
  if (visit().list.empty()) return;
  const std::string id = form->id;
  begin(std::move(form));
  show(ScreenId::kForm, id);
  go_on();
}

void Turn::begin(std::shared_ptr<const forms::Form> form) {
  burn(visit().filling);
  Filling& filling = visit().filling;
  filling.form = std::move(form);
  for (const Question& question : filling.form->questions) {
    if (!question.preset.empty()) filling.answers[question.field] = question.preset;
  }
  bring_list();
}

void Turn::bring_list() {
  Filling& filling = visit().filling;
  for (const Question& question : filling.form->questions) {
    if (question.widget == Widget::kProductList) {
      filling.answers[question.field] = listed(visit().list);
    }
  }
}

void Turn::answer_event(const std::string& event) {
  Filling& filling = visit().filling;
  const auto named = events_to_name(catalogue, state.kiosk.today);
  if (std::ranges::find(named, event, &Event::id) == named.end()) return;
  for (const Question& question : filling.form->questions) {
    if (question.source != "events") continue;
    // What brings the question up is answered with it.
    const forms::Condition& asked = question.show_if;
    if (asked.kind == forms::Condition::Kind::kIs && !asked.values.empty()) {
      filling.answers[asked.field] = asked.values.front();
    }
    filling.answers[question.field] = event;
    return;
  }
}

const forms::Option* Turn::only_way(const Question& question) const {
  const forms::Option* open = nullptr;
  std::size_t ways = 0;
  for (const auto& option : question.options) {
    if (leads_nowhere(visit().filling, question, option, catalogue, state.kiosk.today)) continue;
    open = &option;
    ++ways;
  }
  return ways == 1 && ways < question.options.size() ? open : nullptr;
}

bool Turn::answer_alone(const Question& question) {
  const forms::Option* way = only_way(question);
  if (way == nullptr) return false;
  visit().filling.answers[question.field] = way->value;
  return true;
}

bool Turn::said_anything() const {
  const Filling& filling = visit().filling;
  return filling.form != nullptr &&
         std::ranges::any_of(filling.form->questions, [&](const Question& question) {
           const bool brought =
               question.widget == Widget::kProductList ||
               (!question.preset.empty() && text_answer(filling, question) == question.preset);
           return !brought && has_answer(filling, question) && only_way(question) == nullptr;
         });
}

void Turn::ask_question(const std::string& field) {
  settle();
  Filling& filling = visit().filling;
  filling.stage = FormStage::kQuestion;
  filling.field = field;
  filling.part.clear();
  visit().map_region.clear();
  if (std::ranges::find(filling.seen, field) == filling.seen.end()) filling.seen.push_back(field);
  const Question* question = question_of(filling);
  if (question == nullptr) return;
  if (question->widget == Widget::kProductList) bring_list();
  if (question->format == forms::Format::kPhoneNumber && !has_answer(filling, *question)) {
    filling.answers[field] = dialled_country(filling, catalogue);
  }
  if (is_typed(*question, {}) && spoken_answer(filling, field) == nullptr) {
    visit().focus = std::string(kFieldPrefix) + field;
  }
}

void Turn::show_review() {
  settle();
  visit().filling.stage = FormStage::kReview;
  visit().filling.field.clear();
  visit().filling.part.clear();
  visit().filling.reviewing = false;
}

void Turn::go_on() {
  const Filling& filling = visit().filling;
  const auto asked = asked_questions(filling);
  auto next = asked.begin();
  if (filling.stage == FormStage::kQuestion) {
    next = std::ranges::find(asked, filling.field, &Question::field);
    if (next != asked.end()) ++next;
  }
  // From the read-back only to what an answer has newly brought up.
  const auto passed_over = [&](const Question& question) {
    return !question.preset.empty() || question.later ||
           (filling.reviewing &&
            std::ranges::find(filling.seen, question.field) != filling.seen.end());
  };
  while (next != asked.end() && passed_over(**next)) ++next;
  if (next == asked.end()) {
    show_review();
    return;
  }
  ask_question((*next)->field);
  if (answer_alone(**next)) go_on();
}

void Turn::answered() {
  const Filling& filling = visit().filling;
  const auto problem = forms::check_answer(*filling.form, filling.field, filling.answers,
                                           today_of(state.kiosk), spoken_fields(filling));
  if (problem.has_value()) {
    visit().error = problem->text_key;
    return;
  }
  go_on();
}

void Turn::form_next() {
  Filling& filling = visit().filling;
  switch (filling.stage) {
    case FormStage::kOpening:
      go_on();
      return;
    case FormStage::kQuestion: {
      const Question* question = question_of(filling);
      if (question == nullptr) return;
      if (question->widget == Widget::kProductList) bring_list();
      if (question->widget == Widget::kMeasure && filling.part.empty() &&
          has_answer(filling, *question)) {
        filling.part = kUnitPart;
        visit().focus.clear();
        return;
      }
      answered();
      return;
    }
    case FormStage::kReview: {
      const auto problems = forms::check_all(*filling.form, filling.answers, today_of(state.kiosk),
                                             forms::Extent::kWhole, spoken_fields(filling));
      if (!problems.empty()) {
        if (!problems.front().field.empty()) {
          filling.reviewing = true;
          ask_question(problems.front().field);
        }
        visit().error = problems.front().text_key;
        return;
      }
      filling.incomplete = false;
      if (consents_of(*filling.form, catalogue).empty()) {
        send_form();
        return;
      }
      settle();
      filling.stage = FormStage::kConsent;
      return;
    }
    case FormStage::kConsent:
      send_form();
      return;
  }
}

bool Turn::form_back() {
  Filling& filling = visit().filling;
  if (filling.sending) return true;
  switch (filling.stage) {
    case FormStage::kOpening:
      return false;
    case FormStage::kConsent:
      filling.incomplete = false;
      show_review();
      return true;
    case FormStage::kReview: {
      const auto steps = steps_of(filling);
      if (steps.empty()) return false;
      ask_question(steps.back()->field);
      return true;
    }
    case FormStage::kQuestion:
      break;
  }
  if (!filling.part.empty() || !visit().map_region.empty()) {
    visit().map_region.clear();
    visit().error.clear();
    filling.part = part_before(filling.part);
    if (const Question* question = question_of(filling); is_typed(*question, filling.part)) {
      visit().focus = std::string(kFieldPrefix) + filling.field;
    }
    return true;
  }
  if (filling.reviewing) {
    show_review();
    return true;
  }
  const Question& carrier = carrier_of(filling, *question_of(filling));
  if (carrier.field != filling.field) {
    ask_question(carrier.field);
    return true;
  }
  const auto steps = steps_of(filling);
  const auto here = std::ranges::find(steps, filling.field, &Question::field);
  if (here != steps.end() && here != steps.begin()) {
    ask_question((*std::prev(here))->field);
    return true;
  }
  if (!filling.form->scheme.has_value()) return false;
  settle();
  filling.stage = FormStage::kOpening;
  filling.field.clear();
  return true;
}

void Turn::form_edit(const std::string& field, const std::string& typed) {
  Filling& filling = visit().filling;
  const Question* question = question_of(filling);
  visit().error.clear();
  if (question == nullptr || field != std::string(kFieldPrefix) + question->field) return;
  if (spoken_answer(filling, question->field) != nullptr) return;
  std::string text = accept_answer(*question, typed);
  const bool digits = most_digits(*question) > 0;
  // An Aadhaar number is spoken of when it stands there, not after "next".
  if (!digits && forms::holds_aadhaar(text)) visit().error = forms::kAadhaar;
  if (question->format == forms::Format::kIndianMobile && !text.empty() && text.front() < '6') {
    visit().error = forms::kMobileStart;
  }
  filling.answers[question->field] = std::move(text);
}

void Turn::pick_day(const std::string& value) {
  Filling& filling = visit().filling;
  const Question& question = *question_of(filling);
  constexpr std::size_t kYear = 4;  // digits
  constexpr std::size_t kDay = 10;  // YYYY-MM-DD
  visit().error.clear();
  const bool whole = value.size() == kDay;
  if (whole || (question.widget == Widget::kBirth && value.size() == kYear)) {
    filling.answers[question.field] = value;
    answered();
    // The year alone cannot tell: month and day are asked as well.
    if (!whole && visit().error == forms::kBirthDay) filling.part = value;
    return;
  }
  filling.part = value;
}

void Turn::pick(const std::string& value) {
  Filling& filling = visit().filling;
  const Question& question = *question_of(filling);
  const bool leads_on = question.source == "products" &&
                        (value == kOtherProducts || value.starts_with(kFamilyPrefix));
  if (leads_on) {
    visit().error.clear();
    filling.part = value;
    return;
  }
  const bool moves = question.source == "countries" && text_answer(filling, question) != value;
  filling.answers[question.field] = value;
  if (moves) forget_dialled();
  answered();
}

void Turn::forget_dialled() {
  Filling& filling = visit().filling;
  for (const Question& question : filling.form->questions) {
    if (question.format != forms::Format::kPhoneNumber) continue;
    const auto found = filling.answers.find(question.field);
    if (found == filling.answers.end()) continue;
    if (auto* typed = std::get_if<std::string>(&found->second)) burn(*typed);
    filling.answers.erase(found);
    std::erase(filling.seen, question.field);  // it is asked anew
  }
}

bool Turn::choose_beside(const intent::Choose& choice) {
  Filling& filling = visit().filling;
  const Question* question = question_of(filling);
  if (question == nullptr) return false;
  for (const Question* one : beside(filling, *question)) {
    if (one->field != choice.field || one->widget != Widget::kOneChoice) continue;
    filling.answers[one->field] = choice.value;
    visit().error.clear();
    // Another question may stand there now: the phone's or the e-mail's.
    const Question& carrier = carrier_of(filling, *one);
    if (carrier.field != filling.field) ask_question(carrier.field);
    return true;
  }
  return false;
}

void Turn::form_choose(const intent::Choose& choice) {
  Filling& filling = visit().filling;
  const Question* question = question_of(filling);
  if (choice.field == "unit" && visit().sheet == Sheet::kUnits) {
    if (ListItem* item = on_list(visit().sheet_subject)) item->unit = choice.value;
    return;
  }
  if (choose_beside(choice)) return;
  if (question == nullptr || choice.field != question->field) return;
  visit().error.clear();
  switch (question->widget) {
    case Widget::kOneChoice:
      filling.answers[question->field] = choice.value;
      answered();
      return;
    case Widget::kYesNo:
      filling.answers[question->field] = choice.value == kYes;
      answered();
      return;
    case Widget::kChoices: {
      std::vector<std::string> chosen;
      if (const auto found = filling.answers.find(question->field);
          found != filling.answers.end()) {
        if (auto* before = std::get_if<std::vector<std::string>>(&found->second)) chosen = *before;
      }
      if (std::erase(chosen, choice.value) == 0) chosen.push_back(choice.value);
      filling.answers[question->field] = std::move(chosen);
      return;
    }
    case Widget::kDay:
    case Widget::kBirth:
      pick_day(choice.value);
      return;
    case Widget::kPicker:
      pick(choice.value);
      return;
    case Widget::kMeasure: {
      const std::string typed = text_answer(filling, *question);
      filling.answers[question->field] = std::string(amount_part(typed)) + " " + choice.value;
      answered();
      return;
    }
    default:
      return;
  }
}

void Turn::change_answer(const std::string& field) {
  Filling& filling = visit().filling;
  if (!in_form()) return;
  if (const Question* question = question_of(filling)) {
    const auto near = beside(filling, *question);
    if (std::ranges::find(near, field, &Question::field) != near.end()) ask_question(field);
    return;
  }
  if (filling.stage != FormStage::kReview) return;
  const auto asked = asked_questions(filling);
  const auto found = std::ranges::find(asked, field, &Question::field);
  if (found == asked.end()) return;
  filling.reviewing = true;
  // A switch has no screen of its own.
  const bool is_switch = (*found)->widget == Widget::kOneChoice;
  ask_question(is_switch ? carrier_of(filling, **found).field : field);
}

void Turn::send_form() {
  Filling& filling = visit().filling;
  if (filling.form == nullptr || filling.sending) return;
  if (!consented(filling, catalogue)) {
    visit().error = "form.error.consent";
    return;
  }
  const auto extent = filling.incomplete ? forms::Extent::kUnfinished : forms::Extent::kWhole;
  const Date today = today_of(state.kiosk);
  // What is wrong in an unfinished form is left out of it.
  if (!filling.incomplete &&
      !forms::check_all(*filling.form, filling.answers, today, extent, spoken_fields(filling))
           .empty()) {
    show_review();
    form_next();
    return;
  }
  visit().error.clear();
  filling.sending = true;
  effects.emplace_back(form_submission(visit(), catalogue, today));
}

bool Turn::warn_of_leaving() {
  if (!in_form() || visit().filling.sending || !said_anything()) return false;
  open_sheet(Sheet::kLeave);
  return true;
}

void Turn::send_unfinished() {
  if (!in_form() || visit().sheet != Sheet::kLeave) return;
  settle();
  bring_list();
  Filling& filling = visit().filling;
  filling.incomplete = true;
  if (consents_of(*filling.form, catalogue).empty()) {
    send_form();
    return;
  }
  filling.stage = FormStage::kConsent;
}

void Turn::leave_form() {
  if (!in_form()) return;
  burn(visit().filling);
  settle();
  visit().map_region.clear();
  visit().screens.pop_back();
}

}  // namespace odop::kiosk
