// Questions that are answered by picking: cards with pictures, rows, cells, the map.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/hex_map.h"
#include "kiosk/ui/screens/question_parts.h"
#include "kiosk/ui/screens/region_map.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace odop::kiosk::ui {

namespace {

constexpr std::size_t kLongList = 9;

struct Grid {
  int columns = 1;
  double height = 0;  // of one
  double gap = 0;
};

Box place_in(const Grid& grid, const Box& area, std::size_t at) {
  const int place = static_cast<int>(at);
  const int line = place / grid.columns;
  const double y = area.y + line * (grid.height + grid.gap);
  return Box{area.x, y, area.w, grid.height}.column(place % grid.columns, grid.columns, grid.gap);
}

double end_of(const Grid& grid, const Box& area, std::size_t count) {
  const int rows = (static_cast<int>(count) + grid.columns - 1) / grid.columns;
  return area.y + rows * (grid.height + grid.gap) - grid.gap;
}

// Fewest columns from `columns` on with which `count` of at least this height fit; no narrower than
// `least_w`. What does not fit then is turned page by page.
Grid grid_of(const Box& body, std::size_t count, int columns, double least_w, double least_h,
             double most_h, double gap) {
  Grid grid{.columns = columns, .height = least_h, .gap = gap};
  const int widest = std::max(1, static_cast<int>((body.w + gap) / (least_w + gap)));
  grid.columns = std::min(columns, widest);
  const auto rows = [&] { return (static_cast<int>(count) + grid.columns - 1) / grid.columns; };
  while (grid.columns < widest && rows() * (least_h + gap) - gap > body.h) ++grid.columns;
  const double each = (body.h - (rows() - 1) * gap) / std::max(1, rows());
  grid.height = std::clamp(each, std::min(least_h, body.h), std::max(most_h, least_h));
  return grid;
}

// The ground of something to pick: paper, or green with its edge when it is chosen.
Touch ground(const Stage& stage, const std::string& id, const Box& box, const PickView& pick) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const Touch touch =
      frame.target(id, box, Role::kChoice, pick.label,
                   {.value = pick.selected ? "on" : "",
                    .spoken = pick.note.empty() ? pick.label : pick.label + ". " + pick.note});
  if (touch.focused) {
    frame.outline(box.inset(-3), colour.blue, theme.stroke.focus_ring, theme.radius.card + 3);
  }
  if (pick.selected) {
    frame.fill(box, colour.green_tint, theme.radius.card);
    frame.outline(box, colour.green, 1, theme.radius.card);
  } else {
    card(frame, box, touch.pressed);
  }
  return touch;
}

void draw_mark(const Stage& stage, const Box& box) {
  Frame& frame = stage.frame;
  const double side = std::min(stage.mm(12), box.h * 0.3);
  const Point centre{box.right() - side * 0.75, box.y + side * 0.75};
  frame.layer();
  frame.circle(centre, side / 2, frame.colour().green);
  frame.icon({centre.x - side * 0.34, centre.y - side * 0.34, side * 0.68, side * 0.68}, "check",
             frame.colour().white);
}

bool has_picture(const PickView& pick) {
  return !pick.picture.family.empty() || !pick.picture.photo.empty() ||
         !pick.picture.drawing.empty();
}

// A picture or an icon on sand, inside a card.
void draw_face(const Stage& stage, const Box& box, const PickView& pick, Corners corners) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  if (has_picture(pick)) {
    draw_picture(frame, box, pick.picture, corners, frame.theme().radius.card);
    return;
  }
  if (pick.icon.empty()) return;
  const double disc = std::min({box.w * 0.72, box.h * 0.72, stage.mm(64)});
  frame.circle({box.mid_x(), box.mid_y()}, disc / 2, pick.selected ? colour.green : colour.sand);
  frame.icon(box.centred(disc * 0.56, disc * 0.56), pick.icon,
             pick.selected ? colour.white : colour.madder);
}

void draw_words(const Stage& stage, const Box& box, const PickView& pick, Align align) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  Type note = note_type(frame, theme.type.note);
  note.align = align;
  note.max_lines = 1;
  note.teaser = true;  // the node says it
  double note_h = pick.note.empty() ? 0 : frame.measure(pick.note, note, box.w).h;
  if (note_h > box.h * 0.4) note_h = 0;
  Type name = title_type(frame, theme.type.title_s);
  name.align = align;
  name = fitted_into(frame, pick.label, name, {0, 0, box.w, box.h - note_h}, 5, theme.type.least);
  const double name_h = frame.measure(pick.label, name, box.w).h;
  const double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({box.x, y, box.w, name_h}, pick.label, name);
  if (note_h > 0) frame.text({box.x, y + name_h, box.w, note_h}, pick.note, note);
}

