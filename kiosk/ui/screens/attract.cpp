#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

namespace {

// Before there is a catalogue: the programme's name in three scripts under the arch, over a rosette
// of seven tiles, one for each family of crafts.
void draw_programme(const Stage& stage, const AttractView& view, const Box& arch) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const auto& theme = frame.theme();
  constexpr std::array<std::string_view, 7> kFamilies{"h", "t", "m", "w", "c", "l", "f"};
  const double tile = std::min(arch.w * 0.2, arch.h * 0.13);
  const Point middle{arch.mid_x(), arch.y + arch.h * 0.4};
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    Point centre = middle;
    if (i > 0) {
      const double turn = (static_cast<double>(i) - 1) * std::numbers::pi / 3;
      centre = {middle.x + tile * std::cos(turn), middle.y + tile * std::sin(turn)};
    }
    const FamilyColours family = theme.family(kFamilies.at(i));
    const bool high = theme.comfort.high_contrast;
    frame.hexagon(centre, tile, 0.95, family.solid);
    frame.hexagon_outline(centre, tile, high ? 0.93 : 0.84,
                          high ? colour.white : faded(colour.white, 0.3), tile / 60);
    const double side = tile * 0.46;
    frame.icon({centre.x - side / 2, centre.y - side / 2, side, side}, family.icon, colour.motif);
  }
  const Box words{arch.x + arch.w * 0.1, 0, arch.w * 0.8, 0};
  double y = middle.y + tile * 1.62;
  for (const Language language : kLanguages) {
    Type type = title_type(frame, arch.w * (language == Language::kHindi ? 0.088 : 0.062));
    type.language = language;
    type.align = Align::kCenter;
    type.scales = false;
    type.colour = language == Language::kHindi ? colour.madder : colour.ink;
    if (theme.comfort.high_contrast) type.colour = colour.ink;
    if (language == Language::kUrdu) type.line_height = 2.1;
    type = fitted(frame, view.programme.at(index(language)), type, words.w, 1, theme.type.least);
    y += frame.text({words.x, y, words.w, 0}, view.programme.at(index(language)), type) +
         arch.h * 0.008;
  }
}

// The jharokha with one craft under it, on a plinth with its name.
void draw_jharokha(const Stage& stage, const AttractView& view, const Box& box) {
  Frame& frame = stage.frame;
  const double plinth_h = std::max(stage.mm(20), box.h * 0.075);
  const Box arch_box = box.top(box.h - plinth_h).inset(box.w * 0.055, 0);
  frame.arch(arch_box);
  const bool empty = view.picture.photo.empty() && view.picture.drawing.empty();
  frame.layer();
  if (empty) draw_programme(stage, view, arch_box);
  const double side = arch_box.w * 0.87;
  const Box hero{arch_box.mid_x() - side / 2, arch_box.bottom() - side - arch_box.h * 0.07, side,
                 side};
  if (empty) {
    frame.node("attract.programme", arch_box, Role::kImage, view.programme.front());
  } else if (!view.picture.photo.empty()) {
    frame.picture(hero.inset(side * 0.06), view.picture.photo, "craft/" + view.picture.drawing,
                  frame.colour().chikan, 6);
  } else {
    frame.drawing(hero, "craft/" + view.picture.drawing);
  }
  const Box plinth = box.foot(plinth_h);
  const bool high = frame.theme().comfort.high_contrast;
  frame.fill(plinth, high ? frame.colour().sand : frame.colour().bar_ground, 2);
  frame.fill(plinth.top(1.2), frame.colour().brass);
  Type caption = title_type(frame, frame.theme().type.title);
  caption.colour = frame.colour().brass_light;
  caption.align = Align::kCenter;
  caption.scales = false;
  caption = fitted(frame, view.caption, caption, plinth.w - 8, 1, frame.theme().type.least);
  frame.text_middle(plinth.inset(4, 0), view.caption, caption);
  if (!empty) frame.node("attract.picture", arch_box, Role::kImage, view.caption);
  if (empty) frame.node("attract.waiting", plinth, Role::kStatus, view.caption);
}

// Greeting of the visitor's language large, the two others beneath.
double draw_greetings(const Stage& stage, const AttractView& view, const Box& column, double em) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const std::size_t own = index(stage.view.language);
  Type large = title_type(frame, em);
  large.colour = colour.bar_text;
  large.align = Align::kCenter;
  large = fitted(frame, view.greetings.at(own), large, column.w, 1, em * 0.45);
  double y = column.y;
  y += frame.say("attract.greeting", {column.x, y, column.w, 0}, view.greetings.at(own), large,
                 Role::kHeading);
  y += stage.mm(2);

  struct Other {
    std::string_view words;
    Type type;
    double width = 0;
  };
  std::array<Other, 2> others;
  std::size_t count = 0;
  double total = 0;
  for (const Language language : kLanguages) {
    if (index(language) == own) continue;
    Other& other = others.at(count++);
    other.words = view.greetings.at(index(language));
    other.type = {.role = TextRole::kTitle,
                  .em = language == Language::kUrdu ? em * 0.36 : em * 0.39,
                  .colour = colour.brass_light,
                  .language = language,
                  .scales = false};
    other.width = frame.measure(other.words, other.type).w;
    total += other.width;
  }
  const double gap = stage.mm(26);
  const double line = stage.mm(44) * em / 44;
  double x = column.mid_x() - (total + gap) / 2;
  for (std::size_t i = 0; i < others.size(); ++i) {
    Type type = others.at(i).type;
    type.align = Align::kCenter;
    frame.text_middle({x - 4, y, others.at(i).width + 8, line}, others.at(i).words, type);
    x += others.at(i).width;
    if (i == 0) {
      const Point centre{x + gap / 2, y + line / 2};
      const double r = stage.mm(2.2);
      const std::array diamond{Point{centre.x, centre.y - r}, Point{centre.x + r, centre.y},
                               Point{centre.x, centre.y + r}, Point{centre.x - r, centre.y}};
      frame.polygon(diamond, colour.brass_light);
    }
    x += gap;
  }
  return y + line;
}

