#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

double sheet_width(const Stage& stage) {
  const auto& theme = stage.frame.theme();
  return std::min(theme.bands.width - 2 * theme.space.margin, 420.0);
}

double sheet_pad(const Stage& stage) { return stage.small() ? 7 : 14; }

// The bar lies under the veil: a sheet brings its own button to be heard by.
bool listens(const Stage& stage) { return !stage.view.speech.listen_question.empty(); }

// The title beside that button.
struct SheetHead {
  Type type;
  double width = 0;
  double height = 0;
};

SheetHead sheet_head(const Stage& stage, std::string_view title) {
  const auto& theme = stage.frame.theme();
  const double side = theme.min_target_mm;
  SheetHead head;
  head.width = sheet_width(stage) - 2 * sheet_pad(stage) - (listens(stage) ? side + 3 : 0);
  head.type =
      fitted(stage.frame, title, title_type(stage.frame, stage.small() ? theme.type.title : 20),
             head.width, 1, theme.type.title);
  head.height =
      std::max(stage.frame.measure(title, head.type, head.width).h, listens(stage) ? side : 0.0);
  return head;
}

// All of a sheet but what it holds.
double around_sheet(const Stage& stage, std::string_view title) {
  return 2 * sheet_pad(stage) * 0.8 + sheet_head(stage, title).height + stage.mm(6) + stage.mm(8) +
         stage.frame.theme().target.primary_min;
}

}  // namespace

Box draw_sheet(const Stage& stage, std::string_view id, double height, std::string_view title,
               std::string_view close, bool& closed, ButtonKind kind) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Bands& bands = theme.bands;
  const double margin = theme.space.margin;
  const double room = bands.temple_y - bands.kinara_h - 2 * margin * 0.6;
  const double h = std::min(height, room);
  const double w = sheet_width(stage);
  // Near the bar, where hands are.
  const Box box{(bands.width - w) / 2, bands.temple_y - margin * 0.6 - h, w, h};
  frame.shadow(box, Shadow::kDialog);
  frame.fill(box, theme.colour.paper, theme.radius.card);
  if (theme.comfort.high_contrast) {
    frame.outline(box, theme.colour.line, theme.stroke.second_button, theme.radius.card);
  }
  const double pad = sheet_pad(stage);
  const Box inner = box.inset(pad, pad * 0.8);
  const SheetHead head = sheet_head(stage, title);
  say_below(frame, std::string(id) + ".title", inner.y, {inner.x, inner.y, head.width, 0}, title,
            head.type, Role::kHeading);
  if (listens(stage)) {
    const double side = theme.min_target_mm;
    if (ear(stage, std::string(id) + ".listen", Box{inner.x, inner.y, inner.w, side}.end(side),
            stage.view.bar.listen)) {
      stage.ask(intent::Listen{});
    }
  }
  const double y = inner.y + head.height;
  const double button_h = theme.target.primary_min;
  closed = button(frame, std::string(id) + ".close", inner.foot(button_h), close,
                  {.kind = kind, .em = theme.type.title_s});
  return {inner.x, y + stage.mm(6), inner.w,
          inner.bottom() - button_h - stage.mm(8) - y - stage.mm(6)};
}

namespace {

double help_icon(const Stage& stage) { return stage.mm(20); }
double help_button(const Stage& stage) {
  return std::max(stage.frame.theme().min_target_mm, stage.mm(26));
}

// A line of the help in a column of that width.
double help_line_height(const Stage& stage, const NoticeSection& line, double width) {
  Frame& frame = stage.frame;
  const double words = width - help_icon(stage) - stage.mm(9);
  return std::max(help_icon(stage),
                  frame.measure(line.title, title_type(frame, stage.mm(11.6)), words).h +
                      frame.measure(line.text, note_type(frame), words).h);
}

// A wide panel has no room below one another.
int help_columns(const Stage& stage) { return stage.portrait() ? 1 : 2; }
double help_gutter(const Stage& stage) { return stage.mm(10); }

// The sheet in which all of the help stands without scrolling, where the panel has room for it.
double help_height(const Stage& stage, const HelpView& view) {
  const int columns = help_columns(stage);
  const double width = sheet_width(stage) - 2 * sheet_pad(stage);
  const double column = (width - (columns - 1) * help_gutter(stage)) / columns;
  double height = around_sheet(stage, view.title);
  for (std::size_t i = 0; i < view.lines.size(); i += static_cast<std::size_t>(columns)) {
    double tallest = 0;
    for (std::size_t j = i; j < std::min(view.lines.size(), i + static_cast<std::size_t>(columns));
         ++j) {
      tallest = std::max(tallest, help_line_height(stage, view.lines[j], column));
    }
    height += tallest + stage.mm(8);
  }
  const bool beside = columns > 1 && view.lines.size() % 2 == 1;
  height += beside ? -stage.mm(4) : help_button(stage);
  for (const std::string* more : {&view.reach, &view.helper}) {
    if (!more->empty()) height += stage.mm(6) + help_button(stage);
  }
  return height + 1;  // rounding brings no arrows
}

}  // namespace

