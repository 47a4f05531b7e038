#include "kiosk/text/typesetter.h"

#include <unicode/ubidi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace odop::typeset {
namespace {

// Half the difference of line height and face height goes above the text (as CSS does it).
struct LineMetrics {
  float height = 0.0F;
  float baseline = 0.0F;  // from the top
};

LineMetrics line_metrics(const FaceMetrics& face, float px, float line_height_em) {
  const float unit = px / static_cast<float>(face.units_per_em);
  const float ascent = static_cast<float>(face.ascent) * unit;
  const float descent = static_cast<float>(face.descent) * unit;
  const float gap = static_cast<float>(face.line_gap) * unit;
  const float height = line_height_em > 0.0F ? line_height_em * px : ascent + descent + gap;
  return {height, (height - ascent - descent) / 2.0F + ascent};
}

UBiDiLevel paragraph_level(const TextStyle& style) {
  switch (style.direction) {
    case Direction::kLanguage:
      return is_right_to_left(style.language) ? 1 : 0;
    case Direction::kContent:
      return is_right_to_left(style.language) ? UBIDI_DEFAULT_RTL : UBIDI_DEFAULT_LTR;
    case Direction::kLeftToRight:
      return 0;
    case Direction::kRightToLeft:
      return 1;
  }
  return 0;
}

// Share of the free room that goes to the left of a line.
float left_share(Align align, bool right_to_left) {
  switch (align) {
    case Align::kStart:
      return right_to_left ? 1.0F : 0.0F;
    case Align::kCenter:
      return 0.5F;
    case Align::kEnd:
      return right_to_left ? 0.0F : 1.0F;
    case Align::kLeft:
      return 0.0F;
    case Align::kRight:
      return 1.0F;
  }
  return 0.0F;
}

}  // namespace

std::uint32_t em_in_64ths(float px) {
  constexpr float kLeast = 1.0F;
  constexpr float kMost = 2000.0F;
  const float kept = std::isfinite(px) ? std::clamp(px, kLeast, kMost) : kLeast;
  return static_cast<std::uint32_t>(std::lround(kept * 64.0F));
}

void Typesetter::CloseBidi::operator()(UBiDi* bidi) const { ubidi_close(bidi); }

Typesetter::Typesetter(const FontSet& fonts, Breaker breaker, UBiDi* bidi)
    : fonts_(fonts),
      breaker_(std::move(breaker)),
      shaper_(fonts),
      filler_(fonts, shaper_, breaker_),
      bidi_(bidi) {}

Typesetter::~Typesetter() = default;

Result<std::unique_ptr<Typesetter>> Typesetter::open(const FontSet& fonts) {
  auto breaker = Breaker::open();
  if (!breaker.has_value()) {
    return fail(breaker.error());
  }
  UBiDi* bidi = ubidi_open();
  if (bidi == nullptr) {
    return fail(ErrorCode::kInternal, "ICU bidi does not start");
  }
  return std::unique_ptr<Typesetter>(new Typesetter(fonts, std::move(*breaker), bidi));
}

void Typesetter::forget() {
  wipe(text_);
  filler_.forget();
}

void Typesetter::grapheme_bytes(std::string_view utf8, std::vector<std::uint32_t>& out) {
  to_utf16(utf8, text_);
  breaker_.graphemes(text_.units, boundaries_);
  out.clear();
  for (const std::size_t unit : boundaries_) {
    out.push_back(text_.bytes[unit]);
  }
}

void Typesetter::typeset(Layout& layout) {
  layout.lines.clear();
  layout.runs.clear();
  layout.glyphs.clear();
  layout.truncated = false;
  to_utf16(layout.text, text_);
  // Nearly always enough, so that growing leaves no copies of a visitor's words behind.
  layout.glyphs.reserve(text_.units.size() + 1);

  const std::u16string_view all = text_.units;
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t newline = std::min(all.find(u'\n', begin), all.size());
    const bool is_last = newline == all.size();
    typeset_paragraph(layout, begin, newline, is_last);
    const auto lines = static_cast<std::int32_t>(layout.lines.size());
    if (layout.style.max_lines > 0 && lines >= layout.style.max_lines) {
      break;
    }
    begin = newline + 1;
  }
  finish(layout);
}

