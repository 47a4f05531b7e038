// The door of this room: text and style in, typeset layout, quads and caret places out.
//
//   engine.begin_frame();
//   const Layout& title = engine.layout("कन्नौज इत्र", style);
//   for (const Quad& quad : engine.quads(title)) { ... }   // add an origin of whole pixels
//   engine.upload();                                       // before the frame is drawn
//
// Layouts are cached by (text, style). Measured by odop-bench on one EPYC core: a repeated sentence
// costs 0.2 us, quads and all; a new one 1.3 us a word in Hindi and 11 us in Nastaliq, and 4 us a
// word more while its glyphs are new to the atlas. Nothing here draws, or includes GL or ImGui.
//
// Threads: the UI thread only.
#pragma once

#include "kiosk/text/glyph_atlas.h"
#include "kiosk/text/layout.h"
#include "kiosk/text/text_style.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace odop::typeset {

struct TextSize {
  float width_px = 0.0F;
  float height_px = 0.0F;
};

// Where a caret is drawn, relative to the layout's origin.
struct CaretRect {
  float x = 0.0F;
  float top = 0.0F;
  float bottom = 0.0F;
  std::uint32_t line = 0;
};

// A rectangle behind a stretch of text, relative to the layout's origin.
struct RangeRect {
  float left = 0.0F;
  float top = 0.0F;
  float right = 0.0F;
  float bottom = 0.0F;
};

struct TextStats {
  std::size_t layouts = 0;
  std::uint64_t hits = 0;    // since the start
  std::uint64_t misses = 0;  // since the start
  std::size_t atlas_pages = 0;
  std::size_t atlas_glyphs = 0;
  std::uint64_t atlas_generation = 0;
};

class TextEngine {
 public:
  // Layouts kept: the heaviest screen has about 200, a scrolled list of 122 products 600.
  static constexpr std::size_t kMaxLayouts = 4096;

  // Opens the fonts. `backend` must outlive the engine. Errors: NotFound, Corrupt (a font file).
  [[nodiscard]] static Result<std::unique_ptr<TextEngine>> open(
      AtlasBackend& backend, const std::filesystem::path& font_folder = kDebianNotoFolder);

  ~TextEngine();
  TextEngine(const TextEngine&) = delete;
  TextEngine& operator=(const TextEngine&) = delete;

  // Starts a frame: trims the cache (least recently used first, when it is over kMaxLayouts) and
  // the atlas. References from layout() hold until the next begin_frame() or forget().
  void begin_frame();

  // Hands new glyph pictures to the backend. Call after the last quads() of the frame.
  void upload();

  // The text in its style. Any bytes are accepted: what is not UTF-8 shows as U+FFFD, control
  // characters draw nothing, '\n' starts a paragraph.
  [[nodiscard]] const Layout& layout(std::string_view utf8, const TextStyle& style);

  [[nodiscard]] TextSize measure(std::string_view utf8, const TextStyle& style);

  // The layout's ink as quads relative to its origin, which the caller puts on whole pixels (else
  // letters blur). Valid until the layout is, and until the atlas changes generation.
  [[nodiscard]] std::span<const Quad> quads(const Layout& layout);

  // The same at an origin, which is rounded to whole pixels; appended to `out`.
  void quads(const Layout& layout, float origin_x, float origin_y, std::vector<Quad>& out);

  // Places where the caret may stand, in logical order: grapheme boundaries by ICU, whatever the
  // font made of them (ष्ट्री is one). A line that wraps has no stop at its end, since the start of
  // the next line is the same place of the text.
  [[nodiscard]] std::span<const CaretStop> caret_stops(const Layout& layout);

  // The caret before the grapheme that holds `byte`; past the end: after the last one.
  [[nodiscard]] CaretRect caret(const Layout& layout, std::size_t byte);

  // Byte offset of the stop nearest to a point. Points outside are moved to the nearest line.
  [[nodiscard]] std::size_t hit_test(const Layout& layout, float x, float y);

  // The stop after or before `byte` in logical order (its own bounds at the ends).
  [[nodiscard]] std::size_t next_stop(const Layout& layout, std::size_t byte);
  [[nodiscard]] std::size_t previous_stop(const Layout& layout, std::size_t byte);

  // Rectangles that cover bytes [begin, end), one or more a line; for marking what was found.
  [[nodiscard]] std::vector<RangeRect> range_rects(const Layout& layout, std::size_t begin,
                                                   std::size_t end);

  // Drops every layout and overwrites the texts that they held: a visitor's words do not outlive
  // the session.
  void forget();

  // Forgets the glyph pictures (the window's GL context is new).
  void reset_atlas();

  [[nodiscard]] TextStats stats() const;
  [[nodiscard]] const AtlasBackend& backend() const;
  [[nodiscard]] const FontSet& fonts() const;

 private:
  struct State;
  explicit TextEngine(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace odop::typeset
