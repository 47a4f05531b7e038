// Bidi isolates (UAX #9). A value put into a sentence of another direction garbles it ("₹1,250 /
// 100 ml" in Urdu) unless it is isolated; hence every inserted value is. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace odop {

// U+2068 value U+2069: the value takes its own first strong direction. Empty stays empty.
[[nodiscard]] std::string isolate(std::string_view value);

// U+2066 value U+2069: always left to right, for prices, phone and reference numbers.
[[nodiscard]] std::string isolate_left_to_right(std::string_view value);

// The text without U+2066..U+2069, U+200E and U+200F; for comparing and for speech.
[[nodiscard]] std::string without_isolates(std::string_view text);

}  // namespace odop
