// The frame loop: draws when something happened, sleeps otherwise.
// Threads: the UI thread.
#pragma once

#include "kiosk/app/gl_renderer.h"
#include "kiosk/app/inspector.h"
#include "kiosk/app/scene.h"
#include "kiosk/app/window.h"
#include "kiosk/ui/theme.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace odop::kiosk::app {

// What the loop borrows; all outlive it.
struct LoopParts {
  Window& window;
  GlRenderer& renderer;
  Scene& scene;
  std::unique_ptr<Inspector>& inspector;  // null: off; closed when the kiosk goes into production
  const Clock& clock;
  std::atomic<bool>& stop;
  // The panel for a window of this size.
  std::function<ui::Panel(int width, int height)> panel;
  // Called once, when the first frame is on the screen.
  std::function<void()> after_first_frame;
};

class Loop {
 public:
  explicit Loop(const LoopParts& parts);
  void run();

 private:
  [[nodiscard]] double wait_seconds() const;
  void draw_frame();
  void wipe_when_told();
  void answer(const Question& question);
  [[nodiscard]] std::string stats_json() const;
  [[nodiscard]] std::string take_screenshot(const std::string& path);

  LoopParts parts_;
  ui::FrameMaker& frames_;
  Desk& desk_;
  std::string screen_;
  int dirty_ = 1;  // frames that are due whatever happens
  std::uint64_t drawn_ = 0;
  std::optional<double> first_frame_ms_;  // age of the process when it was on the screen
  std::int64_t last_frame_ms_ = 0;
  std::deque<double> build_ms_;  // of the last frames
  std::deque<double> frame_ms_;
};

}  // namespace odop::kiosk::app
