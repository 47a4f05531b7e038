// Hostile bytes for every decoder, for a while: ODOP_FUZZ_SECONDS for each target (2 by default, 60
// with ODOP_LONG). ODOP_FUZZ_PART=1/3 takes the first third of them, in turn, so that CTest runs
// the parts side by side; ODOP_FUZZ_TARGET one. A crash names its target and seed in the last line
// of the output.
#include "shared/core/random.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/targets.h"
#include "tests/shared/wire/largest_allocation.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace odop::fuzz {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kSeed = 20261128;
constexpr std::chrono::seconds kLongestInput{5};  // also under ASan on a busy machine

std::chrono::duration<double> time_for_each() {
  if (const char* text = std::getenv("ODOP_FUZZ_SECONDS"); text != nullptr) {
    return std::chrono::duration<double>(std::strtod(text, nullptr));
  }
  return std::chrono::duration<double>(std::getenv("ODOP_LONG") != nullptr ? 60 : 2);
}

std::vector<Target> chosen() {
  std::vector<Target> all = targets();
  if (const char* name = std::getenv("ODOP_FUZZ_TARGET"); name != nullptr) {
    std::erase_if(all, [&](const Target& target) { return target.name != name; });
  }
  const char* text = std::getenv("ODOP_FUZZ_PART");
  if (text == nullptr) return all;
  unsigned part = 0;
  unsigned parts = 0;
  REQUIRE(std::sscanf(text, "%u/%u", &part, &parts) == 2);
  REQUIRE((part >= 1 && part <= parts));
  std::vector<Target> some;
  for (std::size_t i = part - 1; i < all.size(); i += parts) some.push_back(std::move(all[i]));
  return some;
}

}  // namespace

TEST_CASE("Every decoder takes its seeds", "[fuzz]") {
  for (const Target& target : targets()) {
    INFO(target.name);
    REQUIRE_FALSE(target.seeds.empty());
    for (const Bytes& seed : target.seeds) {
      INFO(seed.substr(0, 80));
      CHECK_FALSE(seed.empty());
      CHECK(target.take(seed));
    }
  }
}

TEST_CASE("Mutated bytes are refused or taken, and nothing else happens", "[fuzz]") {
  const auto each = time_for_each();
  const auto all = chosen();
  REQUIRE_FALSE(all.empty());
  std::uint64_t inputs = 0;
  std::uint64_t accepted = 0;
  for (const Target& target : all) {
    std::printf("fuzz %s seed=%llu", target.name.c_str(), static_cast<unsigned long long>(kSeed));
    std::fflush(stdout);
    SeededRandom random(kSeed);
    std::uint64_t tried = 0;
    std::uint64_t taken = 0;
    const auto end = Steady::now() + each;
    while (Steady::now() < end) {
      const Bytes input = mutated(target.seeds, random);
      support::reset_largest_allocation();
      const auto began = Steady::now();
      INFO(target.name << ", input " << tried << " of seed " << kSeed);
      try {
        if (target.take(input)) ++taken;
      } catch (const std::exception& broken) {
        FAIL(broken.what());
      }
      ++tried;
      if (support::largest_allocation() > target.most_memory) FAIL("too large a piece of memory");
      if (Steady::now() - began > kLongestInput) FAIL("more than five seconds");
    }
    std::printf(" inputs=%llu accepted=%llu\n", static_cast<unsigned long long>(tried),
                static_cast<unsigned long long>(taken));
    CHECK(tried > 0);
    CHECK(taken < tried);
    inputs += tried;
    accepted += taken;
  }
  std::printf("fuzz: targets=%zu inputs=%llu accepted=%llu crashes=0\n", all.size(),
              static_cast<unsigned long long>(inputs), static_cast<unsigned long long>(accepted));
}

}  // namespace odop::fuzz
