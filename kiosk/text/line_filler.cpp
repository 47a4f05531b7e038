#include "kiosk/text/line_filler.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace odop::typeset {
namespace {

constexpr float kTolerancePx = 0.01F;  // sums of floats
constexpr char16_t kEllipsis = u'\u2026';

// The glyphs of an item whose clusters lie in [begin, end): clusters only rise along a
// left-to-right item and only fall along a right-to-left one.
std::span<const ShapedGlyph> slice(std::span<const ShapedGlyph> glyphs, const Item& item,
                                   std::size_t begin, std::size_t end) {
  const auto below = [](std::size_t limit) {
    return [limit](const ShapedGlyph& glyph) { return glyph.cluster < limit; };
  };
  const auto from = [](std::size_t limit) {
    return [limit](const ShapedGlyph& glyph) { return glyph.cluster >= limit; };
  };
  if (item.right_to_left()) {
    const auto first = std::ranges::partition_point(glyphs, from(end));
    const auto last = std::ranges::partition_point(glyphs, from(begin));
    return {first, last};
  }
  const auto first = std::ranges::partition_point(glyphs, below(begin));
  const auto last = std::ranges::partition_point(glyphs, below(end));
  return {first, last};
}

}  // namespace

LineFiller::LineFiller(const FontSet& fonts, Shaper& shaper, Breaker& breaker)
    : fonts_(fonts), shaper_(shaper), breaker_(breaker) {}

float LineFiller::scale(FaceId face) const {
  return px_ / static_cast<float>(fonts_.metrics(face).units_per_em);
}

void LineFiller::begin(std::u16string_view paragraph, std::span<const Item> items,
                       std::uint8_t base_level, const TextStyle& style, float px) {
  paragraph_ = paragraph;
  items_ = items;
  base_level_ = base_level;
  style_ = style;
  px_ = px;
  max_width_ = std::max(style.max_width_px, 0.0F);
  is_done_ = false;
  at_ = 0;
  breaks_.clear();
  graphemes_.clear();

  glyphs_.clear();
  first_glyph_.clear();
  for (const Item& item : items_) {
    first_glyph_.push_back(glyphs_.size());
    shaper_.shape(paragraph_, item, item.begin, item.end, glyphs_);
  }
  first_glyph_.push_back(glyphs_.size());
  measure();
}

void LineFiller::measure() {
  before_.assign(paragraph_.size() + 1, 0.0F);
  safe_.assign(paragraph_.size() + 1, false);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const float factor = scale(items_[i].face);
    for (std::size_t g = first_glyph_[i]; g < first_glyph_[i + 1]; ++g) {
      const ShapedGlyph& glyph = glyphs_[g];
      before_[glyph.cluster + 1] += static_cast<float>(glyph.x_advance) * factor;
      safe_[glyph.cluster] = !glyph.unsafe_to_break;
    }
    safe_[items_[i].begin] = true;
  }
  safe_[paragraph_.size()] = true;
  for (std::size_t i = 1; i < before_.size(); ++i) {
    before_[i] += before_[i - 1];
  }
}

float LineFiller::width_between(std::size_t begin, std::size_t end) const {
  return before_[end] - before_[begin];
}

std::size_t LineFiller::without_spaces(std::size_t begin, std::size_t end) const {
  while (end > begin && u_isUWhiteSpace(paragraph_[end - 1]) != 0) {
    --end;
  }
  return end;
}

bool LineFiller::can_cut(std::size_t unit) const { return safe_[unit]; }

void LineFiller::build(std::size_t begin, std::size_t end) {
  line_.begin = begin;
  line_.end = end;
  line_.next = end;
  line_.truncated = false;
  line_.width = 0.0F;
  line_.runs.clear();
  line_.glyphs.clear();
  const auto first =
      std::ranges::partition_point(items_, [begin](const Item& item) { return item.end <= begin; });
  for (auto it = first; it != items_.end() && it->begin < end; ++it) {
    const auto index = static_cast<std::size_t>(it - items_.begin());
    FilledRun run;
    run.item = *it;
    run.item.begin = std::max(it->begin, begin);
    run.item.end = std::min(it->end, end);
    run.first_glyph = line_.glyphs.size();
    const bool cut_front = run.item.begin != it->begin && !can_cut(run.item.begin);
    const bool cut_back = run.item.end != it->end && !can_cut(run.item.end);
    if (cut_front || cut_back) {
      shaper_.shape(paragraph_, *it, run.item.begin, run.item.end, line_.glyphs);
    } else {
      const std::span<const ShapedGlyph> all(glyphs_.data() + first_glyph_[index],
                                             first_glyph_[index + 1] - first_glyph_[index]);
      const auto part = slice(all, *it, run.item.begin, run.item.end);
      line_.glyphs.insert(line_.glyphs.end(), part.begin(), part.end());
    }
    run.glyph_count = line_.glyphs.size() - run.first_glyph;
    const float factor = scale(it->face);
    for (std::size_t g = run.first_glyph; g < line_.glyphs.size(); ++g) {
      run.width += static_cast<float>(line_.glyphs[g].x_advance) * factor;
    }
    line_.width += run.width;
    line_.runs.push_back(run);
  }
}

