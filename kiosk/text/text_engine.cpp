#include "kiosk/text/text_engine.h"

#include "kiosk/text/carets.h"
#include "kiosk/text/typesetter.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

namespace odop::typeset {
namespace {

// Letters up to this size are placed to quarters of a pixel, larger ones to halves where strokes
// join (Devanagari's headline, Arabic), else to whole pixels, where nobody sees the difference.
constexpr std::uint32_t kFineMost64 = 32 * 64;

constexpr std::size_t kKeptFrames = 2;  // a layout of the last frames is never trimmed

bool is_arabic(FaceId face) {
  return face == FaceId::kNaskh || face == FaceId::kNaskhBold || face == FaceId::kNastaliqBold;
}

bool is_joined(FaceId face) {
  return is_arabic(face) || face == FaceId::kDevanagari || face == FaceId::kDevanagariBold ||
         face == FaceId::kDevanagariSerifBold;
}

// A coordinate as whole pixels and quarters, on a grid of `step` quarters (1, 2 or 4).
struct Snapped {
  float pixel = 0.0F;
  std::uint8_t quarters = 0;
};

Snapped snap(float value, std::int32_t step) {
  const auto steps =
      static_cast<std::int32_t>(std::lround(value * 4.0F / static_cast<float>(step)));
  const std::int32_t quarters = steps * step;
  const std::int32_t whole = quarters >> 2;  // towards minus infinity
  return {static_cast<float>(whole), static_cast<std::uint8_t>(quarters & 3)};
}

struct Key {
  std::string_view text;
  const TextStyle* style = nullptr;
};

std::size_t hash_of(const Key& key) {
  std::size_t hash = std::hash<std::string_view>{}(key.text);
  const auto mix = [&hash](std::size_t value) {
    hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6U) + (hash >> 2U);
  };
  const TextStyle& s = *key.style;
  mix(static_cast<std::size_t>(s.language) | static_cast<std::size_t>(s.role) << 8U |
      static_cast<std::size_t>(s.direction) << 16U | static_cast<std::size_t>(s.align) << 24U);
  mix(std::hash<float>{}(s.px));
  mix(std::hash<float>{}(s.max_width_px));
  mix(static_cast<std::size_t>(s.max_lines));
  mix(std::hash<float>{}(s.line_height_em));
  return hash;
}

template <typename T>
void wipe(std::vector<T>& values) {
  if (!values.empty()) {
    explicit_bzero(values.data(), values.size() * sizeof(T));
  }
  values.clear();
}

struct Entry {
  Layout layout;
  std::size_t hash = 0;
  std::uint64_t last_frame = 0;

  Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() {
    // Glyph ids and quads tell the text as well as the text itself.
    explicit_bzero(layout.text.data(), layout.text.size());
    wipe(layout.lines);
    wipe(layout.runs);
    wipe(layout.glyphs);
    wipe(layout.derived.quads);
    wipe(layout.derived.stops);
  }
};

using EntryPointer = std::unique_ptr<Entry>;

struct EntryHash {
  using is_transparent = void;
  std::size_t operator()(const EntryPointer& entry) const { return entry->hash; }
  std::size_t operator()(const Key& key) const { return hash_of(key); }
};

struct EntryEqual {
  using is_transparent = void;
  bool operator()(const EntryPointer& a, const EntryPointer& b) const { return a == b; }
  bool operator()(const Key& a, const EntryPointer& b) const {
    return a.text == b->layout.text && *a.style == b->layout.style;
  }
  bool operator()(const EntryPointer& a, const Key& b) const { return (*this)(b, a); }
};

}  // namespace

struct TextEngine::State {
  State(FontSet font_set, AtlasBackend& atlas_backend)
      : fonts(std::move(font_set)), backend(atlas_backend), atlas(fonts, backend) {}

  FontSet fonts;
  AtlasBackend& backend;
  GlyphAtlas atlas;
  std::unique_ptr<Typesetter> typesetter;
  std::unordered_set<EntryPointer, EntryHash, EntryEqual> entries;
  std::uint64_t frame = 1;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::vector<std::uint32_t> graphemes;

