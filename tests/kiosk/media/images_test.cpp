#include "kiosk/media/images.h"

#include "kiosk/media/decode.h"
#include "tests/support/headless_stage.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

using namespace odop;                // NOLINT: a test of this room
using namespace odop::kiosk::media;  // NOLINT

namespace {

const std::filesystem::path kDrawings = ODOP_SOURCE_DIR "/assets/drawings";

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("Every drawing of the assets is rendered", "[kiosk][media]") {
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(kDrawings)) {
    if (file.path().extension() != ".svg") continue;
    ++seen;
    INFO(file.path());
    const auto bitmap = render_svg(file.path(), 64, 64, false);
    REQUIRE(bitmap.has_value());
    CHECK(bitmap->rgba.size() == 64U * 64U * 4U);
    bool ink = false;
    for (std::size_t i = 3; i < bitmap->rgba.size(); i += 4) ink |= bitmap->rgba.at(i) > 0;
    CHECK(ink);
  }
  CHECK(seen > 60);
}

TEST_CASE("A rendered drawing has straight colours, not premultiplied ones", "[kiosk][media]") {
  const test::TempFolder folder;
  const auto file = folder.path() / "half.svg";
  write(file,
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8")"
        R"( fill="#C86432" fill-opacity=".5"/></svg>)");
  const auto bitmap = render_svg(file, 8, 8, true);
  REQUIRE(bitmap.has_value());
  const std::uint8_t* p = bitmap->rgba.data() + (4 * 8 + 4) * 4;
  CHECK(p[0] == Approx(0xC8).margin(2));
  CHECK(p[1] == Approx(0x64).margin(2));
  CHECK(p[2] == Approx(0x32).margin(2));
  CHECK(p[3] == Approx(128).margin(1));
}

TEST_CASE("Files that are no pictures are errors, not crashes", "[kiosk][media][fault]") {
  const test::TempFolder folder;
  const auto file = folder.path() / "x";
  const std::array<std::string, 6> contents{
      std::string(),
      std::string("hello"),
      std::string("\xFF\xD8\xFF") + std::string(50, 'x'),
      std::string("\x89PNG\r\n\x1A\n") + std::string(40, '\x7F'),
      std::string("RIFF\x20\x00\x00\x00WEBPVP8 ", 16) + std::string(20, 'z'),
      std::string("<svg")};
  for (const std::string& content : contents) {
    write(file, content);
    CHECK_FALSE(decode_picture(file, 100, 100).has_value());
    CHECK_FALSE(render_svg(file, 100, 100, false).has_value());
  }
  CHECK(decode_picture(folder.path() / "absent", 1, 1).error().code == ErrorCode::kNotFound);
}

TEST_CASE("Halving keeps the colour at soft edges", "[kiosk][media]") {
  Bitmap source{2, 2, {200, 10, 10, 255, 0, 0, 0, 0, 0, 0, 0, 0, 200, 10, 10, 255}};
  const Bitmap half = halved(source);
  CHECK(half.width == 1);
  CHECK(half.rgba == std::vector<std::uint8_t>{200, 10, 10, 127});
}

TEST_CASE("Images come from the worker, a few a frame, small ones on a shared page",
          "[kiosk][media]") {
  test::MemoryTextures store;
  {
    Images images(store, {.drawings = kDrawings, .locate = {}, .wake = {}});
    CHECK(images.drawing("icons/back", 40, 40) == nullptr);
    CHECK(images.drawing("icons/home", 40, 40) == nullptr);
    CHECK(images.drawing("craft/attar", 400, 400) == nullptr);
    CHECK(images.drawing("craft/no-such-thing", 40, 40) == nullptr);
    CHECK(images.drawing("../CMakeLists", 40, 40) == nullptr);
    CHECK(images.busy());
    images.settle();
    CHECK_FALSE(images.busy());
    const Texture* back = images.drawing("icons/back", 40, 40);
    const Texture* home = images.drawing("icons/home", 40, 40);
    const Texture* attar = images.drawing("craft/attar", 400, 400);
    REQUIRE(back != nullptr);
    REQUIRE(home != nullptr);
    REQUIRE(attar != nullptr);
    CHECK(back->id == home->id);
    CHECK(back->u0 != home->u0);
    CHECK(attar->id != back->id);
    CHECK(images.drawing("craft/no-such-thing", 40, 40) == nullptr);
    CHECK(images.stats().failed == 1);
    CHECK(store.textures.size() == 2);
  }
  CHECK(store.textures.empty());
}

TEST_CASE("What was not drawn lately goes when the budget is full", "[kiosk][media]") {
  test::MemoryTextures store;
  Images images(store,
                {.drawings = kDrawings, .locate = {}, .wake = {}, .budget_bytes = 1'500'000});
  for (int i = 0; i < 6; ++i) {
    const int side = 400 + i;
    (void)images.drawing("craft/attar", side, side);
    images.settle();
    for (int frame = 0; frame < 5; ++frame) {
      images.pump();
      CHECK(images.drawing("craft/attar", side, side) != nullptr);  // never what is on screen
    }
  }
  CHECK(images.stats().bytes <= 2'200'000);
}
