// The forms that ship, and answers for them as people type them.
#pragma once

#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/text/dates.h"

#include <string>
#include <vector>

namespace odop::test {

// The day of submission of every table in tests/data/forms.
inline constexpr Date kSubmitted{std::chrono::year{2026}, std::chrono::November,
                                 std::chrono::day{24}};

// Ids of assets/catalogue/forms/*.json, sorted.
[[nodiscard]] std::vector<std::string> shipped_forms();
[[nodiscard]] std::string shipped_form_text(const std::string& id);
// Fails the running test when the form is not valid.
[[nodiscard]] forms::Form shipped_form(const std::string& id);

// A file of tests/data/forms.
[[nodiscard]] std::string read_form_data(const std::string& name);

// tests/data/forms/good/ID.json.
[[nodiscard]] forms::Answers good_answers(const std::string& id);

}  // namespace odop::test
