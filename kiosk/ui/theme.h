// Every design token in one place. All lengths are millimetres of the panel unless a name says
// otherwise; colours are straight sRGB. The numbers are the owner's (design tokens of the mocks).
//
// Screens lay out in "design millimetres": on the panels of the tokens (398 x 707.6, 708 x 398,
// 332 x 207) these are real millimetres. A panel that is smaller than the smallest of its class
// shrinks the unit, so that nothing overlaps; `px_per_mm` is then less than the glass has.
#pragma once

#include "kiosk/text/text_style.h"
#include "shared/text/language.h"

#include <cstdint>
#include <string_view>

namespace odop::kiosk::ui {

struct Colour {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  std::uint8_t a = 255;
  friend bool operator==(Colour, Colour) = default;
};

// rgb(0x9B2226)
[[nodiscard]] constexpr Colour rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>((hex >> 16U) & 0xFFU),
          static_cast<std::uint8_t>((hex >> 8U) & 0xFFU), static_cast<std::uint8_t>(hex & 0xFFU)};
}
// The same colour, `alpha` 0 to 1 of it.
[[nodiscard]] Colour faded(Colour colour, double alpha);
// "#9B2226"; anything else gives `otherwise`.
[[nodiscard]] Colour parse_colour(std::string_view text, Colour otherwise);

// What each colour means is in the comment; colour never speaks alone.
struct Palette {
  Colour chikan, paper, sand;  // ground of every screen; cards, keys, fields; quiet panels
  Colour ink, ink2;            // text, bar, pressed key; secondary text
  Colour line, edge;           // hairlines and undone stitches; outline of chips and empty boxes
  Colour madder, madder_pressed, madder_tint;  // the one main action, you are here
  Colour blue, blue_tint;                      // the way on a plan, focus; vowel-sign keys
  Colour green, green_tint, green_text;        // kept, arrived, agreed
  Colour rani, rani_deep, rani_tint;
  Colour amber_text, amber_tint, amber_edge;  // waiting, stale, offline
  Colour brass, brass_light;                  // ornament only; on ink or madder
  Colour bar_group, bar_disabled;
  Colour bar_ground, bar_text;  // the permanent bar
  Colour disabled_fill, disabled_text;
  Colour white;      // text on a solid colour
  Colour on_madder;  // label of the main action (black in high contrast)
  Colour veil;       // over the screen, behind a dialog; with its alpha
  Colour key_foot, vowel_foot, sign_foot, staff_key, staff_foot;
  Colour motif;  // craft motif on a family's colour
};

struct FamilyColours {
  Colour solid, pressed, tint, dimmed_fill, dimmed_text, deep;  // deep: display title on tint
  std::string_view texture;                                     // drawing name "texture/jali"
  std::string_view icon;                                        // drawing name "icons/family-..."
};

// Sizes of type: the em in millimetres before the visitor's text size.
struct TypeScale {
  double least = 6.2;  // never smaller (Devanagari seen at 600 mm)
  double least_latin = 5.7;
  double hint = 6.8, note = 7.4, small = 8.4, read = 9, lead = 11;
  double title_s = 11.6, title = 13, title_l = 15.6;
  double heading = 24, question = 27, number = 28;
  double display = 48, display_word = 56, attract = 44;
};

struct Space {
  double grid = 4, half = 2, margin = 16, gutter = 8, padding = 12, section = 16;
};

struct Radius {
  double card = 6, button = 6, key = 3, number_key = 6, chip = 10, choice = 6;
};

struct Stroke {
  double hairline = 0.4, chip = 0.5, second_button = 0.8, field_focus = 1.2, focus_ring = 1.6;
  double key_foot = 1.0, number_key_foot = 1.6, stitch_height = 2.4, stitch_gap = 3;
};

// Milliseconds; all 0 with reduced motion.
struct Motion {
  double press_out = 120, page = 220, card_in = 200, sheet = 240, stitch = 180, arrived = 240;
  double attract_picture = 6000, attract_fade = 600;
};

