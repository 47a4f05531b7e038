#include "kiosk/model/filling.h"

#include "kiosk/model/eligibility.h"
#include "kiosk/model/lookup.h"
#include "shared/forms/check.h"
#include "shared/forms/helper.h"
#include "shared/text/digits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace odop::kiosk {

namespace {

using forms::Format;
using forms::Question;
using forms::Widget;

constexpr std::size_t kPlainMostBytes = 240;  // formats with a length of their own
constexpr std::size_t kBytesOfCharacter = 4;  // UTF-8
constexpr int kPinDigits = 6;
constexpr int kPhoneDigits = 15;      // E.164
constexpr int kReferenceDigits = 18;  // as at "my answer"
constexpr int kCountDigits = 9;       // forms::kMaxCountDigits
constexpr int kMoneyDigits = 11;      // forms::kMaxMoneyDigits
// Events that may have been attended or may still be: decision, a year to either side.
constexpr int kEventDays = 366;

// Kinds in the order of the screen; others follow.
constexpr std::array<std::string_view, 6> kKindOrder{"registration", "application", "question",
                                                     "problem",      "attendance",  "feedback"};

std::size_t place_of(const forms::Form& form) {
  return static_cast<std::size_t>(std::ranges::find(kKindOrder, form.kind) - kKindOrder.begin());
}

const Notice* notice_of(const Catalogue& catalogue, std::string_view id) {
  const auto found = std::ranges::find(catalogue.notices, id, &Notice::id);
  return found == catalogue.notices.end() ? nullptr : &*found;
}

// Every consent that must be given has its notice.
bool tells(const Catalogue& catalogue, const forms::Form& form) {
  return std::ranges::all_of(form.consents, [&](const auto& consent) {
    return !consent.required || notice_of(catalogue, consent.notice) != nullptr;
  });
}

}  // namespace

std::vector<std::shared_ptr<const forms::Form>> offered_forms(const Catalogue& catalogue,
                                                              std::string_view today) {
  std::vector<std::shared_ptr<const forms::Form>> out;
  for (const auto& form : catalogue.forms) {
    if (form->kind == kEnquiryKind || form->kind == "withdrawal") continue;
    // A release may carry the form of a scheme that it does not describe; that says nothing of it.
    const bool over = form->scheme.has_value() &&
                      catalogue.scheme(form->scheme->scheme) != nullptr &&
                      scheme_on(catalogue, form->scheme->scheme, today) == nullptr;
    if (over) continue;
    if (tells(catalogue, *form)) out.push_back(form);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& one, const auto& other) {
    return place_of(*one) < place_of(*other);
  });
  return out;
}

std::shared_ptr<const forms::Form> enquiry_form(const Catalogue& catalogue) {
  for (const auto& form : catalogue.forms) {
    if (form->kind == kEnquiryKind && tells(catalogue, *form)) return form;
  }
  return nullptr;
}

std::shared_ptr<const forms::Form> form_of_scheme(const Catalogue& catalogue,
                                                  std::string_view scheme, std::string_view today) {
  for (auto& form : offered_forms(catalogue, today)) {
    if (form->scheme.has_value() && form->scheme->scheme == scheme) return form;
  }
  return nullptr;
}

std::vector<const Event*> events_to_name(const Catalogue& catalogue, std::string_view today) {
  std::vector<std::pair<int, const Event*>> near;
  const auto day = parse_date(today);
  for (const auto& event : catalogue.events) {
    const auto start = parse_date(event.start_date);
    const bool stands = event.status != "cancelled" && event.status != "unknown";
    if (!stands || !day.has_value() || !start.has_value()) continue;
    const int away = std::abs(days_between(day.value(), start.value()));
    if (away <= kEventDays) near.emplace_back(away, &event);
  }
  std::ranges::stable_sort(near, {}, [](const auto& one) { return one.first; });
  std::vector<const Event*> out;
  out.reserve(near.size());
  for (const auto& [away, event] : near) out.push_back(event);
  return out;
}

bool leads_nowhere(const Filling& filling, const Question& question, const forms::Option& option,
                   const Catalogue& catalogue, std::string_view today) {
  if (question.widget != Widget::kOneChoice) return false;
  Filling tried = filling;
  tried.answers[question.field] = option.value;
  return std::ranges::any_of(asked_questions(tried), [&](const Question* asked) {
    if (asked->source != "events" || !asked->required) return false;
    const bool by_this =
        std::ranges::find(asked->show_if.values, option.value) != asked->show_if.values.end() &&
        asked->show_if.field == question.field;
    return by_this && events_to_name(catalogue, today).empty();
  });
}

