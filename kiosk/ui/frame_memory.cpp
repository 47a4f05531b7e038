#include "kiosk/ui/frame_memory.h"

#include <algorithm>
#include <type_traits>

namespace odop::kiosk::ui {

void FrameMemory::wipe() {
  const auto blank = [](auto& text) {
    std::fill(text.begin(), text.end(),
              static_cast<typename std::decay_t<decltype(text)>::value_type>(0));
    text.clear();
  };
  scrolls.clear();
  motions.clear();
  carets.clear();
  keyboard.reset();
  letters = KeyboardKind::kHindi;
  shift = second_face = false;
  blank(roman);
  blank(roman_shown);
  blank(code.payload);
  blank(code.modules);
  code.width = 0;
  blank(pressed);
  blank(dragged_scroll);
  blank(focused);
  blank(edited);
}

}  // namespace odop::kiosk::ui
