#include "kiosk/ui/keyboard_layouts.h"
#include "kiosk/ui/romanised.h"
#include "kiosk/ui/text_edit.h"
#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <array>
#include <string>

namespace odop::kiosk::ui {
namespace {

constexpr std::string_view kDottedCircle = "◌";

struct KeyLook {
  Colour fill, foot;
};

KeyLook look_of(const Palette& c, KeyTint tint) {
  switch (tint) {
    case KeyTint::kLetter:
      return {c.paper, c.key_foot};
    case KeyTint::kVowel:
      return {c.madder_tint, c.vowel_foot};
    case KeyTint::kSign:
      return {c.blue_tint, c.sign_foot};
  }
  return {};
}

// Ground of a key; a pressed one turns ink. Returns the colour of its label.
Colour key_ground(Frame& frame, const Box& box, KeyLook look, bool pressed, double foot,
                  double radius, Colour label) {
  const Palette& c = frame.colour();
  if (pressed) {
    frame.fill(box, c.ink, radius);
    return c.chikan;
  }
  // Of the darker foot only the edge is seen.
  frame.fill_corners(box.foot(foot + radius), look.foot, radius, Corners::kFoot);
  frame.fill(box.top(box.h - foot), look.fill, radius);
  return label;
}

struct Keys {
  Frame& frame;
  const KeyboardSpec& spec;
  KeyboardResult result;
  std::string value;
  std::size_t caret = 0;

  void take(const Edited& edited) {
    if (edited.text != value) result.changed = edited.text;
    value = edited.text;
    caret = edited.caret;
  }

  void type(std::string_view text, bool roman) {
    FrameMemory& memory = frame.memory();
    if (!roman) {
      memory.roman.clear();
      memory.roman_shown.clear();
      take(insert(value, caret, text, spec.max_bytes));
      return;
    }
    // The present word is written anew with each letter; it ends when the text before the caret is
    // no longer what this keyboard wrote.
    const std::string_view before = std::string_view(value).substr(0, caret);
    if (memory.roman_shown.empty() || !before.ends_with(memory.roman_shown)) {
      memory.roman.clear();
      memory.roman_shown.clear();
    }
    const std::string letters = memory.roman + std::string(text);
    const std::string shown = devanagari_of(letters);
    const std::size_t begin = caret - memory.roman_shown.size();
    const Edited without = erase(value, begin, caret);
    const Edited with = insert(without.text, without.caret, shown, spec.max_bytes);
    if (with.text == without.text) return;  // full
    memory.roman = letters;
    memory.roman_shown = shown;
    take(with);
  }

  void type_backspace() {
    FrameMemory& memory = frame.memory();
    const std::string_view before = std::string_view(value).substr(0, caret);
    if (!memory.roman.empty() && before.ends_with(memory.roman_shown)) {
      // Takes the last Latin letter back.
      std::string letters = memory.roman;
      letters.pop_back();
      const std::string shown = devanagari_of(letters);
      const Edited without = erase(value, caret - memory.roman_shown.size(), caret);
      take(insert(without.text, without.caret, shown, spec.max_bytes));
      memory.roman = letters;
      memory.roman_shown = shown;
      return;
    }
    memory.roman.clear();
    memory.roman_shown.clear();
    take(backspace(value, caret));
  }

  // `joins`: a sign shows what it would make of the letter before the caret.
  void letter(const Box& box, std::string_view key, KeyTint tint, bool joins, bool roman) {
    const Theme& theme = frame.theme();
    const Palette& c = theme.colour;
    const std::string id = "keyboard.key." + std::string(key);
    std::string label(key);
    std::string typed(key);
    if (tint == KeyTint::kSign) {
      const std::string_view base = joins ? joinable_before(value, caret) : std::string_view{};
      const bool devanagari = code_point_before(key, key.size()) >= 0x0900 &&
                              code_point_before(key, key.size()) < 0x0980;
      if (key == "ॉ" && base.empty() && spec_kind != KeyboardKind::kInscript) {
        label = typed = "ऑ";
      } else if (devanagari && !base.empty()) {
        label = std::string(base) + label;
      } else {
        label = std::string(kDottedCircle) + label;
      }
    }
    const Touch touch = frame.target(id, box, Role::kKey, label, {.spoken = spoken_key(key)});
    const Colour words = key_ground(frame, box, look_of(c, tint), touch.pressed,
                                    theme.stroke.key_foot, theme.radius.key, c.ink);
    const Language language =
        spec_kind == KeyboardKind::kUrdu
            ? Language::kUrdu
            : (spec_kind == KeyboardKind::kHindi || spec_kind == KeyboardKind::kInscript
                   ? Language::kHindi
                   : Language::kEnglish);
    frame.text_middle(box, label,
                      {.em = std::min(12.4, box.h * 0.54),
                       .colour = words,
                       .align = Align::kCenter,
                       .max_lines = 1,
                       .line_height = 1.3,
                       .language = language,
                       .scales = false});
    if (!touch.tapped) return;
    type(typed, roman);
    if (layout_of(spec_kind).shift_once && frame.memory().shift) {
      frame.memory().shift = false;
      frame.wake_at(frame.now_ms());
    }
  }