void draw_cue(const Stage& stage, const AttractView& view, const Box& box, bool pressed) {
  Frame& frame = stage.frame;
  const bool high = frame.theme().comfort.high_contrast;
  const Colour paper = high ? frame.colour().madder : rgb(0xFBF7EF);
  const Colour ink = high ? frame.colour().on_madder : rgb(0x9B2226);
  frame.shadow(box, Shadow::kDialog);
  frame.fill(box, pressed ? frame.colour().brass_light : paper, frame.theme().radius.card);
  Type words = title_type(frame, std::min(22.0, box.h * 0.34));
  words.colour = ink;
  words.scales = false;
  words = fitted(frame, view.start, words, box.w * 0.66, 1, 8);
  const double disc = box.h * 0.66;
  const double width = frame.measure(view.start, words).w;
  const double gap = box.h * 0.15;
  const double x = box.mid_x() - (disc + gap + width) / 2;
  const Point centre{x + disc / 2, box.mid_y()};
  frame.circle(centre, disc / 2, high ? frame.colour().paper : rgb(0xF7E6E0));
  std::vector<Point> ring;
  constexpr int kParts = 36;
  for (int i = 0; i <= kParts; ++i) {
    const double turn = i * 6.283185307 / kParts;
    ring.push_back(
        {centre.x + disc * 0.34 * std::cos(turn), centre.y + disc * 0.34 * std::sin(turn)});
  }
  const Colour hand = high ? frame.colour().white : ink;
  frame.dashed(ring, hand, disc * 0.027, disc * 0.07, disc * 0.055);
  frame.icon(Box{centre.x - disc * 0.28, centre.y - disc * 0.26, disc * 0.56, disc * 0.56}, "hand",
             hand);
  frame.text_middle({x + disc + gap, box.y, width + 4, box.h}, view.start, words);
}

void draw_rail(const Stage& stage, const AttractView& view, const Box& box) {
  Frame& frame = stage.frame;
  const int count = static_cast<int>(view.drawings.size());
  if (count == 0) return;
  const double tile = std::min({box.h / 1.1547, box.w / (count + 0.4 * (count - 1)), 40.0});
  const double step = count > 1 ? std::min(tile * 1.4, (box.w - tile) / (count - 1)) : 0;
  double x = box.mid_x() - step * (count - 1) / 2;
  for (const auto& drawing : view.drawings) {
    const Point centre{x, box.mid_y()};
    frame.hexagon(centre, tile, 0.94, rgb(0xFBF7EF));
    frame.hexagon_outline(centre, tile, 0.86, frame.colour().brass, 0.6);
    const double side = tile * 0.6;
    frame.drawing({centre.x - side / 2, centre.y - side / 2, side, side}, "craft/" + drawing);
    x += step;
  }
}

}  // namespace

void draw_attract(const Stage& stage, const AttractView& view) {
  if (!view.closed.front().title.empty()) {
    draw_closed_page(stage, view);
    return;
  }
  Frame& frame = stage.frame;
  const Bands& bands = frame.theme().bands;
  const bool high = frame.theme().comfort.high_contrast;
  const Box whole{0, 0, bands.width, bands.temple_y + bands.temple_h};
  frame.fill(whole, high ? frame.colour().chikan : frame.colour().madder);
  frame.texture(whole, "jali-light");
  frame.kinara();

  // The whole glass above the bar is one target: the touch that wakes presses nothing else.
  const Touch touch =
      frame.target("attract.start", {0, 0, bands.width, bands.temple_y}, Role::kButton, view.start);
  if (touch.tapped) stage.ask(intent::Start{});

  const double margin = frame.theme().space.margin;
  if (stage.portrait()) {
    const double h = bands.temple_y;  // 655.6 on the reference panel
    const double scale = h / 655.6;
    draw_jharokha(stage, view, {48, 26 * scale, bands.width - 96, 350 * scale});
    draw_greetings(stage, view, {margin, 388 * scale, bands.width - 2 * margin, 0},
                   frame.theme().type.attract);
    draw_cue(stage, view, {margin, 512 * scale, bands.width - 2 * margin, 66 * scale},
             touch.pressed);
    draw_rail(stage, view, {margin, 595 * scale, bands.width - 2 * margin, 46 * scale});
    return;
  }
  const double top = bands.kinara_h + margin * 0.6;
  const double height = bands.temple_y - top - margin * 0.6;
  const double start_w = std::min(height * 0.78, bands.width * 0.4);
  draw_jharokha(stage, view, {margin, top, start_w, height});
  const Box column = Box{0, top, bands.width, height}
                         .after(margin + start_w + margin)
                         .start(bands.width - start_w - 3 * margin);
  const double rail_h = height * 0.17;
  const double cue_h = height * 0.22;
  const double em = std::min(frame.theme().type.attract, height * 0.13);
  draw_greetings(stage, view, {column.x, column.y + height * 0.08, column.w, 0}, em);
  draw_cue(stage, view,
           {column.x, column.bottom() - rail_h - cue_h - height * 0.07, column.w, cue_h},
           touch.pressed);
  draw_rail(stage, view, {column.x, column.bottom() - rail_h, column.w, rail_h});
}

}  // namespace odop::kiosk::ui
