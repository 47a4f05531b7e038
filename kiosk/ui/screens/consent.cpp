#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/question_parts.h"

#include <algorithm>
#include <string>
#include <vector>

namespace odop::kiosk::ui {

namespace {

struct NoticeLook {
  Type title, words;
  double side = 0, pad = 0, words_w = 0;
};

NoticeLook look_of(const Stage& stage, double width, double scale) {
  const Frame& frame = stage.frame;
  NoticeLook look;
  look.side = stage.mm(18);
  look.pad = stage.mm(6) * scale;
  look.words_w = width - look.side - stage.mm(32);
  look.title = title_type(frame, std::max(frame.theme().type.least, stage.mm(12) * scale));
  look.words = note_type(frame, std::max(frame.theme().type.least, stage.mm(9) * scale));
  look.words.line_height = 1.42;
  return look;
}

std::vector<double> heights_of(const Stage& stage, const QuestionView& view,
                               const NoticeLook& look) {
  std::vector<double> heights;
  for (const auto& section : view.notice) {
    const double title =
        section.title.empty() ? 0 : stage.frame.measure(section.title, look.title, look.words_w).h;
    const double words = stage.frame.measure(section.text, look.words, look.words_w).h;
    heights.push_back(std::max(look.side, title + words) + 2 * look.pad);
  }
  return heights;
}

double sum(const std::vector<double>& heights) {
  double total = 0;
  for (const double height : heights) total += height;
  return total;
}

// The whole notice, in rows. Set as large as its place allows, down to the note size.
double draw_notice(const Stage& stage, const QuestionView& view, const Box& area, double room) {
  Frame& frame = stage.frame;
  NoticeLook look = look_of(stage, area.w, 1);
  for (double scale = 1; scale > 0.8 && sum(heights_of(stage, view, look)) > room; scale -= 0.03) {
    look = look_of(stage, area.w, scale);
  }
  const std::vector<double> heights = heights_of(stage, view, look);
  const double total = sum(heights) + stage.mm(4);
  card(frame, {area.x, area.y, area.w, total});
  double y = area.y + stage.mm(2);
  for (std::size_t i = 0; i < view.notice.size(); ++i) {
    const NoticeSection& section = view.notice[i];
    if (i > 0) frame.hairline(area.x + stage.mm(12), y, area.w - stage.mm(24));
    frame.icon({area.x + stage.mm(12), y + heights[i] / 2 - look.side / 2, look.side, look.side},
               section.icon, frame.colour().madder);
    const Box column{area.x + look.side + stage.mm(21), 0, look.words_w, 0};
    const std::string id = "form.notice." + std::to_string(i);
    const double at = say_below(frame, id, y + look.pad, column, section.title, look.title);
    say_below(frame, id + ".text", at, column, section.text, look.words);
    y += heights[i];
  }
  return area.y + total;
}

// A card with a box to tick; green when agreed. The whole card is the target.
bool draw_box(const Stage& stage, const Box& box, const ConsentView& consent) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const Touch touch = frame.target("form.consent." + consent.purpose, box, Role::kCheckbox,
                                   consent.label, {.value = consent.ticked ? "on" : "off"});
  if (consent.ticked) {
    frame.fill(box, colour.green_tint, theme.radius.choice);
    frame.outline(box, colour.green, 1, theme.radius.choice);
  } else {
    card(frame, box, touch.pressed);
  }
  if (touch.focused) {
    frame.outline(box.inset(-3), colour.blue, theme.stroke.focus_ring, theme.radius.choice + 3);
  }
  const double side = std::min(stage.mm(22), box.h * 0.62);
  const Box square{box.x + stage.mm(11), box.mid_y() - side / 2, side, side};
  if (consent.ticked) {
    frame.fill(square, colour.green, 4);
    frame.icon(square.inset(side * 0.12), "check", colour.white);
  } else {
    frame.fill(square, colour.paper, 4);
    frame.outline(square, colour.edge, 1, 4);
  }
  Box words = box.after(stage.mm(11) + side + stage.mm(10));
  words.w -= stage.mm(8);  // 51 of the card in all
  Type label = read_type(frame, stage.small() ? theme.type.read : 10.4);
  label = fitted(frame, consent.label, label, words.w, 2, theme.type.least);
  Type note = consent.required ? read_type(frame, label.em) : note_type(frame, theme.type.small);
  note = fitted(frame, consent.note, note, words.w, 2, theme.type.least);
  const double label_h = frame.measure(consent.label, label, words.w).h;
  const double note_h = frame.measure(consent.note, note, words.w).h;
  const double y = box.mid_y() - (label_h + note_h) / 2;
  frame.text({words.x, y, words.w, label_h}, consent.label, label);
  frame.text({words.x, y + label_h, words.w, note_h}, consent.note, note);
  frame.node("form.consent." + consent.purpose + ".note", {words.x, y + label_h, words.w, note_h},
             Role::kText, consent.note);
  return touch.tapped;
}

// As tall as its words; `width` is that of the whole card.
double box_height(const Stage& stage, const ConsentView& consent, double width) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double words_w = width - stage.mm(51);
  const Type label =
      fitted(frame, consent.label, read_type(frame, stage.small() ? theme.type.read : 10.4),
             words_w, 2, theme.type.least);
  const Type note =
      consent.required ? read_type(frame, label.em) : note_type(frame, theme.type.small);
  const double words =
      frame.measure(consent.label, label, words_w).h + frame.measure(consent.note, note, words_w).h;
  const double least = stage.small() ? 0 : stage.mm(consent.required ? 48 : 40);
  return std::max({theme.min_target_mm + 2, least, words + stage.mm(4)});
}

