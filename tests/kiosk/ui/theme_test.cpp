#include "kiosk/ui/theme.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace odop::kiosk::ui;  // NOLINT: a test of this room

namespace {

// WCAG 2.1 relative luminance and contrast.
double luminance(Colour c) {
  const auto channel = [](std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b);
}

double contrast(Colour a, Colour b) {
  const double la = luminance(a);
  const double lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

TEST_CASE("The reference panel has the tokens' millimetres", "[kiosk][ui]") {
  const Theme theme = make_theme(Panel::fallback(1080, 1920), {});
  CHECK(theme.px_per_mm == Approx(2.7136).epsilon(0.001));
  CHECK(theme.layout == LayoutClass::kPortrait);
  CHECK(theme.bands.bar_y == Approx(659.6).margin(0.2));
  CHECK(theme.bands.actions_y == Approx(606).margin(0.5));
  CHECK(theme.bands.content_y == Approx(48));
  CHECK(theme.min_target_mm == 20);
}

TEST_CASE("Panels choose their layout by their millimetres", "[kiosk][ui]") {
  CHECK(make_theme({1920, 1080, 708, 398, 0}, {}).layout == LayoutClass::kWide);
  CHECK(make_theme({1920, 1080, 476, 268, 0}, {}).layout == LayoutClass::kSmall);
  const Theme smallest = make_theme({1280, 800, 332, 207.5, 0}, {});
  CHECK(smallest.layout == LayoutClass::kSmall);
  CHECK(smallest.min_target_mm >= 15);  // and a pixel, which setting edges on pixels may take
  CHECK(smallest.min_target_mm < 15 + 1.01 / smallest.px_per_mm);
  CHECK(smallest.type.read == Approx(6.8));
  CHECK(make_theme(Panel::fallback(1280, 800), {}).layout == LayoutClass::kSmall);
  CHECK(make_theme(Panel::fallback(1920, 1080), {}).layout == LayoutClass::kWide);
}

TEST_CASE("A panel that reports some millimetres less than its class stays in it", "[kiosk][ui]") {
  // What EDID says of two panels of 31.5 inch, and the least of the class.
  for (const auto& [width, height] : {std::pair{698.0, 393.0}, {697.7, 392.3}, {686.0, 386.2}}) {
    const Theme theme = make_theme({1920, 1080, width, height, 0}, {});
    INFO(width);
    CHECK(theme.layout == LayoutClass::kWide);
    // Shorter units, so that all of the design has its place.
    CHECK(theme.bands.width >= 700 - 0.01);
    CHECK(theme.bands.height >= 394 - 0.01);
    CHECK(theme.min_target_mm * theme.px_per_mm / (1920 / width) >= 19.5);
  }
  CHECK(make_theme({1920, 1080, 685, 386.2, 0}, {}).layout == LayoutClass::kSmall);
  CHECK(make_theme({1920, 1080, 690, 385, 0}, {}).layout == LayoutClass::kSmall);
  // 21.5 inch keeps targets of 20 mm and not those of 15.4.
  CHECK(make_theme({1920, 1080, 468, 263, 0}, {}).target.primary == 24);
}

TEST_CASE("A panel under the smallest of its class shrinks the unit, not the layout",
          "[kiosk][ui]") {
  const Theme theme = make_theme({1080, 1920, 268, 476, 0}, {});
  CHECK(theme.bands.width >= 398 - 0.01);
  CHECK(theme.bands.height >= 700 - 0.01);
}

TEST_CASE("Text follows the visitor's size, giants do not", "[kiosk][ui]") {
  const Theme theme = make_theme(Panel::fallback(1080, 1920), {.text = TextSize::kLarger});
  CHECK(theme.em(9) == Approx(12.6));
  CHECK(theme.em(24) == Approx(24 * 1.2));
  CHECK(theme.em(48) == Approx(48));
}

TEST_CASE("Reach mode keeps 380 to 1,220 mm of the floor", "[kiosk][ui]") {
  Panel panel = Panel::fallback(1080, 1920);
  panel.floor_mm = 900;
  const Theme theme = make_theme(panel, {.reach = true});
  // The glass reaches from 900 to 1,607.6 mm: its part under 1,220 mm begins 387.6 mm from its top.
  const double px = 1920 / 707.6;
  CHECK(theme.live_top_px / px == Approx(387.6).margin(0.5));
  CHECK(theme.live_height_px / px == Approx(320).margin(0.5));
  CHECK(theme.bands.height * theme.px_per_mm == Approx(theme.live_height_px).margin(1));
  CHECK(offers_reach(panel));
  // Standing on the floor: what is under 380 mm is left free.
  panel.floor_mm = 200;
  const Theme low = make_theme(panel, {.reach = true});
  CHECK(low.live_top_px == 0);
  CHECK(low.live_height_px / px == Approx(527.6).margin(0.5));
  // All of it in reach, or nobody knows where it hangs.
  panel.floor_mm = 450;
  CHECK_FALSE(offers_reach(panel));
  CHECK(make_theme(panel, {.reach = true}).live_height_px == 1920);
  panel.floor_mm = 0;
  CHECK_FALSE(offers_reach(panel));
}

TEST_CASE("Words stand out from their ground in both looks", "[kiosk][ui]") {
  const bool high = GENERATE(false, true);
  const Theme theme = make_theme(Panel::fallback(1080, 1920), {.high_contrast = high});
  const Palette& c = theme.colour;
  const double least = high ? 7.0 : 4.5;
  CHECK(contrast(c.ink, c.chikan) >= 12);
  CHECK(contrast(c.ink2, c.chikan) >= 7);
  CHECK(contrast(c.ink2, c.sand) >= 7);
  CHECK(contrast(c.on_madder, c.madder) >= 7);
  CHECK(contrast(c.on_madder, c.madder_pressed) >= 4.5);
  CHECK(contrast(c.chikan, c.ink) >= 12);
  CHECK(contrast(c.madder, c.paper) >= least);
  CHECK(contrast(c.ink, c.madder_tint) >= 12);
  CHECK(contrast(c.ink, c.blue_tint) >= 12);
  CHECK(contrast(c.ink, c.green_tint) >= 12);
  CHECK(contrast(c.ink, c.amber_tint) >= 12);
  CHECK(contrast(c.white, c.green) >= 4.5);
  CHECK(contrast(c.amber_text, c.amber_tint) >= 6);
  CHECK(contrast(c.disabled_text, c.disabled_fill) >= 4.5);
  CHECK(contrast(c.bar_text, c.bar_ground) >= 12);
  CHECK(contrast(c.bar_disabled, c.bar_ground) >= 4);
  for (const char* id : {"t", "m", "w", "c", "l", "f", "h"}) {
    const FamilyColours family = theme.family(id);
    CHECK(contrast(c.white, family.solid) >= 4.5);
    CHECK(contrast(c.motif, family.solid) >= 4.4);
    CHECK(contrast(family.dimmed_text, family.dimmed_fill) >= 5);
    CHECK(contrast(family.deep, family.tint) >= 7);
  }
}

TEST_CASE("Colours are read from the catalogue's form", "[kiosk][ui]") {
  CHECK(parse_colour("#9B2226", {}) == rgb(0x9B2226));
  CHECK(parse_colour("9B2226", rgb(0x010203)) == rgb(0x010203));
  CHECK(parse_colour("#9B222G", rgb(0x010203)) == rgb(0x010203));
}
