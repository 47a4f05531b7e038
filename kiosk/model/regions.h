// The four parts of the state that people speak of; a panel too small for 75 tiles shows the map
// by them. They follow the divisions (mandal), which the catalogue gives each district.
#pragma once

#include "kiosk/model/catalogue.h"

#include <array>
#include <string>
#include <string_view>

namespace odop::kiosk {

// In the order of the map: north-west, middle, south-west, east.
inline constexpr std::array<std::string_view, 4> kRegions{"west", "awadh", "bundelkhand",
                                                          "purvanchal"};

// Of kRegions. A district whose division is not known belongs where the nearest known tile does;
// without any, to the first.
[[nodiscard]] std::string_view region_of(const Catalogue& catalogue, const District& district);

}  // namespace odop::kiosk
