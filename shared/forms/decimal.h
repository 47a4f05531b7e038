// Decimal numbers as people write them, digit by digit. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace odop::forms {

struct Decimal {
  std::string whole;     // no leading zeros, at least one digit
  std::string decimals;  // as typed; empty when there is no point
};

// Digits 0-9, grouping commas (1,000 or 1,00,000: two or three digits, three in the last group),
// one point with digits behind it; Arabic comma and point as well. Nothing when it is anything
// else.
[[nodiscard]] std::optional<Decimal> read_decimal(std::string_view text);

}  // namespace odop::forms