void Typesetter::typeset_paragraph(Layout& layout, std::size_t begin, std::size_t end,
                                   bool is_last) {
  const TextStyle& style = layout.style;
  const std::u16string_view paragraph = std::u16string_view(text_.units).substr(begin, end - begin);
  UErrorCode status = U_ZERO_ERROR;
  ubidi_setPara(bidi_.get(), paragraph.data(), static_cast<std::int32_t>(paragraph.size()),
                paragraph_level(style), nullptr, &status);
  const UBiDiLevel base_level = ubidi_getParaLevel(bidi_.get());
  levels_.assign(paragraph.size(), base_level);
  if (!paragraph.empty()) {
    const UBiDiLevel* levels = ubidi_getLevels(bidi_.get(), &status);
    if (U_SUCCESS(status)) {
      levels_.assign(levels, levels + paragraph.size());
    }
  }
  shaper_.itemise(paragraph, levels_, style.language, style.role, items_);
  const float px = static_cast<float>(em_in_64ths(style.px)) / 64.0F;
  filler_.begin(paragraph, items_, base_level, style, px);
  while (!filler_.done()) {
    const auto lines = static_cast<std::int32_t>(layout.lines.size());
    const bool is_final = style.max_lines > 0 && lines + 1 >= style.max_lines;
    const FilledLine& filled = filler_.next_line(is_final, !is_last);
    place_line(layout, filled, begin, (base_level & 1U) != 0, !filler_.done());
    layout.truncated = layout.truncated || filled.truncated;
    if (is_final) {
      break;
    }
  }
}

void Typesetter::place_line(Layout& layout, const FilledLine& filled, std::size_t paragraph_begin,
                            bool right_to_left, bool wrapped) {
  const float px = static_cast<float>(em_in_64ths(layout.style.px)) / 64.0F;
  const FaceId primary = FontSet::primary_face(layout.style.language, layout.style.role);
  const LineMetrics metrics =
      line_metrics(fonts_.metrics(primary), px, layout.style.line_height_em);
  const auto byte_of = [&](std::size_t unit) { return text_.bytes[paragraph_begin + unit]; };

  Line line;
  line.byte_begin = byte_of(filled.begin);
  line.byte_end = byte_of(filled.end);
  line.right_to_left = right_to_left;
  line.wrapped = wrapped;
  line.width = filled.width;
  line.first_run = layout.runs.size();
  line.run_count = filled.runs.size();
  line.top = layout.lines.empty() ? 0.0F : layout.lines.back().top + layout.lines.back().height;

  // Rule L2 of UAX #9 on whole runs. Spaces at a line's end need no L1: they are not in the line,
  // and at the paragraph's end ICU has reset them.
  std::vector<UBiDiLevel> levels;
  for (const FilledRun& run : filled.runs) {
    levels.push_back(run.item.level);
  }
  std::vector<std::int32_t> order(levels.size());
  ubidi_reorderVisual(levels.data(), static_cast<std::int32_t>(levels.size()), order.data());

  float pen = 0.0F;
  float ink_above = 0.0F;  // of faces other than the language's own, from the baseline
  float ink_below = 0.0F;
  for (const std::int32_t logical : order) {
    const FilledRun& from = filled.runs[static_cast<std::size_t>(logical)];
    Run run;
    run.face = from.item.face;
    run.level = from.item.level;
    run.script = from.item.script;
    run.ellipsis = from.ellipsis;
    run.byte_begin = byte_of(from.item.begin);
    run.byte_end = byte_of(from.item.end);
    run.first_glyph = layout.glyphs.size();
    run.glyph_count = from.glyph_count;
    run.x = pen;
    const float unit = px / static_cast<float>(fonts_.metrics(run.face).units_per_em);
    for (std::size_t g = from.first_glyph; g < from.first_glyph + from.glyph_count; ++g) {
      const ShapedGlyph& shaped = filled.glyphs[g];
      Glyph glyph;
      glyph.id = shaped.id;
      glyph.face = run.face;
      glyph.byte = byte_of(shaped.cluster);
      glyph.x = pen + static_cast<float>(shaped.x_offset) * unit;
      glyph.y = -static_cast<float>(shaped.y_offset) * unit;
      glyph.advance = static_cast<float>(shaped.x_advance) * unit;
      pen += glyph.advance;
      if (run.face != primary) {
        const GlyphInk& ink = fonts_.ink(run.face, glyph.id);
        ink_above = std::max(ink_above, static_cast<float>(ink.top) * unit - glyph.y);
        ink_below = std::max(ink_below, glyph.y - static_cast<float>(ink.bottom) * unit);
      }
      layout.glyphs.push_back(glyph);
    }
    run.width = pen - run.x;
    layout.runs.push_back(run);
  }

  // A word of another script may be taller than the line was made for.
  const float grow_above = std::max(0.0F, ink_above - metrics.baseline);
  const float grow_below = std::max(0.0F, ink_below - (metrics.height - metrics.baseline));
  line.height = metrics.height + grow_above + grow_below;
  line.baseline = std::round(line.top + grow_above + metrics.baseline);
  layout.lines.push_back(line);
}

