#include "kiosk/app/options.h"

#include <catch2/catch.hpp>

#include <array>
#include <variant>
#include <vector>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk::app;  // NOLINT

namespace {

std::variant<Options, int> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "odop-kiosk");
  return parse_options(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST_CASE("Every option of the command line is read", "[kiosk][app]") {
  const auto parsed = parse({"--data",
                             "/tmp/d",
                             "--server",
                             "http://127.0.0.1:9",
                             "--enrol",
                             "abcd efgh-j0l1",
                             "--window",
                             "1080x1920",
                             "--panel-mm",
                             "398x707.6",
                             "--panel-floor-mm",
                             "700",
                             "--language",
                             "ur",
                             "--inspect",
                             "/tmp/s",
                             "--assets",
                             "/tmp/a",
                             "--ca",
                             "/tmp/ca.pem"});
  REQUIRE(std::holds_alternative<Options>(parsed));
  const auto& options = std::get<Options>(parsed);
  CHECK(options.data == "/tmp/d");
  CHECK(options.server == "http://127.0.0.1:9");
  CHECK(options.enrol == "abcd efgh-j0l1");
  CHECK(options.window == std::pair{1080, 1920});
  CHECK(options.panel_mm->second == Approx(707.6));
  CHECK(options.panel_floor_mm == 700);
  CHECK(options.language == Language::kUrdu);
  CHECK(options.inspect == "/tmp/s");
  CHECK(options.assets == "/tmp/a");
  CHECK(options.ca == "/tmp/ca.pem");
}

TEST_CASE("Wrong arguments give exit status 2", "[kiosk][app]") {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{},
                                             {"--data", "d", "--window", "1080"},
                                             {"--data", "d", "--window", "10x10"},
                                             {"--data", "d", "--window", "1080x1920x3"},
                                             {"--data", "d", "--panel-mm", "nanx3"},
                                             {"--data", "d", "--panel-mm", "1x1"},
                                             {"--data", "d", "--language", "fr"},
                                             {"--data", "d", "--panel-floor-mm", "-4"},
                                             {"--data", "d", "--nonsense"}}) {
    const auto parsed = parse(words);
    REQUIRE(std::holds_alternative<int>(parsed));
    CHECK(std::get<int>(parsed) == 2);
  }
}

TEST_CASE("Drawings are found from the build folder of the source tree", "[kiosk][app]") {
  const Places places = find_places({}, ODOP_BINARY_DIR "/bin/odop-kiosk");
  CHECK(std::filesystem::exists(places.drawings / "craft/attar.svg"));
  CHECK(find_places("/somewhere", "x").drawings == "/somewhere/drawings");
}
