// The pages of a form beside its questions: the opening of a scheme's form and the read-back.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

double draw_facts(const Stage& stage, const OpeningView& view, const Box& area) {
  double y = draw_caution(stage, "form.not_filed", area, area.y, "letter", view.not_filed);
  y = draw_caution(stage, "form.deadline", area, y + stage.mm(5), "calendar", view.deadline);
  const Type intro = read_type(stage.frame, stage.mm(9.6));
  return say_below(stage.frame, "form.intro", y + stage.mm(7), area, view.intro, intro);
}

// One answer: the question over what was said, and the word that it can be changed.
double draw_row(const Stage& stage, const ReviewRow& row, const Box& area, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Type label = note_type(frame, theme.type.note);
  Type value = read_type(frame, stage.mm(10.4));
  const double pad = stage.mm(7);
  Type change = note_type(frame, theme.type.note);
  change.colour = frame.colour().madder;
  change.align = Align::kEnd;
  const double change_w = frame.measure(row.change, change).w + 2;
  const double words_w =
      area.w - change_w - 3 * pad - (row.play.empty() ? 0 : theme.min_target_mm + pad);
  const double label_h = frame.measure(row.label, label, words_w).h;
  double value_h = frame.measure(row.value, value, words_w).h;
  // No row may be taller than what is seen at once; the node says the whole, and so does a touch.
  const double spare = stage.mm(5);
  for (value.max_lines = 6; value.max_lines > 1 && label_h + value_h + spare > area.h;) {
    --value.max_lines;
    value.teaser = true;
    value_h = frame.measure(row.value, value, words_w).h;
  }
  if (!value.teaser) value.max_lines = 0;
  const double height = std::max(theme.min_target_mm, label_h + value_h + spare);
  const Box box{area.x, y, area.w, height};
  // What was spoken is heard by a key of its own, beside the rest of the row.
  const double ear_w = row.play.empty() ? 0 : theme.min_target_mm + pad;
  const Touch touch =
      frame.target("form.review." + row.field, box.start(box.w - ear_w), Role::kButton, row.label,
                   {.value = row.value, .spoken = row.label + ": " + row.value});
  card(frame, box, touch.pressed);
  if (touch.focused) {
    frame.outline(box.inset(-2), frame.colour().blue, theme.stroke.focus_ring,
                  theme.radius.card + 2);
  }
  const double top = box.mid_y() - (label_h + value_h) / 2;
  frame.text({box.x + pad, top, words_w, label_h}, row.label, label);
  frame.text({box.x + pad, top + label_h, words_w, value_h}, row.value, value);
  frame.text_middle({box.right() - ear_w - pad - change_w, box.y, change_w, box.h}, row.change,
                    change);
  if (ear_w > 0) {
    const double side = theme.min_target_mm;
    const Box key = box.end(ear_w).start(side).centred(side, side);
    if (ear(stage, "form.review." + row.field + ".play", key, row.play, row.playing)) {
      stage.ask(intent::PlaySpoken{row.field});
    }
  }
  if (touch.tapped) stage.ask(intent::ChangeAnswer{row.field});
  return height;
}

// In as many columns as the panel has room for, each row as tall as its words.
double draw_rows(const Stage& stage, const ReviewView& view, const Box& area) {
  const int columns = stage.portrait() ? 1 : 2;
  const double gap = stage.mm(5);
  double y = area.y;
  for (std::size_t i = 0; i < view.rows.size(); i += static_cast<std::size_t>(columns)) {
    double tallest = 0;
    for (int column = 0; column < columns; ++column) {
      const std::size_t at = i + static_cast<std::size_t>(column);
      if (at >= view.rows.size()) break;
      const double height = draw_row(stage, view.rows[at], area.column(column, columns, gap), y);
      tallest = std::max(tallest, height);
    }
    y += tallest + gap;
  }
  return y - gap;
}

}  // namespace

void draw_opening(const Stage& stage, const OpeningView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double y = draw_heading(stage, "form.title", content, view.title, {},
                                stage.small() ? theme.type.title_l : 0) +
                   stage.mm(stage.small() ? 2 : 8);
  const Box body{content.x, y, content.w, actions.y - y - stage.mm(6)};
  if (stage.portrait()) {
    scrolled(stage, "form.opening", body, [&](const Box& area) {
      const double below = draw_facts(stage, view, area) + stage.mm(14);
      return draw_documents(stage, view.documents_title, view.documents, area, below);
    });
  } else {
    const double gutter = 2 * theme.space.gutter;
    const Box first = body.column(0, 2, gutter);
    const Box second = body.column(1, 2, gutter);
    scrolled(stage, "form.opening", first,
             [&](const Box& area) { return draw_facts(stage, view, area); });
    scrolled(stage, "form.papers", second, [&](const Box& area) {
      return draw_documents(stage, view.documents_title, view.documents, area, area.y);
    });
  }
  const ActionResult touched = draw_actions(
      stage, actions, {.id = "form.back", .label = view.back, .icon = "back", .directed = true},
      {.id = "form.next", .label = view.next, .icon = "next", .directed = true});
  if (touched.second) stage.ask(intent::Back{});
  if (touched.main) stage.ask(intent::Next{});
}

void draw_review(const Stage& stage, const ReviewView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  steps(frame, stage.step_row(), view.step_text, view.steps, view.step);
  double y = content.y + (stage.small() ? 0 : 25);
  y = draw_heading(stage, "form.question", {content.x, y, content.w, 0}, view.title,
                   stage.small() ? std::string_view{} : std::string_view(view.hint),
                   stage.small() ? frame.theme().type.title_l : 0);
  if (!view.problem.empty()) {
    Type type = bold_type(frame, frame.theme().type.read);
    type.colour = frame.colour().madder;
    y = say_below(frame, "form.review.error", y + stage.mm(2), content, view.problem, type,
                  Role::kStatus);
  }
  y += stage.mm(stage.small() ? 3 : 8);
  scrolled(stage, "form.review", {content.x, y, content.w, actions.y - y - stage.mm(6)},
           [&](const Box& area) {
             double at = area.y;
             if (!view.not_filed.empty()) {
               at = draw_caution(stage, "form.not_filed", area, at, "letter", view.not_filed) +
                    stage.mm(6);
             }
             return draw_rows(stage, view, {area.x, at, area.w, area.h});
           });
  const ActionResult touched = draw_actions(stage, actions,
                                            {.id = "form.back",
                                             .label = view.back,
                                             .icon = "back",
                                             .directed = true,
                                             .enabled = !view.working},
                                            {.id = view.is_send ? "form.send" : "form.next",
                                             .label = view.next,
                                             .icon = view.is_send ? "send" : "check",
                                             .directed = view.is_send,
                                             .enabled = !view.working});
  if (touched.second) stage.ask(intent::Back{});
  if (touched.main) {
    if (view.is_send) {
      stage.ask(intent::Send{});
    } else {
      stage.ask(intent::Next{});
    }
  }
}

}  // namespace odop::kiosk::ui
