#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/hex_map.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

Colour mini_colour(const Frame& frame, std::string_view family) {
  return frame.theme().comfort.high_contrast ? frame.colour().bar_disabled
                                             : faded(frame.theme().family(family).solid, 0.26);
}

// Tinted band with the name, the story and where the district lies. Returns its height.
double draw_band(const Stage& stage, const DistrictView& view, const Box& box, bool with_map) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double margin = theme.space.margin;
  const FamilyColours family = theme.family(view.family);
  const double map_w = with_map ? std::min(box.w * 0.33, 140.0) : 0;
  const Box words{box.x + margin, box.y + stage.mm(16), box.w - 2 * margin - map_w - 6, 0};
  Type name = title_type(frame, theme.type.display);
  name.colour = family.deep;
  name = fitted(frame, view.name, name, words.w, 1, theme.type.heading);
  Type story = read_type(frame, stage.mm(10.4));
  story.max_lines = 7;
  story.teaser = true;  // a longer one goes on with the product
  const double name_h = frame.measure(view.name, name, words.w).h;
  const double story_h = view.story.empty() ? 0 : frame.measure(view.story, story, words.w).h;
  const double place_h = with_map ? 0 : stage.mm(12);
  const double height =
      std::max({box.h, stage.mm(16) + name_h + place_h + stage.mm(6) + story_h + stage.mm(12),
                with_map ? stage.mm(166) : 0.0});
  const Box band{box.x, box.y, box.w, height};
  frame.fill(band, family.tint);
  frame.texture(band, family.texture);

  double y = words.y;
  const double indent = frame.language() == Language::kHindi ? 2.0 : 0.0;
  y += frame.say("district.name", {words.x + indent, y, words.w, 0}, view.name, name,
                 Role::kHeading);
  if (!with_map) {
    y = say_below(frame, "district.division", y, words, view.division,
                  note_type(frame, theme.type.small));
  }
  say_below(frame, "district.story", y + stage.mm(6), words, view.story, story);
  if (with_map) {
    const auto unit = map_size(view.tiles, 1);
    const double tile = std::min(map_w * 0.92 / std::max(1.0, unit.w),
                                 (height - stage.mm(44)) / std::max(1.0, unit.h));
    const auto size = map_size(view.tiles, tile);
    const Box place{band.right() - margin * 0.5 - map_w, band.y + stage.mm(14), map_w, height};
    draw_mini_map(frame, {place.mid_x() - size.w / 2, place.y, size.w, size.h}, view.tiles, tile,
                  mini_colour(frame, view.family));
    Type note = note_type(frame, theme.type.small);
    note.align = Align::kCenter;
    note.max_lines = 1;
    say_below(frame, "district.division", place.y + size.h + stage.mm(4), place, view.division,
              note);
  }
  return height;
}

// The district's first product, large: picture, name, indication, a sentence, the way on.
void draw_main_product(const Stage& stage, const DistrictView& view, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const ProductCard& product = view.products.front();
  const Touch touch =
      link_card(frame, "product." + product.product, box, product.name, product.note);
  if (touch.tapped) stage.ask(intent::OpenProduct{product.product});
  const double picture = std::min(box.h, box.w * 0.44);
  draw_picture(frame, {box.x, box.y, picture, box.h}, product.picture, Corners::kStart,
               theme.radius.card);
  Box words = box.after(picture + stage.mm(12));
  words.w -= stage.mm(10);
  Type more = title_type(frame, stage.mm(10.5));
  more.colour = frame.colour().madder;
  const double arrow = stage.mm(10);
  const double more_room = words.w - arrow - 4;
  more = fitted(frame, view.more, more, more_room, 2, theme.type.least);
  const double more_h = frame.measure(view.more, more, more_room).h;
  const double gi_h = product.gi.empty() ? 0 : stage.mm(30);
  Type name = title_type(frame, stage.mm(26));
  name = fitted(frame, product.name, name, words.w, 2, theme.type.title);
  double y = box.y + stage.mm(8);
  // A long name leaves room for what stands under it.
  const double room = box.h - stage.mm(24) - gi_h - more_h;
  while (name.em > theme.type.least && frame.measure(product.name, name, words.w).h > room) {
    name.em *= 0.95;
  }
  const double name_h = frame.measure(product.name, name, words.w).h;
  frame.text({words.x, y, words.w, name_h}, product.name, name);
  y += name_h + stage.mm(3);
  if (!product.gi.empty()) {
    y += draw_gi(frame, {words.x, y, words.w, 0}, view.gi_label, product.gi) + stage.mm(4);
  }
  const double foot = box.bottom() - stage.mm(9);
  Type note = read_type(frame, stage.mm(9.2));
  const double line = frame.measure("x", note).h;
  const int lines = static_cast<int>((foot - more_h - stage.mm(3) - y) / line);
  if (lines > 0) {
    note.max_lines = lines;
    note.teaser = true;  // the product's own screen says the whole
    frame.text({words.x, y, words.w, 0}, product.note, note);
  }
  frame.text({words.x, foot - more_h, more_room, more_h}, view.more, more);
  const double more_w = std::min(frame.measure(view.more, more, more_room).w, more_room);
  frame.icon({words.x + more_w + 4, foot - more_h / 2 - arrow / 2, arrow, arrow}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
}

double draw_info_card(const Stage& stage, std::string_view id, const Box& box,
                      std::string_view icon, std::string_view title, std::string_view first,
                      std::string_view second) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double side = stage.mm(16);
  const double pad = stage.mm(10);
  Box words = box.after(pad + side + stage.mm(7));
  words.w -= pad;
  Type name = title_type(frame, theme.type.title_s);
  name = fitted(frame, title, name, words.w, 3, theme.type.least);
  const Type note = note_type(frame, theme.type.small);
  const double name_h = frame.measure(title, name, words.w).h;
  const double first_h = first.empty() ? 0 : frame.measure(first, note, words.w).h;
  const double second_h = second.empty() ? 0 : frame.measure(second, note, words.w).h;
  const double height = std::max(box.h, name_h + first_h + second_h + 2 * stage.mm(8));
  const Box at{box.x, box.y, box.w, height};
  card(frame, at);
  frame.icon({at.x + pad, at.mid_y() - side / 2, side, side}, icon, frame.colour().madder);
  double y = at.mid_y() - (name_h + first_h + second_h) / 2;
  y = say_below(frame, id, y, words, title, name);
  y = say_below(frame, std::string(id) + ".note", y, words, first, note);
  say_below(frame, std::string(id) + ".second", y, words, second, note);
  return height;
}

