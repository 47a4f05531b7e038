// What a caller says about a text before it is typeset. Lengths are pixels of the window.
#pragma once

#include "shared/text/language.h"

#include <cstdint>

namespace odop::typeset {

// The three voices of type. Which face each takes in which script is in font_set.cpp, after
// `type.faces` of the design tokens.
enum class TextRole : std::uint8_t {
  kRead,       // running text, tiles, notes, keys: Sans Regular; Urdu in Naskh
  kTitle,      // titles and actions: Serif Bold; Urdu in Nastaliq (2.5 em high)
  kSmallBold,  // small reversed labels, long numbers, an emphasised phrase: Sans Bold
};

enum class Direction : std::uint8_t {
  kLanguage,     // the base direction of the style's language: everything that we wrote
  kContent,      // first strong character, else the language: text that a person typed
  kLeftToRight,  // forced: phone numbers, codes, e-mail fields
  kRightToLeft,
};

enum class Align : std::uint8_t {
  kStart,  // left in left-to-right paragraphs, right in right-to-left ones
  kCenter,
  kEnd,
  kLeft,  // whatever the direction
  kRight,
};

struct TextStyle {
  Language language = Language::kHindi;
  TextRole role = TextRole::kRead;
  Direction direction = Direction::kLanguage;
  Align align = Align::kStart;

  // The em. Rounded to 1/64 px; kept within 1 to 2000.
  float px = 24.0F;

  // Width at which lines wrap. 0: never wrap (one line for each '\n'), and lines align among
  // themselves. Words wider than this break between graphemes.
  float max_width_px = 0.0F;

  // Lines beyond this are left out, and the last one ends with an ellipsis. 0: no limit. With
  // max_width_px 0 it limits the paragraphs.
  std::int32_t max_lines = 0;

  // Distance between baselines in em, from the tokens (hi_read 1.5, nastaliq 2.5 ...). 0: the
  // height of the language's own face. A line whose fallback glyphs stand out of it grows.
  float line_height_em = 0.0F;

  friend bool operator==(const TextStyle&, const TextStyle&) = default;
};

}  // namespace odop::typeset
