// Filled rectangles with round corners, looked at pixel by pixel.
#include "kiosk/ui/rounded.h"

#include <catch2/catch.hpp>
#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace odop::kiosk::ui {
namespace {

// Of the triangles over a point: how many, and the alpha there (of the topmost).
struct Cover {
  int triangles = 0;
  float alpha = 0;
};

Cover cover_at(const ImDrawList& list, float x, float y) {
  Cover cover;
  for (int i = 0; i + 2 < list.IdxBuffer.Size; i += 3) {
    const ImDrawVert& a = list.VtxBuffer[list.IdxBuffer[i]];
    const ImDrawVert& b = list.VtxBuffer[list.IdxBuffer[i + 1]];
    const ImDrawVert& c = list.VtxBuffer[list.IdxBuffer[i + 2]];
    const float area =
        (b.pos.x - a.pos.x) * (c.pos.y - a.pos.y) - (b.pos.y - a.pos.y) * (c.pos.x - a.pos.x);
    if (std::abs(area) < 1e-6F) continue;
    const float wb =
        ((x - a.pos.x) * (c.pos.y - a.pos.y) - (y - a.pos.y) * (c.pos.x - a.pos.x)) / area;
    const float wc =
        ((b.pos.x - a.pos.x) * (y - a.pos.y) - (b.pos.y - a.pos.y) * (x - a.pos.x)) / area;
    const float wa = 1 - wb - wc;
    if (std::min({wa, wb, wc}) < 0) continue;
    ++cover.triangles;
    const auto alpha = [](const ImDrawVert& v) {
      return static_cast<float>(v.col >> IM_COL32_A_SHIFT & 0xFFU);
    };
    cover.alpha = (wa * alpha(a) + wb * alpha(b) + wc * alpha(c)) / 255.0F;
  }
  return cover;
}

struct Canvas {
  Canvas() : context(ImGui::CreateContext()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {400, 400};
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    ImGui::NewFrame();
  }
  ~Canvas() {
    ImGui::EndFrame();
    ImGui::DestroyContext(context);
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  ImGuiContext* context;
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
};

constexpr PixelRect kRect{10, 20, 80, 50};
constexpr ImU32 kHalf = IM_COL32(10, 20, 30, 128);

// What an exact disc quarter would cover at the pixel's middle, rim softened over one pixel.
float wanted_alpha(float x, float y, float radius, const RoundCorners& corners) {
  const bool inside = x > kRect.x && x < kRect.x + kRect.w && y > kRect.y && y < kRect.y + kRect.h;
  const bool left = x < kRect.x + kRect.w / 2;
  const bool top = y < kRect.y + kRect.h / 2;
  const bool round = top    ? (left ? corners.top_left : corners.top_right)
                     : left ? corners.bottom_left
                            : corners.bottom_right;
  const float cx = left ? kRect.x + radius : kRect.x + kRect.w - radius;
  const float cy = top ? kRect.y + radius : kRect.y + kRect.h - radius;
  const bool in_corner = round && (left ? x < cx : x > cx) && (top ? y < cy : y > cy);
  if (!in_corner) return inside ? 1.0F : 0.0F;
  return std::clamp(radius + 0.5F - std::hypot(x - cx, y - cy), 0.0F, 1.0F);
}

void check_pixels(float radius, RoundCorners corners) {
  const Canvas canvas;
  add_rounded(canvas.list, kRect, radius, corners, kHalf);
  const float round = std::round(std::min({radius, kRect.w / 2, kRect.h / 2}));
  // Near the pixels' middles, beside any edge that two triangles share.
  for (float y = kRect.y - 2.497F; y < kRect.y + kRect.h + 3; ++y) {
    for (float x = kRect.x - 2.489F; x < kRect.x + kRect.w + 3; ++x) {
      const Cover cover = cover_at(canvas.list, x, y);
      const float wanted = wanted_alpha(x, y, round, corners);
      CAPTURE(x, y, radius, cover.triangles, cover.alpha, wanted);
      // Twice would show in translucent colours; a polygon misses its arc by a quarter pixel.
      REQUIRE(cover.triangles <= 1);
      REQUIRE(std::abs(cover.alpha - wanted * 128.0F / 255.0F) < 0.2F);
    }
  }
}

}  // namespace

TEST_CASE("A rounded rectangle covers each of its pixels once, and no other", "[kiosk][ui]") {
  for (const float radius : {0.0F, 1.0F, 7.6F, 12.0F, 25.0F, 90.0F}) {
    check_pixels(radius, {});
    check_pixels(radius, round_corners(Corners::kTop, false));
    check_pixels(radius, round_corners(Corners::kFoot, false));
    check_pixels(radius, round_corners(Corners::kStart, false));
    check_pixels(radius, round_corners(Corners::kStart, true));
    check_pixels(radius, round_corners(Corners::kEnd, true));
  }
}

TEST_CASE("A rounded picture's texels run straight from corner to corner", "[kiosk][ui]") {
  const Canvas canvas;
  add_rounded(canvas.list, kRect, 12, {}, IM_COL32_WHITE, {{0.25F, 0.5F}, {0.75F, 1.0F}});
  REQUIRE(canvas.list.VtxBuffer.Size > 12);
  for (const ImDrawVert& vertex : canvas.list.VtxBuffer) {
    CHECK(vertex.uv.x == Approx(0.25F + 0.5F * (vertex.pos.x - kRect.x) / kRect.w));
    CHECK(vertex.uv.y == Approx(0.5F + 0.5F * (vertex.pos.y - kRect.y) / kRect.h));
  }
}

TEST_CASE("Nothing is drawn of an empty or clear rectangle", "[kiosk][ui]") {
  const Canvas canvas;
  add_rounded(canvas.list, {10, 10, 0, 20}, 4, {}, kHalf);
  add_rounded(canvas.list, {10, 10, 20, -3}, 4, {}, kHalf);
  add_rounded(canvas.list, kRect, 4, {}, IM_COL32(1, 2, 3, 0));
  CHECK(canvas.list.IdxBuffer.Size == 0);
}

}  // namespace odop::kiosk::ui