struct Target {
  double least = 20;  // height and width of anything that can be touched; 15 on kSmall
  double primary = 36, primary_min = 28;
  double key_w = 31.6, key_h = 23, number_key_w = 94, number_key_h = 60;
  double bar_item_w = 38, bar_item_h = 40, language_w = 36, language_h = 32;
  double gap_least = 2, gap = 8;
  double slop = 3;  // a finger may tremble this far and still tap
};

// Columns change between these, millimetres do not. A panel may be smaller than its class says by
// 2 % each way, as panels of one nominal size are; the unit is then shorter by as much.
enum class LayoutClass : std::uint8_t {
  kPortrait,  // from 398 x 700
  kWide,      // landscape from 700 x 394: two columns, picture at the start side
  kSmall,     // landscape below that (21.5 inch 476 x 268, 15.4 inch 332 x 207): one column,
              // one thing, paging keys instead of scrolling
};

// Bands of every screen. The bar is drawn by the shell; screens own head and content.
struct Bands {
  double width = 0, height = 0;  // of the panel
  double kinara_h = 8;
  double head_y = 8, head_h = 36;
  double content_y = 48, content_end = 648;  // between head and temple edge
  double actions_y = 606, actions_h = 36;    // row of the main buttons
  double temple_y = 655.6, temple_h = 4;
  double bar_y = 659.6, bar_h = 48;
};

struct Panel {
  int width_px = 1080;
  int height_px = 1920;
  double width_mm = 398;
  double height_mm = 707.6;
  double floor_mm = 0;  // floor to lower edge of the glass; 0 = not known

  // The panel of the tokens that has this many pixels: portrait 32 inch, landscape 32 inch, or
  // 15.4 inch up to 1280 x 800.
  [[nodiscard]] static Panel fallback(int width_px, int height_px);
};

enum class TextSize : std::uint8_t { kNormal, kLarge, kLarger };  // 1.0, 1.2, 1.4

// What the visitor chose; gone with the session.
struct Comfort {
  TextSize text = TextSize::kNormal;
  bool high_contrast = false;
  bool reach = false;  // everything within 380 to 1,220 mm of the floor (P10)
  bool reduced_motion = false;
  friend bool operator==(const Comfort&, const Comfort&) = default;
};

// An immutable description of how to draw on this panel for this visitor.
struct Theme {
  Panel panel;
  Comfort comfort;
  LayoutClass layout = LayoutClass::kPortrait;
  Bands bands;
  Palette colour;
  TypeScale type;
  Space space;
  Radius radius;
  Stroke stroke;
  Motion motion;
  Target target;
  double px_per_mm = 2.7136;
  double text_scale = 1.0;    // 1.0, 1.2, 1.4
  double min_target_mm = 20;  // every target is at least this, both ways
  bool textures = true;       // off in high contrast
  // In reach mode the screen is laid out for the part of the glass between 380 and 1,220 mm over
  // the floor, and drawn there: `bands` are of that part, which begins so far below the glass's top
  // (mm of the design). Elsewhere 0. What is over and under it shows ornament and takes no touch.
  double top_mm = 0;
  // The part itself, window pixels; the whole glass otherwise.
  int live_top_px = 0, live_height_px = 1920;

  [[nodiscard]] float px(double mm) const { return static_cast<float>(mm * px_per_mm); }
  // An em after the visitor's text size: full effect up to title, half above, none from `number` up
  // (those words already carry across the room).
  [[nodiscard]] double em(double mm) const;
  // Line height in em for a voice in a language.
  [[nodiscard]] static double line_height(Language language, typeset::TextRole role);
  // Colours of a craft family "t m w c l f h"; unknown ids get those of handicraft.
  [[nodiscard]] FamilyColours family(std::string_view id) const;
};

[[nodiscard]] Theme make_theme(const Panel& panel, const Comfort& comfort);

// Whether reach mode would bring anything nearer on this glass: its height over the floor is known,
// and part of it is over 1,220 or under 380 mm.
[[nodiscard]] bool offers_reach(const Panel& panel);

}  // namespace odop::kiosk::ui
