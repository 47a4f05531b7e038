#include "shared/store/migration.h"

#include <catch2/catch.hpp>

#include <array>

namespace odop::store {
namespace {

constexpr auto kThree = std::to_array<Migration>(
    {{1, "first", "CREATE TABLE a(x)"}, {2, "second", ""}, {3, "third", ""}});

TEST_CASE("A new database needs every step in order", "[shared][store]") {
  const auto plan = plan_migrations(0, kThree);
  REQUIRE(plan.has_value());
  REQUIRE(plan->size() == 3);
  CHECK(plan->front().number == 1);
  CHECK(plan->back().number == 3);
}

TEST_CASE("An older database needs only the newer steps", "[shared][store]") {
  const auto plan = plan_migrations(2, kThree);
  REQUIRE(plan.has_value());
  REQUIRE(plan->size() == 1);
  CHECK(plan->front().name == "third");
  CHECK(plan_migrations(3, kThree)->empty());
}

TEST_CASE("A database newer than the program is refused", "[shared][store]") {
  const auto plan = plan_migrations(4, kThree);
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("Steps with a gap are a mistake of ours", "[shared][store]") {
  constexpr auto kGap = std::to_array<Migration>({{1, "a", ""}, {3, "c", ""}});
  const auto plan = plan_migrations(0, kGap);
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == ErrorCode::kInternal);
}

}  // namespace
}  // namespace odop::store
