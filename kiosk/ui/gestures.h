// One arbiter decides what a finger means: a tap, a drag or a long press, never two of them.
// Pure: samples in, state out. Pixels and milliseconds; the slop comes from the theme.
#pragma once

#include <cstdint>

namespace odop::kiosk::ui {

enum class GesturePhase : std::uint8_t {
  kIdle,       // no finger
  kPressed,    // went down now or is resting within the slop
  kDragging,   // left the slop
  kHeld,       // rested for kLongPressMs; lifting it does nothing more
  kSwallowed,  // this touch does nothing (it woke the screen)
};

inline constexpr std::int64_t kLongPressMs = 600;

struct GestureState {
  GesturePhase phase = GesturePhase::kIdle;
  bool began = false;    // the finger went down in this sample
  bool tapped = false;   // lifted from kPressed in this sample
  bool held = false;     // became kHeld in this sample
  bool dropped = false;  // lifted from kDragging in this sample
  float start_x = 0, start_y = 0;
  float x = 0, y = 0;
  float velocity_y = 0;  // px/s while dragging, smoothed; at `dropped` what the flick had
};

class GestureArbiter {
 public:
  // `slop_px`: how far a finger may tremble and still tap.
  explicit GestureArbiter(float slop_px) : slop_px_(slop_px) {}

  void set_slop(float slop_px) { slop_px_ = slop_px; }

  // One sample a frame. `now_ms` does not go backwards.
  const GestureState& sample(float x, float y, bool down, std::int64_t now_ms);

  // The touch that is down, or the next one while none is, presses nothing.
  void swallow();

  [[nodiscard]] const GestureState& state() const { return state_; }
  // When the resting finger becomes a long press; -1 when no such thing is pending.
  [[nodiscard]] std::int64_t long_press_at() const;

 private:
  float slop_px_;
  GestureState state_;
  bool down_ = false;
  bool swallow_next_ = false;
  std::int64_t pressed_ms_ = 0;
  std::int64_t sampled_ms_ = 0;
};

}  // namespace odop::kiosk::ui
