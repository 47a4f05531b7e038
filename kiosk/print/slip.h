// The receipt on paper: what it says as plain values, and the raster that a printer gets. Typeset
// by kiosk/text, so Hindi and Urdu stand on paper as on the glass, whatever fonts a printer has.
// Threads: any one; opens its own fonts (some 10 ms).
#pragma once

#include "shared/core/result.h"
#include "shared/text/language.h"

#include <cstdint>
#include <string>
#include <vector>

namespace odop::kiosk::print {

struct SlipNumber {
  std::string label;
  std::string digits;  // grouped, left to right
};

struct SlipRow {
  std::string text;
  std::string note;  // smaller, below; may be empty
};

struct Slip {
  Language language = Language::kHindi;
  std::string title;
  std::string state;  // what was kept or has arrived
  std::vector<SlipNumber> numbers;
  std::string code;  // what the code picture says; empty: none
  std::string code_label;
  std::vector<SlipRow> rows;
};

struct Bitmap {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey;  // 255 is paper
};

// Side of the code picture's modules, without its quiet zone: read from an arm's length.
inline constexpr double kCodeMm = 60;
// The narrowest slip that holds it with its quiet zone; wider paper is used up to kSlipMm.
inline constexpr double kNarrowestMm = 71;
inline constexpr double kSlipMm = 100;

// As high as what it says. `dots_per_mm` is 4 (102 dpi) to 24. Errors: kInvalidArgument (paper too
// narrow, resolution out of range), kNotFound (fonts).
[[nodiscard]] Result<Bitmap> draw_slip(const Slip& slip, double width_mm, double dots_per_mm);

}  // namespace odop::kiosk::print
