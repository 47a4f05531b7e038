#include "shared/text/digits.h"

namespace odop {

std::string digits_of(std::string_view text) {
  std::string digits = fold_digits(text);
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  return digits;
}

}  // namespace odop
