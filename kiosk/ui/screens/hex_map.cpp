#include "kiosk/ui/screens/hex_map.h"

#include "kiosk/ui/screens/parts.h"

#include <algorithm>
#include <array>
#include <limits>

namespace odop::kiosk::ui {

namespace {

constexpr double kRowPitch = 0.8660254;  // x width: the hexagons of two rows interlock
constexpr double kTileHeight = 1.1547;   // x width: from point to point

struct Extent {
  int first_row = 0, last_row = 0, first_half = 0, last_half = 0;
};

Extent extent_of(const std::vector<TileView>& tiles) {
  if (tiles.empty()) return {};
  Extent out{std::numeric_limits<int>::max(), 0, std::numeric_limits<int>::max(), 0};
  for (const auto& tile : tiles) {
    out.first_row = std::min(out.first_row, tile.row);
    out.last_row = std::max(out.last_row, tile.row);
    out.first_half = std::min(out.first_half, tile.half_column);
    out.last_half = std::max(out.last_half, tile.half_column);
  }
  return out;
}

Point centre_of(const TileView& tile, const Extent& extent, double width) {
  return {(tile.half_column - extent.first_half + 1) * width / 2,
          kTileHeight * width / 2 + (tile.row - extent.first_row) * kRowPitch * width};
}

// The label of a tile: one line where it fits, else two, else smaller.
void draw_label(Frame& frame, Point centre, const TileView& tile, double width, Colour colour,
                bool& two_lines) {
  const double factor = width / 33.0;
  const bool urdu = frame.language() == Language::kUrdu;
  const bool english = frame.language() == Language::kEnglish;
  Type type{.role = TextRole::kSmallBold,
            .em = (urdu      ? 7.3
                   : english ? 5.7
                             : 6.7) *
                  std::clamp(factor, 0.75, 1.3),
            .colour = colour,
            .align = Align::kCenter,
            .line_height = urdu ? 1.15 : 1.2,
            .scales = false};
  const double room = width * 0.84;
  std::string words = tile.name;
  if (frame.measure(words, type).w > room) words = in_two_lines(words);
  // Three short words stand better in three lines than in two that are too small to read.
  if (std::ranges::count(tile.name, ' ') > 1 && frame.measure(words, type).w > room * 1.2) {
    words = tile.name;
    std::ranges::replace(words, ' ', '\n');
    type.em *= 0.88;
    type.line_height = 1.1;
  }
  const double least = type.em * 0.68;
  while (type.em > least && frame.measure(words, type).w > room) type.em *= 0.95;
  const auto breaks = std::ranges::count(words, '\n');
  two_lines = breaks > 0;
  const double height = frame.measure(words, type).h;
  const double middle = breaks > 1 ? 0.17 : breaks == 1 ? 0.155 : 0.12;
  const double y = centre.y + middle * width - height / 2;
  frame.text({centre.x - width / 2, y, width, height}, words, type);
}

void draw_body(Frame& frame, Point centre, const TileView& tile, double width, bool pressed) {
  const auto& theme = frame.theme();
  const FamilyColours family = theme.family(tile.family);
  const Palette& colour = frame.colour();
  const bool high = theme.comfort.high_contrast;
  const Colour solid = tile.here && !high ? colour.madder : pressed ? family.pressed : family.solid;
  const Colour fill = tile.dimmed && !tile.here ? family.dimmed_fill : solid;
  if (tile.here) frame.hexagon(centre, width, 1.04, colour.brass);
  frame.hexagon(centre, width, 0.955, fill);
  if (high) {
    frame.hexagon_outline(centre, width, 0.93, tile.dimmed ? colour.bar_disabled : colour.white,
                          tile.here ? 2.0 : 1.0);
  } else if (!tile.dimmed || tile.here) {
    frame.hexagon_outline(centre, width, 0.85,
                          tile.here ? colour.brass_light : faded(colour.white, 0.28),
                          (tile.here ? 0.8 : 0.45) * width / 33);
  }
  const bool faint = tile.dimmed && !tile.here;
  bool two_lines = false;
  draw_label(frame, centre, tile, width, faint ? family.dimmed_text : colour.white, two_lines);
  const double side = width * 0.285;
  const double top = centre.y - width * (two_lines ? 0.43 : 0.385);
  frame.icon({centre.x - side / 2, top, side, side}, family.icon,
             faint ? faded(family.dimmed_text, 0.7) : colour.motif);
}

bool touch_tile(Frame& frame, Point centre, const TileView& tile, double width,
                std::string_view prefix) {
  // Tiles interlock; their targets are the bricks between the rows' middles.
  const Box brick{centre.x - width / 2 + 0.2, centre.y - kRowPitch * width / 2 + 0.2, width - 0.4,
                  kRowPitch * width - 0.4};
  const Touch touch = frame.target(std::string(prefix) + tile.district, brick, Role::kLink,
                                   tile.name, {.value = tile.here ? "here" : ""});
  draw_body(frame, centre, tile, width, touch.pressed);
  if (touch.focused) {
    frame.hexagon_outline(centre, width, 1.0, frame.colour().ink, frame.theme().stroke.focus_ring);
  }
  return touch.tapped;
}

}  // namespace

std::string in_two_lines(std::string_view name) {
  const auto space = name.rfind(' ');
  if (space != std::string_view::npos) {
    return std::string(name.substr(0, space)) + "\n" + std::string(name.substr(space + 1));
  }
  for (const std::string_view part :
       {"नगर", "बाद", "गंज", "पुर", "शहर", "गढ़", "खीरी", "nagar", "abad", "ganj", "shahr", "garh",
        "pur", "banki", "bhadra", "bhim"}) {
    if (name.size() > part.size() && name.ends_with(part)) {
      const std::string_view first = name.substr(0, name.size() - part.size());
      const bool latin = static_cast<unsigned char>(part.front()) < 0x80;
      return std::string(first) + (latin ? "-\n" : "\n") + std::string(part);
    }
  }
  return std::string(name);
}

Frame::Size map_size(const std::vector<TileView>& tiles, double tile_width) {
  const Extent extent = extent_of(tiles);
  return {(extent.last_half - extent.first_half + 2) * tile_width / 2,
          ((extent.last_row - extent.first_row) * kRowPitch + kTileHeight) * tile_width};
}

std::string draw_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                     double tile_width, std::string_view prefix) {
  const Extent extent = extent_of(tiles);
  std::string tapped;
  const auto scope = frame.left_to_right(box);
  const TileView* here = nullptr;
  for (const auto& tile : tiles) {
    if (tile.here) {
      here = &tile;  // last, so that its ring lies over the neighbours
      continue;
    }
    if (touch_tile(frame, centre_of(tile, extent, tile_width), tile, tile_width, prefix)) {
      tapped = tile.district;
    }
  }
  if (here != nullptr &&
      touch_tile(frame, centre_of(*here, extent, tile_width), *here, tile_width, prefix)) {
    tapped = here->district;
  }
  return tapped;
}

