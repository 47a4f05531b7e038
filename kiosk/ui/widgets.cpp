#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {
namespace {

struct ButtonColours {
  Colour fill, label, outline;
  bool has_outline = false;
};

ButtonColours colours_of(const Palette& c, const ButtonSpec& spec, bool pressed) {
  if (!spec.enabled) return {c.disabled_fill, c.disabled_text, c.disabled_text, false};
  switch (spec.kind) {
    case ButtonKind::kPrimary:
      return {pressed ? c.madder_pressed : c.madder, c.on_madder, c.madder, false};
    case ButtonKind::kSecondary:
      return {pressed ? c.madder_tint : c.paper, c.madder, c.madder, true};
    case ButtonKind::kQuiet:
      return {pressed ? c.disabled_fill : c.sand, c.ink, c.edge, false};
    case ButtonKind::kStaff:
      return {pressed ? c.ink : c.blue, c.chikan, c.blue, false};
  }
  return {};
}

// Blue ring outside the shape.
void focus_ring(Frame& frame, const Box& box, double radius) {
  const double stroke = frame.theme().stroke.focus_ring;
  frame.outline(box.inset(-2 * stroke), frame.colour().blue, stroke, radius + 2 * stroke);
}

// How far an icon beside a label stands above the middle (tokens: optical).
double icon_lift(Language language) {
  return language == Language::kHindi ? 1.4 : language == Language::kUrdu ? -0.6 : 0;
}

}  // namespace

bool button(Frame& frame, std::string_view id, const Box& box, std::string_view label,
            const ButtonSpec& spec) {
  const Touch touch =
      frame.target(id, box, Role::kButton, label, {.enabled = spec.enabled, .spoken = spec.spoken});
  const Theme& theme = frame.theme();
  const ButtonColours colours = colours_of(theme.colour, spec, touch.pressed);
  if (touch.focused) focus_ring(frame, box, theme.radius.button);
  if (spec.enabled && !touch.pressed && spec.kind == ButtonKind::kPrimary) {
    frame.shadow(box, Shadow::kButton);
  }
  frame.fill(box, colours.fill, theme.radius.button);
  if (colours.has_outline || (theme.comfort.high_contrast && spec.kind != ButtonKind::kPrimary)) {
    frame.outline(box, colours.outline, theme.stroke.second_button, theme.radius.button);
  }

  Type type{.role = TextRole::kTitle,
            .em = std::min(spec.em, box.h * 0.42),
            .colour = colours.label,
            .align = Align::kCenter,
            .max_lines = 1};
  const double side = spec.icon.empty() ? 0 : std::min(type.em * 1.2, box.h * 0.5);
  const double gap = spec.icon.empty() || label.empty() ? 0 : std::min(5.0, box.w * 0.04);
  const double pad = std::min(8.0, box.w * 0.08);
  const double room = box.w - 2 * pad - side - gap;
  const auto too_wide = [&] {
    return frame.measure(label, type).w > room ||
           (!spec.beside.empty() && frame.measure(spec.beside, type).w > room);
  };
  // A label too long for one line takes two, smaller ones, and does not follow the text size.
  if (too_wide()) type.scales = false;
  if (too_wide()) {
    type.em = std::max(theme.type.least_latin, std::min(type.em * 0.8, box.h * 0.3));
    type.max_lines = 2;
    type.line_height = frame.language() == Language::kUrdu ? 1.9 : 1.2;
  }
  // Nastaliq stands out of any line box: what must fit is its ink.
  const double least_air = std::min(1.5, box.h * 0.06);
  const auto too_tall = [&] {
    const auto& laid = frame.layout(label, type, type.max_lines > 1 ? room : 0);
    return laid.ink.bottom - laid.ink.top > theme.px(box.h - 2 * least_air);
  };
  while (type.em > theme.type.least_latin && too_tall()) {
    type.em = std::max(theme.type.least_latin, type.em * 0.95);
  }
  const double width = type.max_lines == 1 ? frame.measure(label, type).w
                                           : std::min(room, frame.measure(label, type, room).w);
  const double used = width + side + gap;
  const double first = box.mid_x() - used / 2;
  const double words_x = spec.icon_after ? first : first + side + gap;
  if (!label.empty()) {
    frame.text_middle({words_x - 1, box.y, width + 2, box.h}, label, type);
  }
  if (side > 0) {
    const double icon_x = spec.icon_after ? first + width + gap : first;
    const double lift = label.empty() ? 0 : icon_lift(frame.language()) * type.em / 11;
    frame.icon({icon_x, box.mid_y() - side / 2 - lift, side, side}, spec.icon, colours.label,
               spec.icon_directed ? Mirror::kWithLanguage : Mirror::kNo);
  }
  return touch.tapped;
}

