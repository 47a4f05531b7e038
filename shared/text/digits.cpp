#include "shared/text/digits.h"

#include "shared/text/utf8.h"

#include <unicode/uchar.h>

namespace odop {

std::string digits_of(std::string_view text) {
  std::string digits = fold_digits(text);
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  return digits;
}

std::string fold_every_digit(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(text, at);
    const int32_t value =
        c < 0x80 || c == kNoCodePoint ? -1 : u_charDigitValue(static_cast<UChar32>(c));
    if (value >= 0) {
      folded.push_back(static_cast<char>('0' + value));
    } else {
      folded.append(text.substr(from, at - from));
    }
  }
  return folded;
}

}  // namespace odop
