// Numbers as an Indian reader expects them: grouped 12,34,567, digits always 0-9 in all three
// languages (decision in the design tokens). Pure, any thread. For a sentence, put the result in an
// isolate (Words::format does).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace odop {

// 1234567 -> "12,34,567"; -5000 -> "-5,000".
[[nodiscard]] std::string group_indian(std::int64_t number);

// Whole rupees: "₹12,34,567"; negative "-₹5,000".
[[nodiscard]] std::string rupees(std::int64_t whole_rupees);

// A range of prices: "₹250–₹1,200"; one value when both are equal.
[[nodiscard]] std::string rupees_range(std::int64_t from, std::int64_t to);

// Groups a decimal as typed ("12345.50" -> "12,345.50"), for quantities, which are never rounded.
// Text that is no plain decimal comes back unchanged.
[[nodiscard]] std::string group_decimal(std::string_view decimal);

}  // namespace odop
