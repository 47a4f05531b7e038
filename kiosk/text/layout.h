// A text, typeset: plain values in pixels, relative to the layout's own origin (left top of its
// box, y downwards). Made by TextEngine; drawn as textured quads.
#pragma once

#include "kiosk/text/font_set.h"
#include "kiosk/text/text_style.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace odop::typeset {

// A glyph where it stands. `byte` is the offset in the UTF-8 text of the cluster it belongs to
// (HarfBuzz's cluster; for an ellipsis, the place where the text was cut).
struct Glyph {
  std::uint32_t id = 0;
  FaceId face = FaceId::kSans;
  std::uint32_t byte = 0;
  float x = 0.0F;  // pen position plus the glyph's own offset
  float y = 0.0F;  // baseline less the glyph's own offset
  float advance = 0.0F;
  bool has_ink = false;  // false for spaces, joiners, isolates
};

// A stretch of one face, script and direction, in visual order from left to right; its glyphs too.
struct Run {
  FaceId face = FaceId::kSans;
  std::uint8_t level = 0;    // bidi level; odd: right to left
  std::uint32_t script = 0;  // ISO 15924 tag
  bool ellipsis = false;     // stands for text that was left out
  std::uint32_t byte_begin = 0;
  std::uint32_t byte_end = 0;
  std::size_t first_glyph = 0;
  std::size_t glyph_count = 0;
  float x = 0.0F;
  float width = 0.0F;
};

struct Line {
  std::uint32_t byte_begin = 0;
  std::uint32_t byte_end = 0;  // without the spaces at which it wrapped and without '\n'
  bool right_to_left = false;  // base direction of its paragraph
  bool wrapped = false;        // the paragraph goes on in the next line
  float x = 0.0F;              // left edge of its advance box, after alignment
  float width = 0.0F;          // advance width
  float top = 0.0F;
  float height = 0.0F;
  float baseline = 0.0F;  // a whole pixel
  std::size_t first_run = 0;
  std::size_t run_count = 0;
};

// Bounds of the ink, which may stand out of the layout's box (Nastaliq does). All 0 for no ink.
struct InkBox {
  float left = 0.0F;
  float top = 0.0F;
  float right = 0.0F;
  float bottom = 0.0F;
};

// One textured rectangle. x and y are whole pixels from the layout's origin, u and v fractions of
// the atlas page.
struct Quad {
  std::uint16_t page = 0;
  float x0 = 0.0F;
  float y0 = 0.0F;
  float x1 = 0.0F;
  float y1 = 0.0F;
  float u0 = 0.0F;
  float v0 = 0.0F;
  float u1 = 0.0F;
  float v1 = 0.0F;
};

// A place where the caret may stand: before the grapheme that starts at `byte`, or at the end of
// its line.
struct CaretStop {
  std::uint32_t byte = 0;
  std::uint32_t line = 0;
  float x = 0.0F;
};

struct Layout {
  std::string text;  // UTF-8, as it was given
  TextStyle style;

  float width_px = 0.0F;      // widest line
  float height_px = 0.0F;     // sum of the lines' heights; an empty text has one line
  float box_width_px = 0.0F;  // max_width_px when given, else width_px: what alignment refers to
  float ascent_px = 0.0F;     // of the primary face: the caret's reach above the baseline
  float descent_px = 0.0F;    // and below
  InkBox ink;
  bool truncated = false;  // an ellipsis stands for something
  std::vector<Line> lines;
  std::vector<Run> runs;
  std::vector<Glyph> glyphs;

  // Kept here by TextEngine between frames; nobody else touches it.
  struct Derived {
    std::vector<Quad> quads;
    std::uint64_t atlas_generation = 0;  // 0: not made yet
    std::vector<CaretStop> stops;
    bool has_stops = false;
  };
  mutable Derived derived;
};

}  // namespace odop::typeset