  // A key that does something else than type a letter.
  // `spoken` is what a voice says when the label is a sample of letters or a picture.
  bool staff(std::string_view id, const Box& box, std::string_view label, std::string_view icon,
             bool on = false, std::string_view spoken = {}) {
    const Theme& theme = frame.theme();
    const Palette& c = theme.colour;
    const Touch touch = frame.target(id, box, Role::kKey, label.empty() ? id : label,
                                     {.value = on ? "on" : "", .spoken = spoken});
    const Colour words = key_ground(frame, box, {c.staff_key, c.staff_foot}, touch.pressed || on,
                                    theme.stroke.key_foot, theme.radius.key, c.ink);
    const double side = icon.empty() ? 0 : std::min(14.0, box.h * 0.6);
    const bool alone = label.empty() || icon == "bksp";
    const double em = std::min(theme.type.small, box.h * 0.42);
    if (!icon.empty() && alone) {
      frame.icon(box.centred(side, side), icon, words);
    } else {
      const Box room = icon.empty() ? box.inset(2, 0) : box.inset(3, 0).after(side + 2);
      if (!icon.empty()) {
        frame.icon({box.x + 4, box.mid_y() - side / 2, side, side}, icon, words);
      }
      frame.text_middle(room, label,
                        {.em = std::max(frame.theme().type.least, em),
                         .colour = words,
                         .align = Align::kCenter,
                         .max_lines = 2,
                         .line_height = 1.2,
                         .scales = false});
    }
    return touch.tapped;
  }

  KeyboardKind spec_kind = KeyboardKind::kHindi;
};

// The order that "other keyboard" goes through, from the visitor's language.
std::array<KeyboardKind, 5> order_for(Language language) {
  using K = KeyboardKind;
  switch (language) {
    case Language::kHindi:
      return {K::kHindi, K::kRoman, K::kInscript, K::kEnglish, K::kUrdu};
    case Language::kEnglish:
      return {K::kEnglish, K::kHindi, K::kRoman, K::kInscript, K::kUrdu};
    case Language::kUrdu:
      return {K::kUrdu, K::kEnglish, K::kHindi, K::kRoman, K::kInscript};
  }
  return {K::kHindi, K::kRoman, K::kInscript, K::kEnglish, K::kUrdu};
}

}  // namespace

KeyboardKind keyboard_for(Language language) { return order_for(language).front(); }

double keyboard_height(const Theme& theme) {
  switch (theme.layout) {
    case LayoutClass::kPortrait:
      return 221.6;  // 7 rows of 23 and gaps of 3
    case LayoutClass::kWide:
      return 7 * 20 + 6 * 2 + 2 * 5;
    case LayoutClass::kSmall:
      return 5 * (theme.min_target_mm + 1) + 4 * 2 + 2 * 3;
  }
  return 0;
}

Box keyboard_box(const Theme& theme) {
  const double height = keyboard_height(theme);
  return {0, theme.bands.temple_y - height, theme.bands.width, height};
}

KeyboardResult keyboard(Frame& frame, const Box& box, const KeyboardSpec& spec) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  FrameMemory& memory = frame.memory();
  const bool small = theme.layout == LayoutClass::kSmall;

  const KeyboardKind kind =
      spec.kind.value_or(memory.keyboard.value_or(keyboard_for(frame.language())));
  const KeyboardLayout& layout = layout_of(kind);
  Keys keys{.frame = frame, .spec = spec, .result = {}, .value = std::string(spec.value)};
  keys.spec_kind = kind;
  const auto held = memory.carets.find(spec.field);
  keys.caret =
      held == memory.carets.end() ? keys.value.size() : code_point_start(keys.value, held->second);

  frame.fill(box, c.sand);
  frame.hairline(box.x, box.y, box.w);
  // Hindi and Latin keys run from the left in every language, Urdu ones from the right.
  const auto scope = frame.left_to_right(box);
  const double pad_x = small ? 4 : 10;
  const double pad_y = small ? 3 : theme.layout == LayoutClass::kWide ? 5 : 8;
  const double gap = small || theme.layout == LayoutClass::kWide ? 2 : 3;
  const Box area = Box{0, 0, box.w, box.h}.inset(pad_x, pad_y);

