#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// Green and a tick, or amber and a clock: never the colour alone.
void draw_verdict(Frame& frame, const Box& box, std::string_view words, bool good) {
  const Palette& colour = frame.colour();
  frame.fill(box, good ? colour.green_tint : colour.amber_tint, box.h / 2);
  Type type = note_type(frame);
  type.colour = good ? colour.green_text : colour.amber_text;
  type.line_height = 1.3;
  const double side = box.h * 0.6;
  type = fitted(frame, words, type, box.w - side - 8, 1, frame.theme().type.least * 0.9);
  const double width = frame.measure(words, type).w;
  const double x = box.mid_x() - (width + side + 2.4) / 2;
  frame.icon({x, box.mid_y() - side / 2, side, side}, good ? "check" : "clock", type.colour);
  frame.text_middle({x + side + 2.4, box.y, width + 1, box.h}, words, type);
}

// What is plugged in, how far it is, and the two ways.
double draw_stick(const Stage& stage, const StickView& view, const Box& area, double y) {
  if (view.title.empty()) return y;
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double gap = stage.mm(8);
  y += panel(frame, "staff.stick", {area.x, y, area.w, 0},
             view.good ? PanelKind::kQuiet : PanelKind::kWaiting, "usb", view.title, view.note) +
       gap;
  if (view.busy) {
    constexpr int kStitches = 24;
    const double done = view.progress * kStitches;
    frame.stitches({area.x, y, area.w, 3}, kStitches, static_cast<int>(done));
    y += 3 + gap;
  }
  const double height = std::max(theme.min_target_mm, theme.target.primary_min);
  const bool both = !view.bring.empty() && !view.take.empty();
  const Box row{area.x, y, area.w, height};
  const ButtonSpec bring{
      .kind = ButtonKind::kStaff, .icon = "usb", .em = theme.type.title_s, .beside = view.take};
  const ButtonSpec take{.kind = ButtonKind::kStaff,
                        .icon = "send",
                        .icon_directed = true,
                        .em = theme.type.title_s,
                        .beside = view.bring};
  if (!view.bring.empty() &&
      button(frame, "stick.bring", both ? row.column(0, 2, gap) : row, view.bring, bring)) {
    stage.ask(intent::BringFromStick{});
  }
  if (!view.take.empty() &&
      button(frame, "stick.take", both ? row.column(1, 2, gap) : row, view.take, take)) {
    stage.ask(intent::TakeToStick{});
  }
  if (!view.bring.empty() || !view.take.empty()) y += height + gap;
  if (!view.code.empty()) {
    if (button(frame, "stick.code", {area.x, y, area.w, height}, view.code,
               {.kind = ButtonKind::kQuiet, .icon = "pencil", .em = theme.type.title_s})) {
      stage.ask(intent::OpenCode{});
    }
    y += height + gap;
  }
  return y + stage.mm(4);
}

}  // namespace

void draw_maintenance(const Stage& stage, const MaintenanceView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const Box ground = stage.ground();
  const Box content = stage.content();
  const double margin = theme.space.margin;

  // The ink strip says: this is the staff's ground.
  const double strip_h = stage.mm(stage.small() ? 30 : 56);
  const Box strip = ground.top(strip_h);
  frame.fill(strip, theme.comfort.high_contrast ? colour.sand : colour.bar_ground);
  frame.texture(strip, "jali-light");
  Type title = title_type(frame, stage.mm(22));
  title.colour = colour.bar_text;
  title.max_lines = 1;
  frame.text_middle({margin, strip.y, strip.w * 0.5, strip.h}, view.title, title);
  frame.node("staff.title", {margin, strip.y, strip.w * 0.5, strip.h}, Role::kHeading, view.title);
  Type kiosk = read_type(frame, theme.type.small);
  kiosk.colour = colour.bar_text;
  kiosk.max_lines = 1;
  const double pill_w = std::min(frame.measure(view.kiosk, kiosk).w + stage.mm(18), strip.w * 0.5);
  const Box pill = strip.inset(margin, 0).end(pill_w).centred(pill_w, stage.mm(20));
  frame.fill(pill, colour.bar_group, pill.h / 2);
  kiosk.align = Align::kCenter;
  frame.text_middle(pill, view.kiosk, kiosk);
  frame.node("staff.kiosk", pill, Role::kText, view.kiosk);

  const Box actions = frame.actions();
  const Box body{content.x, strip.bottom() + stage.mm(10), content.w,
                 actions.y - strip.bottom() - stage.mm(18)};
  scrolled_page(stage, "staff.body", body, [&](const Box& area) {
    double y = area.y;
    y += panel(frame, "staff.state",
               {area.x, y, area.w, std::max(stage.mm(stage.small() ? 30 : 56), 20.0)},
               view.good ? PanelKind::kKept : PanelKind::kWaiting, view.good ? "check" : "sync",
               view.headline, view.detail);
    y += stage.mm(12);
    y = draw_stick(stage, view.stick, area, y);
    if (way_card(stage, "staff.prompts", {area.x, y, area.w, 0}, "mic", view.prompts,
                 view.prompts_note, y)) {
      stage.ask(intent::OpenPrompts{});
    }
    y += stage.mm(12);
    const double row_h = std::max(stage.mm(36), theme.em(theme.type.read) * 1.9);
    const double height = row_h * static_cast<double>(view.rows.size()) + stage.mm(4);
    card(frame, {area.x, y, area.w, height});
    y += stage.mm(2);
    const double pad = stage.mm(12);
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      const MaintenanceRow& row = view.rows[i];
      const Box line{area.x + pad, y, area.w - 2 * pad, row_h};
      if (i > 0) frame.hairline(line.x, line.y, line.w);
      const double side = stage.mm(15);
      frame.icon({line.x, line.mid_y() - side / 2, side, side}, row.icon, colour.ink2);
      Type label = read_type(frame, stage.mm(9.4));
      label.max_lines = 1;
      Type value = note_type(frame, stage.mm(8.8));
      value.max_lines = 2;
      value.align = Align::kEnd;
      const double label_x = line.x + side + stage.mm(8);
      const double state_w = std::min(stage.mm(72), line.w * 0.24);
      const double label_w = line.w * 0.3;
      frame.text_middle({label_x, line.y, label_w, line.h}, row.label, label);
      const bool judged = !row.state.empty();
      const double value_end = judged ? line.right() - state_w - stage.mm(8) : line.right();
      const double value_w = value_end - label_x - label_w;
      value = fitted(frame, row.value, value, value_w, 2, theme.type.least);
      frame.text_middle({label_x + label_w, line.y, value_w, line.h}, row.value, value);
      const double pill_h = std::min(line.h - 4, std::max(13.0, theme.em(theme.type.note) * 1.6));
      if (judged) {
        draw_verdict(frame, line.end(state_w).centred(state_w, pill_h), row.state, row.good);
      }
      frame.node("staff.row." + std::to_string(i), line, Role::kStatus, row.label,
                 judged ? row.value + ", " + row.state : row.value);
      y += row_h;
    }
    return y;
  });
  if (button(frame, "staff.close", actions, view.close,
             {.kind = ButtonKind::kPrimary, .icon = "lock", .em = theme.type.title})) {
    stage.ask(intent::End{});
  }
}

}  // namespace odop::kiosk::ui
