// What is asked, and what is wrong with the answers. Pure, any thread; the same on the kiosk, on
// each keystroke if need be, and on the server, where every submission is checked again.
#pragma once

#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/text/dates.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odop::forms {

// What a person is to put right. `field` is empty when answers do not fit each other and no single
// field can be named. The key is static (problems.h).
struct FieldProblem {
  std::string field;
  std::string_view text_key;

  friend bool operator==(const FieldProblem&, const FieldProblem&) = default;
};

// The form's own words for a problem in this field; null = the words of the text key.
[[nodiscard]] const LocalText* own_words(const Form& form, const FieldProblem& problem);

// The fields that were answered by voice. Only questions whose UI part says "voice" may be
// (Question::voice); such a question counts as answered, also where it is required. What was said
// is for people: nothing here reads it, and no condition looks at its words. A field may be typed
// as well; then what was typed is checked as ever.
using Spoken = std::set<std::string, std::less<>>;

// The questions to ask with these answers, in order.
[[nodiscard]] std::vector<const Question*> visible_questions(const Form& form,
                                                             const Answers& answers,
                                                             const Spoken& spoken = {});

// What is wrong with one answer. Nothing for a question that is not asked or not known. `today` is
// the day of submission, in India.
[[nodiscard]] std::optional<FieldProblem> check_answer(const Form& form, std::string_view field,
                                                       const Answers& answers, Date today,
                                                       const Spoken& spoken = {});

enum class Extent : std::uint8_t {
  kWhole,       // every required question answered, and the answers fit each other
  kUnfinished,  // sent as incomplete: what was answered must be right, nothing is missed
};

// Answers as they are stored: one spelling, numbers as numbers, only what was asked. `problems` is
// empty exactly when they may be sent; a value with a problem is in `answers` no more, so that an
// Aadhaar number can neither be stored nor logged from there.
// `spoken` are the recordings that belong to questions which are asked: only those are sent.
struct Settled {
  Answers answers;
  Spoken spoken;
  std::vector<FieldProblem> problems;
};

// A recording of a field that the form has not, or that takes no voice, is a problem (not_fitting).
[[nodiscard]] Settled settle(const Form& form, const Answers& answers, Date today,
                             Extent extent = Extent::kWhole, const Spoken& spoken = {});

// The problems of settle(), in the order of the questions; those without a field last.
[[nodiscard]] std::vector<FieldProblem> check_all(const Form& form, const Answers& answers,
                                                  Date today, Extent extent = Extent::kWhole,
                                                  const Spoken& spoken = {});

}  // namespace odop::forms