double draw_boxes(const Stage& stage, const QuestionView& view, const Box& area) {
  Frame& frame = stage.frame;
  double y = area.y + 1;
  if (!stage.small()) {
    y = say_below(frame, "form.consent", area.y, area, view.consent_title,
                  title_type(frame, frame.theme().type.title), Role::kHeading) +
        stage.mm(3);
  }
  for (const auto& consent : view.consents) {
    const double height = box_height(stage, consent, area.w);
    if (draw_box(stage, {area.x, y, area.w, height}, consent)) {
      stage.ask(intent::ToggleConsent{consent.purpose});
    }
    y += height + stage.mm(stage.small() ? 4 : 5);
  }
  return y;
}

}  // namespace

void draw_consent(const Stage& stage, const QuestionView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box actions = frame.actions();
  // The hint says what is seen at once; where height is dear it goes first.
  QuestionView head = view;
  if (!stage.portrait()) head.hint.clear();
  const double top = question_head(stage, head, content) + stage.mm(stage.small() ? 2 : 6);
  const Box body{content.x, top, content.w, actions.y - top - stage.mm(4)};
  // The reason keeps its place, so that nothing jumps when the box is ticked.
  const double reason_h = theme.em(theme.type.small) * 1.5;

  if (stage.portrait()) {
    const Type title = title_type(frame, theme.type.title);
    double boxes_h = frame.measure(view.consent_title, title, body.w).h + stage.mm(3);
    for (const auto& consent : view.consents)
      boxes_h += box_height(stage, consent, body.w) + stage.mm(5);
    boxes_h = std::min(boxes_h, body.h * 0.6);
    const Box boxes = body.top(body.h - reason_h).foot(boxes_h);
    const Box notice = body.top(boxes.y - body.y - 6);
    scrolled(stage, "form.notice", notice,
             [&](const Box& area) { return draw_notice(stage, view, area, notice.h - 4); });
    scrolled(stage, "form.boxes", boxes,
             [&](const Box& area) { return draw_boxes(stage, view, area) - stage.mm(5); });
  } else {
    const double gutter = theme.space.gutter;
    const Box left = body.start((body.w - 2 * gutter) * (stage.small() ? 0.48 : 0.54));
    const Box right = body.after(left.w + 2 * gutter);
    scrolled(stage, "form.notice", left,
             [&](const Box& area) { return draw_notice(stage, view, area, left.h - 4); });
    scrolled(stage, "form.boxes", stage.small() ? right : right.top(right.h - reason_h),
             [&](const Box& area) { return draw_boxes(stage, view, area) - stage.mm(5); });
  }
  if (!view.next_enabled && !view.next_reason.empty()) {
    Type reason = note_type(frame, theme.type.small);
    reason.align = Align::kEnd;
    reason.max_lines = 1;
    // Small panels: beside the question, where nothing else stands.
    const Box place = stage.small() ? content.end(content.w * 0.5).top(top - content.y)
                                    : Box{content.x, actions.y - reason_h - 1, content.w, reason_h};
    reason =
        fitted(frame, view.next_reason, reason, place.w, stage.small() ? 2 : 1, theme.type.least);
    frame.text_middle(place, view.next_reason, reason);
    frame.node("form.reason", place, Role::kStatus, view.next_reason);
  }
  question_buttons(stage, view, actions);
}

}  // namespace odop::kiosk::ui
