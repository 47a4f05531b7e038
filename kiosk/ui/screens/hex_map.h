// The districts as hexagons that keep the shape of the state. Never mirrored.
#pragma once

#include "kiosk/model/views.h"
#include "kiosk/ui/frame.h"

#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

// Width and height in mm that tiles of this width take.
[[nodiscard]] Frame::Size map_size(const std::vector<TileView>& tiles, double tile_width);

// Draws all tiles from the box's top left corner, each a target "<prefix><id>". Returns the id of
// the tapped one.
[[nodiscard]] std::string draw_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                                   double tile_width, std::string_view prefix = "district.");
// Small and silent: one colour, the marked tile in madder.
void draw_mini_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                   double tile_width, Colour colour);
// The same with one part of the map in the colours of its crafts and the rest pale.
void draw_part_map(Frame& frame, const Box& box, const std::vector<TileView>& tiles,
                   double tile_width, std::string_view region);
// One tile with its name about `centre`, as a target. True when tapped.
[[nodiscard]] bool draw_tile(Frame& frame, Point centre, const TileView& tile, double tile_width);

// A name cut into two lines where its parts meet (मुजफ्फर|नगर), for a tile that is too narrow.
[[nodiscard]] std::string in_two_lines(std::string_view name);

}  // namespace odop::kiosk::ui
