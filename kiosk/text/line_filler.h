// One shaped paragraph, cut into lines: greedy fill at ICU's break places, between graphemes when a
// word is wider than a line, and an ellipsis where text is left out. Shapes again only where
// cutting changes the shape of either side. Threads: one only.
#pragma once

#include "kiosk/text/shaper.h"
#include "kiosk/text/unicode_text.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace odop::typeset {

struct FilledRun {
  Item item;  // its begin and end are those of the line's part
  bool ellipsis = false;
  std::size_t first_glyph = 0;
  std::size_t glyph_count = 0;
  float width = 0.0F;  // px
};

struct FilledLine {
  std::size_t begin = 0;
  std::size_t end = 0;   // without the spaces at which it wrapped
  std::size_t next = 0;  // where the next line begins
  bool truncated = false;
  float width = 0.0F;           // px
  std::vector<FilledRun> runs;  // logical order
  std::vector<ShapedGlyph> glyphs;
};

class LineFiller {
 public:
  // All must outlive the filler.
  LineFiller(const FontSet& fonts, Shaper& shaper, Breaker& breaker);

  // Takes up a paragraph; `paragraph` and `items` must stay until the last next_line().
  // px: the em. max_width 0: no limit.
  void begin(std::u16string_view paragraph, std::span<const Item> items, std::uint8_t base_level,
             const TextStyle& style, float px);

  [[nodiscard]] bool done() const { return is_done_; }

  // The next line. `is_last`: no line may follow, so what does not fit is left out; `more_follows`:
  // and there are further paragraphs, so the ellipsis comes in any case. Valid until the next call.
  const FilledLine& next_line(bool is_last, bool more_follows);

  // Overwrites what is left of the last paragraph, which ends.
  void forget();

 private:
  [[nodiscard]] float scale(FaceId face) const;
  [[nodiscard]] float width_between(std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::size_t without_spaces(std::size_t begin, std::size_t end) const;
  [[nodiscard]] bool can_cut(std::size_t unit) const;
  void measure();
  void build(std::size_t begin, std::size_t end);
  void append_ellipsis();
  void fill(std::size_t begin);
  void truncate(std::size_t begin);
  [[nodiscard]] std::size_t fitting_grapheme(std::size_t begin, float width);

  const FontSet& fonts_;
  Shaper& shaper_;
  Breaker& breaker_;

  std::u16string_view paragraph_;
  std::span<const Item> items_;
  std::uint8_t base_level_ = 0;
  TextStyle style_;
  float px_ = 0.0F;
  float max_width_ = 0.0F;
  bool is_done_ = true;
  std::size_t at_ = 0;

  std::vector<ShapedGlyph> glyphs_;       // of all items
  std::vector<std::size_t> first_glyph_;  // of each item, and the end
  std::vector<float> before_;             // px of all clusters that begin before a unit
  std::vector<bool> safe_;                // cutting before a unit leaves the shapes
  std::vector<std::size_t> breaks_;       // empty: not asked for yet
  std::vector<std::size_t> graphemes_;    // empty: not asked for yet
  FilledLine line_;
};

}  // namespace odop::typeset
