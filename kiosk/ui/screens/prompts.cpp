// What staff record: the tongues, what may be read aloud in them, and the sheet on which it is.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"
#include "kiosk/ui/screens/voice_parts.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk::ui {

namespace {

struct PromptMark {
  std::string_view icon;
  Colour colour;
};

// Never the colour alone: each state has an icon, and words beside it.
PromptMark prompt_mark(const Palette& colour, PromptState state) {
  switch (state) {
    case PromptState::kStaff:
      return {"check", colour.green_text};
    case PromptState::kOffice:
      return {"office", colour.green_text};
    case PromptState::kOld:
      return {"clock", colour.amber_text};
    case PromptState::kNone:
      break;
  }
  return {"mic", colour.madder};
}

Type script_type(Type type, Language script) {
  type.language = script;
  type.direction = typeset::Direction::kContent;
  return type;
}

// A card as tall as its words: what it is for and how it stands above, what is to be read below.
// Returns the y below.
double draw_prompt_row(const Stage& stage, const Box& place, const PromptRow& row, bool set) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double pad = stage.mm(8);
  const double side = stage.mm(15);
  const double arrow = stage.mm(11);
  const Box card = row.inner ? place.after(stage.mm(20)) : place;
  const double words_x = card.x + pad + side + stage.mm(7);
  const double words_w = card.right() - pad - arrow - stage.mm(4) - words_x;
  const PromptMark mark = prompt_mark(frame.colour(), row.state);
  Type note = note_type(frame, theme.type.small);
  note.colour = row.state == PromptState::kNone ? frame.colour().ink2 : mark.colour;
  const std::string above = row.place.empty() ? row.note : row.place + " · " + row.note;
  Type text = set || !row.inner ? title_type(frame, theme.type.title_s) : bold_type(frame, 0);
  if (!set && row.inner) text.em = theme.type.lead;
  text = script_type(text, row.script);
  text.max_lines = 3;
  text.teaser = true;  // its sheet says the whole; so does the node
  const double text_h = frame.measure(row.text, text, words_w).h;
  const double note_h = frame.measure(above, note, words_w).h;
  const Box box{card.x, card.y, card.w,
                std::max(theme.min_target_mm, text_h + note_h + 2 * stage.mm(5))};
  const std::string id = (set ? "prompts.set." : "prompts.row.") + row.id;
  if (link_card(frame, id, box, row.text, above + ". " + row.text).tapped) {
    if (set) {
      stage.ask(intent::OpenPrompts{row.id});
    } else {
      stage.ask(intent::OpenVoice{row.id});
    }
  }
  frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, mark.icon, mark.colour);
  double y = box.mid_y() - (text_h + note_h) / 2;
  frame.text({words_x, y, words_w, text_h}, row.text, text);
  y += text_h;
  frame.text({words_x, y, words_w, note_h}, above, note);
  frame.icon({box.right() - pad - arrow, box.mid_y() - arrow / 2, arrow, arrow}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
  return box.bottom();
}

// Returns the y below.
double draw_tongues(const Stage& stage, const Box& column, double y,
                    const std::vector<PromptTongue>& tongues) {
  Frame& frame = stage.frame;
  const int count = static_cast<int>(tongues.size());
  const int columns = stage.portrait() ? 3 : std::max(1, count);
  const int lines = (count + columns - 1) / columns;
  const double gap = stage.mm(5);
  const double height = std::max(frame.theme().min_target_mm, stage.mm(22));
  for (int i = 0; i < count; ++i) {
    const PromptTongue& one = tongues[static_cast<std::size_t>(i)];
    const int line = i / columns;
    const Box row{column.x, y + line * (height + gap), column.w, height};
    if (chip(frame, "prompts.tongue." + one.tongue, row.column(i % columns, columns, gap), one.name,
             {.on = one.selected, .icon = one.selected ? "check" : ""})) {
      stage.ask(intent::Choose{"tongue", one.tongue});
    }
  }
  return y + lines * (height + gap) - gap;
}

// The words to be read, as large as they can be; a long text turns pages.
void draw_prompt_text(const Stage& stage, const PromptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  frame.fill(box, frame.colour().sand, theme.radius.card);
  const Box inner = box.inset(stage.mm(8), stage.mm(5));
  scrolled(stage, "prompt.words", inner, [&](const Box& area) {
    const Type place = note_type(frame, theme.type.small);
    const double place_h = frame.measure(view.place, place, area.w).h + 1;
    Type text = script_type(title_type(frame, 0), view.script);
    text.em = stage.portrait() ? 22 : theme.type.title_l;
    text = fitted_into(frame, view.text, text, {0, 0, area.w, area.h - place_h}, 8,
                       theme.type.title_s);
    text.max_lines = 0;
    const double text_h = frame.measure(view.text, text, area.w).h;
    const double y = area.y + std::max(0.0, (area.h - place_h - text_h) / 2);
    return say_below(frame, "prompt.text",
                     say_below(frame, "prompt.place", y, area, view.place, place) + 1, area,
                     view.text, text);
  });
}

struct PromptKey {
  std::string_view id, label, icon;
  ButtonKind kind = ButtonKind::kSecondary;
  Intent asks;
};

