#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

double draw_plans(const Stage& stage, const HallView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  const double gutter = frame.theme().space.gutter;
  for (std::size_t i = 0; i < view.plans.size(); ++i) {
    const PlanView& plan = view.plans[i];
    y = say_below(frame, "hall.name." + std::to_string(i), y, column, plan.title,
                  title_type(frame, frame.theme().type.title), Role::kHeading);
    y += stage.mm(3);
    const double aspect = plan.aspect > 0 ? static_cast<double>(plan.aspect) : 1;
    const double height = std::min(column.w / aspect, stage.mm(250));
    const Box box{column.x, y, column.w, height};
    frame.fill(box, frame.colour().sand, frame.theme().radius.card);
    draw_plan(stage, box, plan);
    frame.node("hall.plan." + std::to_string(i), box, Role::kImage, plan.title);
    y += height + gutter;
  }
  return y;
}

double draw_events(const Stage& stage, const HallView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (!view.events.empty()) {
    y = say_below(frame, "hall.events", y, column, view.events_title,
                  title_type(frame, frame.theme().type.title), Role::kHeading);
    y += stage.mm(3);
  }
  for (std::size_t i = 0; i < view.events.size(); ++i) {
    const HallEventView& event = view.events[i];
    const std::string note = event.place.empty() ? event.date : event.date + ". " + event.place;
    if (way_card(stage, "hall.event." + event.event, {column.x, y, column.w, 0}, "calendar",
                 event.title, note, y)) {
      stage.ask(intent::OpenEvent{event.event});
    }
    y += frame.theme().space.gutter;
  }
  if (way_card(stage, "hall.all_events", {column.x, y, column.w, 0}, "calendar", view.all_events,
               {}, y)) {
    stage.ask(intent::OpenEvents{});
  }
  return y + frame.theme().space.gutter;
}

double draw_products(const Stage& stage, const HallView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  const double gutter = frame.theme().space.gutter;
  const int columns = column.w > 250 ? 2 : 1;
  const double height = std::max(stage.mm(46), frame.theme().min_target_mm);
  for (std::size_t i = 0; i < view.products.size(); ++i) {
    const ProductCard& product = view.products[i];
    const int place = static_cast<int>(i);
    const int line = place / columns;
    const Box row{column.x, y + line * (height + gutter), column.w, height};
    if (slim_card(stage, "product." + product.product, row.column(place % columns, columns, gutter),
                  product.picture, product.name, product.note)) {
      stage.ask(intent::OpenProduct{product.product});
    }
  }
  const int rows = (static_cast<int>(view.products.size()) + columns - 1) / columns;
  return y + rows * (height + gutter);
}

}  // namespace

void draw_hall(const Stage& stage, const HallView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const double top =
      draw_heading(stage, "hall.title", content, view.title, {}, frame.theme().type.heading) +
      stage.mm(stage.small() ? 3 : 6);
  const Box body{content.x, top, content.w, content.bottom() - top};
  if (stage.portrait()) {
    scrolled(stage, "hall.body", body, [&](const Box& area) {
      double y = draw_plans(stage, view, area, area.y);
      y = draw_events(stage, view, area, y);
      return draw_products(stage, view, area, y);
    });
    return;
  }
  const double gutter = frame.theme().space.gutter;
  const Box left = body.start((body.w - 2 * gutter) * 0.5);
  scrolled(stage, "hall.body", left, [&](const Box& area) {
    return draw_events(stage, view, area, draw_plans(stage, view, area, area.y));
  });
  scrolled(stage, "hall.products", body.after(left.w + 2 * gutter),
           [&](const Box& area) { return draw_products(stage, view, area, area.y); });
}

}  // namespace odop::kiosk::ui
