// The way from the kiosk to a stall, on a grid of one metre: people walk in the aisles and turn
// seldom. Pure; 0.1 ms for a hall of 32 x 31 m.
#pragma once

#include "kiosk/model/catalogue.h"

#include <vector>

namespace odop::kiosk {

struct PlanPoint {
  double x_m = 0;
  double y_m = 0;
};

struct Way {
  std::vector<PlanPoint> points;  // corners, kiosk first, the stall's edge last; empty = no way
  double length_m = 0;
};

// `stalls` are all of the hall; `wanted` is one of them. Halls over 200 m a side have no way.
[[nodiscard]] Way find_way(const Hall& hall, const std::vector<const Stall*>& stalls,
                           const Stall& wanted);

}  // namespace odop::kiosk
