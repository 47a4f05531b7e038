// Power cuts under the kiosk's releases, and proof that the check sees what a missing sync costs.
#include "tests/sim/release_cuts.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

namespace odop::test {
namespace {

constexpr std::size_t kCutsOfOneStore = 20;

ReleaseCutsOutcome releases_over(std::uint64_t seeds, DiskDefects defects, bool print = false) {
  ReleaseCutsOutcome total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const ReleaseCutsOutcome outcome = run_release_cuts(seed, kCutsOfOneStore, defects);
    if (print && !outcome.clean()) std::cout << line_of(seed, outcome) << '\n';
    total += outcome;
  }
  return total;
}

// The soak: ODOP_SIM_SEEDS=500 test_sim "[power]".
std::uint64_t release_seeds() {
  const char* wanted = std::getenv("ODOP_SIM_SEEDS");
  return wanted == nullptr ? 15 : std::strtoull(wanted, nullptr, 10);
}

TEST_CASE("Whatever a power cut leaves, what went live is live and whole", "[sim][fault][power]") {
  const ReleaseCutsOutcome total = releases_over(release_seeds(), {}, true);
  std::cout << "releases " << line_of(release_seeds(), total) << '\n';
  CHECK(total.cuts == release_seeds() * kCutsOfOneStore);
  CHECK(total.live > total.cuts / 2);
  CHECK(total.lost == 0);
  CHECK(total.not_whole == 0);
  CHECK(total.unusable == 0);
}

TEST_CASE("A release that is not synced before it goes live is not whole",
          "[sim][mutation][power]") {
  CHECK(releases_over(5, {.release_without_sync = true}).not_whole > 0);
}

TEST_CASE("A release whose folders are not synced is lost or not whole", "[sim][mutation][power]") {
  const ReleaseCutsOutcome total = releases_over(5, {.no_folder_sync = true});
  CHECK(total.lost + total.not_whole > 0);
}

TEST_CASE("A pointer whose commit is not synced is forgotten", "[sim][mutation][power]") {
  CHECK(releases_over(5, {.commit_without_sync = true}).lost > 0);
}

}  // namespace
}  // namespace odop::test
