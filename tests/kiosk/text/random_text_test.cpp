// Texts that nobody would write, in styles that nobody would ask for: what must hold holds for them
// too. The seed is printed with every failure.
#include "tests/kiosk/text/text_fixture.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Isolates within literals are what is tested here.
// NOLINTBEGIN(misc-misleading-bidirectional)
namespace odop::typeset::test {
namespace {

constexpr std::array<std::string_view, 44> kPieces{
    "क",      "न्",        "ि",      "ी",      "र्",      "ष्ट्री",   "ज़",
    "ँ",       "।",        " ",      "  ",     "a",      "ffi",    "W",
    "1,250",  "₹",        "%",      "(",      ")",      "[",      "—",
    "…",      "ق",        "ل",      "ا",      "لا",     "ے",      "ُ",
    "،",      "۱۲",       "\u2066", "\u2067", "\u2068", "\u2069", "\u200D",
    "\u200C", "\u200F",   "\u00A0", "\u202E", "\n",     "\t",     "\xF0\x9F\x98\x80",
    "\xFF",   "\xE0\xA4",
};

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
  }

 private:
  std::mt19937 engine_;
};

std::string random_text(Dice& dice) {
  std::string text;
  const std::size_t pieces = dice.below(40);
  for (std::size_t i = 0; i < pieces; ++i) {
    text += kPieces.at(dice.below(kPieces.size()));
  }
  return text;
}

TextStyle random_style(Dice& dice) {
  TextStyle style;
  style.language = kLanguages.at(dice.below(kLanguages.size()));
  style.role = static_cast<TextRole>(dice.below(3));
  style.direction = static_cast<Direction>(dice.below(4));
  style.align = static_cast<Align>(dice.below(5));
  style.px = 10.0F + static_cast<float>(dice.below(60));
  style.max_width_px = dice.below(3) == 0 ? 0.0F : 20.0F + static_cast<float>(dice.below(400));
  style.max_lines = static_cast<std::int32_t>(dice.below(4));
  return style;
}

}  // namespace

TEST_CASE("Any text in any style is laid out whole, within its width and its caret's reach",
          "[kiosk][text]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    Dice dice(seed);
    const std::string text = random_text(dice);
    const TextStyle style = random_style(dice);
    INFO("seed " << seed << ": " << text);
    engine.begin_frame();
    const Layout& layout = engine.layout(text, style);
    REQUIRE_FALSE(layout.lines.empty());

    const auto stops = engine.caret_stops(layout);
    std::set<std::uint32_t> places;
    for (const CaretStop& stop : stops) {
      places.insert(stop.byte);
      const Line& line = layout.lines.at(stop.line);
      CHECK(stop.x >= line.x - 0.1F);
      CHECK(stop.x <= line.x + line.width + 0.1F);
    }
    CHECK(places.size() == stops.size());

    for (std::size_t l = 0; l < layout.lines.size(); ++l) {
      const Line& line = layout.lines[l];
      float width = 0.0F;
      std::size_t covered = 0;
      for (std::size_t r = line.first_run; r < line.first_run + line.run_count; ++r) {
        width += layout.runs[r].width;
        covered += layout.runs[r].byte_end - layout.runs[r].byte_begin;
      }
      CHECK(width == Approx(line.width).margin(0.05));
      CHECK(covered == line.byte_end - line.byte_begin);
      // Wider than asked only by hanging spaces, or by one grapheme that has no other place.
      std::size_t in_line = 0;
      for (const CaretStop& stop : stops) {
        in_line += stop.line == l && stop.byte < line.byte_end ? 1U : 0U;
      }
      const bool hangs = line.byte_end > line.byte_begin && !line.wrapped &&
                         (text[line.byte_end - 1] == ' ' || text[line.byte_end - 1] == '\t');
      if (style.max_width_px > 0.0F && in_line > 1 && !hangs &&
          text.find("\u00A0") == std::string::npos) {
        CHECK(line.width <= style.max_width_px + 0.05F);
      }
    }
    if (!layout.truncated) {
      CHECK(layout.lines.back().byte_end == text.size());
      CHECK(places.contains(0));
      CHECK(places.contains(static_cast<std::uint32_t>(text.size())));
    }
    for (const Quad& quad : engine.quads(layout)) {
      CHECK(quad.x1 > quad.x0);
      CHECK(quad.v1 <= 1.0F);
    }
    (void)engine.hit_test(layout, static_cast<float>(dice.below(500)), 10.0F);
    (void)engine.range_rects(layout, dice.below(text.size() + 1), text.size());
  }
}

}  // namespace odop::typeset::test
// NOLINTEND(misc-misleading-bidirectional)
