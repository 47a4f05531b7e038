// Fills a Layout: paragraphs, bidi levels, shaped items, lines, and the place of every glyph.
// Threads: one only.
#pragma once

#include "kiosk/text/layout.h"
#include "kiosk/text/line_filler.h"
#include "kiosk/text/shaper.h"
#include "kiosk/text/unicode_text.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

struct UBiDi;

namespace odop::typeset {

// The em to 1/64 px (FreeType's own unit), within 1 to 2000 px.
[[nodiscard]] std::uint32_t em_in_64ths(float px);

class Typesetter {
 public:
  // `fonts` must outlive the typesetter. Errors: Internal (ICU without its data).
  [[nodiscard]] static Result<std::unique_ptr<Typesetter>> open(const FontSet& fonts);

  ~Typesetter();
  Typesetter(const Typesetter&) = delete;
  Typesetter& operator=(const Typesetter&) = delete;

  // Computes everything but `derived` from layout.text and layout.style.
  void typeset(Layout& layout);

  // Grapheme boundaries of a text as byte offsets, ascending, from 0 to its size.
  void grapheme_bytes(std::string_view utf8, std::vector<std::uint32_t>& out);

  // Overwrites what is left of the last text.
  void forget();

 private:
  Typesetter(const FontSet& fonts, Breaker breaker, UBiDi* bidi);

  void typeset_paragraph(Layout& layout, std::size_t begin, std::size_t end, bool is_last);
  void place_line(Layout& layout, const FilledLine& filled, std::size_t paragraph_begin,
                  bool right_to_left, bool wrapped);
  void finish(Layout& layout) const;

  struct CloseBidi {
    void operator()(UBiDi* bidi) const;
  };

  const FontSet& fonts_;
  Breaker breaker_;
  Shaper shaper_;
  LineFiller filler_;
  std::unique_ptr<UBiDi, CloseBidi> bidi_;
  UnicodeText text_;
  std::vector<std::uint8_t> levels_;
  std::vector<Item> items_;
  std::vector<std::size_t> boundaries_;
};

}  // namespace odop::typeset
