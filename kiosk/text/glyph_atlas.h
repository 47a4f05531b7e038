// Glyph pictures on R8 pages of 1024 x 1024, by glyph id, packed in shelves. A page never loses a
// single glyph: when there are more than kMaxPages at the start of a frame, all is cleared and the
// generation rises, so quads made before are worthless and are made again.
// Threads: the UI thread (AtlasBackend is called from it).
#pragma once

#include "kiosk/text/font_set.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace odop::typeset {

inline constexpr std::int32_t kAtlasPageSize = 1024;

// 4 MB of video memory. All of the kiosk's own texts at one size fill a third of a page; 9,000
// random words at 24 px fill two thirds (measured).
inline constexpr std::size_t kMaxAtlasPages = 4;

// Whole texels of a page.
struct AtlasRect {
  std::int32_t x = 0;
  std::int32_t y = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
};

// Where the pages live. The GL one keeps one-channel textures, whose value is the letter's
// coverage; tests keep bytes.
class AtlasBackend {
 public:
  AtlasBackend() = default;
  AtlasBackend(const AtlasBackend&) = delete;
  AtlasBackend& operator=(const AtlasBackend&) = delete;
  virtual ~AtlasBackend() = default;

  // Makes page `page` (they come in order from 0) of kAtlasPageSize squared, all zero. When the
  // page exists from before a clear, it is to be zeroed.
  virtual void create_page(std::size_t page) = 0;

  // `pixels` is the whole page, row after row without padding; only `changed` differs from before.
  // It is valid during the call.
  virtual void upload(std::size_t page, const AtlasRect& changed, const std::uint8_t* pixels) = 0;

  // What ImGui calls the page (an ImTextureID as an integer).
  [[nodiscard]] virtual std::uintptr_t texture(std::size_t page) const = 0;
};

// A glyph's picture. width 0: it has no ink.
struct AtlasGlyph {
  std::uint16_t page = 0;
  AtlasRect texels;
  std::int32_t left = 0;  // from the pen's pixel to the left edge, in texels
  std::int32_t top = 0;   // from the baseline up to the top edge, in texels
  float scale = 1.0F;     // pixels per texel; above 1 for letters larger than kMaxRasterPx
};

// A glyph at a size and a fraction of a pixel.
struct AtlasKey {
  FaceId face = FaceId::kSans;
  std::uint32_t glyph = 0;
  std::uint32_t size_64 = 0;    // em in 1/64 px
  std::uint8_t fraction_x = 0;  // quarters of a pixel to the right
  std::uint8_t fraction_y = 0;  // quarters of a pixel down
};

class GlyphAtlas {
 public:
  // Both must outlive the atlas.
  GlyphAtlas(const FontSet& fonts, AtlasBackend& backend);
  ~GlyphAtlas();
  GlyphAtlas(const GlyphAtlas&) = delete;
  GlyphAtlas& operator=(const GlyphAtlas&) = delete;

  // Clears when the atlas outgrew its pages. Call before anything of the frame is laid out.
  void begin_frame();

  // Drops every picture and raises the generation (a lost GL context, a wiped session).
  void clear();

  // Hands what changed to the backend, one rectangle a page. Call before the frame is drawn.
  void upload();

  // The picture, rastered when it is new. Valid until the next clear.
  [[nodiscard]] const AtlasGlyph& glyph(const AtlasKey& key);

  // Starts at 1; rises with each clear.
  [[nodiscard]] std::uint64_t generation() const;
  [[nodiscard]] std::size_t page_count() const;
  [[nodiscard]] std::size_t glyph_count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace odop::typeset