void draw_mini_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                   double tile_width, Colour colour) {
  const Extent extent = extent_of(tiles);
  const auto scope = frame.left_to_right(box);
  for (const auto& tile : tiles) {
    frame.hexagon(centre_of(tile, extent, tile_width), tile_width, 0.92,
                  tile.here ? frame.colour().madder : colour);
  }
}

void draw_part_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                   double tile_width, std::string_view region) {
  const Extent extent = extent_of(tiles);
  const auto& theme = frame.theme();
  const bool high = theme.comfort.high_contrast;
  const auto scope = frame.left_to_right(box);
  for (const auto& tile : tiles) {
    const bool mine = tile.region == region;
    const FamilyColours family = theme.family(tile.family);
    const Colour solid = high ? frame.colour().white : tile.dimmed ? family.tint : family.solid;
    const Colour pale = high ? frame.colour().sand : frame.colour().line;
    const Colour fill = !mine       ? faded(pale, high ? 1 : 0.55)
                        : tile.here ? frame.colour().madder
                                    : solid;
    const Point centre = centre_of(tile, extent, tile_width);
    frame.hexagon(centre, tile_width, 0.94, fill);
    if (mine && tile.here) {
      frame.hexagon_outline(centre, tile_width, 1.0, frame.colour().brass, tile_width * 0.12);
    }
  }
}

bool draw_tile(Frame& frame, Point centre, const TileView& tile, double tile_width) {
  return touch_tile(frame, centre, tile, tile_width, "district.");
}

}  // namespace odop::kiosk::ui
