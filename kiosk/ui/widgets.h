// The kiosk's own controls. Each draws itself into a Frame and says whether it was used; labels
// come ready in the visitor's language. No Dear ImGui widget is used anywhere.
#pragma once

#include "kiosk/ui/frame.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace odop::kiosk::ui {

// ---- Buttons ----

enum class ButtonKind : std::uint8_t {
  kPrimary,    // madder; one a screen
  kSecondary,  // paper with a madder outline
  kQuiet,      // sand
  kStaff,      // blue; maintenance
};

struct ButtonSpec {
  ButtonKind kind = ButtonKind::kPrimary;
  std::string_view icon{};     // bare icon name, before the label; empty: none
  bool icon_after = false;     // after the label (next)
  bool icon_directed = false;  // an arrow: turns with the language
  bool enabled = true;
  double em = 11;
  std::string_view spoken{};
  std::string_view beside{};  // label of the like button next to it: both get the same size
};

// True when tapped. Shrinks the label by lines, never under the least size.
bool button(Frame& frame, std::string_view id, const Box& box, std::string_view label,
            const ButtonSpec& spec = {});

// Round button with an icon only; `label` is spoken. At least theme.min_target_mm across.
bool round_button(Frame& frame, std::string_view id, const Box& box, std::string_view icon,
                  std::string_view label, bool enabled = true);

// ---- Chips, choices, boxes to tick ----

struct ChipSpec {
  bool on = false;
  std::string_view icon{};
  Colour icon_colour{};     // when not on
  bool tints_icon = false;  // icon_colour holds
  bool enabled = true;
};
bool chip(Frame& frame, std::string_view id, const Box& box, std::string_view label,
          const ChipSpec& spec = {});
// Width that a chip needs for its label.
[[nodiscard]] double chip_width(Frame& frame, std::string_view label, bool with_icon);

struct ChoiceSpec {
  bool on = false;
  std::string_view note{};  // second line, smaller
  double em = 0;            // 0: the reading size
  std::string_view icon{};
  bool enabled = true;
};
// A full row (or tile) to choose; one of several.
bool choice(Frame& frame, std::string_view id, const Box& box, std::string_view label,
            const ChoiceSpec& spec = {});

// Minus, number, plus. Ids are `id`.less, `id`.more; the number is a node `id`. Returns -1, 0, +1.
int stepper(Frame& frame, std::string_view id, const Box& box, std::string_view number,
            bool can_less, bool can_more);

// ---- Cards and panels ----

// Paper with hairline and shadow; darker while pressed.
void card(Frame& frame, const Box& box, bool pressed = false);
// A card that is a target leading somewhere; draws the ground only.
Touch link_card(Frame& frame, std::string_view id, const Box& box, std::string_view label,
                std::string_view spoken = {});

enum class PanelKind : std::uint8_t { kQuiet, kKept, kArrived, kWaiting, kMissing };
// A tinted panel with icon, emphasised line and note; a status node `id`. Returns its height when
// box.h is 0 (then it is as tall as its words), else box.h.
double panel(Frame& frame, std::string_view id, const Box& box, PanelKind kind,
             std::string_view icon, std::string_view title, std::string_view note);
// Small rounded label.
enum class PillKind : std::uint8_t { kPlain, kGood, kWaiting };
double pill(Frame& frame, double x, double y, std::string_view label, PillKind kind,
            std::string_view icon = {});

// Emblem, product name, venue and the date of the catalogue, in the head band.
struct HeadSpec {
  std::string_view title{}, venue{};
  std::string_view as_of{};  // "catalogue as of ..."; empty: nothing
  bool stale = false;        // then on amber
  std::string_view icon = "calendar";
};
void head(Frame& frame, const HeadSpec& spec);

// "Step 1 / 3" and the running stitches beside it.
void steps(Frame& frame, const Box& row, std::string_view label, int total, int done);

// ---- Text field ----

