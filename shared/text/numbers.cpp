#include "shared/text/numbers.h"

#include <algorithm>
#include <cstddef>

namespace odop {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Groups plain digits: the last three, then pairs.
std::string grouped(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const std::size_t left = digits.size() - i;
    if (i > 0 && left >= 3 && (left - 3) % 2 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  return out;
}

std::string magnitude(std::int64_t number) {
  const std::string text = std::to_string(number);
  return grouped(text[0] == '-' ? std::string_view(text).substr(1) : std::string_view(text));
}

}  // namespace

std::string group_indian(std::int64_t number) {
  return (number < 0 ? "-" : "") + magnitude(number);
}

std::string rupees(std::int64_t whole_rupees) {
  return (whole_rupees < 0 ? "-₹" : "₹") + magnitude(whole_rupees);
}

std::string rupees_range(std::int64_t from, std::int64_t to) {
  return from == to ? rupees(from) : rupees(from) + "–" + rupees(to);
}

std::string group_decimal(std::string_view decimal) {
  const std::size_t sign = decimal.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  const std::string_view whole = decimal.substr(0, point).substr(std::min(sign, point));
  const std::string_view rest = decimal.substr(point);
  const bool plain = !whole.empty() && std::all_of(whole.begin(), whole.end(), is_digit) &&
                     rest.size() != 1 &&
                     (rest.empty() || std::all_of(rest.begin() + 1, rest.end(), is_digit));
  if (!plain) return std::string(decimal);
  return std::string(decimal.substr(0, sign)) + grouped(whole) + std::string(rest);
}

}  // namespace odop
