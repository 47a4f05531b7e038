// The layouts of the keyboards, as data. A row is a list of keys apart by spaces.
#pragma once

#include "kiosk/ui/frame_memory.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

enum class KeyTint : std::uint8_t {
  kLetter,  // paper
  kVowel,   // rose
  kSign,    // blue; shown joined to the letter before the caret
};

struct KeyRow {
  KeyTint tint = KeyTint::kLetter;
  std::string_view keys;          // by spaces
  std::string_view signs = {};    // those of `keys` that are signs although the row is not
  std::string_view shifted = {};  // with shift; empty: the same
  bool backspace_at_end = false;
};

struct KeyboardLayout {
  std::span<const KeyRow> rows;         // portrait and wide panels
  std::span<const KeyRow> first_face;   // small panels; empty: `rows`
  std::span<const KeyRow> second_face;  // small panels; empty: none
  std::string_view extra = {};          // one key beside the space bar; empty: none
  bool has_shift = false;
  bool shift_once = false;            // back to the first level after one key, as on a typewriter
  std::string_view shift_label = {};  // shows while off, then what it gives back is shown
  std::string_view unshift_label = {};
  bool right_to_left = false;  // keys run from the right in every language
};

[[nodiscard]] const KeyboardLayout& layout_of(KeyboardKind kind);

// Name on the key that leads to it, in its own script.
[[nodiscard]] std::string_view short_name_of(KeyboardKind kind);

// What a voice says for a key: the name of a sign ("आ की मात्रा"), else the key itself.
[[nodiscard]] std::string_view spoken_key(std::string_view key);

// The keys of a row. `shift` takes the shifted ones.
[[nodiscard]] std::vector<std::string_view> keys_of(const KeyRow& row, bool shift);

}  // namespace odop::kiosk::ui
