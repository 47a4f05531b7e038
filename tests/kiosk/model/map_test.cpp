#include "kiosk/model/regions.h"
#include "shared/text/slug.h"
#include "tests/support/catalogue_values.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::kiosk;  // NOLINT

namespace {

using Place = std::pair<int, int>;  // row, half column

const std::filesystem::path kData = std::filesystem::path(ODOP_SOURCE_DIR) / "tests/data/map";

std::map<std::string, Place> places(const kiosk::Catalogue& catalogue) {
  std::map<std::string, Place> out;
  for (const auto& district : catalogue.districts) {
    out[district.id] = {district.hex_row, district.hex_half_column};
  }
  return out;
}

// Hexagons of neighbouring rows stand half a column apart; in a row, a whole one.
bool touch(Place a, Place b) {
  const int rows = std::abs(a.first - b.first);
  const int halves = std::abs(a.second - b.second);
  return (rows == 0 && halves == 2) || (rows == 1 && halves == 1);
}

}  // namespace

TEST_CASE("Each of the 75 districts has a tile of its own, and tiles interlock", "[kiosk][model]") {
  const auto tiles = places(test::stand_catalogue());
  REQUIRE(tiles.size() == 75);
  std::set<Place> taken;
  for (const auto& [district, place] : tiles) {
    INFO(district);
    CHECK(taken.insert(place).second);
    CHECK(place.first >= 0);
    CHECK(place.first < 13);
    CHECK(place.second >= 0);
    CHECK(place.second <= 20);
    // One and the same parity in a row, so that no two tiles of a row overlap.
    CHECK((place.second % 2 == 1) == (place.first % 2 == 0));
  }
}

TEST_CASE("The map is the one that was designed", "[kiosk][model]") {
  const auto tiles = places(test::stand_catalogue());
  std::size_t seen = 0;
  for (auto& row : test::read_csv(kData / "hexmap.csv")) {
    const std::string id = slug(row["district_en"]);
    INFO(id);
    REQUIRE(tiles.contains(id));
    CHECK(tiles.at(id) == Place{std::stoi(row["row"]), std::stoi(row["half_column"])});
    ++seen;
  }
  CHECK(seen == 75);
}

TEST_CASE("At least 137 shared borders are kept, and the state hangs together", "[kiosk][model]") {
  const auto tiles = places(test::stand_catalogue());
  std::size_t borders = 0;
  std::size_t kept = 0;
  for (auto& row : test::read_csv(kData / "district_neighbours.csv")) {
    const std::string a = slug(row["district_a"]);
    const std::string b = slug(row["district_b"]);
    REQUIRE(tiles.contains(a));
    REQUIRE(tiles.contains(b));
    ++borders;
    if (touch(tiles.at(a), tiles.at(b))) ++kept;
  }
  CHECK(borders >= 170);
  CHECK(kept >= 137);

  std::set<std::string> reached{"lucknow"};
  std::queue<std::string> open({"lucknow"});
  while (!open.empty()) {
    const Place here = tiles.at(open.front());
    open.pop();
    for (const auto& [district, place] : tiles) {
      if (touch(here, place) && reached.insert(district).second) open.push(district);
    }
  }
  CHECK(reached.size() == tiles.size());
}

TEST_CASE("Neighbours of the catalogue are mutual", "[kiosk][model]") {
  const auto catalogue = test::stand_catalogue();
  std::size_t pairs = 0;
  for (const auto& district : catalogue.districts) {
    for (const auto& id : district.neighbours) {
      INFO(district.id << " - " << id);
      const auto* other = catalogue.district(id);
      REQUIRE(other != nullptr);
      CHECK(std::count(other->neighbours.begin(), other->neighbours.end(), district.id) == 1);
      ++pairs;
    }
  }
  CHECK(pairs >= 2 * 170);
}

TEST_CASE("The four parts of the state take each district once and hang together",
          "[kiosk][model]") {
  const Catalogue catalogue = test::stand_catalogue();
  std::map<std::string_view, std::vector<const District*>> parts;
  for (const auto& district : catalogue.districts) {
    parts[region_of(catalogue, district)].push_back(&district);
  }
  REQUIRE(parts.size() == kRegions.size());
  for (const auto& [region, districts] : parts) {
    INFO(region);
    CHECK(std::ranges::find(kRegions, region) != kRegions.end());
    CHECK(districts.size() >= 7);
    CHECK(districts.size() <= 26);
    // Every tile touches another of its part: no island.
    for (const District* one : districts) {
      INFO(one->id);
      CHECK(std::ranges::any_of(districts, [&](const District* other) {
        const int rows = std::abs(one->hex_row - other->hex_row);
        const int halves = std::abs(one->hex_half_column - other->hex_half_column);
        return one != other && ((rows == 0 && halves == 2) || (rows == 1 && halves == 1));
      }));
    }
  }
  // A division that nobody knows: where the nearest known tile belongs.
  Catalogue renamed = catalogue;
  const auto agra = std::ranges::find(renamed.districts, std::string("agra"), &District::id);
  agra->division = LocalText{};
  CHECK(region_of(renamed, *agra) == "west");
}
