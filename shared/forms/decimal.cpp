#include "shared/forms/decimal.h"

#include "shared/forms/characters.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <cstddef>

namespace odop::forms {

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal out;
  bool behind_point = false;
  bool commas = false;
  std::size_t since_comma = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80 && is_digit(static_cast<char>(c))) {
      (behind_point ? out.decimals : out.whole).push_back(static_cast<char>(c));
      if (!behind_point) ++since_comma;
    } else if ((c == U'.' || c == 0x66B) && !behind_point) {
      behind_point = true;
    } else if ((c == U',' || c == 0x66C) && !behind_point && !out.whole.empty() &&
               (!commas || since_comma == 2 || since_comma == 3)) {
      commas = true;
      since_comma = 0;
    } else {
      return std::nullopt;
    }
  }
  if (out.whole.empty() || (commas && since_comma != 3) || (behind_point && out.decimals.empty())) {
    return std::nullopt;
  }
  out.whole.erase(0, std::min(out.whole.find_first_not_of('0'), out.whole.size() - 1));
  return out;
}

}  // namespace odop::forms
