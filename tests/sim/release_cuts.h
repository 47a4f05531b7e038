// The kiosk's releases and their media on a disk whose power fails again and again
// (power_cut_disk.h): what went live stays live, each medium of it has its bytes, and the pointer
// that was accepted is not forgotten.
#pragma once

#include "tests/sim/power_cut_disk.h"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace odop::test {

struct ReleaseCutsOutcome {
  std::size_t cuts = 0;
  std::size_t live = 0;       // releases that went live
  std::size_t lost = 0;       // went live, and an older one is the newest; or a pointer's serial
  std::size_t not_whole = 0;  // counts as ready, and a row or a medium of it is bad or gone
  std::size_t unusable = 0;   // the store could not be written, or refused a release, with power

  [[nodiscard]] bool clean() const { return lost + not_whole + unusable == 0; }
  ReleaseCutsOutcome& operator+=(const ReleaseCutsOutcome& other);
};

// One kiosk's disk that loses power `cuts` times. `trace`: a line for each cut and operation; may
// be null.
[[nodiscard]] ReleaseCutsOutcome run_release_cuts(std::uint64_t seed, std::size_t cuts,
                                                  DiskDefects defects,
                                                  std::ostream* trace = nullptr);

// "seed=7 cuts=20 live=31 lost=0 not_whole=0 unusable=0"
[[nodiscard]] std::string line_of(std::uint64_t seed, const ReleaseCutsOutcome& outcome);

}  // namespace odop::test