bool round_button(Frame& frame, std::string_view id, const Box& box, std::string_view icon,
                  std::string_view label, bool enabled) {
  const double least = frame.theme().min_target_mm;
  const double slack = std::max(0.0, (least - std::min(box.w, box.h)) / 2);
  const Touch touch =
      frame.target(id, box.inset(-slack), Role::kButton, label, {.enabled = enabled});
  const Palette& c = frame.colour();
  const double radius = std::min(box.w, box.h) / 2;
  if (touch.focused) focus_ring(frame, box, radius);
  frame.fill(box, touch.pressed ? c.ink : c.sand, radius);
  frame.outline(box, c.edge, frame.theme().stroke.chip, radius);
  const Colour tint = !enabled ? c.bar_disabled : touch.pressed ? c.chikan : c.ink;
  frame.icon(box.centred(radius * 1.1, radius * 1.1), icon, tint);
  return touch.tapped;
}

namespace {
constexpr double kChipPad = 8;
constexpr double kChipIcon = 9;
constexpr double kChipGap = 3;
}  // namespace

double chip_width(Frame& frame, std::string_view label, bool with_icon) {
  const Type type{.em = frame.theme().type.small};
  return frame.measure(label, type).w + 2 * kChipPad + (with_icon ? kChipIcon + kChipGap : 0);
}

bool chip(Frame& frame, std::string_view id, const Box& box, std::string_view label,
          const ChipSpec& spec) {
  const Touch touch = frame.target(id, box, Role::kChoice, label,
                                   {.enabled = spec.enabled, .value = spec.on ? "on" : ""});
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const bool dark = spec.on || touch.pressed;
  const double radius = std::min(theme.radius.chip, box.h / 2);
  if (touch.focused) focus_ring(frame, box, radius);
  frame.fill(box, dark ? c.ink : c.paper, radius);
  frame.outline(box, dark ? c.ink : c.edge, theme.stroke.chip, radius);
  const Colour words = !spec.enabled ? c.disabled_text : dark ? c.chikan : c.ink;
  const bool icon = !spec.icon.empty();
  const double side = icon ? kChipIcon : 0;
  Type type{.em = theme.type.small,
            .colour = words,
            .align = Align::kCenter,
            .max_lines = 1,
            .line_height = 1.3};
  const double room = box.w - 2 * std::min(kChipPad, box.w * 0.08) - side - (icon ? kChipGap : 0);
  double width = frame.measure(label, type).w;
  if (width > room) {
    type.scales = false;
    type.em = std::max(theme.type.least, type.em * 0.85);
    type.max_lines = 2;
    type.line_height = 1.25;
    width = std::min(room, frame.measure(label, type, room).w);
  }
  const double first = box.mid_x() - (width + side + (icon ? kChipGap : 0)) / 2;
  frame.text_middle({first + side + (icon ? kChipGap : 0) - 1, box.y, width + 2, box.h}, label,
                    type);
  if (icon) {
    const Colour tint = spec.tints_icon && !dark && spec.enabled ? spec.icon_colour : words;
    frame.icon({first, box.mid_y() - side / 2, side, side}, spec.icon, tint);
  }
  return touch.tapped;
}

