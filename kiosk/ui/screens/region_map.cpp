#include "kiosk/ui/screens/region_map.h"

#include "kiosk/ui/screens/hex_map.h"

#include <algorithm>
#include <string>
#include <vector>

namespace odop::kiosk::ui {

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
  const Box place = box.after(width + 4);
  type.line_height = 1.3;
  type = fitted_into(frame, words, type, place, 2, frame.theme().type.least);
  frame.text_middle(place, words, type);
}

namespace {

// The four parts of the state as pieces of one map, each as large as its quarter allows; a touch
// shows one large. In the order in which they lie on the map.
void draw_regions(const Stage& stage, const MapParts& view, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const auto scope = frame.left_to_right(box);
  const Box inner{0, 0, box.w, box.h};
  const int columns = view.regions.size() > 1 ? 2 : 1;
  const int rows = (static_cast<int>(view.regions.size()) + columns - 1) / columns;
  const double gutter = stage.mm(6);
  for (std::size_t i = 0; i < view.regions.size(); ++i) {
    const RegionView& region = view.regions[i];
    const int at = static_cast<int>(i);
    const Box cell = inner.row(at / columns, rows, gutter).column(at % columns, columns, gutter);
    const bool here = std::ranges::any_of(
        view.tiles, [&](const TileView& tile) { return tile.here && tile.region == region.id; });
    const Touch touch = link_card(frame, std::string(view.region_prefix) + region.id, cell,
                                  region.name, region.note);
    if (touch.tapped) stage.ask(intent::OpenRegion{region.id});
    // Its name; under it the state in a pale shade, this part in the colours of its crafts.
    const Box card = cell.inset(stage.mm(6), stage.mm(4));
    const bool urdu = frame.language() == Language::kUrdu;
    const Align align = urdu ? Align::kRight : Align::kLeft;
    Type name = title_type(frame, theme.type.title);
    name.align = align;
    name = fitted(frame, region.name, name, card.w, 1, theme.type.least);
    const double name_h = frame.measure(region.name, name, card.w).h;
    frame.text({card.x, card.y, card.w, name_h}, region.name, name);
    const Box below = card.below(name_h + (urdu ? 0 : stage.mm(2)));
    const auto unit = map_size(view.tiles, 1);
    const double tile =
        std::min(below.w * 0.62 / std::max(1.0, unit.w), below.h / std::max(1.0, unit.h));
    const auto size = map_size(view.tiles, tile);
    draw_part_map(
        frame, {urdu ? below.right() - size.w : below.x, below.bottom() - size.h, size.w, size.h},
        view.tiles, tile, region.id);
    Box words =
        urdu ? below.start(below.w - size.w - stage.mm(5)) : below.after(size.w + stage.mm(5));
    Type note = note_type(frame, theme.type.note);
    note.align = align;
    note = fitted(frame, region.note, note, words.w, 2, theme.type.least);
    Type mark = note_type(frame, theme.type.note);
    mark.align = align;
    mark.colour = colour.madder;
    mark = fitted(frame, view.here, mark, words.w, 3, theme.type.least);
    const double note_h = frame.measure(region.note, note, words.w).h;
    const double mark_h = here ? frame.measure(view.here, mark, words.w).h : 0;
    const double y = words.bottom() - note_h - mark_h;
    frame.text({words.x, y, words.w, note_h}, region.note, note);
    if (here) frame.text({words.x, y + note_h, words.w, mark_h}, view.here, mark);
  }
}

// One part of the state, its tiles as large as the place allows, and the way back to the whole.
std::string draw_region(const Stage& stage, const MapParts& view, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  std::vector<TileView> tiles;
  for (const auto& tile : view.tiles) {
    if (tile.region == view.region) tiles.push_back(tile);
  }
  const auto found = std::ranges::find(view.regions, view.region, &RegionView::id);
  const double words_w = stage.mm(76);
  const Box place = box.after(words_w);
  const auto unit = map_size(tiles, 1);
  const double tile = std::min(
      {stage.mm(44), (place.w - 2) / std::max(1.0, unit.w), (place.h - 1) / std::max(1.0, unit.h)});
  const auto size = map_size(tiles, tile);
  std::string district =
      draw_map(frame, {place.mid_x() - size.w / 2, place.mid_y() - size.h / 2, size.w, size.h},
               tiles, tile, view.tile_prefix);

  const Box words = box.start(words_w - stage.mm(4));
  double y = words.y;
  if (found != view.regions.end()) {
    const Type name = fitted(frame, found->name, title_type(frame, theme.type.heading), words.w, 3,
                             theme.type.least);
    y = say_below(frame, std::string(view.region_prefix) + "name", y, words, found->name, name,
                  Role::kHeading);
    y = say_below(frame, std::string(view.region_prefix) + "note", y, words, found->note,
                  note_type(frame));
  }
  const bool here = std::ranges::any_of(tiles, &TileView::here);
  if (here) draw_here(stage, {words.x, y + stage.mm(4), words.w, stage.mm(16)}, view.here);
  const double button_h = std::max(theme.min_target_mm, stage.mm(26));
  if (button(frame, view.whole_id, words.foot(button_h), view.whole_map,
             {.kind = ButtonKind::kQuiet,
              .icon = "back",
              .icon_directed = true,
              .em = theme.type.read})) {
    stage.ask(intent::OpenRegion{});
  }
  return district;
}

}  // namespace

std::string draw_parts_of_map(const Stage& stage, const MapParts& parts, const Box& box) {
  if (!parts.region.empty()) return draw_region(stage, parts, box);
  draw_regions(stage, parts, box);
  return {};
}

}  // namespace odop::kiosk::ui
