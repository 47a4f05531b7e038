#include "kiosk/text/glyph_atlas.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <unordered_map>

namespace odop::typeset {
namespace {

// Larger letters are drawn from a picture of this size: 256 px is twice the display title at the
// reference panel, and even a wide Nastaliq word shape fits its page.
constexpr std::uint32_t kMaxRaster64 = 256 * 64;
constexpr std::int32_t kGap = 1;          // keeps a linear filter from reading the neighbour
constexpr std::int32_t kShelfStep = 4;    // shelves' heights, so that similar glyphs share one
constexpr std::int32_t kShelfSlack = 12;  // a glyph may leave this much of a shelf unused

struct Shelf {
  std::int32_t y = 0;
  std::int32_t height = 0;
  std::int32_t used = 0;
};

struct Page {
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(
      static_cast<std::size_t>(kAtlasPageSize) * kAtlasPageSize, std::uint8_t{0});
  std::vector<Shelf> shelves;
  std::int32_t used_height = 0;
  AtlasRect dirty;  // width 0: nothing changed

  // A place for a box, if there is one.
  bool place(std::int32_t width, std::int32_t height, AtlasRect& out) {
    const std::int32_t need_w = width + kGap;
    const std::int32_t need_h = (height + kGap + kShelfStep - 1) / kShelfStep * kShelfStep;
    Shelf* best = nullptr;
    for (Shelf& shelf : shelves) {
      if (shelf.height >= need_h && shelf.height <= need_h + kShelfSlack &&
          shelf.used + need_w <= kAtlasPageSize &&
          (best == nullptr || shelf.height < best->height)) {
        best = &shelf;
      }
    }
    if (best == nullptr) {
      if (used_height + need_h > kAtlasPageSize || need_w > kAtlasPageSize) {
        return false;
      }
      best = &shelves.emplace_back(Shelf{used_height, need_h, 0});
      used_height += need_h;
    }
    out = {best->used, best->y, width, height};
    best->used += need_w;
    return true;
  }

  void touch(const AtlasRect& rect) {
    if (dirty.width == 0) {
      dirty = rect;
      return;
    }
    const std::int32_t right = std::max(dirty.x + dirty.width, rect.x + rect.width);
    const std::int32_t bottom = std::max(dirty.y + dirty.height, rect.y + rect.height);
    dirty.x = std::min(dirty.x, rect.x);
    dirty.y = std::min(dirty.y, rect.y);
    dirty.width = right - dirty.x;
    dirty.height = bottom - dirty.y;
  }
};

std::uint64_t packed(const AtlasKey& key) {
  // 8 bits of face, 16 of glyph (OpenType's own limit), 32 of size, 4 of fractions.
  return (static_cast<std::uint64_t>(key.face) << 56U) |
         (static_cast<std::uint64_t>(key.glyph & 0xFFFFU) << 40U) |
         (static_cast<std::uint64_t>(key.size_64) << 4U) |
         (static_cast<std::uint64_t>(key.fraction_x & 3U) << 2U) |
         static_cast<std::uint64_t>(key.fraction_y & 3U);
}

}  // namespace

struct GlyphAtlas::State {
  const FontSet& fonts;
  AtlasBackend& backend;
  std::unordered_map<std::uint64_t, AtlasGlyph> glyphs;
  std::vector<Page> pages;
  std::uint64_t generation = 1;
  std::array<std::uint32_t, kFaceCount> face_size_64{};  // what each FreeType face is set to

