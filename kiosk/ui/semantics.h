// What is on the screen, as a list: the order of reading aloud and of switch access, and the
// handle for tests and the inspector. Made anew each frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

enum class Role : std::uint8_t {
  kText,
  kHeading,
  kImage,
  kStatus,  // a state in words: kept, arrived, offline
  kButton,
  kLink,  // leads to another screen: tile, card, result
  kChoice,
  kCheckbox,
  kField,
  kKey,
  kDialog,
};

// "text", "button", ...
[[nodiscard]] std::string_view name_of(Role role);

// Window pixels, from the left top.
struct PixelRect {
  float x = 0, y = 0, w = 0, h = 0;
  [[nodiscard]] bool contains(float px, float py) const {
    return px >= x && px < x + w && py >= y && py < y + h;
  }
};

struct Node {
  std::string id;  // stable and speaking: "home.search", "district.kannauj"
  Role role = Role::kText;
  std::string label;
  std::string value;   // what a field holds, "on" for what is chosen
  std::string spoken;  // said instead of the label when that reads badly (digits, abbreviations)
  bool enabled = true;
  bool target = false;  // can be touched
  bool visible = true;  // not scrolled out of sight
  bool modal = false;   // part of a dialog; what lies under it cannot be touched
  PixelRect rect;       // whole
  PixelRect hit;        // the part that can be touched (clipped)
  std::string area;     // the scrolled area that it lies in; empty: none
};

// A scrolled area as it was drawn, in window pixels.
struct ScrolledArea {
  std::string id;
  PixelRect rect;     // what can be seen of it
  float offset = 0;   // how far it is scrolled
  float content = 0;  // height of all that is in it
};

using SemanticTree = std::vector<Node>;

// What a voice says for a node: `spoken`, else its label and value; without bidi isolates. Never
// empty for a node that has a label.
[[nodiscard]] std::string spoken_text(const Node& node);

// A stretch to be read aloud.
struct ReadStretch {
  std::string node;  // id
  std::string text;
  friend bool operator==(const ReadStretch&, const ReadStretch&) = default;
};

// The tree as it is read aloud: in its order, of a dialog only the dialog, without the keys of a
// keyboard, the permanent bar, the caption of the voice itself and what merely turns pages; what
// two neighbours say alike is said once. `question_only`: of a form's page the question, its help,
// what can be chosen and what is wrong. `chosen` and `empty` are said of what is taken and what is
// not filled.
struct ReadingRules {
  bool question_only = false;
  std::string_view chosen{};
  std::string_view empty{};
};
[[nodiscard]] std::vector<ReadStretch> reading_of(const SemanticTree& tree,
                                                  const ReadingRules& rules);

}  // namespace odop::kiosk::ui
