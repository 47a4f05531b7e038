#include "shared/forms/decimal.h"

#include "shared/forms/characters.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace odop::forms {
namespace {

// 1,00,000 as India groups and 100,000 as others do, never a mixture: "1234,567" would be a
// fraction where the comma is the decimal sign.
bool is_grouped(const std::vector<std::size_t>& groups) {
  if (groups.size() == 1) return true;
  const std::size_t between = groups.size() > 2 ? groups[1] : 3;
  const std::size_t most = between == 2 ? 2 : 3;  // digits before the first comma
  return (between == 2 || between == 3) && groups.front() >= 1 && groups.front() <= most &&
         groups.back() == 3 &&
         std::all_of(groups.begin() + 1, groups.end() - 1,
                     [between](std::size_t digits) { return digits == between; });
}

}  // namespace

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal out;
  bool behind_point = false;
  std::vector<std::size_t> groups{0};  // digits of the whole part between its commas
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80 && is_digit(static_cast<char>(c))) {
      (behind_point ? out.decimals : out.whole).push_back(static_cast<char>(c));
      if (!behind_point) ++groups.back();
    } else if ((c == U'.' || c == 0x66B) && !behind_point) {
      behind_point = true;
    } else if ((c == U',' || c == 0x66C) && !behind_point) {
      groups.push_back(0);
    } else {
      return std::nullopt;
    }
  }
  if (out.whole.empty() || !is_grouped(groups) || (behind_point && out.decimals.empty())) {
    return std::nullopt;
  }
  if (groups.size() > 1 && out.whole.front() == '0') return std::nullopt;  // "0,500" is a fraction
  out.whole.erase(0, std::min(out.whole.find_first_not_of('0'), out.whole.size() - 1));
  return out;
}

}  // namespace odop::forms