struct FieldSpec {
  std::string_view value{};  // UTF-8, NFC
  std::string_view placeholder{};
  std::string_view label{};  // of the node
  std::string_view icon{};   // at the start
  double em = 17;
  TextRole role = TextRole::kTitle;
  typeset::Direction direction = typeset::Direction::kContent;
  std::size_t max_bytes = 400;     // typing beyond it is refused
  bool digits_only = false;        // hardware keys other than digits are refused
  bool active = true;              // hardware typing goes here; shows the caret
  std::string_view clear_label{};  // of the button that empties it (`id`.clear); empty: none
};
struct FieldResult {
  std::optional<std::string> changed;  // the new value
  bool submitted = false;              // Enter on a hardware keyboard
  bool tapped = false;                 // touched: make it the active field
};
// A tap places the caret at the nearest grapheme. Backspace takes the last code point (Indic
// habit), Delete the next grapheme.
FieldResult text_field(Frame& frame, std::string_view id, const Box& box, const FieldSpec& spec);

// Ten digits as 5 + 5 over a line each, with the dialling code before; a field node `id`. Hardware
// digits type too. Never mirrored. `groups` are the digits per group ({5, 5}, {4, 4}).
FieldResult digit_field(Frame& frame, std::string_view id, const Box& box, std::string_view value,
                        std::span<const int> groups, std::string_view prefix,
                        std::string_view label);

// ---- Keyboards ----

// Words on keys; in the visitor's language.
struct KeyboardSpec {
  // Empty: the one that the visitor chose with "other keyboard", at first that of the language.
  std::optional<KeyboardKind> kind{};
  std::string_view field{};  // id of the field it types into (whose caret it uses)
  std::string_view value{};  // that field's value
  std::size_t max_bytes = 400;
  std::string_view space_label{}, other_label{}, submit_label{};
  std::string_view submit_icon{};
  // Spoken; the keys show a picture or sample letters.
  std::string_view backspace_label{}, shift_label{}, numbers_label{}, letters_label{};
  bool submit_enabled = true;
};
struct KeyboardResult {
  std::optional<std::string> changed;
  std::optional<KeyboardKind> switched;  // the visitor took this keyboard; remembered already
  bool submitted = false;
};
// Key ids: keyboard.key.<text>, keyboard.backspace, keyboard.space, keyboard.other,
// keyboard.submit, keyboard.numbers, keyboard.shift.
KeyboardResult keyboard(Frame& frame, const Box& box, const KeyboardSpec& spec);
// Height that the keyboard wants on this panel, mm (portrait 222: from 434 to the temple edge).
[[nodiscard]] double keyboard_height(const Theme& theme);
// Where it stands: full width, down to the temple edge.
[[nodiscard]] Box keyboard_box(const Theme& theme);
// The keyboard that a language begins with.
[[nodiscard]] KeyboardKind keyboard_for(Language language);

struct NumberPadWords {
  std::string_view clear{};
  std::string_view backspace{};  // spoken; the key shows its picture
};
struct NumberPadResult {
  std::optional<std::string> changed;
};
// Three by four large keys: keyboard.key.0 to 9, keyboard.clear, keyboard.backspace. Types at the
// end of `value`, up to `max_digits`. Never mirrored.
NumberPadResult number_pad(Frame& frame, const Box& box, std::string_view value, int max_digits,
                           const NumberPadWords& names);

// ---- The permanent bar and the warning ----

struct BarSpec {
  bool can_back = true, can_home = true;
  bool can_listen = false;  // left out when it leads nowhere
  bool speaking = false;
  bool can_help = true;
  bool high_contrast = false;
  std::string_view back{}, home{}, text{}, contrast{}, listen{}, help{};  // labels
};
struct BarResult {
  bool back = false, home = false, text = false, contrast = false, listen = false, help = false;
  std::optional<Language> language;
};
// Ids bar.back, bar.home, bar.language.hi|en|ur, bar.text, bar.contrast, bar.speak, bar.help.
BarResult bar(Frame& frame, const BarSpec& spec);

struct WarningSpec {
  std::string_view seconds{};  // digits
  std::string_view title{}, note{}, stay{}, erase{};
};
enum class WarningResult : std::uint8_t { kNone, kStay, kErase };
// The dialog before the wipe. Ids idle.stay, idle.erase; any other touch also stays.
WarningResult idle_warning(Frame& frame, const WarningSpec& spec);

}  // namespace odop::kiosk::ui
