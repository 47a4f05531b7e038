// Shapes of Frame: all are triangles with vertex colours on ImGui's own texture, so that they share
// one draw call a group.
#include "kiosk/ui/frame.h"
#include "kiosk/ui/frame_state.h"
#include "kiosk/ui/rounded.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace odop::kiosk::ui {
namespace {

ImVec2 centre_of(const PixelRect& r) { return {r.x + r.w / 2, r.y + r.h / 2}; }

std::array<ImVec2, 6> hexagon_points(ImVec2 centre, float radius) {
  std::array<ImVec2, 6> points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float angle = static_cast<float>(i) * std::numbers::pi_v<float> / 3.0F;
    points.at(i) = {centre.x + radius * std::sin(angle), centre.y - radius * std::cos(angle)};
  }
  return points;
}

}  // namespace

void Frame::fill(const Box& box, Colour colour, double radius) {
  fill_corners(box, colour, radius, Corners::kAll);
}

void Frame::fill_corners(const Box& box, Colour colour, double radius, Corners corners) {
  extend(box.bottom());
  if (!visible(box)) return;
  use(Channel::kShapes);
  const PixelRect r = pixels(box);
  add_rounded(*list_, r, theme_->px(radius), round_corners(corners, rtl()), im(colour));
}

void Frame::outline(const Box& box, Colour colour, double stroke, double radius) {
  extend(box.bottom());
  if (!visible(box)) return;
  use(Channel::kShapes);
  const PixelRect r = pixels(box);
  const float width = std::max(1.0F, theme_->px(stroke));
  const float half = width / 2;
  const float round = std::clamp(theme_->px(radius) - half, 0.0F, std::min(r.w, r.h) / 2);
  list_->AddRect({r.x + half, r.y + half}, {r.x + r.w - half, r.y + r.h - half}, im(colour), round,
                 ImDrawFlags_RoundCornersAll, width);
}

void Frame::shadow(const Box& box, Shadow kind) {
  if (theme_->comfort.high_contrast || !visible(box.inset(-12))) return;
  use(Channel::kShapes);
  struct Token {
    double offset, blur, alpha;
  };
  const Token token = kind == Shadow::kCard     ? Token{1.5, 5, 0.10}
                      : kind == Shadow::kButton ? Token{1.5, 5, 0.18}
                                                : Token{2, 8, 0.35};
  // Rings around the box, from half a blur inside to one outside; the alpha falls as a blurred edge
  // does (error function at -1, -1/2, 0, 1/2, 1 of the blur).
  constexpr std::array<float, 5> kAt{-1.0F, -0.5F, 0.0F, 0.5F, 1.0F};
  constexpr std::array<double, 5> kAlpha{0.977, 0.841, 0.5, 0.159, 0.0};
  constexpr int kCornerSteps = 6;
  constexpr int kRing = 4 * (kCornerSteps + 1);

  const PixelRect r = pixels(box.moved(0, token.offset));
  const float blur = theme_->px(token.blur);
  const float base = theme_->px(theme_->radius.card);
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  const auto rings = static_cast<int>(kAt.size());
  list_->PrimReserve((rings - 1) * kRing * 6, rings * kRing);
  const auto first = static_cast<ImDrawIdx>(list_->_VtxCurrentIdx);
  for (std::size_t ring = 0; ring < kAt.size(); ++ring) {
    const float grow = kAt.at(ring) * blur;
    const float half_w = std::max(0.0F, r.w / 2 + grow);
    const float half_h = std::max(0.0F, r.h / 2 + grow);
    const float radius = std::min({std::max(0.0F, base + grow), half_w, half_h});
    const ImU32 colour = im(faded(rgb(0x2A1A12), token.alpha * kAlpha.at(ring)));
    const ImVec2 centre = centre_of(r);
    for (int corner = 0; corner < 4; ++corner) {
      const float sx = corner == 0 || corner == 3 ? 1.0F : -1.0F;
      const float sy = corner < 2 ? 1.0F : -1.0F;
      for (int step = 0; step <= kCornerSteps; ++step) {
        const float angle = (static_cast<float>(corner) +
                             static_cast<float>(step) / static_cast<float>(kCornerSteps)) *
                            std::numbers::pi_v<float> / 2.0F;
        list_->PrimWriteVtx({centre.x + sx * (half_w - radius) + std::cos(angle) * radius,
                             centre.y + sy * (half_h - radius) + std::sin(angle) * radius},
                            white, colour);
      }
    }
  }
  for (int ring = 0; ring + 1 < rings; ++ring) {
    for (int i = 0; i < kRing; ++i) {
      const auto at = [&](int which, int index) {
        return static_cast<ImDrawIdx>(first + which * kRing + index % kRing);
      };
      list_->PrimWriteIdx(at(ring, i));
      list_->PrimWriteIdx(at(ring + 1, i));
      list_->PrimWriteIdx(at(ring + 1, i + 1));
      list_->PrimWriteIdx(at(ring, i));
      list_->PrimWriteIdx(at(ring + 1, i + 1));
      list_->PrimWriteIdx(at(ring, i + 1));
    }
  }
}