  void trim() {
    if (entries.size() <= kMaxLayouts) {
      return;
    }
    // Down to half, so that a scrolled list does not trim in every frame.
    std::vector<std::uint64_t> ages;
    ages.reserve(entries.size());
    for (const EntryPointer& entry : entries) {
      ages.push_back(entry->last_frame);
    }
    const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
    std::ranges::nth_element(ages, middle);
    const std::uint64_t keep_from =
        std::min(*middle + 1, frame > kKeptFrames ? frame - kKeptFrames : 0);
    std::erase_if(entries,
                  [keep_from](const EntryPointer& e) { return e->last_frame < keep_from; });
  }

  void make_quads(const Layout& layout) {
    std::vector<Quad>& quads = layout.derived.quads;
    quads.clear();
    const std::uint32_t size_64 = em_in_64ths(layout.style.px);
    constexpr float kTexel = 1.0F / static_cast<float>(kAtlasPageSize);
    for (const Glyph& glyph : layout.glyphs) {
      if (!glyph.has_ink) {
        continue;
      }
      const bool fine = size_64 <= kFineMost64;
      const Snapped x = snap(glyph.x, fine ? 1 : (is_joined(glyph.face) ? 2 : 4));
      const Snapped y = snap(glyph.y, is_arabic(glyph.face) ? (fine ? 1 : 2) : 4);
      const AtlasGlyph& picture =
          atlas.glyph({glyph.face, glyph.id, size_64, x.quarters, y.quarters});
      if (picture.texels.width == 0) {
        continue;
      }
      const auto texel = [](std::int32_t value) { return static_cast<float>(value); };
      Quad quad;
      quad.page = picture.page;
      quad.x0 = x.pixel + texel(picture.left) * picture.scale;
      quad.y0 = y.pixel - texel(picture.top) * picture.scale;
      quad.x1 = quad.x0 + texel(picture.texels.width) * picture.scale;
      quad.y1 = quad.y0 + texel(picture.texels.height) * picture.scale;
      quad.u0 = texel(picture.texels.x) * kTexel;
      quad.v0 = texel(picture.texels.y) * kTexel;
      quad.u1 = texel(picture.texels.x + picture.texels.width) * kTexel;
      quad.v1 = texel(picture.texels.y + picture.texels.height) * kTexel;
      quads.push_back(quad);
    }
    layout.derived.atlas_generation = atlas.generation();
  }
};

Result<std::unique_ptr<TextEngine>> TextEngine::open(AtlasBackend& backend,
                                                     const std::filesystem::path& font_folder) {
  auto fonts = FontSet::open(font_folder);
  if (!fonts.has_value()) {
    return fail(fonts.error());
  }
  auto state = std::make_unique<State>(std::move(*fonts), backend);
  auto typesetter = Typesetter::open(state->fonts);
  if (!typesetter.has_value()) {
    return fail(typesetter.error());
  }
  state->typesetter = std::move(*typesetter);
  return std::unique_ptr<TextEngine>(new TextEngine(std::move(state)));
}