std::vector<const Question*> asked_questions(const Filling& filling) {
  if (filling.form == nullptr) return {};
  return forms::visible_questions(*filling.form, filling.answers, spoken_fields(filling));
}

std::vector<const Question*> steps_of(const Filling& filling) {
  std::vector<const Question*> out = asked_questions(filling);
  std::erase_if(out, [](const Question* one) { return !one->preset.empty() || one->later; });
  return out;
}

std::vector<const Question*> beside(const Filling& filling, const Question& question) {
  std::vector<const Question*> out;
  if (!question.preset.empty()) return out;
  for (const Question* one : asked_questions(filling)) {
    if (one == &question) return out;
    if (one->preset.empty()) {
      out.clear();
    } else {
      out.push_back(one);
    }
  }
  return {};
}

const Question& carrier_of(const Filling& filling, const Question& question) {
  if (question.preset.empty()) return question;
  const auto asked = asked_questions(filling);
  auto at = std::ranges::find(asked, &question);
  while (at != asked.end() && !(*at)->preset.empty()) ++at;
  return at == asked.end() ? question : **at;
}

const Question* question_of(const Filling& filling) {
  if (filling.form == nullptr || filling.stage != FormStage::kQuestion) return nullptr;
  return filling.form->find(filling.field);
}

const SpokenAnswer* spoken_answer(const Filling& filling, std::string_view field) {
  const auto found = std::ranges::find(filling.spoken, field, &SpokenAnswer::field);
  return found == filling.spoken.end() ? nullptr : &*found;
}

forms::Spoken spoken_fields(const Filling& filling) {
  forms::Spoken out;
  for (const auto& answer : filling.spoken) out.insert(answer.field);
  return out;
}

bool may_speak(const State& state) {
  const Filling& filling = state.visit.filling;
  const Question* question = question_of(filling);
  return state.kiosk.can_record && state.screen().id == ScreenId::kForm && question != nullptr &&
         question->voice && is_typed(*question, filling.part) &&
         (filling.spoken.size() < kMostSpoken ||
          spoken_answer(filling, question->field) != nullptr);
}

bool has_answer(const Filling& filling, const Question& question) {
  if (spoken_answer(filling, question.field) != nullptr) return true;
  const auto found = filling.answers.find(question.field);
  return found != filling.answers.end() && !forms::is_empty(found->second);
}

std::string text_answer(const Filling& filling, const Question& question) {
  const auto found = filling.answers.find(question.field);
  if (found == filling.answers.end()) return {};
  const auto* text = std::get_if<std::string>(&found->second);
  return text == nullptr ? std::string{} : *text;
}

bool is_chosen(const Filling& filling, const Question& question, std::string_view value) {
  const auto found = filling.answers.find(question.field);
  if (found == filling.answers.end()) return false;
  if (const auto* text = std::get_if<std::string>(&found->second)) return *text == value;
  if (const auto* said = std::get_if<bool>(&found->second)) return *said == (value == kYes);
  const auto* chosen = std::get_if<std::vector<std::string>>(&found->second);
  return chosen != nullptr && std::ranges::find(*chosen, value) != chosen->end();
}

bool is_typed(const Question& question, std::string_view part) {
  switch (question.widget) {
    case Widget::kText:
    case Widget::kLongText:
    case Widget::kNumberPad:
    case Widget::kAmount:
      return true;
    case Widget::kMeasure:
      return part != kUnitPart;
    default:
      return false;
  }
}

int most_digits(const Question& question) {
  if (question.widget == Widget::kAmount) return kMoneyDigits;
  if (question.widget == Widget::kMeasure) return kCountDigits;
  if (question.widget != Widget::kNumberPad) return 0;
  switch (question.format.value_or(Format::kText)) {
    case Format::kIndianMobile:
      return static_cast<int>(kMobileDigits);
    case Format::kPinCode:
      return kPinDigits;
    case Format::kStatusCodeNumber:
      return static_cast<int>(kStatusCodeDigits);
    case Format::kReferenceNumber:
      return kReferenceDigits;
    case Format::kPhoneNumber:
      return kPhoneDigits;
    default:
      return question.type == forms::AnswerType::kWhole
                 ? kCountDigits
                 : static_cast<int>(std::clamp<std::size_t>(question.max_length, 1, 40));
  }
}

