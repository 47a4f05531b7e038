// Which catalogues a program can show.
#pragma once

#include <cstdint>

namespace odop {

// The number of this program: it counts what a release may hold that an older program cannot show
// (wire::Manifest::minimum_app; a kiosk whose number is lower keeps the release that it has). Raise
// it with each such change and add a line here, so that publishers can tell by themselves:
//   1  the first
//   2  forms with "preset" and "later" (shared/forms/minimum_program.h): without them the enquiry
//      is left out
inline constexpr std::uint32_t kProgramNumber = 2;

// What a kiosk is that names none: it is from before kiosks said it.
inline constexpr std::uint32_t kFirstProgramNumber = 1;

}  // namespace odop