void LineFiller::append_ellipsis() {
  static constexpr std::u16string_view kText(&kEllipsis, 1);
  static constexpr std::array<std::uint8_t, 1> kLevel{0};
  std::vector<Item> items;
  shaper_.itemise(kText, kLevel, style_.language, style_.role, items);
  FilledRun run;
  run.item = items.front();
  if (!line_.runs.empty()) {
    // In the hand of the text that it ends, when that face has it.
    const Item& last = line_.runs.back().item;
    if (fonts_.covers(last.face, kEllipsis)) {
      run.item.face = last.face;
      run.item.script = last.script;
    }
  }
  run.item.level = base_level_;
  run.item.begin = 0;
  run.item.end = 1;
  run.ellipsis = true;
  run.first_glyph = line_.glyphs.size();
  shaper_.shape(kText, run.item, 0, 1, line_.glyphs);
  run.glyph_count = line_.glyphs.size() - run.first_glyph;
  for (std::size_t g = run.first_glyph; g < line_.glyphs.size(); ++g) {
    line_.glyphs[g].cluster = line_.end;
    run.width += static_cast<float>(line_.glyphs[g].x_advance) * scale(run.item.face);
  }
  run.item.begin = line_.end;
  run.item.end = line_.end;
  line_.width += run.width;
  line_.truncated = true;
  line_.runs.push_back(run);
}

// The last grapheme boundary after `begin` up to which the text is no wider than `width`; at least
// `begin` itself.
std::size_t LineFiller::fitting_grapheme(std::size_t begin, float width) {
  if (graphemes_.empty()) {
    breaker_.graphemes(paragraph_, graphemes_);
  }
  const auto first = std::ranges::upper_bound(graphemes_, begin);
  const auto last = std::partition_point(first, graphemes_.end(), [&](std::size_t boundary) {
    return width_between(begin, without_spaces(begin, boundary)) <= width + kTolerancePx;
  });
  return last == first ? begin : *std::prev(last);
}

void LineFiller::fill(std::size_t begin) {
  const std::size_t size = paragraph_.size();
  if (max_width_ <= 0.0F || width_between(begin, size) <= max_width_ + kTolerancePx) {
    build(begin, size);
    if (max_width_ <= 0.0F || line_.width <= max_width_ + kTolerancePx) {
      return;
    }
  }
  if (breaks_.empty()) {
    breaker_.line_breaks(paragraph_, breaks_);
  }
  const auto fits = [&](std::size_t place) {
    return width_between(begin, without_spaces(begin, place)) <= max_width_ + kTolerancePx;
  };
  const auto first = std::ranges::upper_bound(breaks_, begin);
  auto candidate = std::partition_point(first, breaks_.end(), fits);
  while (candidate != first) {
    --candidate;
    const std::size_t end = without_spaces(begin, *candidate);
    build(begin, *candidate == size ? size : end);
    line_.next = *candidate;
    // Shaping again may have made it wider than it was within the paragraph.
    const float width = *candidate == size && end != size ? width_between(begin, end) : line_.width;
    if (width <= max_width_ + kTolerancePx) {
      return;
    }
  }
  // A word wider than the line: as many graphemes as fit, and at least one.
  std::size_t end = fitting_grapheme(begin, max_width_);
  for (;;) {
    const auto after = std::ranges::upper_bound(graphemes_, begin);
    const std::size_t least = after != graphemes_.end() ? *after : size;
    end = std::max(end, least);
    build(begin, end);
    if (line_.width <= max_width_ + kTolerancePx || end == least) {
      return;
    }
    end = *std::prev(std::ranges::lower_bound(graphemes_, end));
  }
}

void LineFiller::truncate(std::size_t begin) {
  build(begin, begin);
  append_ellipsis();
  const float room = max_width_ - line_.width;
  std::size_t end =
      max_width_ <= 0.0F ? paragraph_.size() : fitting_grapheme(begin, std::max(room, 0.0F));
  for (;;) {
    build(begin, without_spaces(begin, end));
    append_ellipsis();
    line_.next = paragraph_.size();
    if (max_width_ <= 0.0F || line_.width <= max_width_ + kTolerancePx || end <= begin) {
      return;
    }
    end = *std::prev(std::ranges::lower_bound(graphemes_, end));
  }
}

void LineFiller::forget() {
  paragraph_ = {};
  items_ = {};
  is_done_ = true;
  for (std::vector<ShapedGlyph>* glyphs : {&glyphs_, &line_.glyphs}) {
    std::ranges::fill(*glyphs, ShapedGlyph{});
    glyphs->clear();
  }
}

const FilledLine& LineFiller::next_line(bool is_last, bool more_follows) {
  fill(at_);
  if (is_last && (line_.next < paragraph_.size() || more_follows)) {
    truncate(at_);
  }
  at_ = line_.next;
  is_done_ = at_ >= paragraph_.size();
  return line_;
}

}  // namespace odop::typeset
