// The permanent bar. Languages keep their left-to-right order in every language; all else follows
// the direction.
#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace odop::kiosk::ui {
namespace {

struct Item {
  std::string_view id, icon, label;
  bool enabled = true;
  bool directed = false;
  bool on = false;
};

bool bar_item(Frame& frame, const Box& box, const Item& item) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const Touch touch = frame.target(item.id, box, Role::kButton, item.label,
                                   {.enabled = item.enabled, .value = item.on ? "on" : ""});
  if (touch.pressed || item.on) frame.fill(box, c.bar_group, 4);
  if (touch.focused) frame.outline(box, c.brass_light, theme.stroke.focus_ring, 4);
  const Colour colour = item.enabled ? c.bar_text : c.bar_disabled;
  const double scale = box.h / 40;
  // Never under the least size: on small panels the words go closer to the icon instead.
  const double em = std::max(theme.type.least, 7 * scale);
  const double side = std::max(8.0, 15 * scale);
  const double words = em * 1.3;
  const double top = box.mid_y() - (side + words + 1.5 * scale) / 2;
  frame.icon({box.mid_x() - side / 2, top, side, side}, item.icon, colour,
             item.directed ? Mirror::kWithLanguage : Mirror::kNo);
  frame.text({box.x - 4, top + side + 1.5 * scale, box.w + 8, words}, item.label,
             {.em = em,
              .colour = colour,
              .align = Align::kCenter,
              .max_lines = 1,
              .line_height = 1.3,
              .scales = false});
  return touch.tapped;
}

}  // namespace

BarResult bar(Frame& frame, const BarSpec& spec) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const Bands& bands = theme.bands;
  BarResult result;
  frame.layer();
  frame.fill({0, bands.bar_y, bands.width, bands.bar_h + 1}, c.bar_ground);
  if (theme.comfort.high_contrast) {
    frame.fill({0, bands.bar_y, bands.width, 0.8}, c.line);
  } else {
    frame.temple_edge();
  }

  const double pad = theme.layout == LayoutClass::kSmall ? 4 : 10;
  const Box row = Box{0, bands.bar_y, bands.width, bands.bar_h}.inset(pad, 0);
  const Target& target = theme.target;
  const double group_w = 3 * target.language_w + 2 * 2 + 2 * 2;
  const std::array before{Item{"bar.back", "back", spec.back, spec.can_back, true, false},
                          Item{"bar.home", "home", spec.home, spec.can_home, false, false}};
  std::vector<Item> after;
  after.push_back({"bar.text", "text", spec.text, true, false, false});
  after.push_back({"bar.contrast", "contrast", spec.contrast, true, false, spec.high_contrast});
  if (spec.can_listen)
    after.push_back({"bar.speak", "listen", spec.listen, true, false, spec.speaking});
  if (spec.can_help) after.push_back({"bar.help", "help", spec.help, true, false, false});

  const double items = static_cast<double>(before.size() + after.size());
  const double room = (row.w - group_w - items * target.bar_item_w) / items;
  const double gap = std::clamp(room, 0.0, 12.0);
  // What is left over goes between the groups, so that the bar fills its width.
  const double left_over = std::max(0.0, row.w - group_w - items * (target.bar_item_w + gap));
  double x = row.x + gap / 2;
  const double y = row.mid_y() - target.bar_item_h / 2;
  const auto place = [&] {
    const Box box{x, y, target.bar_item_w, target.bar_item_h};
    x += target.bar_item_w + gap;
    return box;
  };
  result.back = bar_item(frame, place(), before[0]);
  result.home = bar_item(frame, place(), before[1]);
  x += left_over / 2;

  const double group_h = target.language_h + 4;
  const Box group{x - gap / 2, row.mid_y() - group_h / 2, group_w, group_h};
  frame.fill(group, c.bar_group, theme.radius.button);
  {
    const auto scope = frame.left_to_right(group);
    constexpr std::array<std::string_view, 3> kNames{"हिन्दी", "English", "اردو"};
    for (const Language language : kLanguages) {
      const std::size_t i = index(language);
      const Box box{2 + static_cast<double>(i) * (target.language_w + 2), 2, target.language_w,
                    target.language_h};
      const bool on = language == frame.language();
      const std::string id = "bar.language." + std::string(code(language));
      const Touch touch =
          frame.target(id, box, Role::kChoice, kNames.at(i), {.value = on ? "on" : ""});
      if (on || touch.pressed) frame.fill(box, on ? c.bar_text : c.bar_disabled, 4);
      if (touch.focused) frame.outline(box, c.brass_light, theme.stroke.focus_ring, 4);
      // English letters look larger than the others at one size.
      const double em =
          std::min(language == Language::kEnglish ? 8.4 : 9.0, target.language_h * 0.3);
      const bool urdu = language == Language::kUrdu;
      frame.text_middle(box, kNames.at(i),
                        {.role = urdu ? TextRole::kTitle : TextRole::kRead,
                         .em = std::max(theme.type.least, em),
                         .colour = on ? c.bar_ground : c.bar_text,
                         .align = Align::kCenter,
                         .max_lines = 1,
                         .language = language,
                         .scales = false});
      if (touch.tapped && !on) result.language = language;
    }
  }
  x += group_w + left_over / 2;

  for (const Item& item : after) {
    const bool tapped = bar_item(frame, place(), item);
    if (item.id == "bar.text") result.text = tapped;
    if (item.id == "bar.contrast") result.contrast = tapped;
    if (item.id == "bar.speak") result.listen = tapped;
    if (item.id == "bar.help") result.help = tapped;
  }
  return result;
}

}  // namespace odop::kiosk::ui
