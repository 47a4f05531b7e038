// Walking over UTF-8, one code point at a time. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace odop {

// Not a code point: marks malformed bytes.
inline constexpr char32_t kNoCodePoint = 0xFFFFFFFFU;

// The code point at `at`, which must be below text.size(); `at` moves behind it. Malformed bytes
// (Unicode 15, table 3-7) give kNoCodePoint and move by one byte.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

// Appends a scalar value (not a surrogate, at most U+10FFFF).
void append_utf8(std::string& text, char32_t code_point);

}  // namespace odop
