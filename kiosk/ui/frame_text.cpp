// Text of Frame: styles in mm become styles in px, layouts become quads.
#include "kiosk/ui/frame.h"
#include "kiosk/ui/frame_state.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace odop::kiosk::ui {
namespace {

// Nastaliq titles take 0.82 of the Hindi size; labels of buttons, which are small already, keep
// theirs (tokens: urdu_title_scale and the button of the mocks).
constexpr double kUrduTitleScale = 0.82;
constexpr double kUrduTitleLeast = 11.6;

// By this much ink may pass a place that it is centred in: strokes and rounding.
constexpr double kInkSlackMm = 0.5;

// Between the ink of a Nastaliq title and the edge of the place that it is centred in.
constexpr double kLeastAirMm = 1.2;

}  // namespace

typeset::TextStyle Frame::style(const Type& type, double width) const {
  const Language language = type.language.value_or(language_);
  double em = type.scales ? theme_->em(type.em) : type.em;
  if (language == Language::kUrdu && type.role == TextRole::kTitle && em > kUrduTitleLeast) {
    em = std::max(kUrduTitleLeast, em * kUrduTitleScale);
  }
  typeset::TextStyle style;
  style.language = language;
  style.role = type.role;
  style.direction = type.direction;
  style.px = theme_->px(em);
  style.max_width_px = width > 0 ? std::floor(theme_->px(width)) : 0.0F;
  style.max_lines = type.max_lines;
  style.line_height_em = static_cast<float>(
      type.line_height > 0 ? type.line_height : Theme::line_height(language, type.role));
  switch (type.align) {
    case Align::kStart:
      style.align = rtl() ? Align::kRight : Align::kLeft;
      break;
    case Align::kEnd:
      style.align = rtl() ? Align::kLeft : Align::kRight;
      break;
    case Align::kCenter:
    case Align::kLeft:
    case Align::kRight:
      style.align = type.align;
      break;
  }
  return style;
}

const typeset::Layout& Frame::layout(std::string_view words, const Type& type, double width) {
  return text_->layout(words, style(type, width));
}

Frame::Size Frame::measure(std::string_view words, const Type& type, double width) {
  const typeset::Layout& laid = layout(words, type, width);
  return {laid.width_px / theme_->px_per_mm, laid.height_px / theme_->px_per_mm};
}

void Frame::draw_layout(const typeset::Layout& layout, const Box& box, Colour colour) {
  const PixelRect r = exact(box);
  // A layout that did not wrap is only as wide as its words: it hangs from where it aligns.
  float left = r.x;
  if (layout.style.max_width_px <= 0) {
    const float spare = r.w - layout.width_px;
    if (layout.style.align == Align::kCenter) left += spare / 2;
    if (layout.style.align == Align::kRight) left += spare;
  }
  left = std::round(left);
  const float top = std::round(r.y);

  const State::Clip& clip = state_->clip();
  if (top + layout.ink.bottom < clip.rect.y - clip.text_slack ||
      top + layout.ink.top > clip.rect.y + clip.rect.h + clip.text_slack) {
    return;
  }
  use(Channel::kText);
  const std::span<const typeset::Quad> quads = text_->quads(layout);
  const ImU32 tint = im(colour);
  for (std::size_t i = 0; i < quads.size();) {
    std::size_t end = i;
    while (end < quads.size() && quads[end].page == quads[i].page) ++end;
    const std::uintptr_t page = text_->backend().texture(quads[i].page);
    list_->PushTextureID(reinterpret_cast<ImTextureID>(page));  // NOLINT(performance-no-int-to-ptr)
    const auto count = static_cast<int>(end - i);
    list_->PrimReserve(count * 6, count * 4);
    for (; i < end; ++i) {
      const typeset::Quad& quad = quads[i];
      list_->PrimRectUV({left + quad.x0, top + quad.y0}, {left + quad.x1, top + quad.y1},
                        {quad.u0, quad.v0}, {quad.u1, quad.v1}, tint);
    }
    list_->PopTextureID();
  }
}

void Frame::watch_cut(const typeset::Layout& laid, const Type& type) {
  const float room = laid.style.max_width_px;
  const bool too_wide = room > 0 && laid.width_px > room + 1.5F;
  if ((laid.truncated || too_wide) && !type.teaser) state_->cuts.push_back(laid.text);
}

double Frame::text(const Box& box, std::string_view words, const Type& type) {
  const typeset::Layout& laid = layout(words, type, box.w);
  const double height = laid.height_px / theme_->px_per_mm;
  extend(box.y + height);
  watch_cut(laid, type);
  draw_layout(laid, box, type.colour);
  return height;
}

double Frame::text_middle(const Box& box, std::string_view words, const Type& type) {
  const typeset::Layout& laid = layout(words, type, box.w);
  const double height = laid.height_px / theme_->px_per_mm;
  double shift = 0;
  if (type.role == TextRole::kTitle) {
    // Optical: the weight of Devanagari hangs from its headline, that of Nastaliq sits low.
    const double em = laid.style.px / theme_->px_per_mm;
    const Language language = type.language.value_or(language_);
    if (language == Language::kHindi) shift = 0.8 * em / 11;
    if (language == Language::kUrdu) shift = -2.5 * em / 11.6;
  }
  extend(box.bottom());
  watch_cut(laid, type);
  // Ink that stands out over the place: it lies on what is above and below.
  // Nastaliq titles may: their ink passes any line box.
  const bool nastaliq =
      type.role == TextRole::kTitle && type.language.value_or(language_) == Language::kUrdu;
  const float ink = laid.ink.bottom - laid.ink.top;
  if (!nastaliq && ink > theme_->px(box.h + kInkSlackMm) && !type.teaser)
    state_->cuts.push_back(laid.text);
  double top = box.mid_y() - height / 2 + shift;
  // Where it can, it stays between the edges all the same.
  const double ink_top = laid.ink.top / theme_->px_per_mm;
  const double ink_bottom = laid.ink.bottom / theme_->px_per_mm;
  const double air = (box.h - (ink_bottom - ink_top)) / 2;
  if (nastaliq && air > 0) {
    const double least = std::min(air, kLeastAirMm);
    // No clamp: with no room to spare the two bounds are one, but for rounding.
    top = std::min(std::max(top, box.y + least - ink_top), box.bottom() - least - ink_bottom);
  }
  draw_layout(laid, {box.x, top, box.w, height}, type.colour);
  return height;
}

double Frame::say(std::string_view id, const Box& box, std::string_view words, const Type& type,
                  Role role, std::string_view spoken) {
  const double height = text(box, words, type);
  node(id, {box.x, box.y, box.w, height}, role, words, {}, spoken);
  return height;
}

}  // namespace odop::kiosk::ui
