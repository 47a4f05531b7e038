#include "syncserver/http/rate_limit.h"

#include <catch2/catch.hpp>

#include <optional>
#include <string>

using namespace odop;
using namespace odop::syncserver::http;
using namespace std::chrono_literals;

TEST_CASE("a name has its burst, then its rate", "[http]") {
  ManualClock clock{WallTime{}};
  RateLimit limit{clock, {2, 3, 10}, 100};
  const auto allowed = [&](const std::string& name) { return limit.admit(name).pass.has_value(); };
  CHECK(allowed("a"));
  CHECK(allowed("a"));
  CHECK(allowed("a"));
  CHECK(limit.admit("a").retry_after_s == 1);
  CHECK(allowed("b"));  // another name is not concerned
  clock.advance(500ms);
  CHECK(allowed("a"));
  CHECK_FALSE(allowed("a"));
  clock.advance(1h);
  for (int i = 0; i < 3; ++i) CHECK(allowed("a"));
  CHECK_FALSE(allowed("a"));
}

TEST_CASE("a slow rate says how long to wait", "[http]") {
  ManualClock clock{WallTime{}};
  RateLimit limit{clock, {0.1, 1, 10}, 100};
  CHECK(limit.admit("a").pass.has_value());
  CHECK(limit.admit("a").retry_after_s == 10);
}

TEST_CASE("only so many calls of a name run at once", "[http]") {
  ManualClock clock{WallTime{}};
  RateLimit limit{clock, {1'000, 1'000, 2}, 100};
  std::optional<RateLimit::Admission> first = limit.admit("a");
  const auto second = limit.admit("a");
  REQUIRE(second.pass.has_value());
  CHECK_FALSE(limit.admit("a").pass.has_value());
  CHECK(limit.admit("b").pass.has_value());
  first.reset();
  CHECK(limit.admit("a").pass.has_value());
}

TEST_CASE("strangers without end take no memory without end", "[http]") {
  ManualClock clock{WallTime{}};
  RateLimit limit{clock, {1, 2, 10}, 3};
  const auto held = limit.admit("held");
  CHECK(limit.admit("x").pass.has_value());
  CHECK(limit.admit("y").pass.has_value());
  // No room for more names: they share one bucket.
  CHECK(limit.admit("p").pass.has_value());
  CHECK(limit.admit("q").pass.has_value());
  CHECK_FALSE(limit.admit("r").pass.has_value());
  clock.advance(10s);  // x and y are full again and forgotten
  CHECK(limit.admit("r").pass.has_value());
  CHECK(limit.admit("s").pass.has_value());
}