// Whether a name stands whole in the box, as draw_words sets it.
bool holds(const Stage& stage, const Box& box, std::string_view label) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Type name =
      fitted_into(frame, label, title_type(frame, theme.type.title_s), box, 5, theme.type.least);
  return !frame.layout(label, name, box.w).truncated &&
         frame.measure(label, name, box.w).h <= box.h;
}

bool draw_card(const Stage& stage, const std::string& id, const Box& box, const PickView& pick) {
  const Touch touch = ground(stage, id, box, pick);
  const bool tall = box.h > box.w * 0.62;
  const double pad = stage.mm(6);
  if (tall) {
    const double face_h = box.h * 0.6;
    draw_face(stage, box.top(face_h), pick, Corners::kTop);
    draw_words(stage, box.below(face_h).inset(pad, stage.mm(2)), pick, Align::kCenter);
  } else {
    const double face_w = std::min(box.h, box.w * 0.36);
    Box words = box.after(face_w + pad);
    words.w -= pad;
    // An icon gives way to a long name; a picture says more than the name.
    if (has_picture(pick) || holds(stage, words.inset(0, 1), pick.label)) {
      draw_face(stage, box.start(face_w), pick, Corners::kStart);
    } else {
      words = box.inset(pad, 0);
    }
    draw_words(stage, words.inset(0, 1), pick, Align::kStart);
  }
  if (pick.selected) draw_mark(stage, box);
  return touch.tapped;
}

bool draw_cell(const Stage& stage, const std::string& id, const Box& box, const PickView& pick) {
  Frame& frame = stage.frame;
  const Touch touch = ground(stage, id, box, pick);
  Type type = title_type(frame, frame.theme().type.title);
  type.align = Align::kCenter;
  type = fitted_into(frame, pick.label, type, box.inset(1.5, 0.5), 2, frame.theme().type.least);
  frame.text_middle(box.inset(1.5, 0), pick.label, type);
  return touch.tapped;
}

// One of several to tick. The whole card is the target.
bool draw_tick_row(const Stage& stage, const std::string& id, const Box& box,
                   const PickView& pick) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const Touch touch =
      frame.target(id, box, Role::kCheckbox, pick.label, {.value = pick.selected ? "on" : "off"});
  const double radius = theme.radius.choice;
  if (touch.focused) {
    frame.outline(box.inset(-3), colour.blue, theme.stroke.focus_ring, radius + 3);
  }
  frame.fill(box,
             touch.pressed   ? colour.sand
             : pick.selected ? colour.green_tint
                             : colour.paper,
             radius);
  frame.outline(box, pick.selected ? colour.green : colour.edge, theme.stroke.chip, radius);
  const double pad = std::min(stage.mm(9), box.w * 0.05);
  const double side = std::min(stage.mm(17), box.h * 0.6);
  const Box square{box.x + pad, box.mid_y() - side / 2, side, side};
  if (pick.selected) {
    frame.fill(square, colour.green, theme.radius.key);
    frame.icon(square.inset(side * 0.15), "check", colour.white);
  } else {
    frame.fill(square, colour.paper, theme.radius.key);
    frame.outline(square, colour.edge, theme.stroke.second_button, theme.radius.key);
  }
  Box words = box.after(pad + side + pad).inset(0, 1);
  words.w -= pad;
  draw_words(stage, words, pick, Align::kStart);
  return touch.tapped;
}

