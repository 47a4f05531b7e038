// Rectangles with round corners for a list of triangles, soft at the corners only: their sides lie
// on whole pixels, so softening them, as ImGui does, would draw two more triangles a side for
// nothing (a screen of 70 keys: 22 instead of 32 ms a frame in software).
#pragma once

#include "kiosk/ui/box.h"
#include "kiosk/ui/frame.h"

#include <imgui.h>

namespace odop::kiosk::ui {

// Which corners are round, as seen on the panel.
struct RoundCorners {
  bool top_left = true;
  bool top_right = true;
  bool bottom_right = true;
  bool bottom_left = true;
};

[[nodiscard]] RoundCorners round_corners(Corners corners, bool mirrored);

// Where a texture's part lies on the rectangle: texel coordinates at its corners.
struct TexelSpan {
  ImVec2 first;
  ImVec2 last;
};

// `rect` and `radius` in px; the rectangle on whole pixels, the radius is rounded to them and held
// to half of the shorter side.
void add_rounded(ImDrawList& list, const PixelRect& rect, float radius, RoundCorners corners,
                 ImU32 colour);
void add_rounded(ImDrawList& list, const PixelRect& rect, float radius, RoundCorners corners,
                 ImU32 colour, const TexelSpan& texels);

}  // namespace odop::kiosk::ui