TextEngine::TextEngine(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextEngine::~TextEngine() = default;

void TextEngine::begin_frame() {
  ++state_->frame;
  state_->trim();
  state_->atlas.begin_frame();
}

void TextEngine::upload() { state_->atlas.upload(); }

const Layout& TextEngine::layout(std::string_view utf8, const TextStyle& style) {
  const Key key{utf8, &style};
  const auto found = state_->entries.find(key);
  if (found != state_->entries.end()) {
    ++state_->hits;
    (*found)->last_frame = state_->frame;
    return (*found)->layout;
  }
  ++state_->misses;
  auto entry = std::make_unique<Entry>();
  entry->layout.text = utf8;
  entry->layout.style = style;
  entry->hash = hash_of(key);
  entry->last_frame = state_->frame;
  state_->typesetter->typeset(entry->layout);
  return (*state_->entries.insert(std::move(entry)).first)->layout;
}

TextSize TextEngine::measure(std::string_view utf8, const TextStyle& style) {
  const Layout& made = layout(utf8, style);
  return {made.width_px, made.height_px};
}

std::span<const Quad> TextEngine::quads(const Layout& layout) {
  if (layout.derived.atlas_generation != state_->atlas.generation()) {
    state_->make_quads(layout);
  }
  return layout.derived.quads;
}

void TextEngine::quads(const Layout& layout, float origin_x, float origin_y,
                       std::vector<Quad>& out) {
  const float x = std::round(origin_x);
  const float y = std::round(origin_y);
  for (Quad quad : quads(layout)) {
    quad.x0 += x;
    quad.x1 += x;
    quad.y0 += y;
    quad.y1 += y;
    out.push_back(quad);
  }
}

std::span<const CaretStop> TextEngine::caret_stops(const Layout& layout) {
  if (!layout.derived.has_stops) {
    state_->typesetter->grapheme_bytes(layout.text, state_->graphemes);
    layout.derived.stops = typeset::caret_stops(layout, state_->graphemes);
    layout.derived.has_stops = true;
  }
  return layout.derived.stops;
}

CaretRect TextEngine::caret(const Layout& layout, std::size_t byte) {
  const std::span<const CaretStop> stops = caret_stops(layout);
  auto it = std::ranges::upper_bound(stops, byte, {}, &CaretStop::byte);
  if (it != stops.begin()) {
    --it;
  }
  const CaretStop stop = it != stops.end() ? *it : CaretStop{};
  const Line& line = layout.lines[stop.line];
  return {stop.x, line.baseline - layout.ascent_px, line.baseline + layout.descent_px, stop.line};
}

std::size_t TextEngine::hit_test(const Layout& layout, float x, float y) {
  std::uint32_t wanted = 0;
  while (wanted + 1 < layout.lines.size() &&
         y >= layout.lines[wanted].top + layout.lines[wanted].height) {
    ++wanted;
  }
  std::size_t best = layout.lines[wanted].byte_begin;
  float best_distance = std::numeric_limits<float>::max();
  for (const CaretStop& stop : caret_stops(layout)) {
    const float distance = std::abs(stop.x - x);
    if (stop.line == wanted && distance < best_distance) {
      best = stop.byte;
      best_distance = distance;
    }
  }
  return best;
}

std::size_t TextEngine::next_stop(const Layout& layout, std::size_t byte) {
  const std::span<const CaretStop> stops = caret_stops(layout);
  const auto it = std::ranges::upper_bound(stops, byte, {}, &CaretStop::byte);
  return it != stops.end() ? it->byte : (stops.empty() ? 0 : stops.back().byte);
}

std::size_t TextEngine::previous_stop(const Layout& layout, std::size_t byte) {
  const std::span<const CaretStop> stops = caret_stops(layout);
  const auto it = std::ranges::lower_bound(stops, byte, {}, &CaretStop::byte);
  return it != stops.begin() ? std::prev(it)->byte : 0;
}

std::vector<RangeRect> TextEngine::range_rects(const Layout& layout, std::size_t begin,
                                               std::size_t end) {
  std::vector<RangeRect> rects;
  state_->typesetter->grapheme_bytes(layout.text, state_->graphemes);
  for (const Line& line : layout.lines) {
    for (std::size_t r = line.first_run; r < line.first_run + line.run_count; ++r) {
      const Run& run = layout.runs[r];
      const auto from = std::max<std::size_t>(begin, run.byte_begin);
      const auto to = std::min<std::size_t>(end, run.byte_end);
      if (run.ellipsis || from >= to) {
        continue;
      }
      const float a = edge_x(layout, run, state_->graphemes, static_cast<std::uint32_t>(from));
      const float b = edge_x(layout, run, state_->graphemes, static_cast<std::uint32_t>(to));
      const RangeRect rect{std::min(a, b), line.top, std::max(a, b), line.top + line.height};
      // Runs follow each other from left to right: what touches is one rectangle.
      if (!rects.empty() && rects.back().top == rect.top &&
          std::abs(rects.back().right - rect.left) < 0.5F) {
        rects.back().right = rect.right;
      } else {
        rects.push_back(rect);
      }
    }
  }
  return rects;
}

void TextEngine::forget() {
  state_->entries.clear();
  state_->typesetter->forget();
}

void TextEngine::reset_atlas() { state_->atlas.clear(); }

TextStats TextEngine::stats() const {
  return {state_->entries.size(),
          state_->hits,
          state_->misses,
          state_->atlas.page_count(),
          state_->atlas.glyph_count(),
          state_->atlas.generation()};
}

const AtlasBackend& TextEngine::backend() const { return state_->backend; }
const FontSet& TextEngine::fonts() const { return state_->fonts; }

}  // namespace odop::typeset
