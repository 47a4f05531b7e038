// Every event of pointer and keyboard in order, handed out so that no frame sees more than one
// change of the button: a tap that went down and up between two frames takes two frames, and none
// is lost at any speed (ImGui 1.86's own GLFW backend loses them; measured).
// Pure; UI thread.
#pragma once

#include "kiosk/ui/frame_maker.h"
#include "kiosk/ui/frame_memory.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <variant>

namespace odop::kiosk::app {

class InputQueue {
 public:
  void move(float x, float y);
  void button(bool down, float x, float y);
  void key(ui::EditKey key);
  void text(char32_t code_point);

  [[nodiscard]] bool pending() const { return !events_.empty(); }
  // What the next frame gets: moves up to and including one change of the button, and the keys that
  // came before it.
  [[nodiscard]] ui::Sample next(std::int64_t now_ms);

 private:
  struct Move {
    float x, y;
  };
  struct Button {
    bool down;
    float x, y;
  };
  std::deque<std::variant<Move, Button, ui::KeyInput>> events_;
  float x_ = -1, y_ = -1;
  bool down_ = false;
};

}  // namespace odop::kiosk::app
