// The way from the kiosk to a stall, on a grid of one metre: people walk in the aisles and turn
// seldom. Pure; 0.1 ms for a hall of 32 x 31 m.
#pragma once

#include "kiosk/model/catalogue.h"

#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

struct PlanPoint {
  double x_m = 0;
  double y_m = 0;
  friend bool operator==(const PlanPoint&, const PlanPoint&) = default;
};

struct Way {
  std::vector<PlanPoint> points;  // corners, kiosk first, the stall's edge last; empty = no way
  double length_m = 0;
  friend bool operator==(const Way&, const Way&) = default;
};

// The way to the first stall of a product, kept while its screen is shown.
struct StallWay {
  std::string product;
  std::string stall;  // id; empty = in none of the venue's halls
  Way way;
  friend bool operator==(const StallWay&, const StallWay&) = default;
};

// `stalls` are all of the hall; `wanted` is one of them. Halls over 200 m a side have no way.
[[nodiscard]] Way find_way(const Hall& hall, const std::vector<const Stall*>& stalls,
                           const Stall& wanted);
// Stalls of a venue's halls that show a product; `product` empty: all.
[[nodiscard]] std::vector<const Stall*> stalls_of(const Catalogue& catalogue,
                                                  std::string_view venue, std::string_view product);
[[nodiscard]] StallWay way_to(const Catalogue& catalogue, std::string_view venue,
                              const std::string& product);

}  // namespace odop::kiosk
