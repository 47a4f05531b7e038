#include "kiosk/ui/text_edit.h"
#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace odop::kiosk::ui {
namespace {

std::size_t caret_of(Frame& frame, std::string_view id, std::string_view value) {
  const auto at = frame.memory().carets.find(id);
  if (at == frame.memory().carets.end()) return value.size();
  return code_point_start(value, at->second);
}

void remember_caret(Frame& frame, std::string_view id, std::size_t caret) {
  frame.memory().carets.insert_or_assign(std::string(id), caret);
}

// Whether a hardware keyboard stands on some other target, so that Enter is not for the field.
bool focus_elsewhere(Frame& frame, std::string_view id) {
  return !frame.memory().focused.empty() && frame.memory().focused != id;
}

}  // namespace

FieldResult text_field(Frame& frame, std::string_view id, const Box& box, const FieldSpec& spec) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  FieldResult result;

  // Ground.
  frame.shadow(box, Shadow::kCard);
  frame.fill(box, c.paper, theme.radius.card);
  frame.outline(box, spec.active ? c.madder : c.edge,
                spec.active ? theme.stroke.field_focus : theme.stroke.chip, theme.radius.card);
  const double pad = std::min(10.0, box.h * 0.3);
  Box inner = box.inset(pad, theme.stroke.field_focus);
  if (!spec.icon.empty()) {
    const double side = std::min(15.0, box.h * 0.5);
    frame.icon({inner.x, box.mid_y() - side / 2, side, side}, spec.icon, c.madder);
    inner = inner.after(side + 6);
  }
  const bool has_clear = !spec.clear_label.empty() && !spec.value.empty();
  const double clear_side = std::max(theme.min_target_mm, std::min(24.0, box.h - 8));
  if (has_clear) inner.w -= clear_side + 2;

  const Touch touch = frame.target(id, {box.x, box.y, inner.right() - box.x, box.h}, Role::kField,
                                   spec.label, {.value = spec.value});
  result.tapped = touch.tapped;

  std::string value(spec.value);
  std::size_t caret = caret_of(frame, id, value);
  bool changed = false;
  const auto take = [&](const Edited& edited) {
    changed |= edited.text != value;
    value = edited.text;
    caret = edited.caret;
  };

  const Type type{.role = spec.role,
                  .em = std::min(spec.em, box.h * 0.52),
                  .colour = c.ink,
                  .direction = spec.direction,
                  .scales = false};

  if (has_clear) {
    const Box at{box.right() - clear_side - (box.h - clear_side) / 2, box.mid_y() - clear_side / 2,
                 clear_side, clear_side};
    if (round_button(frame, std::string(id) + ".clear", at, "close", spec.clear_label)) {
      take({std::string(), 0});
    }
  }

  if (spec.active) {
    for (const KeyInput& input : frame.input().keys) {
      typeset::TextEngine& engine = frame.text_engine();
      switch (input.key) {
        case EditKey::kText: {
          const std::string typed =
              spec.digits_only ? only_digits(input.text, input.text.size()) : input.text;
          take(insert(value, caret, typed, spec.max_bytes));
          break;
        }
        case EditKey::kBackspace:
          take(backspace(value, caret));
          break;
        case EditKey::kDelete:
          take(erase(value, caret, engine.next_stop(frame.layout(value, type, 0), caret)));
          break;
        case EditKey::kLeft:
        case EditKey::kRight: {
          // Arrows follow the eye: in right-to-left text the left one goes on.
          const typeset::Layout& laid = frame.layout(value, type, 0);
          const bool rtl = !laid.lines.empty() && laid.lines.front().right_to_left;
          const bool on = (input.key == EditKey::kRight) != rtl;
          caret = on ? engine.next_stop(laid, caret) : engine.previous_stop(laid, caret);
          break;
        }
        case EditKey::kHome:
          caret = 0;
          break;
        case EditKey::kEnd:
          caret = value.size();
          break;
        case EditKey::kEnter:
          result.submitted = !focus_elsewhere(frame, id);
          break;
        case EditKey::kTab:
        case EditKey::kBackTab:
        case EditKey::kEscape:
          break;
      }
    }
  }

  // The line: it moves under the field's edges so that the caret stays in sight.
  const typeset::Layout& laid = frame.layout(value, type, 0);
  const double unit = theme.px_per_mm;
  const double width = laid.width_px / unit;
  const double height = laid.height_px / unit;
  const bool urdu_title = spec.role == TextRole::kTitle && frame.language() == Language::kUrdu;
  const double top = box.mid_y() - height / 2 + (urdu_title ? -2.5 * spec.em / 17 : 0.8);
  const typeset::CaretRect at = frame.text_engine().caret(laid, caret);
  // In the frame's direction, the distance of the caret from the line's start edge.
  const double caret_from_start = frame.rtl() ? width - at.x / unit : at.x / unit;
  const double slide = std::max(0.0, caret_from_start - (inner.w - 4));
  const Box line{inner.x - slide, top, width, height};
  if (touch.tapped) {
    if (const auto finger = frame.finger()) {
      const double from_start = finger->x - line.x;
      const double x = frame.rtl() ? width - from_start : from_start;
      caret = frame.text_engine().hit_test(laid, static_cast<float>(x * unit),
                                           static_cast<float>((finger->y - top) * unit));
    }
  }
  {
    const auto scope = frame.clip(inner.inset(-1, -theme.stroke.field_focus));
    if (value.empty()) {
      frame.text_middle({inner.x + 1, box.y, inner.w, box.h}, spec.placeholder,
                        {.em = std::min(theme.type.lead, spec.em),
                         .colour = c.ink2,
                         .max_lines = 1,
                         .scales = false});
    } else {
      frame.draw_layout(laid, line, c.ink);
    }
    if (spec.active) {
      const typeset::CaretRect now = frame.text_engine().caret(laid, caret);
      const double from_start = frame.rtl() ? width - now.x / unit : now.x / unit;
      const double tall = std::min(box.h * 0.6, spec.em * 1.2);
      frame.fill({line.x + from_start - (value.empty() ? 0.5 : -0.5), box.mid_y() - tall / 2,
                  theme.comfort.high_contrast ? 1.4 : 1.0, tall},
                 c.madder);
    }
  }
  remember_caret(frame, id, caret);
  if (changed) {
    frame.memory().roman.clear();
    frame.memory().roman_shown.clear();
    result.changed = std::move(value);
  }
  return result;
}