void Frame::line(Point from, Point to, Colour colour, double stroke) {
  use(Channel::kShapes);
  const PixelRect a = exact({from.x, from.y, 0, 0});
  const PixelRect b = exact({to.x, to.y, 0, 0});
  list_->AddLine({a.x, a.y}, {b.x, b.y}, im(colour), std::max(1.0F, theme_->px(stroke)));
}

void Frame::hairline(double x, double y, double w) {
  use(Channel::kShapes);
  const PixelRect r = pixels({x, y, w, theme_->stroke.hairline});
  list_->AddRectFilled({r.x, r.y}, {r.x + r.w, r.y + std::max(1.0F, r.h)}, im(colour().line));
}

void Frame::circle(Point centre, double radius, Colour colour) {
  use(Channel::kShapes);
  const PixelRect c = exact({centre.x, centre.y, 0, 0});
  list_->AddCircleFilled({c.x, c.y}, theme_->px(radius), im(colour));
}

void Frame::ring(Point centre, double radius, Colour colour, double stroke) {
  use(Channel::kShapes);
  const PixelRect c = exact({centre.x, centre.y, 0, 0});
  list_->AddCircle({c.x, c.y}, theme_->px(radius - stroke / 2), im(colour), 0,
                   std::max(1.0F, theme_->px(stroke)));
}

void Frame::dashed(std::span<const Point> points, Colour colour, double stroke, double dash,
                   double gap) {
  if (points.size() < 2 || dash <= 0 || dash + gap <= 0) return;
  double left_of_dash = dash;
  bool drawing = true;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Point from = points[i];
    const Point to = points[i + 1];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    double at = 0;
    while (at < length) {
      const double step = std::min(left_of_dash, length - at);
      if (drawing) {
        const auto on = [&](double d) {
          return Point{from.x + (to.x - from.x) * d / length,
                       from.y + (to.y - from.y) * d / length};
        };
        line(on(at), on(at + step), colour, stroke);
      }
      at += step;
      left_of_dash -= step;
      if (left_of_dash <= 1e-9) {
        drawing = !drawing;
        left_of_dash = drawing ? dash : gap;
      }
    }
  }
}

void Frame::polygon(std::span<const Point> points, Colour colour) {
  use(Channel::kShapes);
  for (const Point& point : points) {
    const PixelRect p = exact({point.x, point.y, 0, 0});
    list_->PathLineTo({p.x, p.y});
  }
  // ImGui expects clockwise points for its soft edge; mirroring turns them round.
  if (rtl()) std::reverse(list_->_Path.begin(), list_->_Path.end());
  list_->PathFillConvex(im(colour));
}

void Frame::hexagon(Point centre, double width, double scale, Colour colour) {
  const double radius = width / std::numbers::sqrt3 * scale;
  extend(centre.y + radius);
  if (!visible({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius})) return;
  use(Channel::kShapes);
  const PixelRect c = exact({centre.x, centre.y, 0, 0});
  const auto points = hexagon_points({c.x, c.y}, theme_->px(radius));
  list_->AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), im(colour));
}

void Frame::hexagon_outline(Point centre, double width, double scale, Colour colour,
                            double stroke) {
  use(Channel::kShapes);
  const PixelRect c = exact({centre.x, centre.y, 0, 0});
  const auto points = hexagon_points({c.x, c.y}, theme_->px(width / std::numbers::sqrt3 * scale));
  list_->AddPolyline(points.data(), static_cast<int>(points.size()), im(colour), ImDrawFlags_Closed,
                     std::max(1.0F, theme_->px(stroke)));
}

void Frame::stitches(const Box& box, int total, int done) {
  const double height = theme_->stroke.stitch_height;
  const double y = box.mid_y() - height / 2;
  const Box row{box.x, y, box.w, height};
  for (int i = 0; i < total; ++i) {
    fill(row.column(i, total, theme_->stroke.stitch_gap),
         i < done ? colour().madder : colour().line, height / 2);
  }
}

void Frame::pinked_edge(double x, double y, double w, Colour colour, bool points_down) {
  constexpr double kTooth = 4;
  const int teeth = std::max(1, static_cast<int>(std::lround(w / kTooth)));
  const double each = w / teeth;
  const double tip = points_down ? y + each * 0.5 : y - each * 0.5;
  for (int i = 0; i < teeth; ++i) {
    const double left = x + i * each;
    if (points_down) {
      const std::array points{Point{left, y}, Point{left + each, y}, Point{left + each / 2, tip}};
      polygon(points, colour);
    } else {
      const std::array points{Point{left, y}, Point{left + each / 2, tip}, Point{left + each, y}};
      polygon(points, colour);
    }
  }
}

}  // namespace odop::kiosk::ui