void draw_help(const Stage& stage, const HelpView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("help", view.title);
  bool closed = false;
  const Box body =
      draw_sheet(stage, "help", help_height(stage, view), view.title, view.close, closed);
  if (closed) stage.ask(intent::CloseSheet{});
  scrolled(stage, "help.body", body, [&](const Box& area) {
    double y = area.y;
    const double side = help_icon(stage);
    const int columns = help_columns(stage);
    const double gutter = help_gutter(stage);
    const Type title = title_type(frame, stage.mm(11.6));
    const Type note = note_type(frame);
    double tallest = 0;
    for (std::size_t i = 0; i < view.lines.size(); ++i) {
      const NoticeSection& line = view.lines[i];
      const int column = static_cast<int>(i) % columns;
      const Box cell = area.column(column, columns, gutter);
      const Box words = cell.after(side + stage.mm(9));
      const double height = help_line_height(stage, line, cell.w);
      frame.icon({cell.x, y + height / 2 - side / 2, side, side}, line.icon, frame.colour().madder);
      const std::string id = "help.line." + std::to_string(i);
      const double at = say_below(frame, id, y, words, line.title, title);
      say_below(frame, id + ".text", at, words, line.text, note);
      tallest = std::max(tallest, height);
      const bool last = i + 1 == view.lines.size();
      if (column + 1 < columns && !last) continue;
      y += tallest + stage.mm(4);
      tallest = 0;
      if (!last) frame.hairline(area.x, y, area.w);
      y += stage.mm(4);
    }
    const double height = help_button(stage);
    // In two columns it takes the place that an odd number of lines leaves.
    const bool beside = columns > 1 && view.lines.size() % 2 == 1;
    const Box place =
        beside ? Box{area.x, y - stage.mm(4) - height, area.w, height}.column(1, columns, gutter)
               : Box{area.x, y, area.w, height};
    if (button(frame, "help.withdraw", place, view.withdraw,
               {.kind = ButtonKind::kQuiet, .icon = "undo", .em = theme.type.read})) {
      stage.ask(intent::OpenWithdraw{});
    }
    double end = beside ? y - stage.mm(4) : y + height;
    if (!view.reach.empty()) {
      end += stage.mm(6);
      if (button(frame, "help.reach", {area.x, end, area.w, height}, view.reach,
                 {.kind = ButtonKind::kQuiet, .icon = "hand", .em = theme.type.read})) {
        stage.ask(intent::ToggleReach{});
      }
      end += height;
    }
    if (!view.helper.empty()) {
      end += stage.mm(6);
      if (button(frame, "help.helper", {area.x, end, area.w, height}, view.helper,
                 {.kind = ButtonKind::kStaff, .icon = "people", .em = theme.type.read})) {
        if (view.helped) {
          stage.ask(intent::EndHelp{});
        } else {
          stage.ask(intent::OpenHelper{});
        }
      }
      end += height;
    }
    return end;
  });
}