std::size_t most_bytes(const Question& question) {
  return question.max_length == 0 ? kPlainMostBytes : question.max_length * kBytesOfCharacter;
}

std::string accept_answer(const Question& question, std::string_view typed) {
  const auto most = static_cast<std::size_t>(most_digits(question));
  if (most == 0) return cut(typed, most_bytes(question));
  // A mobile number that was pasted or scanned with its prefix loses that, nothing else.
  if (question.format == Format::kIndianMobile) return mobile_digits(typed);
  std::string digits = cut(digits_of(typed), most);
  // The plus stands before the field; without it ten digits would be an Indian number.
  if (question.format == Format::kPhoneNumber && !digits.empty()) digits.insert(0, "+");
  return digits;
}

std::string part_before(std::string_view part) {
  if (part.starts_with(kFamilyPrefix)) return std::string(kOtherProducts);
  const auto dash = part.rfind('-');
  if (dash != std::string_view::npos) return std::string(part.substr(0, dash));
  return {};
}

std::string_view amount_part(std::string_view quantity) {
  return quantity.substr(0, quantity.find(' '));
}

std::string_view unit_part(std::string_view quantity) {
  const auto space = quantity.find(' ');
  return space == std::string_view::npos ? std::string_view{} : quantity.substr(space + 1);
}

std::string answered_district(const Filling& filling) {
  for (const Question* question : asked_questions(filling)) {
    if (question->source != "districts") continue;
    std::string district = text_answer(filling, *question);
    if (!district.empty()) return district;
  }
  return {};
}

std::vector<std::string> districts_of(const Visit& visit) {
  std::string district = answered_district(visit.filling);
  if (!district.empty()) return {std::move(district)};
  for (const Question* question : asked_questions(visit.filling)) {
    if (question->widget == Widget::kProductList) return districts_of(visit.list);
  }
  return {};
}

std::vector<AskedConsent> consents_of(const forms::Form& form, const Catalogue& catalogue) {
  std::vector<AskedConsent> out;
  for (const auto& consent : form.consents) {
    if (const Notice* notice = notice_of(catalogue, consent.notice)) {
      out.push_back({notice, consent.required});
    }
  }
  // Clang 14 cannot read the subrange that std::ranges::stable_partition returns.
  std::stable_partition(out.begin(), out.end(),
                        [](const AskedConsent& consent) { return consent.required; });
  return out;
}

bool consented(const Filling& filling, const Catalogue& catalogue) {
  if (filling.form == nullptr) return false;
  return std::ranges::all_of(consents_of(*filling.form, catalogue), [&](const auto& asked) {
    return !asked.required ||
           std::ranges::find(filling.given, asked.notice->purpose) != filling.given.end();
  });
}

Date today_of(const Kiosk& kiosk) { return parse_date(kiosk.today).value_or(Date{}); }

effect::Submit form_submission(const Visit& visit, const Catalogue& catalogue, Date today) {
  const Filling& filling = visit.filling;
  const forms::Form& form = *filling.form;
  const auto extent = filling.incomplete ? forms::Extent::kUnfinished : forms::Extent::kWhole;
  const auto settled = forms::settle(form, filling.answers, today, extent, spoken_fields(filling));
  effect::Submit submit{
      .kind = form.kind,
      .form_id = form.id,
      .form_version = form.version,
      .answers = forms::with_helper(forms::to_json(settled.answers), visit.helper),
      .consents = {},
      .language = std::string(code(visit.language)),
      .incomplete = filling.incomplete};
  for (const auto& answer : filling.spoken) {
    if (settled.spoken.contains(answer.field)) submit.spoken.push_back(answer);
  }
  for (const auto& [notice, required] : consents_of(form, catalogue)) {
    const bool given = std::ranges::find(filling.given, notice->purpose) != filling.given.end();
    submit.consents.push_back(consent_to(*notice, given, visit.language));
  }
  return submit;
}

void burn(Filling& filling) {
  for (auto& [field, value] : filling.answers) {
    if (auto* text = std::get_if<std::string>(&value)) burn(*text);
    if (auto* chosen = std::get_if<std::vector<std::string>>(&value)) {
      for (auto& text : *chosen) burn(text);
    }
    if (auto* listed = std::get_if<std::vector<forms::ListedProduct>>(&value)) {
      for (auto& line : *listed) burn(line.product);
    }
  }
  burn(filling.part);
  filling = Filling{};
}

}  // namespace odop::kiosk
