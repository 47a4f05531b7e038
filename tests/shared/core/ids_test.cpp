#include "shared/core/ids.h"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace odop;

TEST_CASE("a version 7 UUID carries its time first, so that text order is time order", "[core]") {
  SeededRandom random{1};
  const WallTime early{std::chrono::milliseconds{0x0123456789AB}};
  const std::string a = make_uuid7(early, random);
  const std::string b = make_uuid7(early + std::chrono::milliseconds{1}, random);
  CHECK(a.substr(0, 13) == "01234567-89ab");
  CHECK(a[14] == '7');
  CHECK(std::string{"89ab"}.find(a[19]) != std::string::npos);
  CHECK(a < b);
  CHECK(is_uuid(a));
}

TEST_CASE("UUIDs of one millisecond differ", "[core]") {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(make_uuid7(WallTime{}, random));
  CHECK(seen.size() == 1000);
}

TEST_CASE("what is no UUID is refused", "[core]") {
  CHECK_FALSE(is_uuid(""));
  CHECK_FALSE(is_uuid("01234567-89AB-7000-8000-000000000000"));
  CHECK_FALSE(is_uuid("0123456789ab-7000-8000-000000000000--"));
  CHECK_FALSE(is_uuid("01234567-89ab-7000-8000-00000000000"));
}
