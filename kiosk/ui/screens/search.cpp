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
  const double gutter = stage.portrait() ? frame.theme().space.gutter : stage.mm(5);
  const bool tall = box.h >= 170;
  scrolled(stage, "search.results", box, [&](const Box& area) {
    double y = area.y;
    if (stage.portrait()) {
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
    const int columns = !tall && area.w > 220 ? (area.w > 280 ? 3 : 2) : 1;
    const double least = frame.theme().min_target_mm;
    double height = std::max(stage.mm(tall ? 54 : 48), least);
    if (!tall) {
      // Whole rows, so that none shows only half of itself.
      const double room = area.bottom() - y;
      const int lines = std::max(1, static_cast<int>((room + gutter) / (height * 0.62 + gutter)));
      height = std::max(least, (room - (lines - 1) * gutter) / lines);
      height = std::min(height, stage.mm(56));
    }
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
    return y + rows * (height + gutter) - (stage.portrait() ? 0 : gutter);
  });
}

}  // namespace

void draw_search(const Stage& stage, const SearchView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box keys = keyboard_box(theme);
  const double gap = stage.small() ? 3 : 6;
  const double field_h = stage.small() ? theme.min_target_mm + 3 : 34;
  const auto families = static_cast<double>(view.families.size());
  // In landscape field and families share a line: every millimetre of height goes to the results.
  const double strip_w = stage.portrait() || view.families.empty()
                             ? 0
                             : std::max(families * (theme.min_target_mm + 1) + 2,
                                        stage.small() ? 0 : content.w * 0.46);
  const Box field =
      strip_w > 0 ? content.top(field_h).start(content.w - strip_w - gap) : content.top(field_h);
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

  double y = field.bottom() + gap;
  const Box strip = strip_w > 0 ? Box{field.right() + gap, field.y, strip_w, field_h}
                                : Box{content.x, y - 1, content.w, 34};
  const std::string family = draw_families(stage, "search.family", strip, view.families);
  if (!family.empty()) stage.ask(intent::SelectFamily{family});
  if (strip_w == 0 && !view.families.empty()) y = strip.bottom() + 4;
  draw_results(stage, view, {content.x, y, content.w, keys.y - y - 3});

  const KeyboardResult pressed = keyboard(frame, keys,
                                          {.field = "search.field",
                                           .value = view.text,
                                           .max_bytes = 120,
                                           .space_label = stage.view.keys.space,
                                           .other_label = stage.view.keys.other,
                                           .submit_label = view.search_action,
                                           .submit_icon = "search",
                                           .backspace_label = stage.view.keys.backspace,
                                           .shift_label = stage.view.keys.shift,
                                           .numbers_label = stage.view.keys.numbers,
                                           .letters_label = stage.view.keys.letters,
                                           .submit_enabled = !view.hits.empty()});
  if (pressed.changed.has_value()) stage.ask(intent::Edit{"search.field", *pressed.changed});
  if ((pressed.submitted || typed.submitted) && !view.hits.empty()) {
    open_hit(stage, view.hits.front());
  }
}

}  // namespace odop::kiosk::ui
