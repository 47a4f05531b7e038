// Power cuts under the kiosk's journal, and proof that the check sees what a missing sync costs.
#include "tests/sim/power_cuts.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

namespace odop::test {
namespace {

constexpr std::size_t kCutsOfOneDisk = 20;

CutsOutcome over_seeds(std::uint64_t seeds, DiskDefects defects, bool print = false) {
  CutsOutcome total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const CutsOutcome outcome = run_power_cuts(seed, kCutsOfOneDisk, defects);
    if (print && !outcome.clean()) std::cout << line_of(seed, outcome) << '\n';
    total += outcome;
  }
  return total;
}

// The soak: ODOP_SIM_SEEDS=500 test_sim "[power]".
std::uint64_t seeds() {
  const char* wanted = std::getenv("ODOP_SIM_SEEDS");
  return wanted == nullptr ? 15 : std::strtoull(wanted, nullptr, 10);
}

TEST_CASE("Whatever a power cut leaves, what was acknowledged is there once",
          "[sim][fault][power]") {
  const CutsOutcome total = over_seeds(seeds(), {}, true);
  std::cout << "power " << line_of(seeds(), total) << '\n';
  CHECK(total.cuts == seeds() * kCutsOfOneDisk);
  CHECK(total.acknowledged > total.cuts);
  CHECK(total.restored > 0);
  CHECK(total.lost == 0);
  CHECK(total.duplicated == 0);
  CHECK(total.unusable == 0);
}

TEST_CASE("A commit without a sync shows losses", "[sim][mutation][power]") {
  CHECK(over_seeds(5, {.commit_without_sync = true}).lost > 0);
}

TEST_CASE("A log whose folder is not synced shows losses", "[sim][mutation][power]") {
  CHECK(over_seeds(5, {.no_folder_sync = true}).lost > 0);
}

TEST_CASE("A log that is not padded to whole sectors shows losses", "[sim][mutation][power]") {
  CHECK(over_seeds(5, {.trusts_overwrite = true}).lost > 0);
}

TEST_CASE("An outbox that is not synced shows losses", "[sim][mutation][power]") {
  CHECK(over_seeds(8, {.outbox_without_sync = true}).lost > 0);
}

}  // namespace
}  // namespace odop::test