  std::span<const KeyRow> rows = layout.rows;
  const bool faces = small && !layout.second_face.empty();
  if (faces) rows = memory.second_face ? layout.second_face : layout.first_face;
  const int count = static_cast<int>(rows.size()) + 1;
  std::size_t widest = 0;
  for (const KeyRow& row : rows) {
    widest = std::max(widest, keys_of(row, false).size() + (row.backspace_at_end ? 1U : 0U));
  }
  const int columns = static_cast<int>(widest);
  const bool roman = kind == KeyboardKind::kRoman;
  const bool shift = layout.has_shift && memory.shift;
  for (int r = 0; r + 1 < count; ++r) {
    const KeyRow& row = rows[static_cast<std::size_t>(r)];
    const Box line = area.row(r, count, gap);
    const auto labels = keys_of(row, shift);
    const int in_row = static_cast<int>(labels.size()) + (row.backspace_at_end ? 1 : 0);
    // Shorter rows stand in the middle, so that keys keep one width.
    const double each = (area.w - gap * (columns - 1)) / columns;
    const double indent = (columns - in_row) * (each + gap) / 2;
    const auto cell = [&](int i) {
      const double x = layout.right_to_left ? area.right() - indent - (i + 1) * each - i * gap
                                            : area.x + indent + i * (each + gap);
      return Box{x, line.y, each, line.h};
    };
    int i = 0;
    for (const std::string_view label : labels) {
      // A row of signs may hold marks that join nothing (a full stop), and a row of letters signs.
      const bool sign = row.signs.empty() ? row.tint == KeyTint::kSign
                                          : row.signs.find(label) != std::string_view::npos;
      const KeyTint plain = row.tint == KeyTint::kSign ? KeyTint::kLetter : row.tint;
      keys.letter(cell(i), label, sign ? KeyTint::kSign : plain, row.signs.empty(), roman);
      ++i;
    }
    if (row.backspace_at_end &&
        keys.staff("keyboard.backspace", cell(i), spec.backspace_label, "bksp")) {
      keys.type_backspace();
    }
  }

  // Last row: other keyboard, numbers or shift, one more key, space, the action.
  const Box line = area.row(count - 1, count, gap);
  const double wide = std::min(68.0, area.w * 0.18);
  const double narrow = std::max(theme.min_target_mm, std::min(31.6, area.w * 0.084));
  double x = line.x;
  const auto next = [&](double width) {
    const Box at{x, line.y, width, line.h};
    x += width + gap;
    return at;
  };
  const auto switch_to = [&](KeyboardKind to) {
    memory.keyboard = to;
    if (to != KeyboardKind::kNumbers) memory.letters = to;
    memory.shift = memory.second_face = false;
    memory.roman.clear();
    memory.roman_shown.clear();
    keys.result.switched = to;
    frame.wake_at(frame.now_ms());
  };
  if (keys.staff("keyboard.other", next(wide), spec.other_label, "key")) {
    const auto order = order_for(frame.language());
    const KeyboardKind from = kind == KeyboardKind::kNumbers ? memory.letters : kind;
    const auto* at = std::find(order.begin(), order.end(), from);
    switch_to(at == order.end() || at + 1 == order.end() ? order.front() : *(at + 1));
  }
  const bool numbers = kind == KeyboardKind::kNumbers;
  const KeyboardKind letters = memory.keyboard ? memory.letters : keyboard_for(frame.language());
  if (keys.staff("keyboard.numbers", next(narrow),
                 short_name_of(numbers ? letters : KeyboardKind::kNumbers), {}, false,
                 numbers ? spec.letters_label : spec.numbers_label)) {
    if (!numbers) memory.letters = kind;
    switch_to(numbers ? letters : KeyboardKind::kNumbers);
  }
  // Named by the first key that it leads to.
  if (faces &&
      keys.staff(
          "keyboard.face", next(narrow),
          keys_of(memory.second_face ? layout.first_face[1] : layout.second_face[0], false).front(),
          {}, memory.second_face)) {
    memory.second_face = !memory.second_face;
    frame.wake_at(frame.now_ms());
  }
  if (layout.has_shift &&
      keys.staff("keyboard.shift", next(narrow), shift ? layout.unshift_label : layout.shift_label,
                 {}, shift, spec.shift_label)) {
    memory.shift = !memory.shift;
    frame.wake_at(frame.now_ms());
  }
  if (!layout.extra.empty()) {
    keys.letter(next(narrow), layout.extra, KeyTint::kSign, true, roman);
  }
  const double last = spec.submit_label.empty() ? 0 : wide + gap;
  if (keys.staff("keyboard.space", next(line.right() - x - last), spec.space_label, {})) {
    keys.type(" ", false);
  }
  if (last > 0) {
    const Box at = next(wide);
    const Touch touch = frame.target("keyboard.submit", at, Role::kKey, spec.submit_label,
                                     {.enabled = spec.submit_enabled});
    const KeyLook look = spec.submit_enabled ? KeyLook{c.madder, c.madder_pressed}
                                             : KeyLook{c.disabled_fill, c.disabled_fill};
    const Colour words =
        key_ground(frame, at, look, touch.pressed, theme.stroke.key_foot, theme.radius.key,
                   spec.submit_enabled ? c.on_madder : c.disabled_text);
    const Type type{.role = TextRole::kTitle,
                    .em = std::min(11.0, at.h * 0.46),
                    .colour = words,
                    .align = Align::kCenter,
                    .max_lines = 1,
                    .scales = false};
    const double side = spec.submit_icon.empty() ? 0 : std::min(12.0, at.h * 0.52);
    const double width = frame.measure(spec.submit_label, type).w;
    const double first = at.mid_x() - (width + (side > 0 ? side + 4 : 0)) / 2;
    if (side > 0) {
      frame.icon({first, at.mid_y() - side / 2, side, side}, spec.submit_icon, words);
    }
    frame.text_middle({first + (side > 0 ? side + 4 : 0) - 1, at.y, width + 2, at.h},
                      spec.submit_label, type);
    keys.result.submitted = touch.tapped;
  }
  // Without a key of ours the caret is the field's: it may have moved on in this very frame, by a
  // hardware keyboard, past the end of the value that both were given.
  if (keys.result.changed.has_value()) {
    memory.carets.insert_or_assign(std::string(spec.field), keys.caret);
  }
  return keys.result;
}

