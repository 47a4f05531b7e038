#include "kiosk/ui/rounded.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace odop::kiosk::ui {
namespace {

constexpr float kSagitta = 0.25F;  // px by which a corner's edges may miss its arc
constexpr int kMostSteps = 24;

int steps_of(float radius) {
  const float half_angle = std::acos(1.0F - std::min(kSagitta / radius, 1.0F));
  const float quarter = std::numbers::pi_v<float> / 2;
  return std::clamp(static_cast<int>(std::ceil(quarter / (2 * half_angle))), 1, kMostSteps);
}

// Triangles one after the other, each point with its texel.
class Pen {
 public:
  Pen(ImDrawList& list, const PixelRect& rect, ImU32 colour, const TexelSpan& texels)
      : list_(list), rect_(rect), colour_(colour), texels_(texels) {}

  ImDrawIdx point(float x, float y, ImU32 colour) {
    const float across = rect_.w > 0 ? (x - rect_.x) / rect_.w : 0.0F;
    const float down = rect_.h > 0 ? (y - rect_.y) / rect_.h : 0.0F;
    list_.PrimWriteVtx({x, y},
                       {texels_.first.x + (texels_.last.x - texels_.first.x) * across,
                        texels_.first.y + (texels_.last.y - texels_.first.y) * down},
                       colour);
    return static_cast<ImDrawIdx>(list_._VtxCurrentIdx - 1);
  }

  void triangle(ImDrawIdx a, ImDrawIdx b, ImDrawIdx c) {
    list_.PrimWriteIdx(a);
    list_.PrimWriteIdx(b);
    list_.PrimWriteIdx(c);
  }

  void box(float left, float top, float right, float bottom) {
    list_.PrimReserve(6, 4);
    const ImDrawIdx a = point(left, top, colour_);
    const ImDrawIdx b = point(right, top, colour_);
    const ImDrawIdx c = point(right, bottom, colour_);
    const ImDrawIdx d = point(left, bottom, colour_);
    triangle(a, b, c);
    triangle(a, c, d);
  }

  // A quarter of a disc round (x, y) towards the signs, its rim softened over one pixel.
  void quarter(float x, float y, float sign_x, float sign_y, float radius) {
    const int steps = steps_of(radius);
    list_.PrimReserve(steps * 9, 1 + 2 * (steps + 1));
    const ImU32 clear = colour_ & ~IM_COL32_A_MASK;
    const ImDrawIdx centre = point(x, y, colour_);
    ImDrawIdx solid = 0;
    ImDrawIdx soft = 0;
    for (int i = 0; i <= steps; ++i) {
      const float angle =
          std::numbers::pi_v<float> / 2 * static_cast<float>(i) / static_cast<float>(steps);
      const float cos = sign_x * std::cos(angle);
      const float sin = sign_y * std::sin(angle);
      const ImDrawIdx next_solid =
          point(x + cos * (radius - 0.5F), y + sin * (radius - 0.5F), colour_);
      const ImDrawIdx next_soft =
          point(x + cos * (radius + 0.5F), y + sin * (radius + 0.5F), clear);
      if (i > 0) {
        triangle(centre, solid, next_solid);
        triangle(solid, soft, next_soft);
        triangle(solid, next_soft, next_solid);
      }
      solid = next_solid;
      soft = next_soft;
    }
  }

 private:
  ImDrawList& list_;
  const PixelRect& rect_;
  ImU32 colour_;
  const TexelSpan& texels_;
};

}  // namespace

RoundCorners round_corners(Corners corners, bool mirrored) {
  switch (corners) {
    case Corners::kAll:
      return {};
    case Corners::kStart:
      return {!mirrored, mirrored, mirrored, !mirrored};
    case Corners::kEnd:
      return {mirrored, !mirrored, !mirrored, mirrored};
    case Corners::kTop:
      return {true, true, false, false};
    case Corners::kFoot:
      return {false, false, true, true};
  }
  return {};
}

void add_rounded(ImDrawList& list, const PixelRect& rect, float radius, RoundCorners corners,
                 ImU32 colour, const TexelSpan& texels) {
  if ((colour & IM_COL32_A_MASK) == 0 || rect.w <= 0 || rect.h <= 0) return;
  Pen pen(list, rect, colour, texels);
  const float right = rect.x + rect.w;
  const float bottom = rect.y + rect.h;
  const float round = std::round(std::min({radius, rect.w / 2, rect.h / 2}));
  const bool top_round = corners.top_left || corners.top_right;
  const bool foot_round = corners.bottom_left || corners.bottom_right;
  if (round < 1 || (!top_round && !foot_round)) {
    pen.box(rect.x, rect.y, right, bottom);
    return;
  }
  const float inner_top = rect.y + (top_round ? round : 0);
  const float inner_bottom = std::max(inner_top, bottom - (foot_round ? round : 0));
  if (inner_bottom > inner_top) pen.box(rect.x, inner_top, right, inner_bottom);
  const auto strip = [&](float y0, float y1, bool left_round, bool right_round) {
    pen.box(rect.x + (left_round ? round : 0), y0, right - (right_round ? round : 0), y1);
  };
  if (top_round) strip(rect.y, inner_top, corners.top_left, corners.top_right);
  if (foot_round) strip(inner_bottom, bottom, corners.bottom_left, corners.bottom_right);
  if (corners.top_left) pen.quarter(rect.x + round, inner_top, -1, -1, round);
  if (corners.top_right) pen.quarter(right - round, inner_top, 1, -1, round);
  if (corners.bottom_right) pen.quarter(right - round, inner_bottom, 1, 1, round);
  if (corners.bottom_left) pen.quarter(rect.x + round, inner_bottom, -1, 1, round);
}

void add_rounded(ImDrawList& list, const PixelRect& rect, float radius, RoundCorners corners,
                 ImU32 colour) {
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  add_rounded(list, rect, radius, corners, colour, TexelSpan{white, white});
}

}  // namespace odop::kiosk::ui
