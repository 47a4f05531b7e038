// Who of the staff filled a form for a person. Beside the fields of its form the JSON of answers
// may hold one more member, so that neither the wire nor the store needs another place for it.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace odop::forms {

// No field is called so: names of fields begin with a letter.
inline constexpr std::string_view kHelperMember = "_helper";
inline constexpr std::size_t kMaxHelperBytes = 120;

// Answers as to_json wrote them, with the helper named. As they were when `helper` is empty.
[[nodiscard]] std::string with_helper(std::string_view answers, std::string_view helper);

// Who is named there; empty: nobody, or it is no such JSON.
[[nodiscard]] std::string helper_in(std::string_view answers);

}  // namespace odop::forms
