// Answers that are spoken: the sheet with the microphone, and the question once it is answered so.
// And the sheet on which a helper says who it is.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"
#include "kiosk/ui/screens/question_parts.h"
#include "kiosk/ui/screens/voice_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// Seconds of an answer, a stitch each.
constexpr int kStitches = 30;

Type state_type(const Stage& stage, const VoiceView& view) {
  Type type = title_type(stage.frame, stage.small() ? stage.frame.theme().type.title : 17);
  if (view.problem) type.colour = stage.frame.colour().madder;
  return type;
}

}  // namespace

void draw_microphone(const Stage& stage, const VoiceView& view, const Box& box, double across) {
  Frame& frame = stage.frame;
  const Point centre{box.mid_x(), box.mid_y()};
  const bool records = view.stage == VoiceStage::kRecording;
  if (records) {
    const double most = std::min(box.w, box.h) / 2;
    const double share = static_cast<double>(view.level) / std::max(1, view.levels);
    const double halo = across / 2 + (most - across / 2) * (0.15 + 0.85 * share);
    frame.circle(centre, halo, frame.colour().blue_tint);
  }
  if (view.stage == VoiceStage::kEnding) {
    draw_disc(stage, centre, across, "mic");
    return;
  }
  if (mic(stage, "voice.button", box.centred(across, across), view.speak,
          records ? "check" : "mic")) {
    if (records) {
      stage.ask(intent::StopSpeaking{});
    } else {
      stage.ask(intent::StartSpeaking{});
    }
  }
}

double draw_voice_words(const Stage& stage, const VoiceView& view, const Box& column, double y,
                        Align align) {
  Frame& frame = stage.frame;
  Type state = state_type(stage, view);
  state.align = align;
  y = say_below(frame, "voice.state", y, column, view.state, state, Role::kStatus);
  if (!view.note.empty()) {
    Type note = read_type(frame);
    note.align = align;
    y = say_below(frame, "voice.note", y + stage.mm(2), column, view.note, note);
  }
  return y;
}

double draw_voice_time(const Stage& stage, const VoiceView& view, const Box& column, double y) {
  if (view.left.empty()) return y;
  Frame& frame = stage.frame;
  frame.stitches({column.x, y + 1, column.w, 3}, kStitches,
                 static_cast<int>(view.elapsed * kStitches));
  Type left = bold_type(frame, frame.theme().type.read);
  left.align = Align::kCenter;
  return say_below(frame, "voice.left", y + 7, column, view.left, left, Role::kStatus);
}

namespace {

// What can be done with what was said: hear it, speak again, keep it.
void draw_taken(const Stage& stage, const VoiceView& view, const Box& box) {
  Frame& frame = stage.frame;
  const double gap = stage.mm(6);
  const bool plays = !view.play.empty();
  const bool flat = !stage.portrait();
  const int rows = flat ? 2 : plays ? 3 : 2;
  const auto cell = [&](int i) {
    if (!flat) return box.row(i + (plays ? 0 : -1), rows, gap);
    const Box top = box.row(0, 2, gap);
    if (i == 2) return box.row(1, 2, gap);
    return plays ? top.column(i, 2, gap) : top;
  };
  if (plays && button(frame, "voice.play", cell(0), view.play,
                      {.kind = ButtonKind::kSecondary,
                       .icon = view.playing ? "close" : "listen",
                       .em = frame.theme().type.title_s})) {
    stage.ask(intent::PlaySpoken{});
  }
  if (button(frame, "voice.again", cell(1), view.again,
             {.kind = ButtonKind::kSecondary, .icon = "mic", .em = frame.theme().type.title_s})) {
    stage.ask(intent::StartSpeaking{});
  }
  if (button(frame, "voice.keep", cell(2), view.keep,
             {.kind = ButtonKind::kPrimary, .icon = "check", .em = frame.theme().type.title_s})) {
    stage.ask(intent::KeepSpoken{});
  }
}

}  // namespace

