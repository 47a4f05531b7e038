// What a cell of an import may hold. Pure; texts are UTF-8. Internal to the room.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace odop::syncserver {

// Without the white space around it.
[[nodiscard]] std::string trimmed(std::string_view text);
// Parts between semicolons, trimmed, each once; empty ones are left out.
[[nodiscard]] std::vector<std::string> split(std::string_view text);

// YYYY-MM-DD of a day that there is.
[[nodiscard]] bool is_date(std::string_view text);
// HH:MM, 00:00 to 23:59.
[[nodiscard]] bool is_time(std::string_view text);
// Letters, digits, '-', '_' and '.'; at most 100, and no point at either end.
[[nodiscard]] bool is_id(std::string_view id);
// "10 ml", "a set": what begins with a number must be more than none of it.
[[nodiscard]] bool is_quantity(std::string_view text);
// Four, six or eight digits.
[[nodiscard]] bool is_hs_code(std::string_view text);
// One or more, between commas, semicolons or slashes; 3 to 15 digits each.
[[nodiscard]] bool are_phones(std::string_view text);
// Whether `word` is one of "a|b|c".
[[nodiscard]] bool has_choice(std::string_view choices, std::string_view word);
// Whether a text has letters, and none of them in [first, last]: written in another script.
[[nodiscard]] bool misses_script(std::string_view text, char32_t first, char32_t last);

// The whole text is one number that JSON can hold; below zero only to be refused with its range.
template <typename Number>
[[nodiscard]] bool read_number(std::string_view text, Number& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() &&
         std::isfinite(static_cast<double>(value));
}

}  // namespace odop::syncserver