void draw_grid(const Stage& stage, const QuestionView& view, const Box& body) {
  Frame& frame = stage.frame;
  const double least = frame.theme().min_target_mm;
  const std::size_t count = view.picks.size();
  const double gap = stage.mm(view.pick_style == PickStyle::kCells ? 5 : 7);
  Grid grid;
  switch (view.pick_style) {
    case PickStyle::kCards: {
      const int columns = count <= 2 ? 2 : stage.portrait() ? 2 : 3;
      grid =
          grid_of(body, count, columns, std::max(stage.mm(96), 64.0),
                  std::max(least + 2, stage.mm(40) * frame.theme().text_scale), stage.mm(132), gap);
      break;
    }
    case PickStyle::kCells: {
      // Days in weeks; the rest in fewer, wider cells.
      const int columns = count > 20 ? (stage.portrait() ? 6 : 8) : stage.portrait() ? 3 : 4;
      grid = grid_of(body, count, columns, std::max(least, stage.mm(count > 20 ? 30 : 56)),
                     std::max(least, stage.mm(26)), stage.mm(64), gap);
      break;
    }
    case PickStyle::kRows: {
      const int columns =
          stage.portrait() ? (count > kLongList ? 2 : 1) : (count > kLongList ? 3 : 2);
      grid = grid_of(body, count, columns, std::max(stage.mm(96), 64.0),
                     std::max(least, stage.mm(26)), stage.mm(view.several ? 44 : 60), gap);
      break;
    }
  }
  scrolled(stage, "form.picks." + view.pick_field, body, [&](const Box& area) {
    for (std::size_t i = 0; i < count; ++i) {
      const PickView& pick = view.picks[i];
      const Box box = place_in(grid, area, i);
      const std::string id = "form.choice." + view.pick_field + "." + pick.value;
      bool tapped = false;
      // Long lists (countries) are cells too: their rows are narrow.
      const bool narrow = count > kLongList && !view.several;
      if (view.pick_style == PickStyle::kCards) {
        tapped = draw_card(stage, id, box, pick);
      } else if (view.pick_style == PickStyle::kCells || narrow) {
        tapped = draw_cell(stage, id, box, pick);
      } else if (view.several) {
        tapped = draw_tick_row(stage, id, box, pick);
      } else {
        tapped = choice(frame, id, box, pick.label,
                        {.on = pick.selected,
                         .note = pick.note,
                         .em = frame.theme().type.lead * (stage.small() ? 1.0 : 1.1)});
      }
      if (tapped) stage.ask(intent::Choose{view.pick_field, pick.value});
    }
    return end_of(grid, area, count);
  });
}

void draw_map_to_pick(const Stage& stage, const QuestionView& view, const Box& body) {
  Frame& frame = stage.frame;
  const auto unit = map_size(view.map, 1);
  const double tile =
      std::min({33.0, (body.w - 1) / std::max(1.0, unit.w), (body.h - 1) / std::max(1.0, unit.h)});
  const std::string prefix = "form.choice." + view.pick_field + ".";
  std::string district;
  if (tile >= kLeastMapTile) {
    const auto size = map_size(view.map, tile);
    const Box map{body.mid_x() - size.w / 2, body.y + (body.h - size.h) / 2, size.w, size.h};
    district = draw_map(frame, map, view.map, tile, prefix);
  } else {
    const std::string region = "form.region.";
    district = draw_parts_of_map(stage,
                                 {.tiles = view.map,
                                  .regions = view.regions,
                                  .region = view.region,
                                  .whole_map = view.whole_map,
                                  .here = view.here,
                                  .region_prefix = region,
                                  .tile_prefix = prefix,
                                  .whole_id = "form.region.whole"},
                                 body);
  }
  if (!district.empty()) stage.ask(intent::Choose{view.pick_field, district});
}

}  // namespace

void draw_picking(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  QuestionView head = view;
  // A map needs the height of the hint on small panels; the question says it all.
  if (!view.map.empty() && !stage.portrait()) head.hint.clear();
  double y = question_head(stage, head, content);
  if (!view.problem.empty()) {
    Type type = bold_type(frame, frame.theme().type.read);
    type.colour = frame.colour().madder;
    y = say_below(frame, "form.field." + view.pick_field + ".error", y + stage.mm(2), content,
                  view.problem, type, Role::kStatus);
  }
  y += stage.mm(stage.small() ? 4 : 8);
  const Box body{content.x, y, content.w, actions.y - y - stage.mm(6)};
  if (!view.no_picks.empty()) {
    assurance(stage, body.top(std::min(body.h, stage.mm(60))), "help", frame.colour().madder,
              view.no_picks);
  } else if (!view.map.empty()) {
    draw_map_to_pick(stage, view, body);
  } else {
    draw_grid(stage, view, body);
  }
  question_buttons(stage, view, actions);
}

}  // namespace odop::kiosk::ui
