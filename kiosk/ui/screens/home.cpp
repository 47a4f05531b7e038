#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/hex_map.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

void open_door(const Stage& stage, std::string_view id) {
  if (id == "buyer") stage.ask(intent::OpenList{});
  if (id == "answer") stage.ask(intent::OpenStatus{});
  if (id == "hall") stage.ask(intent::OpenHall{});
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
  name = fitted(frame, door.title, name, words.w, 2, theme.type.least);
  const double name_h = frame.measure(door.title, name, words.w).h;
  note = fitted(frame, door.note, note, words.w, 2, theme.type.least * 0.95);
  double note_h = frame.measure(door.note, note, words.w).h;
  if (name_h + note_h > box.h - 2) note_h = 0;  // the node still says it
  const double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({words.x, y, words.w, name_h}, door.title, name);
  if (note_h > 0) frame.text({words.x, y + name_h, words.w, note_h}, door.note, note);
}

// Looks like a field; the search screen has the real one.
void draw_search_door(const Stage& stage, const Box& box, std::string_view words) {
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
  type = fitted(frame, words, type, room, box.h > 26 ? 2 : 1, theme.type.least);
  frame.text_middle({box.x + pad + side + stage.mm(6), box.y, room, box.h}, words, type);
  if (touch.tapped) stage.ask(intent::OpenSearch{});
}

void draw_here(const Stage& stage, const Box& box, std::string_view words) {
  Frame& frame = stage.frame;
  if (words.empty()) return;
  const double width = stage.mm(11.5);
  const Point centre{box.x + width / 2, box.mid_y()};
  const bool high = frame.theme().comfort.high_contrast;
  frame.hexagon(centre, width, 1.04, frame.colour().brass);
  frame.hexagon(centre, width, 0.92, high ? frame.colour().chikan : frame.colour().madder);
  frame.hexagon_outline(centre, width, 0.68, frame.colour().brass_light, 0.7);
  Type type = read_type(frame, frame.theme().type.small);
  type.max_lines = 1;
  frame.text_middle(box.after(width + 4), words, type);
}

void draw_title(const Stage& stage, const Box& box, const HomeView& view, Align align) {
  Frame& frame = stage.frame;
  Type title = title_type(frame, frame.theme().type.heading);
  title.align = align;
  title = fitted(frame, view.title, title, box.w, 2, frame.theme().type.title);
  if (frame.language() == Language::kUrdu) title.line_height = 2.1;
  double y = box.y;
  y += frame.say("home.title", {box.x, y, box.w, 0}, view.title, title, Role::kHeading);
  Type hint = note_type(frame, stage.mm(9.6));
  hint.align = align;
  frame.say("home.hint", {box.x, y + stage.mm(3), box.w, 0}, view.hint, hint);
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
  const double doors_h = view.doors.size() > 2 ? 124 : 112;
  const Box doors{margin, bands.content_end - doors_h, width, doors_h};
  const Box search{margin, doors.y - gutter - 30, width, 30};
  const Box families{margin, search.y - gutter - 34, width, 34};
  // The map takes what is left, tiles of 33 mm on the reference panel.
  const double top = bands.head_y + bands.head_h + 3;
  const auto unit = map_size(view.tiles, 1);
  const double tile = view.tiles.empty()
                          ? 33
                          : std::min({33.0, (width - 1) / unit.w, (families.y - top - 4) / unit.h});
  const auto size = map_size(view.tiles, tile);
  const double left = (bands.width - size.w) / 2;
  const Box map{left, top, size.w, size.h};
  // The state leaves its north-east and south-west empty, whatever the language.
  const bool rtl = frame.rtl();
  const double title_w = std::min(188.0, bands.width * 0.47);
  const Box title{rtl ? margin : bands.width - margin - title_w, top + 13, title_w, 0};
  draw_title(stage, title, view, rtl ? Align::kStart : Align::kEnd);
  const double here_w = 100;
  const Box here{rtl ? bands.width - margin - here_w : margin + 1.5, map.bottom() - 26, here_w, 14};
  draw_here(stage, here, view.here);
  const std::string district = draw_map(frame, map, view.tiles, tile);
  if (!district.empty()) stage.ask(intent::OpenDistrict{district});
  tapped_family(stage, draw_families(stage, "home.family", families, view.families));
  draw_search_door(stage, search, view.search);
  const int count = static_cast<int>(view.doors.size());
  for (int i = 0; i < count; ++i) {
    draw_door(stage, doors.column(i, count, gutter), view.doors[static_cast<std::size_t>(i)]);
  }
}

void draw_landscape(const Stage& stage, const HomeView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double gutter = theme.space.gutter;
  const Box content = frame.content();
  const auto unit = map_size(view.tiles, 1);
  const double whole = content.h / std::max(1.0, unit.h);
  // On small glass a whole map would have tiles too small to touch: then it scrolls.
  const double tile = std::max(theme.min_target_mm * 1.155 + 0.5, std::min(28.0, whole));
  const auto size = map_size(view.tiles, tile);
  const Box map = content.start(std::min(size.w, content.w * 0.62));
  std::string district;
  if (size.h <= content.h + 0.5) {
    district = draw_map(frame, {map.x, content.y, size.w, size.h}, view.tiles, tile);
  } else {
    scrolled(stage, "home.map", map, [&](const Box& area) {
      district = draw_map(frame, {area.x, area.y, size.w, size.h}, view.tiles, tile);
      return area.y + size.h;
    });
  }
  if (!district.empty()) stage.ask(intent::OpenDistrict{district});

  const Box side = content.after(map.w + 2 * gutter);
  scrolled(stage, "home.side", side, [&](const Box& area) {
    double y = area.y;
    if (!stage.small()) {
      draw_title(stage, {area.x, y, area.w, 0}, view, Align::kStart);
      Type title = title_type(frame, theme.type.heading);
      title = fitted(frame, view.title, title, area.w, 2, theme.type.title);
      y += frame.measure(view.title, title, area.w).h +
           frame.measure(view.hint, note_type(frame, 9.6), area.w).h + 8;
      draw_here(stage, {area.x, y, area.w, 12}, view.here);
      y += 14;
    }
    const double search_h = std::max(theme.min_target_mm, stage.mm(28));
    draw_search_door(stage, {area.x, y, area.w, search_h}, view.search);
    y += search_h + gutter;
    const double door_h = std::max(theme.min_target_mm * 1.3, stage.mm(stage.small() ? 34 : 40));
    for (const auto& door : view.doors) {
      draw_door(stage, {area.x, y, area.w, door_h}, door);
      y += door_h + gutter;
    }
    if (!stage.small()) {
      tapped_family(stage,
                    draw_families(stage, "home.family", {area.x, y, area.w, 36}, view.families));
      return y + 36;
    }
    // Families as short rows, so that each is wide enough to touch.
    const int columns = area.w < 110 ? 3 : 4;
    const double cell_h = theme.min_target_mm + stage.mm(10);
    for (std::size_t from = 0; from < view.families.size();
         from += static_cast<std::size_t>(columns)) {
      const std::size_t to =
          std::min(view.families.size(), from + static_cast<std::size_t>(columns));
      const std::vector<FamilyView> part(view.families.begin() + static_cast<std::ptrdiff_t>(from),
                                         view.families.begin() + static_cast<std::ptrdiff_t>(to));
      const double w = area.w * static_cast<double>(part.size()) / columns;
      tapped_family(stage, draw_families(stage, "home.family", {area.x, y, w, cell_h}, part));
      y += cell_h + 2;
    }
    return y;
  });
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
