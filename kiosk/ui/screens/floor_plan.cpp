#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <vector>

namespace odop::kiosk::ui {

void draw_plan(const Stage& stage, const Box& box, const PlanView& plan) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const double inner_w = box.w - 8;
  const double inner_h = box.h - 8;
  const double aspect = plan.aspect > 0 ? static_cast<double>(plan.aspect) : 1;
  const double width = std::min(inner_w, inner_h * aspect);
  const double height = width / aspect;
  const auto scope = frame.left_to_right(box);
  const Box hall{(box.w - width) / 2, (box.h - height) / 2, width, height};
  for (const auto& stall : plan.stalls) {
    const Box at{hall.x + static_cast<double>(stall.x) * width,
                 hall.y + static_cast<double>(stall.y) * height,
                 static_cast<double>(stall.width) * width,
                 static_cast<double>(stall.depth) * height};
    frame.fill(at, stall.wanted ? colour.madder : colour.paper, 1.5);
    frame.outline(at, stall.wanted ? colour.madder : colour.key_foot, 0.6, 1.5);
    Type number{.role = stall.wanted ? TextRole::kSmallBold : TextRole::kRead,
                .em = std::min(at.h * 0.44, at.w * 0.44),
                .colour = stall.wanted ? colour.on_madder : colour.ink2,
                .align = Align::kCenter,
                .line_height = 1.2,
                .language = Language::kEnglish,
                .scales = false};
    frame.text_middle(at, stall.number, number);
  }
  std::vector<Point> way;
  for (const auto& point : plan.way) {
    way.push_back({hall.x + static_cast<double>(point[0]) * width,
                   hall.y + static_cast<double>(point[1]) * height});
  }
  const double stroke = std::max(1.2, std::min(2.2, height / 50));
  if (way.size() > 1) frame.dashed(way, colour.blue, stroke, stroke * 2, stroke * 1.4);
  if (!way.empty()) {
    frame.circle(way.front(), stroke * 2.5, colour.blue);
    frame.circle(way.front(), stroke, colour.white);
  }
}

}  // namespace odop::kiosk::ui