void Typesetter::finish(Layout& layout) const {
  const float px = static_cast<float>(em_in_64ths(layout.style.px)) / 64.0F;
  const FaceMetrics& primary =
      fonts_.metrics(FontSet::primary_face(layout.style.language, layout.style.role));
  const float primary_unit = px / static_cast<float>(primary.units_per_em);
  layout.ascent_px = static_cast<float>(primary.ascent) * primary_unit;
  layout.descent_px = static_cast<float>(primary.descent) * primary_unit;

  layout.width_px = 0.0F;
  layout.height_px = 0.0F;
  for (const Line& line : layout.lines) {
    layout.width_px = std::max(layout.width_px, line.width);
    layout.height_px += line.height;
  }
  layout.box_width_px =
      layout.style.max_width_px > 0.0F ? layout.style.max_width_px : layout.width_px;

  constexpr float kFar = std::numeric_limits<float>::max();
  InkBox ink{kFar, kFar, -kFar, -kFar};
  for (Line& line : layout.lines) {
    // Whole pixels, so that a line has the same glyph pictures wherever it stands.
    line.x = std::round((layout.box_width_px - line.width) *
                        left_share(layout.style.align, line.right_to_left));
    for (std::size_t r = line.first_run; r < line.first_run + line.run_count; ++r) {
      Run& run = layout.runs[r];
      run.x += line.x;
      const float unit = px / static_cast<float>(fonts_.metrics(run.face).units_per_em);
      for (std::size_t g = run.first_glyph; g < run.first_glyph + run.glyph_count; ++g) {
        Glyph& glyph = layout.glyphs[g];
        glyph.x += line.x;
        glyph.y += line.baseline;
        const GlyphInk& box = fonts_.ink(run.face, glyph.id);
        glyph.has_ink = !box.empty();
        if (glyph.has_ink) {
          ink.left = std::min(ink.left, glyph.x + static_cast<float>(box.left) * unit);
          ink.right = std::max(ink.right, glyph.x + static_cast<float>(box.right) * unit);
          ink.top = std::min(ink.top, glyph.y - static_cast<float>(box.top) * unit);
          ink.bottom = std::max(ink.bottom, glyph.y - static_cast<float>(box.bottom) * unit);
        }
      }
    }
  }
  layout.ink = ink.left < ink.right ? ink : InkBox{};
}

}  // namespace odop::typeset
