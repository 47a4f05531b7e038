#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/hex_map.h"
#include "kiosk/ui/screens/region_map.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

namespace {

void open_door(const Stage& stage, std::string_view id) {
  if (id == "buyer") stage.ask(intent::OpenList{});
  if (id == "answer") stage.ask(intent::OpenStatus{});
  if (id == "artisan") stage.ask(intent::OpenArtisan{});
  if (id == "hall") stage.ask(intent::OpenHall{});
}

MapParts parts_of(const HomeView& view) {
  return {.tiles = view.tiles,
          .regions = view.regions,
          .region = view.region,
          .whole_map = view.whole_map,
          .here = view.here,
          .region_prefix = "home.region.",
          .tile_prefix = "district.",
          .whole_id = "home.whole"};
}

// A door as a card: picture above the words when it is tall, beside them when it is flat.
void draw_door(const Stage& stage, const Box& box, const DoorView& door) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = link_card(frame, "home.door." + door.id, box, door.title, door.note);
  if (touch.tapped) open_door(stage, door.id);
  const bool tall = box.h > box.w * 0.75;
  const double pad = stage.mm(8);
  Type name = title_type(frame, theme.type.title_s);
  Type note = note_type(frame, stage.mm(7.8) < theme.type.least ? theme.type.least : stage.mm(7.8));
  if (tall) {
    name.align = note.align = Align::kCenter;
    const Box words{box.x + 4, 0, box.w - 8, 0};
    name = fitted(frame, door.title, name, words.w, 2, theme.type.least);
    note = fitted(frame, door.note, note, words.w, 2, theme.type.least * 0.95);
    const double name_h = frame.measure(door.title, name, words.w).h;
    const double note_h = frame.measure(door.note, note, words.w).h;
    const double side = std::min(box.w * 0.6, box.h - name_h - note_h - 3 * pad);
    const double top = box.mid_y() - (side + pad * 0.6 + name_h + note_h) / 2;
    frame.drawing({box.mid_x() - side / 2, top, side, side}, "ornament/" + door.drawing);
    const double y = top + side + pad * 0.6;
    frame.text({words.x, y, words.w, name_h}, door.title, name);
    frame.text({words.x, y + name_h, words.w, note_h}, door.note, note);
    return;
  }
  const double side = std::min({stage.mm(52), box.h - pad, box.w * 0.34});
  frame.drawing({box.x + pad, box.mid_y() - side / 2, side, side}, "ornament/" + door.drawing);
  Box words = box.after(side + pad * 1.8);
  words.w -= pad * 0.6;
  name = fitted_into(frame, door.title, name, {0, 0, words.w, box.h - 1}, 3, theme.type.least);
  const double name_h = frame.measure(door.title, name, words.w).h;
  note = fitted(frame, door.note, note, words.w, 2, theme.type.least * 0.95);
  double note_h = frame.measure(door.note, note, words.w).h;
  // What does not fit is left out whole: the node still says it.
  const bool cut = frame.layout(door.note, note, words.w).truncated;
  if (cut || name_h + note_h > box.h - 2) note_h = 0;
  const double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({words.x, y, words.w, name_h}, door.title, name);
  if (note_h > 0) frame.text({words.x, y + name_h, words.w, note_h}, door.note, note);
}

// Looks like a field; the search screen has the real one.
void draw_search_door(const Stage& stage, const Box& box, std::string_view words) {
  if (words.empty()) return;
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = frame.target("home.search", box, Role::kButton, words);
  frame.shadow(box, Shadow::kCard);
  frame.fill(box, touch.pressed ? frame.colour().sand : frame.colour().paper, theme.radius.card);
  frame.outline(box, frame.colour().madder, theme.stroke.second_button, theme.radius.card);
  const double side = std::min(stage.mm(14), box.h * 0.5);
  const double pad = stage.mm(10);
  frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, "search", frame.colour().madder);
  Type type = note_type(frame, stage.mm(9.6));
  const double room = box.w - 2 * pad - side - stage.mm(6);
  type.line_height = 1.35;
  type = fitted_into(frame, words, type, {0, 0, room, box.h - 1}, box.h > 20 ? 2 : 1,
                     theme.type.least);
  frame.text_middle({box.x + pad + side + stage.mm(6), box.y, room, box.h}, words, type);
  if (touch.tapped) stage.ask(intent::OpenSearch{});
}

