#include "kiosk/app/process_age.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop::kiosk::app;  // NOLINT: a test of this room

TEST_CASE("The start of a process is the 22nd field, whatever the program is called",
          "[kiosk][app]") {
  const std::string rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 19 20\n";
  CHECK(start_ticks("4242 (odop-kiosk)" + rest) == 4711U);
  CHECK(start_ticks("4242 (a) S 9 (b 1)" + rest) == 4711U);
}

TEST_CASE("What is no stat of a process has no start", "[kiosk][app]") {
  CHECK_FALSE(start_ticks(""));
  CHECK_FALSE(start_ticks("4242 (odop-kiosk) S 1 2 3"));
  CHECK_FALSE(start_ticks("4242 (k) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 19"));
}

TEST_CASE("The age of this process grows", "[kiosk][app]") {
  const auto first = process_age_ms();
  const auto second = process_age_ms();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*first >= 0);
  CHECK(*second >= *first);
}
