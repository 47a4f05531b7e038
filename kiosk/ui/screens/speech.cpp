#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// The ground behind the word that sounds, on each line that it is on.
void draw_word(Frame& frame, const Box& box, const typeset::Layout& laid, const VoiceAt& reading) {
  const auto unit = static_cast<double>(frame.theme().px_per_mm);
  const auto scope = frame.left_to_right(box);
  for (const auto& part : frame.text_engine().range_rects(laid, reading.begin, reading.end)) {
    frame.fill({part.left / unit - 1, part.top / unit, (part.right - part.left) / unit + 2,
                (part.bottom - part.top) / unit},
               frame.colour().madder, 1.6);
  }
}

bool speech_key(const Stage& stage, std::string_view id, const Box& box, std::string_view icon,
                std::string_view label, bool enabled) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const Touch touch = frame.target(id, box, Role::kButton, label, {.enabled = enabled});
  frame.fill(box, touch.pressed ? colour.bar_text : colour.bar_group, frame.theme().radius.button);
  const double side = std::min(14.0, box.h * 0.56);
  frame.icon(box.centred(side, side), icon,
             touch.pressed ? colour.bar_ground
             : enabled     ? colour.bar_text
                           : colour.bar_disabled);
  return touch.tapped;
}

}  // namespace

void draw_speech(const Stage& stage, const SpeechView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  frame.layer();
  const Box strip{0, 0, frame.width(), theme.bands.head_y + theme.bands.head_h};
  frame.fill(strip, theme.comfort.high_contrast ? colour.sand : colour.bar_ground);

  // Keys at the end side: again, softer, how loud it is, louder.
  const double pad = stage.small() ? 2 : theme.space.margin;
  const double side = std::max(15.0, std::min({theme.target.primary * 0.7, 24.0, strip.h - 2}));
  const double gap = 3;
  Box rest = strip.inset(pad, 0);
  const auto next = [&](double width) {
    const Box cell = rest.end(width).centred(width, side);
    rest.w -= width + gap;
    return cell;
  };
  if (speech_key(stage, "speech.louder", next(side), "plus", view.louder,
                 view.volume < view.volumes)) {
    stage.ask(intent::ChangeVolume{1});
  }
  const double pip = std::max(2.4, side * 0.14);
  const Box pips = next(view.volumes * (pip + 1) + 2);
  for (int i = 0; i < view.volumes; ++i) {
    const double height = side * (0.24 + 0.12 * (i + 1));
    frame.fill({pips.x + 1 + i * (pip + 1), pips.bottom() - side * 0.1 - height, pip, height},
               i < view.volume ? colour.brass : colour.bar_disabled, pip / 3);
  }
  frame.node("speech.volume", pips, Role::kStatus, view.volume_label);
  if (speech_key(stage, "speech.softer", next(side), "minus", view.softer, view.volume > 1)) {
    stage.ask(intent::ChangeVolume{-1});
  }
  if (speech_key(stage, "speech.again", next(side), "undo", view.again, true)) {
    stage.ask(intent::ListenAgain{});
  }

  if (!view.tongue.empty()) {
    // What recorded prompts are spoken in, in its own script.
    Type name = read_type(frame, theme.type.note);
    name.scales = false;
    name.max_lines = 1;
    name.align = Align::kCenter;
    const double name_w = std::max(frame.measure(view.tongue, name).w + 6, side * 1.4);
    const Box cell = next(name_w);
    const Touch touch = frame.target("speech.tongue", cell, Role::kButton, view.tongue);
    frame.fill(cell, touch.pressed ? colour.bar_text : colour.bar_group, theme.radius.button);
    name.colour = touch.pressed ? colour.bar_ground : colour.bar_text;
    frame.text_middle(cell, view.tongue, name);
    if (touch.tapped) stage.ask(intent::ShowTongues{});
  }

  const double ear = std::min(16.0, strip.h * 0.5);
  frame.icon(rest.start(ear).centred(ear, ear), "listen", colour.brass);
  const Box words = rest.after(ear + 4);
  const std::string& said = view.reading.text.empty() ? view.label : view.reading.text;
  Type type = read_type(frame, stage.small() ? theme.type.read : 12);
  type.colour = colour.bar_text;
  type.max_lines = 2;
  type.line_height = frame.language() == Language::kUrdu ? 1.5 : 1.36;
  type.scales = false;
  type.teaser = true;  // the node says the whole
  type = fitted(frame, said, type, words.w, 2, theme.type.least * 0.9);
  const typeset::Layout& laid = frame.layout(said, type, words.w);
  const double height = laid.height_px / static_cast<double>(theme.px_per_mm);
  const Box place{words.x, strip.mid_y() - height / 2, words.w, height};
  draw_word(frame, place, laid, view.reading);
  frame.text(place, said, type);
  frame.node("speech.caption", place, Role::kStatus, said);
}

}  // namespace odop::kiosk::ui