double draw_title(const Stage& stage, const Box& box, const HomeView& view, Align align) {
  Frame& frame = stage.frame;
  Type title = title_type(frame, frame.theme().type.heading);
  title.align = align;
  title = fitted(frame, view.title, title, box.w, 2, frame.theme().type.title);
  if (frame.language() == Language::kUrdu) title.line_height = 2.1;
  double y = box.y;
  y += frame.say("home.title", {box.x, y, box.w, 0}, view.title, title, Role::kHeading);
  Type hint = note_type(frame, stage.mm(9.6));
  hint.align = align;
  y += stage.mm(3);
  return y + frame.say("home.hint", {box.x, y, box.w, 0}, view.hint, hint);
}

void tapped_family(const Stage& stage, const std::string& family) {
  if (!family.empty()) stage.ask(intent::SelectFamily{family});
}

void draw_portrait(const Stage& stage, const HomeView& view) {
  Frame& frame = stage.frame;
  const auto& bands = frame.theme().bands;
  const double margin = frame.theme().space.margin;
  const double gutter = frame.theme().space.gutter;
  const double width = bands.width - 2 * margin;
  // Four doors stand two by two.
  const bool square = view.doors.size() > 3;
  const double doors_h = square ? 146 : view.doors.size() > 2 ? 124 : 112;
  const Box doors{margin, bands.content_end - doors_h, width, doors_h};
  const Box search{margin, doors.y - gutter - 30, width, 30};
  const Box families{margin, search.y - gutter - 34, width, 34};
  // The map takes what is left, tiles of 33 mm on the reference panel of 398 mm, more on a wider
  // one.
  const double top = bands.head_y + bands.head_h + 3;
  const auto unit = map_size(view.tiles, 1);
  const double most = 33 * std::max(1.0, bands.width / 398);
  const double tile = view.tiles.empty()
                          ? 33
                          : std::min({most, (width - 1) / unit.w, (families.y - top - 4) / unit.h});
  const auto size = map_size(view.tiles, tile);
  const double left = (bands.width - size.w) / 2;
  const Box map{left, top + std::max(0.0, families.y - top - 4 - size.h) / 3, size.w, size.h};
  // The state leaves its north-east and south-west empty, whatever the language.
  const bool rtl = frame.rtl();
  const double title_w = std::min(188.0, bands.width * 0.47);
  const Box title{rtl ? margin : bands.width - margin - title_w, top + 13, title_w, 0};
  (void)draw_title(stage, title, view, rtl ? Align::kStart : Align::kEnd);
  const double here_w = 100;
  const Box here{rtl ? bands.width - margin - here_w : margin + 1.5, map.bottom() - 26, here_w, 14};
  draw_here(stage, here, view.here);
  const std::string district = draw_map(frame, map, view.tiles, tile);
  if (!district.empty()) stage.ask(intent::OpenDistrict{district});
  tapped_family(stage, draw_families(stage, "home.family", families, view.families));
  draw_search_door(stage, search, view.search);
  const int count = static_cast<int>(view.doors.size());
  for (int i = 0; i < count; ++i) {
    const Box place = square ? doors.row(i / 2, (count + 1) / 2, gutter).column(i % 2, 2, gutter)
                             : doors.column(i, count, gutter);
    draw_door(stage, place, view.doors[static_cast<std::size_t>(i)]);
  }
}

// Doors side by side (picture above the words), or below each other where that is too narrow; four
// of them two by two.
void draw_doors(const Stage& stage, const HomeView& view, const Box& box) {
  const double gutter = stage.small() ? stage.mm(6) : stage.frame.theme().space.gutter;
  const int count = static_cast<int>(view.doors.size());
  const bool abreast = box.w > count * stage.mm(78);
  const bool square = count == 4 && !abreast;
  for (int i = 0; i < count; ++i) {
    const Box place = square    ? box.row(i / 2, 2, gutter).column(i % 2, 2, gutter)
                      : abreast ? box.column(i, count, gutter)
                                : box.row(i, count, gutter);
    draw_door(stage, place, view.doors[static_cast<std::size_t>(i)]);
  }
}

