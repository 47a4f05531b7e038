#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/question_parts.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace odop::kiosk::ui {

namespace {

constexpr std::array kMobileGroups{5, 5};
constexpr std::array kCodeGroups{4, 4};
constexpr std::array kPinGroups{3, 3};

std::span<const int> groups_of(int digits) {
  if (digits == 10) return kMobileGroups;
  if (digits == 6) return kPinGroups;
  return kCodeGroups;
}

int most_digits(const FieldView& field) {
  if (field.most_digits > 0) return field.most_digits;
  constexpr int kReferenceDigits = 18;
  return field.digits > 0 ? field.digits : kReferenceDigits;
}

// Of texts, by the form that asks; numbers are bounded by their digits.
std::size_t most_bytes(const FieldView& field) {
  constexpr std::size_t kNumberBytes = 64;
  return field.max_bytes > 0 ? field.max_bytes : kNumberBytes;
}

bool has_switches(const QuestionView& view) {
  return !view.channels.empty() || !view.besides.empty();
}

// Something taken for granted, a touch away from being changed: as large as the switches.
void draw_beside(const Stage& stage, const BesideView& line, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = frame.target("form.field." + line.field, box, Role::kButton, line.label,
                                   {.value = line.value, .spoken = line.label + " " + line.value});
  const double radius = std::min(theme.radius.chip, box.h / 2);
  if (touch.focused) {
    frame.outline(box.inset(-3), frame.colour().blue, theme.stroke.focus_ring, radius + 3);
  }
  frame.fill(box, touch.pressed ? frame.colour().sand : frame.colour().paper, radius);
  frame.outline(box, frame.colour().edge, theme.stroke.chip, radius);
  const double side = std::min(stage.mm(10), box.h * 0.5);
  const double pad = std::min(stage.mm(8), box.w * 0.06);
  frame.icon({box.right() - pad - side, box.mid_y() - side / 2, side, side}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
  // The pin gives way to a long name.
  Box words{box.x + pad, box.y, box.w - 2 * pad - side - 1, box.h};
  Type type = read_type(frame, theme.type.small);
  type.align = Align::kCenter;
  type.max_lines = 1;
  if (frame.measure(line.value, type).w < words.w - side - 2) {
    frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, "pin", frame.colour().madder);
    words.x += side + 1;
    words.w -= side + 1;
  } else {
    type = fitted_into(frame, line.value, type, words.inset(0, 0.5), 2, theme.type.least);
    type.teaser = true;  // the node says it
  }
  frame.text_middle(words, line.value, type);
  if (touch.tapped) stage.ask(intent::ChangeAnswer{line.field});
}

// Switches, and what else is taken for granted, in one row.
double draw_switches(const Stage& stage, const QuestionView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (view.channels.empty() && view.besides.empty()) return y;
  const double height = std::max(frame.theme().min_target_mm, stage.mm(22));
  const double gap = stage.mm(5);
  const int switches = static_cast<int>(view.channels.size());
  const int count = switches + static_cast<int>(view.besides.size());
  // Words of several of them do not fit beside each other.
  const int across = view.besides.empty() && switches > 3 ? 2 : switches;
  const int lines = across > 0 ? (switches + across - 1) / across : 1;
  for (int i = 0; i < count; ++i) {
    // A name needs more room than a switch.
    const int line_of_it = i < switches ? i / across : 0;
    const Box row{column.x, y + line_of_it * (height + gap), column.w, height};
    const double names = view.besides.empty() ? 0 : column.w * 0.42;
    const Box cell =
        i < switches
            ? row.start(column.w - names - (names > 0 ? gap : 0)).column(i % across, across, gap)
            : row.end(switches > 0 ? names : column.w).column(i - switches, count - switches, gap);
    if (i >= switches) {
      const BesideView& line = view.besides[static_cast<std::size_t>(i - switches)];
      draw_beside(stage, line, cell);
      continue;
    }
    const ChoiceView& choice = view.channels[static_cast<std::size_t>(i)];
    if (chip(frame, "form.choice." + choice.field + "." + choice.value, cell, choice.label,
             {.on = choice.selected, .icon = choice.selected ? "check" : ""})) {
      stage.ask(intent::Choose{choice.field, choice.value});
    }
  }
  return y + lines * (height + gap) - gap;
}

// The words under a field: what is wrong, or how many digits are there.
double draw_under(const Stage& stage, const FieldView& field, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (!field.error.empty()) {
    Type type = bold_type(frame, frame.theme().type.read);
    type.colour = frame.colour().madder;
    return say_below(frame, field.id + ".error", y, column, field.error, type, Role::kStatus);
  }
  if (field.progress.empty()) return y;
  Type type = read_type(frame, stage.mm(9.4));
  type.max_lines = 2;
  double x = column.x;
  if (field.digits > 0) {
    const double width = std::min(150.0, column.w * 0.41);
    const double height = frame.measure(field.progress, type, column.w - width - 8).h;
    frame.stitches({x, y + height / 2 - 1.2, width, 2.4}, field.digits,
                   static_cast<int>(field.value.size()));
    x += width + stage.mm(8);
  }
  const double height = frame.say(field.id + ".progress", {x, y, column.right() - x, 0},
                                  field.progress, type, Role::kStatus);
  return y + height;
}

// A field of digits that is not being typed into: its label and what it holds.
void draw_resting(const Stage& stage, const FieldView& field, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch =
      frame.target(field.id, box, Role::kField, field.label, {.value = field.value});
  frame.fill(box, touch.pressed ? frame.colour().sand : frame.colour().paper, theme.radius.card);
  frame.outline(box, frame.colour().edge, theme.stroke.chip, theme.radius.card);
  Type value = bold_type(frame, std::min(stage.mm(20), box.h * 0.5));
  value.colour = field.value.empty() ? frame.colour().line : frame.colour().ink;
  value.scales = false;
  value.align = Align::kLeft;
  value.language = Language::kEnglish;
  const auto scope = frame.left_to_right(box);
  frame.text_middle({stage.mm(12), 0, box.w - stage.mm(24), box.h}, field.value, value);
  if (touch.tapped) stage.ask(intent::Focus{field.id});
}

void edited(const Stage& stage, const FieldView& field, const FieldResult& result) {
  if (result.changed.has_value()) stage.ask(intent::Edit{field.id, *result.changed});
  if (result.tapped && !field.focused) stage.ask(intent::Focus{field.id});
  if (result.submitted) stage.ask(intent::Next{});
}

double draw_field(const Stage& stage, const FieldView& field, const Box& column, double y,
                  double height, bool labelled) {
  Frame& frame = stage.frame;
  if (labelled) {
    y = say_below(frame, field.id + ".label", y, column, field.label,
                  note_type(frame, frame.theme().type.small));
    y += stage.mm(1);
  }
  const Box box{column.x, y, column.w, height};
  if (!field.focused) {
    draw_resting(stage, field, box);
    return y + height + stage.mm(3);
  }
  if (field.digits > 0) {
    edited(stage, field,
           digit_field(frame, field.id, box, field.value, groups_of(field.digits), field.prefix,
                       field.label));
  } else {
    const bool digits = field.most_digits > 0 || field.id == "status.field.reference";
    const bool latin = digits || field.latin;
    Box input = box;
    if (!field.prefix.empty()) {
      const double width = std::max(stage.mm(44), height * 0.9);
      const Box prefix = frame.rtl() ? box.end(width) : box.start(width);
      input = frame.rtl() ? box.start(box.w - width - 4) : box.after(width + 4);
      frame.fill(prefix, frame.colour().sand, frame.theme().radius.card);
      Type type = read_type(frame, stage.mm(12));
      type.align = Align::kCenter;
      type.language = Language::kEnglish;
      frame.text_middle(prefix, field.prefix, type);
    }
    edited(stage, field,
           text_field(frame, field.id, input,
                      {.value = field.value,
                       .placeholder = field.hint,
                       .label = field.label,
                       .em = digits ? stage.mm(22) : stage.mm(15),
                       .role = digits  ? TextRole::kSmallBold
                               : latin ? TextRole::kRead
                                       : TextRole::kTitle,
                       .direction =
                           latin ? typeset::Direction::kLeftToRight : typeset::Direction::kContent,
                       .max_bytes = most_bytes(field),
                       .digits_only = digits,
                       .active = true,
                       .clear_label = stage.view.keys.clear}));
  }
  return draw_under(stage, field, column, y + height + stage.mm(4)) + stage.mm(3);
}

const FieldView* focused_field(const QuestionView& view) {
  const auto found = std::ranges::find_if(view.fields, &FieldView::focused);
  return found == view.fields.end() ? nullptr : &*found;
}

void draw_pad(const Stage& stage, const QuestionView& view, const Box& box) {
  const FieldView* field = focused_field(view);
  if (field == nullptr) return;
  const NumberPadResult typed =
      number_pad(stage.frame, box, field->value, most_digits(*field),
                 {.clear = stage.view.keys.clear, .backspace = stage.view.keys.backspace});
  if (typed.changed.has_value()) stage.ask(intent::Edit{field->id, *typed.changed});
}

void draw_letters(const Stage& stage, const QuestionView& view, const Box& box) {
  const FieldView* field = focused_field(view);
  if (field == nullptr) return;
  KeyboardSpec spec{.field = field->id,
                    .value = field->value,
                    .max_bytes = most_bytes(*field),
                    .space_label = stage.view.keys.space,
                    .other_label = stage.view.keys.other,
                    .submit_label = stage.view.keys.done,
                    .submit_icon = "check",
                    .backspace_label = stage.view.keys.backspace,
                    .shift_label = stage.view.keys.shift,
                    .numbers_label = stage.view.keys.numbers,
                    .letters_label = stage.view.keys.letters,
                    .submit_enabled = view.next_enabled};
  if (view.keys == Keys::kEmail) spec.kind = KeyboardKind::kEnglish;
  const KeyboardResult pressed = keyboard(stage.frame, box, spec);
  if (pressed.changed.has_value()) stage.ask(intent::Edit{field->id, *pressed.changed});
  if (pressed.submitted) stage.ask(intent::Next{});
}

// ---- One layout for each kind of question ----

double draw_fields(const Stage& stage, const QuestionView& view, const Box& column, double y,
                   double height) {
  const bool labelled = view.fields.size() > 1;
  for (const auto& field : view.fields) {
    y = draw_field(stage, field, column, y, height, labelled);
  }
  return y;
}

void draw_numbers(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double least = frame.theme().min_target_mm;
  if (stage.portrait()) {
    double y = question_head(stage, view, content) + 8;
    y = draw_switches(stage, view, content, y) + (has_switches(view) ? 8 : 0);
    const bool places = view.fields.size() == 1 && view.fields.front().digits > 0;
    y = draw_fields(stage, view, content, y, places ? 56 : view.fields.size() > 1 ? 40 : 44) + 4;
    const double safe_h = 46;
    const Box safe{content.x, actions.y - safe_h - 10, content.w, safe_h};
    const double pad_h = std::min(264.0, safe.y - 8 - y);
    draw_pad(stage, view, Box{content.x, y, content.w, safe.y - 8 - y}.centred(300, pad_h));
    if (!view.assurance.empty()) {
      assurance(stage, safe, "lock", frame.colour().green, view.assurance);
    }
    question_buttons(stage, view, actions);
    return;
  }
  // Question and field at the start side, the pad at the end side.
  const double pad_w = std::min(content.w * 0.44, 300.0);
  const double top = content.y + (view.steps > 0 && !stage.small() ? 18 : 0);
  const Box column{content.x, content.y, content.w - pad_w - 2 * frame.theme().space.gutter,
                   actions.y - content.y - 2};
  double y = content.y;
  if (view.steps > 0) {
    steps(frame, stage.step_row(), view.step_text, view.steps, view.step);
    y = top;
  }
  scrolled(stage, "form.fields." + stage.view.name, {column.x, y, column.w, column.bottom() - y},
           [&](const Box& area) {
             double at = stage.small()
                             ? draw_heading(stage, "form.question", area, view.question, {},
                                            frame.theme().type.title)
                             : draw_heading(stage, "form.question", area, view.question, view.hint);
             at = draw_switches(stage, view, area, at + 4) + 4;
             const double height = std::max(least + 2, stage.mm(stage.small() ? 30 : 44));
             at = draw_fields(stage, view, area, at, height);
             if (!view.assurance.empty()) {
               const double safe_h =
                   std::max({stage.mm(40), 22.0, frame.theme().em(frame.theme().type.least) * 4.8});
               assurance(stage, {area.x, at + 2, area.w, safe_h}, "lock", frame.colour().green,
                         view.assurance);
               at += safe_h + 2;
             }
             return at;
           });
  draw_pad(stage, view, {content.right() - pad_w, top, pad_w, actions.y - top - 3});
  question_buttons(stage, view, actions);
}

// A microphone: the answer may be spoken. Where the box is square, without its label.
void speak_button(const Stage& stage, const QuestionView& view, const Box& box) {
  if (view.speak.empty()) return;
  Frame& frame = stage.frame;
  const bool round = box.w <= box.h;
  const bool tapped =
      round
          ? mic(stage, "voice.speak", box, view.speak)
          : button(frame, "voice.speak", box, view.speak,
                   {.kind = ButtonKind::kSecondary, .icon = "mic", .em = frame.theme().type.title});
  if (tapped) stage.ask(intent::OpenVoice{view.speak_field});
}

void draw_typing(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box keys = keyboard_box(theme);
  const double gutter = theme.space.gutter;
  const double height = theme.target.primary;
  if (stage.portrait()) {
    double y = question_head(stage, view, content) + 10;
    y = draw_switches(stage, view, content, y) + (has_switches(view) ? 12 : 0);
    y = draw_fields(stage, view, content, y, 48) + 4;
    speak_button(stage, view, {content.x, y, content.w, height});
    question_buttons(stage, view, {content.x, keys.y - height - 10, content.w, height});
  } else {
    // The keyboard leaves a band: the question at its start, the ways on at its end.
    const double top = content.y + (view.steps > 0 && !stage.small() ? 18 : 0);
    if (view.steps > 0) steps(frame, stage.step_row(), view.step_text, view.steps, view.step);
    const Box band{content.x, top, content.w, keys.y - top - 3};
    const double end_w = band.w * 0.4;
    const double button_h = std::min(height, band.h);
    // Where there is no room for a second button, the microphone stands at the field's end.
    const bool beside = !view.speak.empty() && band.h < 2 * button_h + gutter;
    const Box words = band.start(band.w - end_w - 2 * gutter);
    scrolled(stage, "form.fields." + stage.view.name, words, [&](const Box& area) {
      double y = stage.small() ? draw_heading(stage, "form.question", area, view.question, {},
                                              theme.type.title)
                               : draw_heading(stage, "form.question", area, view.question,
                                              view.hint, frame.theme().type.title_l * 1.2);
      y += stage.small() ? 2 : 3;
      const double field_h = stage.small() ? theme.min_target_mm + 2 : 34;
      if (beside) speak_button(stage, view, Box{area.x, y, area.w, field_h}.end(field_h));
      y = draw_fields(stage, view, area.start(area.w - (beside ? field_h + gutter : 0)), y,
                      field_h);
      return draw_switches(stage, view, area, y);
    });
    const Box end = band.end(end_w);
    question_buttons(stage, view, end.foot(button_h));
    if (!beside) {
      speak_button(stage, view, {end.x, end.bottom() - 2 * button_h - gutter, end.w, button_h});
    }
  }
  draw_letters(stage, view, keys);
}

// The visitor's list with its quantities.
void draw_quantities(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double gutter = frame.theme().space.gutter;
  const double y = question_head(stage, view, content) + stage.mm(12);
  const Box body{content.x, y, content.w, actions.y - y - stage.mm(8)};
  scrolled(stage, "form.rows", body, [&](const Box& area) {
    double at = area.y;
    const double third = (area.h - 2 * gutter) / 3;
    const double height = std::clamp(third, frame.theme().min_target_mm + 8,
                                     std::max(stage.mm(80), frame.theme().min_target_mm + 8));
    for (const auto& row : view.rows) {
      draw_list_row(stage, {area.x, at, area.w, height}, row, view.less_label, view.more_label,
                    view.unit_label, {});
      at += height + gutter;
    }
    return at - gutter;
  });
  question_buttons(stage, view, actions);
}

}  // namespace

