#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/hex_map.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

std::string_view prefix_of(HitKind kind) {
  switch (kind) {
    case HitKind::kProduct:
      return "search.result.";
    case HitKind::kDistrict:
      return "search.district.";
    case HitKind::kFamily:
      return "search.kind.";
  }
  return "search.result.";
}

void open_hit(const Stage& stage, const HitView& hit) {
  switch (hit.kind) {
    case HitKind::kProduct:
      stage.ask(intent::OpenProduct{hit.id});
      break;
    case HitKind::kDistrict:
      stage.ask(intent::OpenDistrict{hit.id});
      break;
    case HitKind::kFamily:
      stage.ask(intent::SelectFamily{hit.id});
      break;
  }
}

void draw_best(const Stage& stage, const HitView& hit, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch =
      link_card(frame, std::string(prefix_of(hit.kind)) + hit.id, box, hit.title, hit.note);
  if (touch.tapped) open_hit(stage, hit);
  draw_picture(frame, box.start(box.h), hit.picture, Corners::kStart, theme.radius.card);
  const double arrow = stage.mm(13);
  Box words = box.after(box.h + stage.mm(10));
  words.w -= arrow + stage.mm(18);
  Type name = title_type(frame, stage.mm(28));
  name.colour = frame.colour().madder;
  name = fitted(frame, hit.title, name, words.w, 2, theme.type.title);
  Type note = note_type(frame, theme.type.small);
  note.max_lines = 1;
  const double name_h = frame.measure(hit.title, name, words.w).h;
  const double note_h = frame.measure(hit.note, note, words.w).h;
  const double seal_h = hit.gi.empty() ? 0 : stage.mm(24);
  double y = box.mid_y() - (name_h + note_h + seal_h) / 2;
  frame.text({words.x, y, words.w, name_h}, hit.title, name);
  y += name_h;
  frame.text({words.x, y, words.w, note_h}, hit.note, note);
  if (!hit.gi.empty()) {
    const double side = stage.mm(19);
    y += note_h + stage.mm(4);
    frame.drawing({words.x, y, side, side}, "ornament/gi-seal");
    Type gi = read_type(frame, theme.type.small);
    gi.max_lines = 1;
    frame.text_middle({words.x + side + 4, y, words.w - side - 4, side}, hit.gi, gi);
  }
  frame.icon(Box{box.right() - stage.mm(10) - arrow, box.mid_y() - arrow / 2, arrow, arrow}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
}

void draw_results(const Stage& stage, const SearchView& view, const Box& box) {
  Frame& frame = stage.frame;
  const double gutter = frame.theme().space.gutter;
  const bool tall = box.h >= 170;
  scrolled(stage, "search.results", box, [&](const Box& area) {
    double y = area.y;
    if (box.h > 60) {
      y = say_below(frame, "search.count", y, area, view.count,
                    note_type(frame, frame.theme().type.small)) +
          stage.mm(3);
    } else {
      frame.node("search.count", {area.x, y, area.w, 0}, Role::kText, view.count);
    }
    std::size_t from = 0;
    const bool best = tall && !view.hits.empty() && !view.text.empty();
    if (best) {
      const double height = stage.mm(104);
      draw_best(stage, view.hits.front(), {area.x, y, area.w, height});
      y += height + gutter;
      from = 1;
    }
    const int columns = !tall && area.w > 220 ? (area.w > 400 ? 3 : 2) : 1;
    const double height = box.h < 60
                              ? frame.theme().min_target_mm
                              : std::max(stage.mm(tall ? 54 : 48), frame.theme().min_target_mm);
    for (std::size_t i = from; i < view.hits.size(); ++i) {
      const auto place = static_cast<int>(i - from);
      const int line = place / columns;
      const Box row{area.x, y + line * (height + gutter), area.w, height};
      const Box cell = row.column(place % columns, columns, gutter);
      const HitView& hit = view.hits[i];
      if (!frame.visible(cell)) {
        // Still a node, so that whoever listens or searches the tree finds it.
        if (frame.tap(std::string(prefix_of(hit.kind)) + hit.id, cell, Role::kLink, hit.title)) {
          open_hit(stage, hit);
        }
        continue;
      }
      if (slim_card(stage, std::string(prefix_of(hit.kind)) + hit.id, cell, hit.picture, hit.title,
                    hit.note, hit.gi)) {
        open_hit(stage, hit);
      }
    }
    const int rows =
        (static_cast<int>(view.hits.size() - from) + columns - 1) / std::max(1, columns);
    return y + rows * (height + gutter);
  });
}

}  // namespace

void draw_search(const Stage& stage, const SearchView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = frame.content();
  const Box keys = keyboard_box(theme);
  const double field_h = stage.small() ? theme.min_target_mm + 3 : 34;
  const Box field = content.top(field_h);
  const FieldResult typed = text_field(frame, "search.field", field,
                                       {.value = view.text,
                                        .placeholder = view.hint,
                                        .label = view.hint,
                                        .icon = "search",
                                        .em = stage.mm(17),
                                        .max_bytes = 120,
                                        .active = true,
                                        .clear_label = view.clear});
  if (typed.changed.has_value()) stage.ask(intent::Edit{"search.field", *typed.changed});

  double y = field.bottom() + (stage.small() ? 2 : 5);
  const bool room_for_labels = keys.y - y > 150;
  const double strip_h = room_for_labels ? 34 : theme.min_target_mm + 2;
  const std::string family =
      draw_families(stage, "search.family", {content.x, y, content.w, strip_h}, view.families);
  if (!family.empty()) stage.ask(intent::SelectFamily{family});
  y += view.families.empty() ? 0 : strip_h + (stage.small() ? 1 : 4);
  draw_results(stage, view, {content.x, y, content.w, keys.y - y - 3});

  const KeyboardResult pressed = keyboard(frame, keys,
                                          {.field = "search.field",
                                           .value = view.text,
                                           .max_bytes = 120,
                                           .space_label = stage.view.keys.space,
                                           .other_label = stage.view.keys.other,
                                           .submit_label = view.search_action,
                                           .submit_icon = "search",
                                           .submit_enabled = !view.hits.empty()});
  if (pressed.changed.has_value()) stage.ask(intent::Edit{"search.field", *pressed.changed});
  if ((pressed.submitted || typed.submitted) && !view.hits.empty()) {
    open_hit(stage, view.hits.front());
  }
}

}  // namespace odop::kiosk::ui
