#include "kiosk/ui/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

namespace odop::kiosk::ui {
namespace {

Palette day_palette() {
  Palette p;
  p.chikan = rgb(0xFBF7EF);
  p.paper = rgb(0xFFFDF9);
  p.sand = rgb(0xF3EADB);
  p.ink = rgb(0x2A1A12);
  p.ink2 = rgb(0x5C4739);
  p.line = rgb(0xD9C9B0);
  p.edge = rgb(0x8F7B64);
  p.madder = rgb(0x9B2226);
  p.madder_pressed = rgb(0x74171B);
  p.madder_tint = rgb(0xF7E6E0);
  p.blue = rgb(0x1F4E8C);
  p.blue_tint = rgb(0xE3EAF3);
  p.green = rgb(0x0B6E4F);
  p.green_tint = rgb(0xDFEDE5);
  p.green_text = rgb(0x07533B);
  p.rani = rgb(0xA61C5C);
  p.rani_deep = rgb(0x7E1245);
  p.rani_tint = rgb(0xF8E4EC);
  p.amber_text = rgb(0x7A4B00);
  p.amber_tint = rgb(0xFBEBC8);
  p.amber_edge = rgb(0xD9A441);
  p.brass = rgb(0xB8862B);
  p.brass_light = rgb(0xE3C27A);
  p.bar_group = rgb(0x46321F);
  p.bar_disabled = rgb(0x8C7A6C);
  p.bar_ground = p.ink;
  p.bar_text = p.chikan;
  p.disabled_fill = rgb(0xDDCFB9);
  p.disabled_text = rgb(0x64513F);
  p.white = rgb(0xFFFFFF);
  p.on_madder = p.white;
  p.veil = faded(p.ink, 0.55);
  p.key_foot = rgb(0xCDB998);
  p.vowel_foot = rgb(0xDDB3A6);
  p.sign_foot = rgb(0xA9BCD6);
  p.staff_key = rgb(0xE2D2B8);
  p.staff_foot = rgb(0xB9A27E);
  p.motif = rgb(0xF2DFA9);
  return p;
}

// White and brass on black; where a tint carried meaning, a dark shade of it stays, under white
// text of at least 12:1.
Palette contrast_palette() {
  Palette p = day_palette();
  const Colour black = rgb(0x000000);
  p.chikan = p.paper = p.disabled_fill = p.rani_tint = p.amber_tint = p.green_tint = black;
  p.sand = rgb(0x1C1C1C);
  p.ink = p.ink2 = p.white;
  p.line = p.edge = p.brass_light;
  p.madder = p.brass_light;
  p.madder_pressed = rgb(0xB8862B);
  p.madder_tint = rgb(0x3A1512);
  p.on_madder = black;
  p.blue = rgb(0x8FC1FF);
  p.blue_tint = rgb(0x10253F);
  p.green_text = rgb(0x8FE3C0);
  p.rani = p.rani_deep = p.brass_light;
  p.amber_text = p.brass_light;
  p.amber_edge = p.brass_light;
  p.disabled_text = rgb(0xB0A080);
  p.bar_ground = black;
  p.bar_group = rgb(0x1C1C1C);
  p.bar_text = p.white;
  p.bar_disabled = rgb(0x8C8C8C);
  p.veil = faded(black, 0.8);
  p.key_foot = p.vowel_foot = p.sign_foot = p.staff_foot = p.brass_light;
  p.staff_key = rgb(0x2E2A22);
  p.motif = p.brass_light;
  return p;
}

// The panels of the tokens: design size in mm and the numbers that differ from portrait.
struct Reference {
  LayoutClass layout;
  double width, height;  // the smallest panel that this design fits at its full size
  double kinara, head, bar, temple, content_gap;
  double read, title, question, display, primary, target;
};
constexpr std::array kReferences{
    Reference{LayoutClass::kPortrait, 398, 700, 8, 36, 48, 4, 4, 9, 13, 27, 48, 36, 20},
    Reference{LayoutClass::kWide, 700, 394, 6, 28, 40, 4, 4, 9, 13, 27, 48, 36, 20},
    // 21.5 inch: 476 x 268.
    Reference{LayoutClass::kSmall, 470, 264, 4, 16, 28, 3, 3, 7.4, 11, 18, 30, 24, 20},
    // 15.4 inch: 332 x 207; also what anything smaller is shrunk to.
    Reference{LayoutClass::kSmall, 330, 206, 4, 13, 22, 2, 2, 6.8, 9, 14, 22, 17, 15},
};

// Panels that are sold as one size differ by some millimetres, and so does what they report (a
// 31.5 inch panel: 697.7 or 698 mm, with 700 in the tokens). What lacks this part of a design still
// gets it, with a unit that is shorter by as much; that leaves a target of 20 mm 19.6.
constexpr double kTolerance = 0.02;

bool holds(const Panel& panel, const Reference& reference) {
  return panel.width_mm >= reference.width * (1 - kTolerance) &&
         panel.height_mm >= reference.height * (1 - kTolerance);
}

// Where a seated person's hand gets to, over the floor (P10).
constexpr double kHighestMm = 1220;
constexpr double kLowestMm = 380;
// A glass that hangs higher than a hand gets keeps at least so much of it.
constexpr double kLeastLiveMm = 206;

struct Lowered {
  Panel panel;     // the part of the glass that is in reach
  int top_px = 0;  // of it, from the glass's top
};

Lowered lowered(const Panel& glass) {
  // Without a known height the glass stands with its upper edge at 1,800 mm.
  const double floor = glass.floor_mm > 0 ? glass.floor_mm : 1800 - glass.height_mm;
  const double least = std::min(kLeastLiveMm, glass.height_mm);
  const double foot = std::clamp(kLowestMm - floor, 0.0, glass.height_mm - least);
  const double top =
      std::clamp(floor + glass.height_mm - kHighestMm, 0.0, glass.height_mm - foot - least);
  const double px = glass.height_px / glass.height_mm;
  Lowered part{glass, static_cast<int>(std::ceil(top * px))};
  part.panel.height_px = static_cast<int>(std::floor((glass.height_mm - foot) * px)) - part.top_px;
  part.panel.height_mm = part.panel.height_px / px;
  return part;
}

const Reference& reference_for(const Panel& panel) {
  // What reach mode leaves of an upright glass may be too low for the portrait design: its targets
  // would fall under 15 mm.
  const bool upright = panel.height_mm > panel.width_mm &&
                       panel.height_mm >= 0.8 * 700 * std::min(1.0, panel.width_mm / 398);
  if (upright) return kReferences[0];
  for (std::size_t i = 1; i < kReferences.size(); ++i) {
    if (holds(panel, kReferences.at(i))) return kReferences.at(i);
  }
  return kReferences.back();
}

TypeScale type_for(const Reference& reference) {
  TypeScale type;
  if (reference.layout != LayoutClass::kSmall) return type;
  const double read = reference.read / type.read;
  const double title = reference.title / type.title;
  type.hint = std::max(type.least, type.hint * read);
  type.note = std::max(type.least, type.note * read);
  type.small = std::max(type.least, type.small * read);
  type.read = reference.read;
  type.lead = std::max(reference.read, type.lead * read);
  type.title_s = std::max(reference.read, type.title_s * title);
  type.title = reference.title;
  type.title_l = type.title_l * title;
  type.heading = reference.question * 0.9;
  type.question = reference.question;
  type.number = reference.question;
  type.display = reference.display;
  type.display_word = reference.display * 1.15;
  type.attract = reference.display;
  return type;
}

}  // namespace

Colour faded(Colour colour, double alpha) {
  colour.a = static_cast<std::uint8_t>(std::lround(colour.a * std::clamp(alpha, 0.0, 1.0)));
  return colour;
}

Colour parse_colour(std::string_view text, Colour otherwise) {
  if (text.size() != 7 || text.front() != '#') return otherwise;
  std::uint32_t value = 0;
  for (const char c : text.substr(1)) {
    const auto digit = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : -1;
    if (digit < 0) return otherwise;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return rgb(value);
}

Panel Panel::fallback(int width_px, int height_px) {
  Panel panel{width_px, height_px, 398, 707.6, 0};
  if (width_px > height_px) {
    const bool small = width_px <= 1366;
    panel.width_mm = small ? 332 : 708;
    // Square pixels, whatever the proportions of the glass are.
    panel.height_mm = panel.width_mm * height_px / std::max(1, width_px);
  } else {
    panel.height_mm = panel.width_mm * height_px / std::max(1, width_px);
  }
  return panel;
}

double Theme::em(double mm) const {
  const double grow = mm <= type.title_l ? text_scale
                      : mm < type.number ? 1 + (text_scale - 1) / 2
                                         : 1.0;
  return mm * grow;
}

double Theme::line_height(Language language, typeset::TextRole role) {
  const bool title = role == typeset::TextRole::kTitle;
  switch (language) {
    case Language::kHindi:
      return title ? 1.3 : 1.5;
    case Language::kEnglish:
      return title ? 1.2 : 1.5;
    case Language::kUrdu:
      return title ? 2.5 : 1.5;
  }
  return 1.5;
}

FamilyColours Theme::family(std::string_view id) const {
  struct Row {
    char id;
    std::uint32_t solid, pressed, tint, dimmed_text, deep;
    std::string_view texture, icon;
  };
  static constexpr std::array kRows{
      Row{'h', 0xA61C5C, 0x7E1245, 0xF8E4EC, 0x86446A, 0x7E1245, "chikan",
          "family-scent-handicraft"},
      Row{'t', 0x1F4E8C, 0x14365F, 0xE3EAF3, 0x4A5E7B, 0x14365F, "jali", "family-textiles"},
      Row{'m', 0x7A5510, 0x563B09, 0xF3EAD6, 0x6B5320, 0x563B09, "meenakari", "family-metal"},
      Row{'w', 0x5B3A21, 0x3E2614, 0xEDE3DA, 0x66503F, 0x3E2614, "jali", "family-wood"},
      Row{'c', 0xA8452A, 0x7C301B, 0xF5E5DC, 0x84503F, 0x7C301B, "meenakari",
          "family-clay-glass-stone"},
      Row{'l', 0x5A2A4A, 0x3E1B33, 0xEEE2EA, 0x6A4A60, 0x3E1B33, "jali", "family-leather"},
      Row{'f', 0x0B6E4F, 0x074C36, 0xDFEDE5, 0x3F6657, 0x074C36, "chikan", "family-food-farm"},
  };
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [id](const Row& candidate) {
    return id.size() == 1 && candidate.id == id.front();
  });
  if (row == kRows.end()) row = kRows.begin();
  if (comfort.high_contrast) {
    const Colour black = rgb(0x000000);
    return {black, colour.sand, black, black, rgb(0xB0A080), colour.white, row->texture, row->icon};
  }
  return {rgb(row->solid),       rgb(row->pressed), rgb(row->tint), rgb(row->tint),
          rgb(row->dimmed_text), rgb(row->deep),    row->texture,   row->icon};
}

Theme make_theme(const Panel& glass, const Comfort& comfort) {
  const Lowered part = comfort.reach ? lowered(glass) : Lowered{glass, 0};
  const Panel& panel = part.panel;
  const Reference& reference = reference_for(panel);
  Theme theme;
  theme.panel = glass;
  theme.comfort = comfort;
  theme.layout = reference.layout;
  theme.colour = comfort.high_contrast ? contrast_palette() : day_palette();
  theme.textures = !comfort.high_contrast;
  theme.text_scale = comfort.text == TextSize::kLarger  ? 1.4
                     : comfort.text == TextSize::kLarge ? 1.2
                                                        : 1.0;
  theme.type = type_for(reference);

  // Real millimetres when the design fits the glass, else a smaller unit.
  // Its height by its pixels, which are square: panels report whole millimetres.
  const double px = panel.width_px / panel.width_mm;
  const double height_mm = panel.height_px / px;
  const double shrink =
      std::min({1.0, panel.width_mm / reference.width, height_mm / reference.height});
  theme.px_per_mm = px * shrink;

  Bands& bands = theme.bands;
  bands.width = panel.width_px / theme.px_per_mm;
  bands.height = panel.height_px / theme.px_per_mm;
  bands.kinara_h = reference.kinara;
  bands.head_y = reference.kinara;
  bands.head_h = reference.head;
  bands.bar_h = reference.bar;
  bands.bar_y = bands.height - bands.bar_h;
  bands.temple_h = reference.temple;
  bands.temple_y = bands.bar_y - bands.temple_h;
  bands.content_y = bands.head_y + bands.head_h + reference.content_gap;
  bands.content_end = bands.temple_y - std::max(3.0, reference.content_gap * 1.9);
  bands.actions_h = reference.primary;
  bands.actions_y = bands.content_end - bands.actions_h - reference.content_gap * 1.5;

  Target& target = theme.target;
  // 15 mm of the glass, also after edges are set on pixels, and whatever the design makes of its
  // own millimetres; on glass that is smaller than any we know the design is kept whole instead.
  constexpr double kLeastOnGlassMm = 15;
  constexpr double kMostGrowth = 1.1;
  target.least = std::clamp(kLeastOnGlassMm / shrink + 1 / theme.px_per_mm, reference.target,
                            reference.target * kMostGrowth);
  theme.min_target_mm = target.least;
  if (reference.layout == LayoutClass::kSmall) {
    target.primary = reference.primary;
    target.primary_min = reference.primary;
    target.bar_item_w = bands.width >= 400 ? 36 : 26;
    target.bar_item_h = bands.bar_h - 4;
    target.language_w = bands.width >= 400 ? 30 : 24;
    target.language_h = bands.bar_h - 6;
    theme.space = {4, 2, 10, 6, 8, 10};
  } else if (reference.layout == LayoutClass::kWide) {
    target.bar_item_h = 34;
    target.language_h = 30;
  }

  if (comfort.reduced_motion) {
    theme.motion = {0, 0, 0, 0, 0, 0, theme.motion.attract_picture, 0};
  }

  theme.live_top_px = part.top_px;
  theme.live_height_px = panel.height_px;
  theme.top_mm = part.top_px / theme.px_per_mm;
  return theme;
}

bool offers_reach(const Panel& panel) {
  if (panel.floor_mm <= 0) return false;
  return panel.floor_mm + panel.height_mm > kHighestMm || panel.floor_mm < kLowestMm;
}

}  // namespace odop::kiosk::ui
