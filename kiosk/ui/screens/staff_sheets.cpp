// The sheet on which staff type a one-time code.
#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace odop::kiosk::ui {

namespace {

// The signs of a code, in rows of seven; the last row ends with the key that takes one back.
constexpr std::string_view kSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kColumns = 7;
constexpr int kRows = 5;

void draw_keys(const Stage& stage, const Box& box, const CodeView& view) {
  Frame& frame = stage.frame;
  const double gap = std::min(stage.mm(5), 4.0);
  const auto ltr = frame.left_to_right(box);
  const double height = std::min((box.h - (kRows - 1) * gap) / kRows, 40.0);
  const auto row = [&](int line) { return Box{0, line * (height + gap), box.w, height}; };
  for (std::size_t i = 0; i < kSigns.size(); ++i) {
    const int at = static_cast<int>(i);
    const std::string sign(kSigns.substr(i, 1));
    if (button(frame, "keyboard.key." + sign,
               row(at / kColumns).column(at % kColumns, kColumns, gap), sign,
               {.kind = ButtonKind::kSecondary, .em = std::min(height * 0.5, 13.0)})) {
      stage.ask(intent::Edit{std::string(kCodeField), view.value + sign});
    }
  }
  constexpr int kFirst = static_cast<int>(kSigns.size()) % kColumns;
  const Box last = row(kRows - 1);
  const double x = last.column(kFirst, kColumns, gap).x;
  const Box wide{x, last.y, last.w - x, last.h};
  if (button(frame, "keyboard.backspace", wide, stage.view.keys.backspace,
             {.kind = ButtonKind::kQuiet, .icon = "bksp", .em = frame.theme().type.small})) {
    stage.ask(intent::Edit{std::string(kCodeField),
                           view.value.substr(0, view.value.empty() ? 0 : view.value.size() - 1)});
  }
}

}  // namespace

void draw_code(const Stage& stage, const CodeView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("code", view.title);
  bool closed = false;
  const bool flat = !stage.portrait();
  const Box body = draw_sheet(stage, "code", stage.mm(flat ? 300 : 400), view.title, view.close,
                              closed, ButtonKind::kQuiet);
  if (closed) stage.ask(intent::CloseSheet{});
  const double gap = stage.mm(8);
  const Box words = flat ? body.start(body.w * 0.38) : body;
  double y = say_below(frame, "code.note", body.y, words, view.note, read_type(frame)) + gap / 2;
  y = say_below(frame, "code.label", y, words, view.label, note_type(frame, theme.type.small)) + 1;
  const Box field{words.x, y, words.w, std::max(theme.min_target_mm, stage.mm(30))};
  const FieldResult typed = text_field(frame, kCodeField, field,
                                       {.value = view.value,
                                        .label = view.label,
                                        .em = std::min(field.h * 0.45, words.w / 11),
                                        .direction = typeset::Direction::kLeftToRight});
  if (typed.changed.has_value()) stage.ask(intent::Edit{std::string(kCodeField), *typed.changed});
  if (typed.submitted) stage.ask(intent::GiveCode{});
  const double button_h = theme.target.primary_min;
  const Box foot = flat ? words.foot(button_h) : body.foot(button_h);
  const Box keys =
      flat ? body.end(body.w * 0.58)
           : Box{body.x, field.bottom() + gap, body.w, foot.y - field.bottom() - 2 * gap};
  draw_keys(stage, keys, view);
  if (button(frame, "code.take", foot, view.take,
             {.icon = "usb", .enabled = view.whole, .em = theme.type.title_s})) {
    stage.ask(intent::GiveCode{});
  }
}

}  // namespace odop::kiosk::ui
