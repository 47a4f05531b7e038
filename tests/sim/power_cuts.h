// The kiosk's journal on a disk whose power fails again and again (power_cut_disk.h): what append()
// acknowledged must be there afterwards, with the same bytes, once, and no slot of the chain is
// ever given to two submissions. Now and then the database or the outbox beside it is ruined after
// a cut: the other one holds it all.
#pragma once

#include "tests/sim/power_cut_disk.h"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace odop::test {

struct CutsOutcome {
  std::size_t cuts = 0;
  std::size_t acknowledged = 0;
  std::size_t lost = 0;        // acknowledged, and gone or with other bytes
  std::size_t duplicated = 0;  // there twice, or nobody ever appended it
  std::size_t ruined = 0;      // after a cut, database or outbox
  std::size_t restored = 0;    // starts from the journal's own backup
  std::size_t unusable = 0;    // the journal did not open, or refused what is due to it

  [[nodiscard]] bool clean() const { return lost + duplicated + unusable == 0; }
  CutsOutcome& operator+=(const CutsOutcome& other);
};

// One kiosk's disk that loses power `cuts` times. `trace`: a line for each cut and operation; may
// be null.
[[nodiscard]] CutsOutcome run_power_cuts(std::uint64_t seed, std::size_t cuts, DiskDefects defects,
                                         std::ostream* trace = nullptr);

// "seed=7 cuts=20 ruined=3 acknowledged=310 lost=0 duplicated=0 unusable=0"
[[nodiscard]] std::string line_of(std::uint64_t seed, const CutsOutcome& outcome);

}  // namespace odop::test
