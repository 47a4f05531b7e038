// Time as a value that is handed in. Wall time can jump (people set clocks, batteries die);
// monotonic time cannot, and begins anew with each boot.
#pragma once

#include <chrono>

namespace odop {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC
using MonoTime = std::chrono::milliseconds;                         // since an arbitrary start

// Threads: implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual MonoTime mono() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] MonoTime mono() const override;
};

// Stands still until told. Not thread safe: one test, one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime wall) : wall_(wall) {}
  [[nodiscard]] WallTime wall() const override { return wall_; }
  [[nodiscard]] MonoTime mono() const override { return mono_; }
  void advance(std::chrono::milliseconds by) {
    wall_ += by;
    mono_ += by;
  }
  void set_wall(WallTime wall) { wall_ = wall; }  // a person turns the clock

 private:
  WallTime wall_;
  MonoTime mono_{0};
};

}  // namespace odop
