// The one window: GLFW on X11 with a core GL 3.2 context. Its callbacks fill an InputQueue and do
// nothing else. Frames are not paced by the swap (the loop has its own cap).
// Threads: main thread; `wake` from any.
#pragma once

#include "kiosk/app/input_queue.h"
#include "kiosk/ui/theme.h"
#include "shared/core/result.h"

#include <memory>
#include <optional>
#include <utility>

struct GLFWwindow;

namespace odop::kiosk::app {

class Window {
 public:
  // Connects to the display and settles the size. `size` in pixels: a window; none: the whole first
  // monitor. Errors: kUnsupported (no display).
  [[nodiscard]] static Result<std::unique_ptr<Window>> connect(
      std::optional<std::pair<int, int>> size);
  ~Window();

  // Shows it and makes its GL context current, which takes most of the time of a start. Errors:
  // kUnsupported (no GL 3.2).
  [[nodiscard]] Status open();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  [[nodiscard]] InputQueue& input() { return input_; }
  [[nodiscard]] std::pair<int, int> size() const;  // pixels; before open(): as settled
  // Physical size of the monitor in mm when it is plausible (the X server may invent one).
  [[nodiscard]] std::optional<std::pair<double, double>> monitor_mm() const;
  [[nodiscard]] bool should_close() const;
  // The picture is damaged or its size changed since the last call.
  [[nodiscard]] bool take_damage();

  void swap();
  static void poll();
  static void wait(double seconds);  // for events or wake()
  static void wake();                // needs an open window

 private:
  Window() = default;
  GLFWwindow* handle_ = nullptr;
  std::pair<int, int> asked_;
  bool full_screen_ = false;
  bool damaged_ = true;
  InputQueue input_;
};

}  // namespace odop::kiosk::app
