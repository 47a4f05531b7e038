// Filling a form of the catalogue: what may be typed and chosen, what is asked next, and the
// submission that comes of it. Pure; used by update and views.
//
// Some choices take several steps; `Filling::part` says how far one has come, and the values that
// the screens offer lead on:
//   a day       "1980s" (birth only), "1984", "1984-05", "1984-05-17"
//   a product   "other" (the families), "family-m" (its products), a product's id
//   a quantity  "unit" after the amount, then a unit's id
//   yes or no   "yes", "no"
//
// Not every question is a step of the way. One with a preset answer stands beside the next step, as
// a switch or a line, and is changed from there; one for later waits in the read-back.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"
#include "shared/forms/check.h"
#include "shared/forms/form.h"
#include "shared/text/dates.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

inline constexpr std::string_view kFieldPrefix = "form.field.";
inline constexpr std::string_view kOtherProducts = "other";
inline constexpr std::string_view kFamilyPrefix = "family-";
inline constexpr std::string_view kUnitPart = "unit";
inline constexpr std::string_view kYes = "yes";
inline constexpr std::string_view kEnquiryKind = "enquiry";

// The forms that a visitor may start, in the order of the screen: whatever has a journey of its own
// (enquiry, withdrawal) is not among them, nor is a form whose required notices are missing or
// whose scheme is not in force today.
[[nodiscard]] std::vector<std::shared_ptr<const forms::Form>> offered_forms(
    const Catalogue& catalogue, std::string_view today);
// The form of kind "enquiry": what the list is sent with. Null: the catalogue has none, or lacks
// the notice of a consent that it must ask for.
[[nodiscard]] std::shared_ptr<const forms::Form> enquiry_form(const Catalogue& catalogue);
// The offered form of a scheme; null: none.
[[nodiscard]] std::shared_ptr<const forms::Form> form_of_scheme(const Catalogue& catalogue,
                                                                std::string_view scheme,
                                                                std::string_view today);

// Events that a question may name: planned, moved or held within a year to either side of today,
// the nearest first.
[[nodiscard]] std::vector<const Event*> events_to_name(const Catalogue& catalogue,
                                                       std::string_view today);
// Whether choosing the option would bring up a question that must be answered and offers nothing
// ("it is listed" while no event is).
[[nodiscard]] bool leads_nowhere(const Filling& filling, const forms::Question& question,
                                 const forms::Option& option, const Catalogue& catalogue,
                                 std::string_view today);

// Questions asked with these answers, in order; none without a form.
[[nodiscard]] std::vector<const forms::Question*> asked_questions(const Filling& filling);
// Those among them that are steps of the way.
[[nodiscard]] std::vector<const forms::Question*> steps_of(const Filling& filling);
// Questions with a preset that stand beside this one.
[[nodiscard]] std::vector<const forms::Question*> beside(const Filling& filling,
                                                         const forms::Question& question);
// The step that a question with a preset stands beside; the question itself where it has none or
// nothing follows.
[[nodiscard]] const forms::Question& carrier_of(const Filling& filling,
                                                const forms::Question& question);
// The question on the screen; null on the other stages.
[[nodiscard]] const forms::Question* question_of(const Filling& filling);
// Typed, chosen or spoken.
[[nodiscard]] bool has_answer(const Filling& filling, const forms::Question& question);
// How it was spoken; null: it was not.
[[nodiscard]] const SpokenAnswer* spoken_answer(const Filling& filling, std::string_view field);
// The fields that were.
[[nodiscard]] forms::Spoken spoken_fields(const Filling& filling);
// Whether the question on the screen may be answered by voice here and now.
[[nodiscard]] bool may_speak(const State& state);
// What was typed or chosen as a text; empty for lists and nothing.
[[nodiscard]] std::string text_answer(const Filling& filling, const forms::Question& question);
[[nodiscard]] bool is_chosen(const Filling& filling, const forms::Question& question,
                             std::string_view value);

// Whether the keyboard or the number pad answers it; the rest is picked.
[[nodiscard]] bool is_typed(const forms::Question& question, std::string_view part);
// Digits that the number pad takes; 0: it is no question of digits.
[[nodiscard]] int most_digits(const forms::Question& question);
// Bytes that a text may have.
[[nodiscard]] std::size_t most_bytes(const forms::Question& question);
// What a field holds after `typed` was put into it: digits folded, and cut to what fits; a phone of
// any country with its plus.
[[nodiscard]] std::string accept_answer(const forms::Question& question, std::string_view typed);

// The step before `part`; empty for the first.
[[nodiscard]] std::string part_before(std::string_view part);
// A quantity as typed so far: "12", and "12 kg" when the unit is chosen.
[[nodiscard]] std::string_view amount_part(std::string_view quantity);
[[nodiscard]] std::string_view unit_part(std::string_view quantity);

// The district that the form asks for, when it was answered; empty: none.
[[nodiscard]] std::string answered_district(const Filling& filling);
// Who is responsible: that district, else those of the list, else none.
[[nodiscard]] std::vector<std::string> districts_of(const Visit& visit);

// What the form asks consent for and the catalogue has a notice of, the required first.
struct AskedConsent {
  const Notice* notice = nullptr;
  bool required = false;
};
[[nodiscard]] std::vector<AskedConsent> consents_of(const forms::Form& form,
                                                    const Catalogue& catalogue);
[[nodiscard]] bool consented(const Filling& filling, const Catalogue& catalogue);

// Today as the kiosk was told; the first day of the calendar until then.
[[nodiscard]] Date today_of(const Kiosk& kiosk);

// Answers that hold a problem are left out; there are none unless it is sent as incomplete.
[[nodiscard]] effect::Submit form_submission(const Visit& visit, const Catalogue& catalogue,
                                             Date today);

// Overwrites every text of the answers.
void burn(Filling& filling);

}  // namespace odop::kiosk
