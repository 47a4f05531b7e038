#include "tests/kiosk/text/text_fixture.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace odop::typeset::test {

TEST_CASE("A text and style asked again are answered from the cache", "[kiosk][text][cache]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle style = style_of(Language::kHindi);
  const Layout* first = &engine.layout("कन्नौज", style);
  CHECK(&engine.layout(std::string("कन्नौज"), style) == first);
  CHECK(engine.stats().hits == 1);
  CHECK(engine.stats().misses == 1);

  SECTION("and every part of the style counts") {
    std::vector<TextStyle> others(8, style);
    others[0].language = Language::kUrdu;
    others[1].role = TextRole::kTitle;
    others[2].direction = Direction::kRightToLeft;
    others[3].align = Align::kEnd;
    others[4].px = 25.0F;
    others[5].max_width_px = 100.0F;
    others[6].max_lines = 1;
    others[7].line_height_em = 1.5F;
    for (const TextStyle& other : others) {
      CHECK(&engine.layout("कन्नौज", other) != first);
    }
    CHECK(engine.stats().misses == 9);
  }
}

TEST_CASE("Layouts of the running frame stay, old ones go", "[kiosk][text][cache]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle style = style_of(Language::kEnglish);
  for (std::size_t i = 0; i < TextEngine::kMaxLayouts; ++i) {
    engine.begin_frame();
    (void)engine.layout(fmt::format("text {}", i), style);
  }
  CHECK(engine.stats().layouts == TextEngine::kMaxLayouts);
  const Layout& kept = engine.layout("kept", style);
  engine.begin_frame();
  CHECK(engine.stats().layouts < TextEngine::kMaxLayouts);
  CHECK(engine.stats().layouts >= TextEngine::kMaxLayouts / 4);

  const auto misses = engine.stats().misses;
  CHECK(&engine.layout("kept", style) == &kept);
  CHECK(engine.stats().misses == misses);
  (void)engine.layout("text 0", style);
  CHECK(engine.stats().misses == misses + 1);
}

TEST_CASE("A frame with more texts than the cache holds keeps them all", "[kiosk][text][cache]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle style = style_of(Language::kEnglish);
  engine.begin_frame();
  const Layout& first = engine.layout("first", style);
  for (std::size_t i = 0; i < TextEngine::kMaxLayouts + 100; ++i) {
    (void)engine.layout(fmt::format("text {}", i), style);
  }
  CHECK(first.text == "first");
  CHECK(&engine.layout("first", style) == &first);
}

TEST_CASE("Forgetting drops every layout", "[kiosk][text][cache]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle style = style_of(Language::kHindi);
  (void)engine.layout("मेरा नाम", style);
  engine.forget();
  CHECK(engine.stats().layouts == 0);
  const auto misses = engine.stats().misses;
  (void)engine.layout("मेरा नाम", style);
  CHECK(engine.stats().misses == misses + 1);
}

TEST_CASE("Quads at an origin are the layout's own, moved by whole pixels", "[kiosk][text]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& layout = engine.layout("इत्र", style_of(Language::kHindi));
  std::vector<Quad> moved;
  engine.quads(layout, 10.4F, 20.6F, moved);
  const auto own = engine.quads(layout);
  REQUIRE(moved.size() == own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    CHECK(moved[i].x0 == own[i].x0 + 10.0F);
    CHECK(moved[i].y1 == own[i].y1 + 21.0F);
    CHECK(moved[i].u0 == own[i].u0);
  }
}

TEST_CASE("A missing or broken font is named", "[kiosk][text][fault]") {
  const odop::test::TempFolder folder;
  MemoryAtlas atlas;
  const auto missing = TextEngine::open(atlas, folder.path());
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::kNotFound);
  CHECK(missing.error().context.find("NotoSans-Regular.ttf") != std::string::npos);

  std::ofstream(folder.path() / "NotoSans-Regular.ttf") << "no font at all";
  const auto broken = TextEngine::open(atlas, folder.path());
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().code == ErrorCode::kCorrupt);
}

}  // namespace odop::typeset::test