void draw_choices(const Stage& stage, const ChoicesView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("choices", view.title);
  const double gap = stage.mm(6);
  const int columns = stage.portrait() ? 2 : 3;
  const double height = std::max(theme.min_target_mm, stage.mm(26));
  const int rows = (static_cast<int>(view.choices.size()) + columns - 1) / columns;
  bool closed = false;
  const double wanted = rows * (height + gap) + theme.target.primary_min + stage.mm(90) +
                        (view.field.id.empty() ? 0 : stage.mm(160));
  Box body = draw_sheet(stage, "choices", wanted, view.title, view.close, closed);
  if (closed) stage.ask(intent::CloseSheet{});
  if (!view.field.id.empty()) {
    // The quantity, typed to the last piece.
    const double field_h = std::max(theme.min_target_mm, stage.mm(34));
    const double pad_h = std::min(stage.mm(136), body.h * 0.5);
    const bool flat = !stage.portrait();
    const Box half = flat ? body.start(body.w * 0.45) : body.top(field_h + pad_h + gap);
    const Box field = half.top(field_h);
    frame.outline(field, frame.colour().madder, theme.stroke.field_focus, theme.radius.card);
    Type number = bold_type(frame, field_h * 0.5);
    number.align = Align::kCenter;
    number.scales = false;
    number.language = Language::kEnglish;
    frame.text_middle(field, view.field.value.empty() ? "?" : view.field.value, number);
    frame.node(view.field.id, field, Role::kField, view.field.label, view.field.value);
    constexpr int kQuantityDigits = 7;
    const NumberPadResult typed =
        number_pad(frame, half.below(field_h + gap), view.field.value, kQuantityDigits,
                   {.clear = stage.view.keys.clear, .backspace = stage.view.keys.backspace});
    if (typed.changed.has_value()) stage.ask(intent::Edit{view.field.id, *typed.changed});
    body = flat ? body.after(half.w + gap) : body.below(half.h + gap);
  }
  const int across = view.field.id.empty() || stage.portrait() ? columns : 2;
  scrolled(stage, "choices.body." + view.title, body, [&](const Box& area) {
    for (std::size_t i = 0; i < view.choices.size(); ++i) {
      const ChoiceView& one = view.choices[i];
      const int place = static_cast<int>(i);
      const int line = place / across;
      const Box row{area.x, area.y + line * (height + gap), area.w, height};
      if (chip(frame, "form.choice." + one.field + "." + one.value,
               row.column(place % across, across, gap), one.label,
               {.on = one.selected, .icon = one.selected ? "check" : ""})) {
        stage.ask(intent::Choose{one.field, one.value});
      }
    }
    const int lines = (static_cast<int>(view.choices.size()) + across - 1) / across;
    return area.y + lines * (height + gap) - gap;
  });
}

// Before a form with answers is left: going on is the button, the two other ways stand above it.
void draw_leave(const Stage& stage, const LeaveView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("form.leave", view.title);
  bool stays = false;
  const double row = theme.target.primary_min;
  const double gap = stage.mm(6);
  const Type note = read_type(frame);
  const double words_w = std::min(theme.bands.width - 2 * theme.space.margin, 420.0) -
                         2 * (stage.small() ? 7.0 : 14.0);
  const double note_h = frame.measure(view.note, note, words_w).h;
  const bool flat = stage.small();
  const double choices_h = flat ? row : 2 * row + gap;
  const double height =
      note_h + choices_h + row + stage.mm(flat ? 40 : 76) + frame.theme().em(theme.type.title) * 2;
  const Box body = draw_sheet(stage, "form.leave", height, view.title, view.stay, stays);
  if (stays) stage.ask(intent::CloseSheet{});
  say_below(frame, "form.leave.note", body.y, body, view.note, note);
  const Box choices = body.foot(choices_h);
  const ButtonSpec send{.kind = ButtonKind::kSecondary, .icon = "send", .icon_directed = true};
  const ButtonSpec erase{.kind = ButtonKind::kQuiet, .icon = "trash"};
  const Box first = flat ? choices.column(0, 2, gap) : choices.row(0, 2, gap);
  const Box second = flat ? choices.column(1, 2, gap) : choices.row(1, 2, gap);
  if (button(frame, "form.leave.send", first, view.send, send)) {
    stage.ask(intent::SendUnfinished{});
  }
  if (button(frame, "form.leave.erase", second, view.erase, erase)) {
    stage.ask(intent::LeaveForm{});
  }
}

}  // namespace odop::kiosk::ui
