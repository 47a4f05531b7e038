// What is asked, and what is wrong with the answers. Pure, any thread; the same on the kiosk, on
// each keystroke if need be, and on the server, where every submission is checked again.
#pragma once

#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/text/dates.h"

#include <cstdint>
#include <optional>
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

// The questions to ask with these answers, in order.
[[nodiscard]] std::vector<const Question*> visible_questions(const Form& form,
                                                             const Answers& answers);

// What is wrong with one answer. Nothing for a question that is not asked or not known. `today` is
// the day of submission, in India.
[[nodiscard]] std::optional<FieldProblem> check_answer(const Form& form, std::string_view field,
                                                       const Answers& answers, Date today);

enum class Extent : std::uint8_t {
  kWhole,       // every required question answered, and the answers fit each other
  kUnfinished,  // sent as incomplete: what was answered must be right, nothing is missed
};

// Answers as they are stored: one spelling, numbers as numbers, only what was asked. `problems` is
// empty exactly when they may be sent; a value with a problem is in `answers` no more, so that an
// Aadhaar number can neither be stored nor logged from there.
struct Settled {
  Answers answers;
  std::vector<FieldProblem> problems;
};

[[nodiscard]] Settled settle(const Form& form, const Answers& answers, Date today,
                             Extent extent = Extent::kWhole);

// The problems of settle(), in the order of the questions; those without a field last.
[[nodiscard]] std::vector<FieldProblem> check_all(const Form& form, const Answers& answers,
                                                  Date today, Extent extent = Extent::kWhole);

}  // namespace odop::forms