namespace {

// Label and note, one over the other in the middle of the box's height.
void words_in(Frame& frame, const Box& box, std::string_view label, std::string_view note,
              Colour label_colour, Colour note_colour, double em) {
  const Type title{.em = em, .colour = label_colour, .max_lines = 2, .line_height = 1.3};
  if (note.empty()) {
    frame.text_middle(box, label, title);
    return;
  }
  const Type small{
      .em = frame.theme().type.note, .colour = note_colour, .max_lines = 3, .line_height = 1.4};
  const double first = frame.measure(label, title, box.w).h;
  const double second = frame.measure(note, small, box.w).h;
  const double top = box.mid_y() - (first + second) / 2;
  frame.text({box.x, top, box.w, first}, label, title);
  frame.text({box.x, top + first, box.w, second}, note, small);
}

}  // namespace

bool choice(Frame& frame, std::string_view id, const Box& box, std::string_view label,
            const ChoiceSpec& spec) {
  const Touch touch = frame.target(id, box, Role::kChoice, label,
                                   {.enabled = spec.enabled, .value = spec.on ? "on" : ""});
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const bool dark = spec.on || touch.pressed;
  if (touch.focused) focus_ring(frame, box, theme.radius.choice);
  frame.fill(box, dark ? c.ink : c.paper, theme.radius.choice);
  frame.outline(box, dark ? c.ink : c.edge, theme.stroke.chip, theme.radius.choice);
  Box words = box.inset(std::min(10.0, box.w * 0.06), 0);
  const Colour label_colour = !spec.enabled ? c.disabled_text : dark ? c.chikan : c.ink;
  if (!spec.icon.empty()) {
    const double side = std::min(15.0, box.h * 0.6);
    frame.icon({words.x, box.mid_y() - side / 2, side, side}, spec.icon, label_colour);
    words = words.after(side + 6);
  }
  const double tick = std::min(11.0, box.h * 0.45);
  if (spec.on) {
    frame.icon({words.right() - tick, box.mid_y() - tick / 2, tick, tick}, "check", label_colour);
  }
  words.w -= tick + 2;
  words_in(frame, words, label, spec.note, label_colour, dark ? c.chikan : c.ink2,
           spec.em > 0 ? spec.em : theme.type.read);
  return touch.tapped;
}

int stepper(Frame& frame, std::string_view id, const Box& box, std::string_view number,
            bool can_less, bool can_more) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const double side = std::max(theme.min_target_mm, std::min(box.h, box.w * 0.34));
  const auto key = [&](const std::string& key_id, const Box& at, std::string_view icon,
                       bool enabled) {
    const Touch touch = frame.target(key_id, at, Role::kButton, key_id, {.enabled = enabled});
    if (touch.focused) focus_ring(frame, at, theme.radius.key);
    frame.fill(at, touch.pressed ? c.ink : c.sand, theme.radius.key);
    const Colour tint = !enabled ? c.edge : touch.pressed ? c.chikan : c.madder;
    frame.icon(at.centred(at.h * 0.5, at.h * 0.5), icon, tint);
    return touch.tapped;
  };
  const double height = std::max(box.h, theme.min_target_mm);
  const Box row{box.x, box.mid_y() - height / 2, box.w, height};
  const std::string name(id);
  int change = 0;
  if (key(name + ".less", row.start(side), "minus", can_less)) change = -1;
  if (key(name + ".more", row.end(side), "plus", can_more)) change = 1;
  const Box middle = row.inset(side, 0);
  frame.node(id, middle, Role::kStatus, number, number);
  frame.text_middle(middle, number,
                    {.role = TextRole::kSmallBold,
                     .em = std::min(theme.type.title, height * 0.6),
                     .colour = c.ink,
                     .align = Align::kCenter,
                     .max_lines = 1,
                     .line_height = 1.2});
  return change;
}

}  // namespace odop::kiosk::ui