  // Renders into the face's slot; null when the glyph has no outline.
  FT_GlyphSlot render(const AtlasKey& key, std::uint32_t size_64) {
    FT_Face face = fonts.raster_face(key.face);
    std::uint32_t& set_size = face_size_64[static_cast<std::size_t>(key.face)];
    if (set_size != size_64) {
      if (FT_Set_Char_Size(face, 0, static_cast<FT_F26Dot6>(size_64), 72, 72) != 0) {
        return nullptr;
      }
      set_size = size_64;
    }
    if (FT_Load_Glyph(face, key.glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0 ||
        face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) {
      return nullptr;
    }
    constexpr FT_Pos kQuarter = 16;  // of a pixel, in 26.6
    FT_Outline_Translate(&face->glyph->outline, key.fraction_x * kQuarter,
                         -key.fraction_y * kQuarter);
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) {
      return nullptr;
    }
    return face->glyph;
  }

  AtlasGlyph raster(const AtlasKey& key) {
    AtlasGlyph out;
    std::uint32_t size_64 = std::min(key.size_64, kMaxRaster64);
    FT_GlyphSlot slot = render(key, size_64);
    while (slot != nullptr && size_64 > 64 &&
           (slot->bitmap.width + kGap > static_cast<unsigned>(kAtlasPageSize) ||
            slot->bitmap.rows + kShelfStep > static_cast<unsigned>(kAtlasPageSize))) {
      size_64 /= 2;
      slot = render(key, size_64);
    }
    if (slot == nullptr || slot->bitmap.width == 0 || slot->bitmap.rows == 0) {
      return out;
    }
    const auto width = static_cast<std::int32_t>(slot->bitmap.width);
    const auto height = static_cast<std::int32_t>(slot->bitmap.rows);
    out.left = slot->bitmap_left;
    out.top = slot->bitmap_top;
    out.scale = static_cast<float>(key.size_64) / static_cast<float>(size_64);
    out.page = find_place(width, height, out.texels);
    Page& page = pages[out.page];
    for (std::int32_t row = 0; row < height; ++row) {
      std::memcpy(page.pixels.data() +
                      static_cast<std::ptrdiff_t>(out.texels.y + row) * kAtlasPageSize +
                      out.texels.x,
                  slot->bitmap.buffer + static_cast<std::ptrdiff_t>(row) * slot->bitmap.pitch,
                  static_cast<std::size_t>(width));
    }
    page.touch(out.texels);
    return out;
  }

  std::uint16_t find_place(std::int32_t width, std::int32_t height, AtlasRect& rect) {
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (pages[i].place(width, height, rect)) {
        return static_cast<std::uint16_t>(i);
      }
    }
    backend.create_page(pages.size());
    pages.emplace_back();
    pages.back().place(width, height, rect);  // it fits: raster() saw to that
    return static_cast<std::uint16_t>(pages.size() - 1);
  }
};

GlyphAtlas::GlyphAtlas(const FontSet& fonts, AtlasBackend& backend)
    : state_(new State{fonts, backend, {}, {}, 1, {}}) {}

GlyphAtlas::~GlyphAtlas() = default;

void GlyphAtlas::begin_frame() {
  if (state_->pages.size() > kMaxAtlasPages) {
    clear();
  }
}

void GlyphAtlas::clear() {
  state_->glyphs.clear();
  state_->pages.clear();
  ++state_->generation;
}

void GlyphAtlas::upload() {
  for (std::size_t i = 0; i < state_->pages.size(); ++i) {
    Page& page = state_->pages[i];
    if (page.dirty.width > 0) {
      state_->backend.upload(i, page.dirty, page.pixels.data());
      page.dirty = {};
    }
  }
}

const AtlasGlyph& GlyphAtlas::glyph(const AtlasKey& key) {
  const std::uint64_t id = packed(key);
  const auto found = state_->glyphs.find(id);
  if (found != state_->glyphs.end()) {
    return found->second;
  }
  return state_->glyphs.emplace(id, state_->raster(key)).first->second;
}

std::uint64_t GlyphAtlas::generation() const { return state_->generation; }
std::size_t GlyphAtlas::page_count() const { return state_->pages.size(); }
std::size_t GlyphAtlas::glyph_count() const { return state_->glyphs.size(); }

}  // namespace odop::typeset