double draw_neighbours(const Stage& stage, const DistrictView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (view.neighbours.empty()) return y;
  y = say_below(frame, "district.neighbours", y, column, view.neighbours_title,
                title_type(frame, frame.theme().type.title), Role::kHeading);
  y += stage.mm(4);
  const double tile = std::max(stage.mm(46), frame.theme().min_target_mm * 1.2);
  const double pitch = tile + stage.mm(6);
  const int per_row = std::max(1, static_cast<int>((column.w + stage.mm(6)) / pitch));
  const double height = tile * 1.1547;
  for (std::size_t i = 0; i < view.neighbours.size(); ++i) {
    const int at = static_cast<int>(i);
    const int line = at / per_row;
    const Point centre{column.x + (at % per_row) * pitch + tile / 2,
                       y + line * (height + stage.mm(5)) + height / 2};
    if (draw_tile(frame, centre, view.neighbours[i], tile)) {
      stage.ask(intent::OpenDistrict{view.neighbours[i].district});
    }
  }
  const int rows = (static_cast<int>(view.neighbours.size()) + per_row - 1) / per_row;
  return y + rows * (height + stage.mm(5));
}

// Everything under the band.
double draw_rest(const Stage& stage, const DistrictView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  const double gutter = frame.theme().space.gutter;
  if (!view.products.empty()) {
    const double main_h = stage.portrait() ? 156 : std::max(stage.mm(110), 70.0);
    draw_main_product(stage, view, {column.x, y, column.w, main_h});
    y += main_h + gutter;
  }
  const double slim_h = std::max(stage.mm(56), frame.theme().min_target_mm);
  for (std::size_t i = 1; i < view.products.size(); ++i) {
    const ProductCard& product = view.products[i];
    if (slim_card(stage, "product." + product.product, {column.x, y, column.w, slim_h},
                  product.picture, product.name, product.note, product.gi)) {
      stage.ask(intent::OpenProduct{product.product});
    }
    y += slim_h + gutter;
  }
  const double info_h = stage.mm(58);
  const std::string_view phone = view.office.phone.empty() ? view.office.note : view.office.phone;
  if (view.stalls_title.empty()) {
    y += draw_info_card(stage, "district.office", {column.x, y, column.w, info_h}, "office",
                        view.office.name, view.office.hours, phone);
  } else if (column.w > 300) {
    const double first = column.w * 0.41;
    const double a =
        draw_info_card(stage, "district.stalls", {column.x, y, first, info_h + stage.mm(14)}, "pin",
                       view.stalls_title, view.stalls_note, {});
    const double b = draw_info_card(
        stage, "district.office",
        {column.x + first + gutter, y, column.w - first - gutter, info_h + stage.mm(14)}, "office",
        view.office.name, view.office.hours, phone);
    y += std::max(a, b);
  } else {
    y += draw_info_card(stage, "district.stalls", {column.x, y, column.w, info_h}, "pin",
                        view.stalls_title, view.stalls_note, {});
    y += gutter;
    y += draw_info_card(stage, "district.office", {column.x, y, column.w, info_h}, "office",
                        view.office.name, view.office.hours, phone);
  }
  y += gutter;
  if (way_card(stage, "district.help", {column.x, y, column.w, 0}, "people", view.help, {}, y)) {
    stage.ask(intent::OpenDistrictHelp{view.district});
  }
  y += stage.mm(14);
  return draw_neighbours(stage, view, column, y);
}

}  // namespace

void draw_district(const Stage& stage, const DistrictView& view) {
  Frame& frame = stage.frame;
  const double margin = frame.theme().space.margin;
  const Box ground = stage.ground();
  const std::string id = "district.scroll." + view.district;
  if (stage.portrait()) {
    scrolled(stage, id, ground, [&](const Box& area) {
      const double band = draw_band(stage, view, {area.x, area.y, area.w, 0}, true);
      return draw_rest(stage, view, area.inset(margin, 0), area.y + band + 12) + 4;
    });
    return;
  }
  const double start_w = std::max(ground.w * 0.4, stage.small() ? 120.0 : 260.0);
  scrolled(stage, id + ".band", ground.start(start_w),
           [&](const Box& area) { return area.y + draw_band(stage, view, area, !stage.small()); });
  const Box column = ground.after(start_w).inset(margin * 0.7, 4);
  scrolled(stage, id, column,
           [&](const Box& area) { return draw_rest(stage, view, area, area.y) + 2; });
}

}  // namespace odop::kiosk::ui