NumberPadResult number_pad(Frame& frame, const Box& box, std::string_view value, int max_digits,
                           const NumberPadWords& names) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  NumberPadResult result;
  const std::string digits = only_digits(value, static_cast<std::size_t>(max_digits));
  const auto scope = frame.left_to_right(box);
  const double gap = std::min(8.0, box.h * 0.035);
  const double foot = theme.stroke.number_key_foot;
  const double radius = theme.radius.number_key;
  const Box area{0, 0, box.w, box.h};
  const auto cell = [&](int row, int column) {
    return area.row(row, 4, gap).column(column, 3, gap);
  };
  const auto ground = [&](const Box& at, bool pressed, Colour fill) {
    const Colour words = key_ground(frame, at, {fill, c.key_foot}, pressed, foot, radius, c.ink);
    frame.outline(at, pressed ? c.ink : c.line, theme.stroke.hairline, radius);
    return words;
  };
  const auto digit = [&](const Box& at, char name) {
    const std::string label(1, name);
    const Touch touch = frame.target("keyboard.key." + label, at, Role::kKey, label);
    const Colour words = ground(at, touch.pressed, c.paper);
    frame.text_middle(at, label,
                      {.role = TextRole::kSmallBold,
                       .em = std::min(26.0, at.h * 0.5),
                       .colour = words,
                       .align = Align::kCenter,
                       .line_height = 1.2,
                       .language = Language::kEnglish,
                       .scales = false});
    if (touch.tapped && digits.size() < static_cast<std::size_t>(max_digits)) {
      result.changed = digits + label;
    }
  };
  for (int i = 0; i < 9; ++i) digit(cell(i / 3, i % 3), static_cast<char>('1' + i));
  digit(cell(3, 1), '0');

  const Box clear = cell(3, 0);
  const Touch all = frame.target("keyboard.clear", clear, Role::kKey, names.clear);
  const Colour clear_words = ground(clear, all.pressed, c.sand);
  frame.text_middle(clear.inset(3, 0), names.clear,
                    {.em = std::min(theme.type.read, clear.h * 0.4),
                     .colour = clear_words,
                     .align = Align::kCenter,
                     .max_lines = 2,
                     .line_height = 1.3,
                     .scales = false});
  if (all.tapped && !digits.empty()) result.changed = std::string();

  const Box last = cell(3, 2);
  const Touch one = frame.target("keyboard.backspace", last, Role::kKey, names.backspace);
  const Colour one_words = ground(last, one.pressed, c.sand);
  const double side = std::min(20.0, last.h * 0.5);
  frame.icon(last.centred(side, side), "bksp", one_words);
  if (one.tapped && !digits.empty()) result.changed = digits.substr(0, digits.size() - 1);
  return result;
}

}  // namespace odop::kiosk::ui
