// Which characters typed answers may hold around their letters. Private to this room.
#pragma once

#include <string>
#include <string_view>

namespace odop::forms {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] bool all_digits(std::string_view text);

[[nodiscard]] bool is_space(char32_t c);

// Bidi marks and the like, which come along when a number is pasted.
[[nodiscard]] bool is_invisible(char32_t c);

[[nodiscard]] bool is_hyphen(char32_t c);

// The text without spaces and invisible characters at both ends.
[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace odop::forms
