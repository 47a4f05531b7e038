#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

void draw_list(const Stage& stage, const ListView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double gutter = theme.space.gutter;
  const Box content = stage.content();
  const Box actions = frame.actions();

  // Title and summary on one line.
  Type title = title_type(frame, theme.type.heading);
  const auto size = frame.measure(view.title, title);
  frame.say("list.title", {content.x, content.y + stage.mm(4), content.w, 0}, view.title, title,
            Role::kHeading);
  if (!view.summary.empty()) {
    Type note = note_type(frame, theme.type.read);
    note.max_lines = 2;
    const double x = content.x + size.w + gutter;
    frame.text_middle({x, content.y + stage.mm(5), content.right() - x, size.h}, view.summary,
                      note);
    frame.node("list.summary", {x, content.y, content.right() - x, size.h}, Role::kText,
               view.summary);
  }
  const double top = content.y + stage.mm(4) + size.h + stage.mm(8);
  const double note_h = view.note.empty() ? 0
                        : stage.small()   ? theme.em(theme.type.read) * 3
                                          : std::max(48.0, theme.em(theme.type.read) * 3.6);
  const Box note_box{content.x, actions.y - note_h - stage.mm(10), content.w, note_h};
  const double bottom = view.note.empty() ? actions.y - stage.mm(8) : note_box.y - stage.mm(6);

  if (view.rows.empty()) {
    // An invitation where the rows would be.
    const Box box{content.x, top, content.w, bottom - top};
    frame.fill(box, frame.colour().sand, theme.radius.card);
    frame.texture(box, "chikan", theme.radius.card);
    const double side = std::min(stage.mm(150), box.h * 0.5);
    const double first = box.y + (box.h - side) * 0.36;
    frame.drawing({box.mid_x() - side / 2, first, side, side}, "ornament/door-buyer");
    Type words = read_type(frame, theme.type.lead);
    words.align = Align::kCenter;
    frame.say("list.empty",
              {box.x + stage.mm(20), first + side + stage.mm(8), box.w - stage.mm(40), 0},
              view.empty, words);
  } else {
    scrolled(stage, "list.rows", {content.x, top, content.w, bottom - top}, [&](const Box& area) {
      double y = area.y;
      const double fit = (area.h - 2 * gutter) / 3;
      const double height =
          std::clamp(fit, std::max(stage.small() ? 0.0 : 64.0, theme.min_target_mm + 8.0),
                     std::max(stage.mm(88), theme.min_target_mm + 8.0));
      for (const auto& row : view.rows) {
        draw_list_row(stage, {area.x, y, area.w, height}, row, view.less_label, view.more_label,
                      view.unit_label, view.remove_label);
        y += height + gutter;
      }
      return y - gutter;
    });
  }
  if (!view.note.empty()) {
    assurance(stage, note_box, "office", frame.colour().madder, view.note);
  }
  const ActionResult touched =
      view.can_send
          ? draw_actions(stage, actions,
                         {.id = "list.more", .label = view.add_more, .icon = "plus"},
                         {.id = "list.send", .label = view.send, .icon = "send", .directed = true})
          : draw_actions(stage, actions, {},
                         {.id = "list.more", .label = view.add_more, .icon = "search"});
  if (touched.second || (touched.main && !view.can_send)) stage.ask(intent::OpenSearch{});
  if (touched.main && view.can_send) stage.ask(intent::StartEnquiry{});
}

}  // namespace odop::kiosk::ui
