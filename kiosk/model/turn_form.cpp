#include "kiosk/model/enquiry.h"
#include "kiosk/model/filling.h"
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
std::string dialling_digits(const Filling& filling, const Catalogue& catalogue) {
  for (const Question* question : asked_questions(filling)) {
    if (question->source != "countries") continue;
    const std::string code = dialling_code(catalogue, text_answer(filling, *question));
    return code.empty() ? code : code.substr(1);
  }
  return {};
}

}  // namespace

void Turn::start_form(const std::string& id, const std::string& event) {
  const auto offered = offered_forms(catalogue, state.kiosk.today);
  const auto found =
      std::ranges::find_if(offered, [&](const auto& form) { return form->id == id; });
  if (found == offered.end()) return;
  burn(visit().filling);
  visit().filling.form = *found;
  answer_event(event);
  show(ScreenId::kForm, id);
  if ((*found)->scheme.has_value()) {
    visit().filling.stage = FormStage::kOpening;
  } else {
    go_on();
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
           return question.widget != Widget::kProductList && has_answer(filling, question) &&
                  only_way(question) == nullptr;
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
  if (question->widget == Widget::kProductList) filling.answers[field] = listed(visit().list);
  if (question->format == forms::Format::kPhoneNumber && !has_answer(filling, *question)) {
    filling.answers[field] = dialling_digits(filling, catalogue);
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
  while (filling.reviewing && next != asked.end() &&
         std::ranges::find(filling.seen, (*next)->field) != filling.seen.end()) {
    ++next;
  }
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
      if (question->widget == Widget::kProductList) {
        filling.answers[filling.field] = listed(visit().list);
      }
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
      const auto asked = asked_questions(filling);
      if (asked.empty()) return false;
      ask_question(asked.back()->field);
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
  const auto asked = asked_questions(filling);
  const auto here = std::ranges::find(asked, filling.field, &Question::field);
  if (here != asked.end() && here != asked.begin()) {
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
  filling.answers[question.field] = value;
  answered();
}

void Turn::form_choose(const intent::Choose& choice) {
  Filling& filling = visit().filling;
  const Question* question = question_of(filling);
  if (choice.field == "unit" && visit().sheet == Sheet::kUnits) {
    if (ListItem* item = on_list(visit().sheet_subject)) item->unit = choice.value;
    return;
  }
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
  if (!in_form() || filling.stage != FormStage::kReview) return;
  const auto asked = asked_questions(filling);
  if (std::ranges::find(asked, field, &Question::field) == asked.end()) return;
  filling.reviewing = true;
  ask_question(field);
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
