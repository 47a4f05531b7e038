#include "kiosk/model/regions.h"

#include "shared/text/language.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace odop::kiosk {

namespace {

// Divisions by their English names (districts.csv). Awadh holds Kanpur too, as its neighbours do.
constexpr std::array<std::pair<std::string_view, std::size_t>, 18> kDivisions{{
    {"Saharanpur", 0},
    {"Meerut", 0},
    {"Moradabad", 0},
    {"Bareilly", 0},
    {"Aligarh", 0},
    {"Agra", 0},
    {"Lucknow", 1},
    {"Kanpur", 1},
    {"Ayodhya", 1},
    {"Devipatan", 1},
    {"Jhansi", 2},
    {"Chitrakootdham", 2},
    {"Prayagraj", 3},
    {"Vindhyachal", 3},
    {"Varanasi", 3},
    {"Azamgarh", 3},
    {"Gorakhpur", 3},
    {"Basti", 3},
}};

// kRegions.size() when the division is not known.
std::size_t by_division(const District& district) {
  const std::string& division = district.division.in(index(Language::kEnglish));
  const auto* found = std::ranges::find(kDivisions, std::string_view(division),
                                        &std::pair<std::string_view, std::size_t>::first);
  return found == kDivisions.end() ? kRegions.size() : found->second;
}

}  // namespace

std::string_view region_of(const Catalogue& catalogue, const District& district) {
  std::size_t region = by_division(district);
  int nearest = std::numeric_limits<int>::max();
  if (region == kRegions.size()) {
    for (const auto& other : catalogue.districts) {
      const std::size_t known = by_division(other);
      // Rows lie nearly twice as far apart as half columns.
      const int distance = 2 * std::abs(other.hex_row - district.hex_row) +
                           std::abs(other.hex_half_column - district.hex_half_column);
      if (known < kRegions.size() && distance < nearest) {
        nearest = distance;
        region = known;
      }
    }
  }
  return kRegions.at(region < kRegions.size() ? region : 0);
}

}  // namespace odop::kiosk