bool mic(const Stage& stage, std::string_view id, const Box& box, std::string_view label,
         std::string_view icon) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const Touch touch = frame.target(id, box, Role::kButton, label);
  const double radius = std::min(box.w, box.h) / 2;
  const Point centre{box.mid_x(), box.mid_y()};
  frame.circle(centre, radius, touch.pressed ? colour.ink : colour.madder);
  if (touch.focused) {
    frame.ring(centre, radius + 2, colour.blue, frame.theme().stroke.focus_ring);
  }
  frame.icon(box.centred(radius, radius), icon, colour.paper);
  return touch.tapped;
}

void draw_voice(const Stage& stage, const VoiceView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("voice", view.title);
  bool closed = false;
  const bool taken = view.stage == VoiceStage::kTaken;
  const double button_h = theme.target.primary_min;
  const double gap = stage.mm(6);
  if (stage.portrait()) {
    const Box body =
        draw_sheet(stage, "voice", 330, view.title, view.close, closed, ButtonKind::kQuiet);
    if (taken) {
      const double y = draw_voice_words(stage, view, body, body.y + 4, Align::kCenter);
      const double rows = view.play.empty() ? 2 : 3;
      const Box keys = body.foot(rows * button_h + (rows - 1) * gap);
      const double room = keys.y - y - 2 * gap;
      if (room > 16) {
        draw_disc(stage, {body.mid_x(), y + gap + room / 2}, std::min(room, 56.0), "mic");
      }
      draw_taken(stage, view, keys);
    } else {
      double y = draw_voice_words(stage, view, body, body.y + 4, Align::kCenter) + 6;
      y = draw_voice_time(stage, view, body.inset(body.w * 0.1, 0), y);
      Type label = bold_type(frame, theme.type.lead);
      label.align = Align::kCenter;
      const double label_h = view.speak.empty() ? 0 : frame.measure(view.speak, label, body.w).h;
      const Box place{body.x, y, body.w, body.bottom() - y - label_h - 2};
      const double across = std::min(72.0, place.h * 0.62);
      draw_microphone(stage, view, place, across);
      if (!view.speak.empty()) {
        // Said by the button: here for the eye only.
        frame.text({body.x, place.mid_y() + std::min(place.h, place.w) / 2, body.w, label_h},
                   view.speak, label);
      }
    }
  } else {
    const Box body = draw_sheet(stage, "voice", stage.mm(270), view.title, view.close, closed,
                                ButtonKind::kQuiet);
    if (taken) {
      draw_voice_words(stage, view, body, body.y + gap / 2, Align::kStart);
      draw_taken(stage, view, body.foot(2 * button_h + gap));
    } else {
      const double side = std::min(body.h, body.w * 0.36);
      const Box place = body.start(side);
      draw_microphone(stage, view, place, side * 0.6);
      const Box words = body.after(side + stage.mm(10));
      double y = draw_voice_words(stage, view, words, words.y + gap / 2, Align::kStart) + gap;
      if (!view.speak.empty()) {
        Type label = bold_type(frame, theme.type.read);
        frame.text({words.x, y, words.w, 0}, view.speak, label);
        y += frame.measure(view.speak, label, words.w).h + gap / 2;
      }
      draw_voice_time(stage, view, words, y);
    }
  }
  if (closed) stage.ask(intent::CloseSheet{});
}