std::vector<PromptKey> prompt_keys(const PromptView& view) {
  const VoiceView& voice = view.voice;
  std::vector<PromptKey> keys;
  if (!voice.play.empty()) {
    keys.push_back({"voice.play", voice.play, voice.playing ? "close" : "listen",
                    ButtonKind::kSecondary, intent::PlaySpoken{}});
  }
  if (!voice.again.empty()) {
    keys.push_back(
        {"voice.again", voice.again, "mic", ButtonKind::kSecondary, intent::StartSpeaking{}});
  }
  if (!voice.keep.empty()) {
    keys.push_back({"voice.keep", voice.keep, "check", ButtonKind::kPrimary, intent::KeepSpoken{}});
  }
  if (!view.remove.empty()) {
    keys.push_back(
        {"prompt.remove", view.remove, "trash", ButtonKind::kQuiet, intent::ForgetSpoken{}});
  }
  return keys;
}

// What can be done with a recording, at the foot of the box. Returns their height.
double draw_prompt_keys(const Stage& stage, const PromptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const double height = std::max(frame.theme().min_target_mm, stage.mm(26));
  const double gap = stage.mm(6);
  const auto keys = prompt_keys(view);
  if (keys.empty()) return 0;
  const int count = static_cast<int>(keys.size());
  const Box all = box.foot(count * height + (count - 1) * gap);
  for (int i = 0; i < count; ++i) {
    const PromptKey& key = keys[static_cast<std::size_t>(i)];
    if (button(frame, key.id, all.row(i, count, gap), key.label,
               {.kind = key.kind, .icon = key.icon, .em = frame.theme().type.title_s})) {
      stage.ask(key.asks);
    }
  }
  return all.h + gap;
}

// State, microphone and time, or what can be done with what was said.
void draw_work(const Stage& stage, const PromptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const VoiceView& voice = view.voice;
  const bool flat = !stage.portrait();
  const Align align = flat ? Align::kStart : Align::kCenter;
  const double gap = stage.mm(5);
  double y = draw_voice_words(stage, voice, box, box.y, align) + gap;
  if (view.recorded) {
    draw_prompt_keys(stage, view, box);
    return;
  }
  y = draw_voice_time(stage, voice, box, y);
  if (voice.speak.empty() && voice.stage == VoiceStage::kReady) return;  // it cannot be recorded
  Type label = bold_type(frame, frame.theme().type.read);
  label.align = Align::kCenter;
  const double label_h = voice.speak.empty() ? 0 : frame.measure(voice.speak, label, box.w).h;
  const Box place{box.x, y, box.w, box.bottom() - y - label_h};
  const double most = frame.theme().min_target_mm;
  const double across = std::clamp(place.h * 0.68, most, std::max(most, 64.0));
  draw_microphone(stage, voice, place, across);
  if (label_h > 0) {
    // Said by the button: here for the eye only. The halo of a loud voice needs all of the place.
    const double below = voice.stage == VoiceStage::kRecording
                             ? place.bottom()
                             : std::min(place.bottom(), place.mid_y() + across / 2 + gap);
    frame.text({box.x, below, box.w, label_h}, voice.speak, label);
  }
}

}  // namespace

void draw_prompts(const Stage& stage, const PromptsView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const double gap = stage.mm(5);
  double y = draw_heading(stage, "prompts.title", content, view.title,
                          stage.small() ? std::string_view{} : std::string_view(view.note),
                          stage.small() ? theme.type.title : 0) +
             gap;
  y = draw_tongues(stage, content, y, view.tongues) + gap;
  scrolled_page(
      stage, view.sets ? "prompts.sets" : "prompts.rows",
      {content.x, y, content.w, content.bottom() - y}, [&](const Box& area) {
        double at = area.y;
        if (!view.caution.empty()) {
          at = draw_caution(stage, "prompts.caution", area, at, "help", view.caution) + gap;
        }
        // Names of forms are short, and width is not dear in landscape.
        const int columns = view.sets && !stage.portrait() ? 2 : 1;
        double below = at;
        int place = 0;
        for (const PromptRow& row : view.rows) {
          if (place == 0) at = below;
          const Box line{area.x, at, area.w, 0};
          below = std::max(below, gap + draw_prompt_row(stage, line.column(place, columns, gap),
                                                        row, view.sets));
          place = (place + 1) % columns;
        }
        return below - gap;
      });
}

void draw_prompt(const Stage& stage, const PromptView& view) {
  const auto scope = stage.frame.dialog("prompt", view.voice.title);
  bool closed = false;
  const bool flat = !stage.portrait();
  const Box body = draw_sheet(stage, "prompt", flat ? stage.mm(300) : 430, view.voice.title,
                              view.voice.close, closed, ButtonKind::kQuiet);
  if (closed) stage.ask(intent::CloseSheet{});
  const double gap = stage.mm(8);
  if (flat) {
    draw_prompt_text(stage, view, body.start((body.w - gap) * 0.52));
    draw_work(stage, view, body.end((body.w - gap) * 0.48));
  } else {
    const double height = body.h * 0.4;
    draw_prompt_text(stage, view, body.top(height));
    draw_work(stage, view, body.foot(body.h - height - gap));
  }
}

}  // namespace odop::kiosk::ui
