#include "kiosk/ui/gestures.h"

#include <catch2/catch.hpp>

using odop::kiosk::ui::GestureArbiter;
using odop::kiosk::ui::GesturePhase;
using odop::kiosk::ui::kLongPressMs;

TEST_CASE("A touch that stays within the slop taps when it is lifted", "[kiosk][ui]") {
  GestureArbiter arbiter(8);
  CHECK(arbiter.sample(100, 100, true, 0).began);
  CHECK_FALSE(arbiter.sample(104, 103, true, 10).began);
  CHECK(arbiter.state().phase == GesturePhase::kPressed);
  CHECK_FALSE(arbiter.state().tapped);
  CHECK(arbiter.sample(104, 103, false, 20).tapped);
  CHECK_FALSE(arbiter.sample(104, 103, false, 30).tapped);
}

TEST_CASE("A touch that leaves the slop drags and does not tap", "[kiosk][ui]") {
  GestureArbiter arbiter(8);
  arbiter.sample(100, 100, true, 0);
  arbiter.sample(100, 120, true, 16);
  CHECK(arbiter.state().phase == GesturePhase::kDragging);
  arbiter.sample(100, 101, true, 32);  // coming back does not make it a tap again
  const auto& lifted = arbiter.sample(100, 101, false, 48);
  CHECK_FALSE(lifted.tapped);
  CHECK(lifted.dropped);
}

TEST_CASE("A flick keeps its speed and a rest loses it", "[kiosk][ui]") {
  GestureArbiter arbiter(8);
  arbiter.sample(100, 500, true, 0);
  for (int i = 1; i <= 8; ++i) {
    arbiter.sample(100, 500.0F - static_cast<float>(20 * i), true, 16 * i);
  }
  CHECK(arbiter.state().velocity_y < -900);
  CHECK(arbiter.state().velocity_y > -1400);

  SECTION("lifted at once") { CHECK(arbiter.sample(100, 340, false, 130).velocity_y < -900); }
  SECTION("after resting") {
    arbiter.sample(100, 340, true, 300);
    CHECK(arbiter.sample(100, 340, false, 310).velocity_y == 0);
  }
}

TEST_CASE("A resting touch becomes a long press once, and lifting it does nothing", "[kiosk][ui]") {
  GestureArbiter arbiter(8);
  arbiter.sample(10, 10, true, 1000);
  CHECK(arbiter.long_press_at() == 1000 + kLongPressMs);
  CHECK_FALSE(arbiter.sample(10, 10, true, 1000 + kLongPressMs - 1).held);
  CHECK(arbiter.sample(10, 10, true, 1000 + kLongPressMs).held);
  CHECK_FALSE(arbiter.sample(10, 10, true, 1000 + kLongPressMs + 16).held);
  CHECK_FALSE(arbiter.sample(10, 10, false, 1000 + kLongPressMs + 32).tapped);
}

TEST_CASE("The touch that wakes the screen presses nothing, the next one does", "[kiosk][ui]") {
  GestureArbiter arbiter(8);
  SECTION("told before it") { arbiter.swallow(); }
  arbiter.sample(10, 10, true, 0);
  SECTION("told while it is down") { arbiter.swallow(); }
  if (arbiter.state().phase == GesturePhase::kSwallowed) {
    CHECK_FALSE(arbiter.sample(10, 10, false, 10).tapped);
    CHECK(arbiter.sample(10, 10, true, 20).began);
    CHECK(arbiter.sample(10, 10, false, 30).tapped);
  } else {
    CHECK(arbiter.sample(10, 10, false, 10).tapped);
  }
}
