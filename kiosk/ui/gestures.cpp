#include "kiosk/ui/gestures.h"

#include <algorithm>
#include <cmath>

namespace odop::kiosk::ui {
namespace {

// Weight of the newest sample in the smoothed velocity. A flick of four samples counts almost
// whole, one jumpy sample at the lift does not.
constexpr float kVelocityWeight = 0.4F;

// A finger that rests this long before it lifts flicks nothing.
constexpr std::int64_t kRestMs = 80;

}  // namespace

const GestureState& GestureArbiter::sample(float x, float y, bool down, std::int64_t now_ms) {
  GestureState& s = state_;
  s.began = s.tapped = s.held = s.dropped = false;

  if (down && !down_) {
    down_ = true;
    s.phase = swallow_next_ ? GesturePhase::kSwallowed : GesturePhase::kPressed;
    swallow_next_ = false;
    s.began = s.phase == GesturePhase::kPressed;
    s.start_x = s.x = x;
    s.start_y = s.y = y;
    s.velocity_y = 0;
    pressed_ms_ = sampled_ms_ = now_ms;
    return s;
  }

  if (down_ && s.phase == GesturePhase::kPressed &&
      std::hypot(x - s.start_x, y - s.start_y) > slop_px_) {
    s.phase = GesturePhase::kDragging;
  }
  if (down_ && s.phase == GesturePhase::kDragging) {
    const auto elapsed = static_cast<float>(std::max<std::int64_t>(1, now_ms - sampled_ms_));
    if (y != s.y) {
      const float now_velocity = (y - s.y) / elapsed * 1000.0F;
      s.velocity_y += (now_velocity - s.velocity_y) * kVelocityWeight;
      sampled_ms_ = now_ms;
    } else if (now_ms - sampled_ms_ > kRestMs) {
      s.velocity_y = 0;
    }
  } else {
    sampled_ms_ = now_ms;
  }
  s.x = x;
  s.y = y;

  if (!down && down_) {
    down_ = false;
    s.tapped = s.phase == GesturePhase::kPressed;
    s.dropped = s.phase == GesturePhase::kDragging;
    s.phase = GesturePhase::kIdle;
  } else if (down_ && s.phase == GesturePhase::kPressed && now_ms - pressed_ms_ >= kLongPressMs) {
    s.phase = GesturePhase::kHeld;
    s.held = true;
  }
  return s;
}

void GestureArbiter::swallow() {
  if (down_) {
    state_.phase = GesturePhase::kSwallowed;
    state_.began = false;
  } else {
    swallow_next_ = true;
  }
}

std::int64_t GestureArbiter::long_press_at() const {
  return state_.phase == GesturePhase::kPressed ? pressed_ms_ + kLongPressMs : -1;
}

}  // namespace odop::kiosk::ui
