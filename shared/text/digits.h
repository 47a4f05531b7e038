// Digits as people type them. fold_digits (Devanagari, Urdu and Arabic digits to 0-9) lives in
// shared/core, where reference numbers need it too.
#pragma once

#include "shared/core/reference_number.h"  // IWYU pragma: export

#include <string>
#include <string_view>

namespace odop {

// Only the digits of the text, in ASCII; everything else is left out. Pure.
[[nodiscard]] std::string digits_of(std::string_view text);

// The text with every decimal digit of Unicode (Bengali, Gurmukhi, fullwidth, ...) as 0-9; for
// checks that must not be passed by changing the script. Malformed bytes stay. Pure.
[[nodiscard]] std::string fold_every_digit(std::string_view text);

}  // namespace odop
