#include "tests/kiosk/text/text_fixture.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace odop::typeset::test {
namespace {

std::vector<std::uint32_t> stop_bytes(TextEngine& engine, const Layout& layout) {
  std::vector<std::uint32_t> out;
  for (const CaretStop& stop : engine.caret_stops(layout)) {
    out.push_back(stop.byte);
  }
  return out;
}

using Bytes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("The caret stops at graphemes, whatever the font joins", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle hindi = style_of(Language::kHindi);
  CHECK(stop_bytes(engine, engine.layout("ष्ट्री", hindi)) == Bytes{0, 18});
  CHECK(stop_bytes(engine, engine.layout("कन्नौज", hindi)) == Bytes{0, 3, 15, 18});
  CHECK(stop_bytes(engine, engine.layout("श्रृंगार", hindi)) == Bytes{0, 15, 21, 24});
  CHECK(stop_bytes(engine, engine.layout("ab", hindi)) == Bytes{0, 1, 2});
  CHECK(stop_bytes(engine, engine.layout("", hindi)) == Bytes{0});
  CHECK(stop_bytes(engine, engine.layout("शु", style_of(Language::kUrdu))) == Bytes{0, 6});
  CHECK(stop_bytes(engine, engine.layout("عطر", style_of(Language::kUrdu))) == Bytes{0, 2, 4, 6});
}

TEST_CASE("Stops rise to the right in Hindi and to the left in Urdu", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& hindi = engine.layout("कर्नाटक किताब", style_of(Language::kHindi));
  const auto hindi_stops = engine.caret_stops(hindi);
  CHECK(hindi_stops.front().x == 0.0F);
  CHECK(hindi_stops.back().x == Approx(hindi.width_px));
  for (std::size_t i = 1; i < hindi_stops.size(); ++i) {
    CHECK(hindi_stops[i].x > hindi_stops[i - 1].x);
  }
  const Layout& urdu = engine.layout("قنوج کا عطر", style_of(Language::kUrdu));
  const auto urdu_stops = engine.caret_stops(urdu);
  CHECK(urdu_stops.front().x == Approx(urdu.width_px));
  CHECK(urdu_stops.back().x == Approx(0.0F).margin(0.01));
  for (std::size_t i = 1; i < urdu_stops.size(); ++i) {
    CHECK(urdu_stops[i].x < urdu_stops[i - 1].x);
  }
}

TEST_CASE("A ligature is divided evenly among its letters", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  // Noto Sans draws "ffi" as one glyph.
  const Layout& office = engine.layout("office", style_of(Language::kEnglish));
  REQUIRE(office.glyphs.size() == 4);
  const auto stops = engine.caret_stops(office);
  REQUIRE(stops.size() == 7);
  const float letter = office.glyphs[1].advance / 3.0F;
  CHECK(stops[2].x == Approx(stops[1].x + letter));
  CHECK(stops[3].x == Approx(stops[1].x + 2.0F * letter));
  CHECK(stops[4].x == Approx(stops[1].x + 3.0F * letter));

  // Naskh's lam alef is two glyphs in the room of one.
  const Layout& lam_alef = engine.layout("لا", style_of(Language::kUrdu));
  REQUIRE(lam_alef.glyphs[0].advance == 0.0F);
  const auto two = engine.caret_stops(lam_alef);
  REQUIRE(two.size() == 3);
  CHECK(two[1].x == Approx(lam_alef.width_px / 2.0F));

  // An isolate has no room of its own and takes none from its neighbour.
  const Layout& price = engine.layout("\u20665\u2069", style_of(Language::kEnglish));
  const auto around = engine.caret_stops(price);
  CHECK(around.back().x == Approx(price.width_px));
}

TEST_CASE("Every stop is found again by touching it", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  TextStyle style = style_of(Language::kHindi);
  style.max_width_px = 260.0F;
  for (const std::string_view text :
       {"कन्नौज का इत्र मिट्टी की ख़ुशबू से बनता है", "one district one product of Uttar Pradesh"}) {
    const Layout& layout = engine.layout(text, style);
    REQUIRE(layout.lines.size() > 1);
    for (const CaretStop& stop : engine.caret_stops(layout)) {
      const Line& line = layout.lines[stop.line];
      CHECK(engine.hit_test(layout, stop.x, line.top + line.height / 2.0F) == stop.byte);
      const CaretRect caret = engine.caret(layout, stop.byte);
      CHECK(caret.x == stop.x);
      CHECK(caret.line == stop.line);
      CHECK(caret.top < line.baseline);
      CHECK(caret.bottom > line.baseline);
    }
  }
}

TEST_CASE("A touch outside goes to the nearest line and its end", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& layout = engine.layout("कखग\nघङ", style_of(Language::kHindi));
  CHECK(engine.hit_test(layout, -50.0F, -50.0F) == 0);
  CHECK(engine.hit_test(layout, 5000.0F, -50.0F) == 9);
  CHECK(engine.hit_test(layout, -50.0F, 5000.0F) == 10);
  CHECK(engine.hit_test(layout, 5000.0F, 5000.0F) == 16);
}

TEST_CASE("A touch nearer to the end of a letter goes behind it", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& layout = engine.layout("कख", style_of(Language::kHindi));
  const auto stops = engine.caret_stops(layout);
  const float width = stops[1].x;
  CHECK(engine.hit_test(layout, width * 0.4F, 5.0F) == 0);
  CHECK(engine.hit_test(layout, width * 0.6F, 5.0F) == 3);
}

TEST_CASE("The caret walks by graphemes and stays at the ends", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& layout = engine.layout("क्षत्रिय", style_of(Language::kHindi));
  std::vector<std::size_t> walk{0};
  while (engine.next_stop(layout, walk.back()) != walk.back()) {
    walk.push_back(engine.next_stop(layout, walk.back()));
  }
  CHECK(walk == std::vector<std::size_t>{0, 9, 21, 24});
  std::vector<std::size_t> back{24};
  while (engine.previous_stop(layout, back.back()) != back.back()) {
    back.push_back(engine.previous_stop(layout, back.back()));
  }
  CHECK(back == std::vector<std::size_t>{24, 21, 9, 0});
  // Within a grapheme the caret stands before it.
  CHECK(engine.caret(layout, 12).x == engine.caret(layout, 9).x);
  CHECK(engine.caret(layout, 999).x == engine.caret(layout, 24).x);
}

TEST_CASE("Spaces at the end of what is typed move the caret", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const TextStyle style = style_of(Language::kHindi);
  const Layout& with = engine.layout("कख  ", style);
  const Layout& without = engine.layout("कख", style);
  CHECK(engine.caret(with, 8).x > engine.caret(without, 6).x + 4.0F);

  SECTION("and the space at which a line wraps has its place at the line's end") {
    TextStyle narrow = style;
    narrow.max_width_px = without.width_px + 2.0F;
    const Layout& wrapped = engine.layout("कख कख", narrow);
    REQUIRE(wrapped.lines.size() == 2);
    CHECK(stop_bytes(engine, wrapped) == Bytes{0, 3, 6, 7, 10, 13});
    CHECK(engine.caret(wrapped, 6).line == 0);
    CHECK(engine.caret(wrapped, 7).line == 1);
    CHECK(engine.caret(wrapped, 6).x == Approx(without.width_px));
  }
}

TEST_CASE("The caret of an empty field stands where its text will begin", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  TextStyle style = style_of(Language::kUrdu);
  style.max_width_px = 300.0F;
  CHECK(engine.caret(engine.layout("", style), 0).x == 300.0F);
  style.language = Language::kHindi;
  CHECK(engine.caret(engine.layout("", style), 0).x == 0.0F);
}

TEST_CASE("Marked stretches cover their letters and nothing else", "[kiosk][text][caret]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& layout = engine.layout("कन्नौज इत्र 2026", style_of(Language::kHindi));
  const std::size_t begin = std::string("कन्नौज ").size();
  const std::size_t end = begin + std::string("इत्र").size();
  const auto rects = engine.range_rects(layout, begin, end);
  REQUIRE(rects.size() == 1);
  CHECK(rects[0].left == Approx(engine.caret(layout, begin).x));
  CHECK(rects[0].right == Approx(engine.caret(layout, end).x));
  CHECK(rects[0].bottom - rects[0].top == Approx(layout.lines[0].height));
  CHECK(engine.range_rects(layout, end, end).empty());

  // Across a change of face it is still one rectangle.
  CHECK(engine.range_rects(layout, begin, layout.text.size()).size() == 1);
  // In mixed directions it may be two.
  const Layout& urdu = engine.layout("عطر attar قنوج", style_of(Language::kUrdu));
  CHECK(engine.range_rects(urdu, 2, 9).size() == 2);
}

}  // namespace odop::typeset::test
