// What the drawing layer remembers from one frame to the next. It may hold what a visitor did
// (which key was pressed), so it is wiped with the session.
// Threads: the UI thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace odop::kiosk::ui {

enum class EditKey : std::uint8_t {
  kText,  // KeyInput::text
  kBackspace,
  kDelete,
  kLeft,
  kRight,
  kHome,
  kEnd,
  kEnter,
  kTab,
  kBackTab,
  kEscape,
};

// One stroke of a hardware keyboard.
struct KeyInput {
  EditKey key = EditKey::kText;
  std::string text{};  // UTF-8, for kText
};

enum class KeyboardKind : std::uint8_t {
  kHindi,     // varnamala
  kInscript,  // Enhanced InScript, IS 16350, with its shift level
  kRoman,     // Latin keys that yield Devanagari
  kEnglish,
  kUrdu,
  kNumbers,  // digits and marks, for addresses and quantities
};

struct FrameMemory {
  struct Scroll {
    double offset_mm = 0;
    double content_mm = 0;  // of the last frame
    double view_mm = 0;     // of the last frame
    double grabbed_mm = 0;  // offset when the drag began
    double velocity_mm_s = 0;
    std::int64_t moved_ms = 0;
    bool seen = false;
  };
  struct Motion {
    double from = 0, to = 0, value = 0;
    std::int64_t began_ms = 0;
    bool seen = false;
  };
  std::map<std::string, Scroll, std::less<>> scrolls;
  std::map<std::string, Motion, std::less<>> motions;
  std::map<std::string, std::size_t, std::less<>> carets;  // byte offsets, by field id

  // The keyboard on the screen.
  std::optional<KeyboardKind> keyboard;         // what the visitor chose
  KeyboardKind letters = KeyboardKind::kHindi;  // where kNumbers goes back to
  bool shift = false;
  bool second_face = false;  // small panels: vowels and signs
  // Roman typing: the Latin letters of the present word and what stands for them before the caret.
  std::string roman;
  std::string roman_shown;

  // The code picture that is shown: one module a byte, 1 is dark.
  struct Code {
    std::string payload;
    std::vector<std::uint8_t> modules;
    int width = 0;
  };
  Code code;

  std::string marked;          // id of the node that was marked last
  std::string pressed;         // id of the target under the finger
  std::string dragged_scroll;  // id of the scrolled area that follows the finger
  std::string focused;         // id that the hardware keyboard stands on
  std::string edited;          // id of the field that typing goes to

  // Forgets all of it; texts are overwritten.
  void wipe();
};

}  // namespace odop::kiosk::ui
