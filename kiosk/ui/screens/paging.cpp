// Areas that may be taller than their place, and the keys that turn their pages.
#include "kiosk/ui/screens/parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// A chevron as two strokes, pointing up or down.
void chevron(Frame& frame, const Box& box, bool down, Colour colour) {
  const double reach = std::min(box.w, box.h) * 0.2;
  const double tip = down ? reach / 2 : -reach / 2;
  const Point middle{box.mid_x(), box.mid_y() + tip};
  const double stroke = std::max(0.8, reach * 0.28);
  frame.line({middle.x - reach, middle.y - 2 * tip}, middle, colour, stroke);
  frame.line(middle, {middle.x + reach, middle.y - 2 * tip}, colour, stroke);
}

bool page_key(const Stage& stage, const std::string& id, const Box& box, bool down,
              std::string_view label, bool enabled) {
  Frame& frame = stage.frame;
  const Touch touch = frame.target(id, box, Role::kButton, label, {.enabled = enabled});
  const Palette& colour = frame.colour();
  frame.fill(box, touch.pressed ? colour.ink : colour.sand, frame.theme().radius.button);
  chevron(frame, box, down, !enabled ? colour.line : touch.pressed ? colour.chikan : colour.madder);
  return touch.tapped;
}

}  // namespace

void scrolled(const Stage& stage, std::string_view id, const Box& box,
              const std::function<double(const Box&)>& content) {
  Frame& frame = stage.frame;
  const double key = frame.theme().min_target_mm;
  const auto known = frame.memory().scrolls.find(id);
  const bool pages =
      known != frame.memory().scrolls.end() && known->second.content_mm > box.h + 0.5;
  // Height is dear in landscape, width is not: there the keys stand at the end side.
  const bool beside = pages && !stage.portrait();
  const double gap = stage.portrait() ? 2 : stage.mm(4);
  const Box area = !pages   ? box
                   : beside ? box.start(box.w - key - gap)
                            : box.top(box.h - key - gap);
  {
    const auto scope = frame.scroll(id, area);
    (void)content(area);
  }
  if (!pages) return;
  const auto place = frame.scroll_position(id);
  const double page = area.h * 0.85;
  Box up;
  Box down;
  if (beside) {
    const double most = std::max(key, std::min(key * 1.8, (box.h - 2) / 2));
    const Box side = box.end(key);
    up = side.top(most);
    down = side.foot(most);
    // Where this is in the whole, between the two.
    const double track = side.h - 2 * most - 4;
    if (track > 12) {
      const Box line{side.mid_x() - 0.8, up.bottom() + 2, 1.6, track};
      const double all = std::max(1.0, place.furthest + area.h);
      const double length = std::max(6.0, track * area.h / all);
      const double share = place.furthest > 0 ? place.offset / place.furthest : 0;
      frame.fill(line, frame.colour().line, 0.8);
      frame.fill({line.x, line.y + (track - length) * std::clamp(share, 0.0, 1.0), line.w, length},
                 frame.colour().brass, 0.8);
    }
  } else {
    const Box keys = box.foot(key).centred(std::min(box.w, key * 6), key);
    up = keys.column(0, 2, 4);
    down = keys.column(1, 2, 4);
  }
  if (page_key(stage, std::string(id) + ".up", up, false, stage.view.previous_page,
               place.offset > 0.5)) {
    frame.scroll_to(id, std::max(0.0, place.offset - page));
  }
  if (page_key(stage, std::string(id) + ".down", down, true, stage.view.next_page,
               place.offset < place.furthest - 0.5)) {
    frame.scroll_to(id, std::min(place.furthest, place.offset + page));
  }
}

}  // namespace odop::kiosk::ui
