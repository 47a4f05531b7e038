// The map of the state where it must be shown in parts: four regions as cards, one of them large.
// Shared by the home screen and by questions that ask for a district. Private to kiosk/ui/screens.
#pragma once

#include "kiosk/ui/screens/parts.h"

#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

// The whole map is shown where its tiles are at least this wide, mm (the owner's rule); else the
// four parts come first.
inline constexpr double kLeastMapTile = 20;

// What is drawn; all of it outlives the call.
struct MapParts {
  const std::vector<TileView>& tiles;
  const std::vector<RegionView>& regions;
  const std::string& region;  // the one that is large; empty: none yet
  const std::string& whole_map;
  const std::string& here;
  std::string_view region_prefix, tile_prefix, whole_id;  // of node ids
};

// "You are here" beside a tile of its looks.
void draw_here(const Stage& stage, const Box& box, std::string_view words);
// The regions, or the chosen one; a touch on a region asks for it. Returns the tapped district.
[[nodiscard]] std::string draw_parts_of_map(const Stage& stage, const MapParts& parts,
                                            const Box& box);

}  // namespace odop::kiosk::ui