FieldResult digit_field(Frame& frame, std::string_view id, const Box& box, std::string_view value,
                        std::span<const int> groups, std::string_view prefix,
                        std::string_view label) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  FieldResult result;
  result.tapped = frame.target(id, box, Role::kField, label, {.value = value}).tapped;

  const auto most = static_cast<std::size_t>(std::accumulate(groups.begin(), groups.end(), 0));
  std::string digits = only_digits(value, most);
  const std::string before = digits;
  for (const KeyInput& input : frame.input().keys) {
    if (input.key == EditKey::kText) digits = only_digits(digits + input.text, most);
    if (input.key == EditKey::kBackspace && !digits.empty()) digits.pop_back();
    if (input.key == EditKey::kEnter) result.submitted = !focus_elsewhere(frame, id);
  }
  if (digits != before) result.changed = digits;

  frame.shadow(box, Shadow::kCard);
  frame.fill(box, c.paper, theme.radius.card);
  frame.outline(box, c.madder, theme.stroke.field_focus, theme.radius.card);

  const auto scope = frame.left_to_right(box);
  const double pad = std::min(10.0, box.h * 0.2);
  double x = pad;
  if (!prefix.empty()) {
    const Type small{.em = std::min(theme.type.lead, box.h * 0.24),
                     .colour = c.ink,
                     .align = Align::kCenter,
                     .max_lines = 1,
                     .language = Language::kEnglish,
                     .scales = false};
    const double width = std::max(36.0 * box.h / 60, frame.measure(prefix, small).w + 8);
    const Box at{x, box.h / 2 - box.h * 0.3, width, box.h * 0.6};
    frame.fill(at, c.sand, theme.radius.key);
    frame.text_middle(at, prefix, small);
    x += width + pad;
  }
  const double gap = 3;
  const double group_gap = 10;
  const double room = box.w - x - pad - group_gap * static_cast<double>(groups.size() - 1);
  const double cell = std::min(30.0, room / static_cast<double>(most)) - gap;
  const double em = std::min({theme.type.number, cell * 1.25, box.h * 0.5});
  std::size_t i = 0;
  for (const int count : groups) {
    for (int k = 0; k < count; ++k, ++i) {
      const Box at{x, box.h * 0.12, cell, box.h * 0.68};
      if (i < digits.size()) {
        frame.text_middle(at, std::string_view(digits).substr(i, 1),
                          {.role = TextRole::kSmallBold,
                           .em = em,
                           .colour = c.ink,
                           .align = Align::kCenter,
                           .line_height = 1.2,
                           .language = Language::kEnglish,
                           .scales = false});
      }
      const Colour under = i < digits.size() ? c.ink : i == digits.size() ? c.madder : c.line;
      frame.fill({x, box.h * 0.82, cell, theme.stroke.second_button}, under);
      x += cell + gap;
    }
    x += group_gap;
  }
  return result;
}

}  // namespace odop::kiosk::ui