void draw_helper(const Stage& stage, const HelperView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("helper", view.title);
  bool closed = false;
  const Box body = draw_sheet(stage, "helper", stage.mm(stage.portrait() ? 380 : 300), view.title,
                              view.close, closed, ButtonKind::kQuiet);
  if (closed) stage.ask(intent::CloseSheet{});
  const bool flat = !stage.portrait();
  const double gap = stage.mm(8);
  const Box words = flat ? body.start(body.w * 0.46) : body;
  double y = say_below(frame, "helper.note", body.y, words, view.note, read_type(frame));
  y += gap / 2;
  Type label = note_type(frame, theme.type.small);
  y = say_below(frame, "helper.label", y, words, view.label, label) + 1;
  const Box field{words.x, y, words.w, std::max(theme.min_target_mm, stage.mm(30))};
  frame.fill(field, frame.colour().paper, theme.radius.card);
  frame.outline(field, frame.colour().madder, theme.stroke.field_focus, theme.radius.card);
  // A dot for each digit: who stands beside must not read it.
  const double step = std::min(field.w / (view.digits + 1), stage.mm(18));
  const double dots = static_cast<double>(view.typed.size());
  {
    const auto ltr = frame.left_to_right(field);
    for (int i = 0; i < view.digits; ++i) {
      const Point at{field.w / 2 + (i - (view.digits - 1) / 2.0) * step, field.h / 2};
      frame.circle(at, i < dots ? step * 0.2 : step * 0.09,
                   i < dots ? frame.colour().ink : frame.colour().line);
    }
  }
  frame.node("helper.pin", field, Role::kField, view.label, view.value);
  y = field.bottom() + gap / 2;
  if (!view.problem.empty()) {
    Type problem = bold_type(frame, theme.type.read);
    problem.colour = frame.colour().madder;
    y = say_below(frame, "helper.error", y, words, view.problem, problem, Role::kStatus) + gap / 2;
  }
  const Box pad = flat ? body.end(body.w * 0.5) : Box{body.x, y, body.w, body.bottom() - y};
  const NumberPadResult typed = number_pad(
      frame, flat ? pad : pad.centred(std::min(pad.w, 260.0), pad.h), view.typed, view.digits,
      {.clear = stage.view.keys.clear, .backspace = stage.view.keys.backspace});
  if (typed.changed.has_value()) stage.ask(intent::Edit{"helper.pin", *typed.changed});
}

void draw_spoken(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const SpokenView& spoken = view.spoken.front();
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double gap = stage.mm(8);
  double y = question_head(stage, view, content) + stage.mm(10);
  if (!view.problem.empty()) {
    Type type = bold_type(frame, theme.type.read);
    type.colour = frame.colour().madder;
    y = say_below(frame, "form.error", y, content, view.problem, type, Role::kStatus) + gap / 2;
  }
  const double disc = stage.mm(38);
  const Type words = title_type(frame, stage.small() ? theme.type.title : 17);
  const Type note = read_type(frame);
  const double pad = stage.mm(10);
  const double words_w = content.w - disc - 3 * pad;
  const double words_h = frame.measure(spoken.words, words, words_w).h;
  const double note_h = frame.measure(spoken.note, note, words_w).h;
  const Box box{content.x, y, content.w, std::max(disc, words_h + note_h) + 2 * pad * 0.7};
  frame.fill(box, frame.colour().green_tint, theme.radius.card);
  frame.outline(box, frame.colour().edge, theme.stroke.chip, theme.radius.card);
  draw_disc(stage, {box.x + pad + disc / 2, box.mid_y()}, disc, "mic");
  const double top = box.mid_y() - (words_h + note_h) / 2;
  const Box lines{box.x + 2 * pad + disc, top, words_w, 0};
  say_below(frame, "voice.spoken", top, lines, spoken.words, words, Role::kStatus);
  say_below(frame, "voice.spoken.note", top + words_h, lines, spoken.note, note);
  y = box.bottom() + gap;

  const double height = std::max(theme.min_target_mm, std::min(theme.target.primary, stage.mm(30)));
  const bool plays = !spoken.play.empty();
  const bool again = !spoken.again.empty();
  const int count = 1 + (plays ? 1 : 0) + (again ? 1 : 0);
  int place = 0;
  const auto cell = [&] {
    if (stage.portrait()) return Box{content.x, y + place++ * (height + gap), content.w, height};
    return Box{content.x, y, content.w, height}.column(place++, count, gap);
  };
  if (plays && button(frame, "voice.play", cell(), spoken.play,
                      {.kind = ButtonKind::kSecondary,
                       .icon = spoken.playing ? "close" : "listen",
                       .em = theme.type.title_s})) {
    stage.ask(intent::PlaySpoken{spoken.field});
  }
  if (again && button(frame, "voice.again", cell(), spoken.again,
                      {.kind = ButtonKind::kSecondary, .icon = "mic", .em = theme.type.title_s})) {
    stage.ask(intent::OpenVoice{spoken.field});
  }
  if (button(frame, "voice.remove", cell(), spoken.remove,
             {.kind = ButtonKind::kQuiet, .icon = "trash", .em = theme.type.title_s})) {
    stage.ask(intent::ForgetSpoken{spoken.field});
  }
  question_buttons(stage, view, actions);
}

}  // namespace odop::kiosk::ui