// The families in as many rows as let a finger hit each.
double draw_family_rows(const Stage& stage, const HomeView& view, const Box& column) {
  if (view.families.empty()) return 0;
  const double least = stage.frame.theme().min_target_mm;
  const auto count = static_cast<double>(view.families.size());
  const int rows = (column.w - 2) / count >= std::max(least + 1, stage.mm(40)) ? 1 : 2;
  const double cell_h = stage.mm(34);
  const double height = std::max(cell_h, least + 2);
  if (rows == 1) {
    tapped_family(stage, draw_families(stage, "home.family", {column.x, column.y, column.w, height},
                                       view.families));
    return height;
  }
  const auto half = static_cast<std::ptrdiff_t>((view.families.size() + 1) / 2);
  const std::vector<FamilyView> first(view.families.begin(), view.families.begin() + half);
  const std::vector<FamilyView> second(view.families.begin() + half, view.families.end());
  const double row_h = std::max(least + 5, stage.mm(30));  // from here on labels fit
  tapped_family(stage,
                draw_families(stage, "home.family", {column.x, column.y, column.w, row_h}, first));
  tapped_family(stage, draw_families(stage, "home.family",
                                     {column.x, column.y + row_h + 1, column.w, row_h}, second));
  return 2 * row_h + 1;
}

// What stands beside the map: title, search, families, doors.
void draw_side(const Stage& stage, const HomeView& view, const Box& side, bool titled) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double gap = stage.mm(stage.small() ? 5 : 8);
  double y = side.y;
  if (titled) y = draw_title(stage, {side.x, y, side.w, 0}, view, Align::kStart) + gap;
  const double search_h = std::max(theme.min_target_mm, stage.mm(30));
  draw_search_door(stage, {side.x, y, side.w, search_h}, view.search);
  y += view.search.empty() ? 0 : search_h + gap;
  const double families_h = draw_family_rows(stage, view, {side.x, y, side.w, 0});
  y += families_h > 0 ? families_h + gap : 0;
  const double room = side.bottom() - y;
  const double doors_h = std::min(room, stage.mm(titled ? 150 : 170));
  draw_doors(stage, view, {side.x, titled ? side.bottom() - doors_h : y, side.w, doors_h});
}

void draw_landscape(const Stage& stage, const HomeView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double gutter = theme.space.gutter;
  const Box content = stage.content();
  if (view.tiles.empty()) {
    // No map yet: what there is stands in the middle.
    draw_side(stage, view, content.centred(content.w * 0.6, std::min(content.h, stage.mm(190))),
              true);
    return;
  }
  const auto unit = map_size(view.tiles, 1);
  const double whole =
      std::min({28.0, content.h / std::max(1.0, unit.h), content.w * 0.52 / std::max(1.0, unit.w)});
  std::string district;
  double map_w = content.w * 0.44;
  const bool shows_whole = whole >= kLeastMapTile;
  if (shows_whole) {
    const auto size = map_size(view.tiles, whole);
    map_w = size.w;
    const Box map{content.x, content.y + (content.h - size.h) / 2, map_w, size.h};
    district = draw_map(frame, map, view.tiles, whole);
    // The state leaves its south-west empty.
    const double here_w = size.w * 0.24;
    const Box here{frame.rtl() ? map.right() - here_w : map.x, map.bottom() - stage.mm(18), here_w,
                   stage.mm(18)};
    draw_here(stage, here, view.here);
  } else {
    map_w = content.w * 0.57;
    const Box map = content.start(map_w);
    district = draw_parts_of_map(stage, parts_of(view), map);
  }
  if (!district.empty()) stage.ask(intent::OpenDistrict{district});
  draw_side(stage, view, content.after(map_w + (stage.small() ? 1.2 : 2) * gutter), shows_whole);
}

}  // namespace

void draw_home(const Stage& stage, const HomeView& view) {
  if (stage.portrait()) {
    draw_portrait(stage, view);
  } else {
    draw_landscape(stage, view);
  }
}

}  // namespace odop::kiosk::ui