double question_head(const Stage& stage, const QuestionView& view, const Box& column) {
  double y = column.y;
  if (view.steps > 0) {
    steps(stage.frame, stage.step_row(), view.step_text, view.steps, view.step);
    if (!stage.small()) y += 25;
  }
  return draw_heading(stage, "form.question", {column.x, y, column.w, 0}, view.question, view.hint);
}

void question_buttons(const Stage& stage, const QuestionView& view, const Box& box) {
  // Without a way on "back" stays where it always is.
  const Box place = view.next.empty() ? box.start(box.w * 0.42) : box;
  const ActionResult touched = draw_actions(stage, place,
                                            {.id = "form.back",
                                             .label = view.back,
                                             .icon = view.is_send && view.steps > 0 ? "" : "back",
                                             .directed = true,
                                             .enabled = !view.working},
                                            {.id = view.is_send ? "form.send" : "form.next",
                                             .label = view.next,
                                             .icon = view.is_send ? "send" : "",
                                             .directed = true,
                                             .enabled = view.next_enabled});
  if (touched.second) stage.ask(intent::Back{});
  if (touched.main) {
    if (view.is_send) {
      stage.ask(intent::Send{});
    } else {
      stage.ask(intent::Next{});
    }
  }
}

void draw_question(const Stage& stage, const QuestionView& view) {
  if (!view.consents.empty()) {
    draw_consent(stage, view);
    return;
  }
  if (!view.spoken.empty()) {
    draw_spoken(stage, view);
    return;
  }
  if (!view.pick_field.empty() && view.rows.empty()) {
    draw_picking(stage, view);
    return;
  }
  switch (view.keys) {
    case Keys::kNumbers:
      draw_numbers(stage, view);
      break;
    case Keys::kLetters:
    case Keys::kEmail:
      draw_typing(stage, view);
      break;
    case Keys::kNone:
      draw_quantities(stage, view);
      break;
  }
}

}  // namespace odop::kiosk::ui
