#include "shared/core/random.h"

#include <catch2/catch.hpp>

#include <array>

using namespace odop;

TEST_CASE("bounded random numbers reach each value about equally often", "[core]") {
  SeededRandom random{7};
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts.at(random.below(10));
  for (const int count : counts) {
    CHECK(count > 9'600);
    CHECK(count < 10'400);
  }
}

TEST_CASE("one seed gives one sequence", "[core]") {
  SeededRandom a{42};
  SeededRandom b{42};
  SeededRandom c{43};
  const auto first = a.below(1'000'000'000'000);
  CHECK(first == b.below(1'000'000'000'000));
  CHECK(first != c.below(1'000'000'000'000));
}
