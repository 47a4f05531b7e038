#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <array>
#include <string>

namespace odop::kiosk::ui {

namespace {

// The disc of one step with its picture.
void draw_station(Frame& frame, Point centre, double disc, const PathStep& step) {
  const Palette& colour = frame.colour();
  if (step.done) {
    frame.circle(centre, disc / 2, step.current ? colour.madder : colour.green);
  } else {
    frame.circle(centre, disc / 2, colour.sand);
    frame.ring(centre, disc / 2, colour.edge, 1);
  }
  const double side = disc * 0.56;
  const Colour on = step.current ? colour.on_madder : colour.white;
  frame.icon({centre.x - side / 2, centre.y - side / 2, side, side}, step.icon,
             step.done ? on : colour.ink2);
}

// Stations joined by a line; where it stands is madder, what is done green.
double draw_path(const Stage& stage, const AnswerView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (view.path.empty()) return y;
  const Palette& colour = frame.colour();
  const int count = static_cast<int>(view.path.size());
  const double disc = stage.mm(36);
  Type label = read_type(frame, stage.mm(8.8));
  label.align = Align::kCenter;
  label.max_lines = 2;
  label.line_height = 1.35;
  Type date = note_type(frame);
  date.align = Align::kCenter;
  double tallest = 0;
  for (int i = 0; i < count; ++i) {
    const PathStep& step = view.path[static_cast<std::size_t>(i)];
    const Box cell = Box{column.x, y, column.w, 0}.column(i, count, 2);
    const Point centre{cell.mid_x(), y + disc / 2};
    if (i > 0) {
      const Box before = Box{column.x, y, column.w, 0}.column(i - 1, count, 2);
      const std::array way{Point{before.mid_x() + disc / 2 + 2, centre.y},
                           Point{centre.x - disc / 2 - 2, centre.y}};
      if (step.done) {
        frame.line(way[0], way[1], colour.green, 2);
      } else {
        frame.dashed(way, colour.edge, 1.4, 4, 3.5);
      }
    }
    draw_station(frame, centre, disc, step);
    double at = y + disc + stage.mm(4);
    Type words = step.current ? bold_type(frame, label.em) : label;
    words.align = Align::kCenter;
    words.max_lines = 2;
    words.line_height = 1.35;
    if (!step.done) words.colour = colour.ink2;
    at += frame.text({cell.x, at, cell.w, 0}, step.label, words);
    if (!step.date.empty()) at += frame.text({cell.x, at, cell.w, 0}, step.date, date);
    frame.node("answer.path." + std::to_string(i), {cell.x, y, cell.w, at - y}, Role::kStatus,
               step.label,
               step.current ? "here"
               : step.done  ? "done"
                            : "");
    tallest = std::max(tallest, at - y);
  }
  return y + tallest + stage.mm(10);
}

// The same as a column: stations below each other, their words beside them.
double draw_path_down(const Stage& stage, const AnswerView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const double disc = stage.mm(stage.small() ? 20 : 26);
  const double gap = stage.mm(stage.small() ? 4 : 8);
  for (std::size_t i = 0; i < view.path.size(); ++i) {
    const PathStep& step = view.path[i];
    const Box words = column.after(disc + stage.mm(7));
    Type label = step.current ? bold_type(frame, frame.theme().type.read) : read_type(frame);
    label.line_height = 1.35;
    if (!step.done) label.colour = colour.ink2;
    const Type date = note_type(frame);
    const double label_h = frame.measure(step.label, label, words.w).h;
    const double date_h = step.date.empty() ? 0 : frame.measure(step.date, date, words.w).h;
    const double height = std::max(disc, label_h + date_h);
    const Point centre{column.x + disc / 2, y + height / 2};
    if (i > 0) {
      const std::array way{Point{centre.x, y - gap + 1}, Point{centre.x, centre.y - disc / 2 - 1}};
      if (step.done) {
        frame.line(way[0], way[1], colour.green, 1.6);
      } else {
        frame.dashed(way, colour.edge, 1.2, 3, 2.5);
      }
    }
    draw_station(frame, centre, disc, step);
    const double top = centre.y - (label_h + date_h) / 2;
    frame.text({words.x, top, words.w, label_h}, step.label, label);
    if (date_h > 0) frame.text({words.x, top + label_h, words.w, date_h}, step.date, date);
    frame.node("answer.path." + std::to_string(i), {column.x, y, column.w, height}, Role::kStatus,
               step.label,
               step.current ? "here"
               : step.done  ? "done"
                            : "");
    y += height + gap;
  }
  return y + stage.mm(2);
}

// Where it stands in a sentence, and the number at the portal.
double draw_standing(const Stage& stage, const AnswerView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (!view.now.empty()) {
    y += panel(frame, "answer.now", {column.x, y, column.w, 0}, PanelKind::kQuiet, {}, view.now,
               {}) +
         stage.mm(5);
  }
  if (!view.portal.empty()) {
    y = draw_point(stage, "answer.portal", column, y, "key", frame.colour().madder, view.portal) +
        stage.mm(4);
  }
  return y;
}

// A letter: a border of cloth, who writes, what; and the telephone.
double draw_letter(const Stage& stage, const LetterView& letter, const Box& column, double y,
                   bool newest, std::size_t number) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  const double pad = stage.mm(14);
  const Box words{column.x + pad, 0, column.w - 2 * pad, 0};
  Type from = title_type(frame, stage.mm(14));
  from = fitted(frame, letter.from, from, words.w - stage.mm(32), 2, theme.type.small);
  const Type date = note_type(frame, theme.type.small);
  Type text = read_type(frame, newest ? stage.mm(12.4) : theme.type.lead);
  text.line_height = 1.55;
  text.direction = typeset::Direction::kContent;
  const double side = stage.mm(24);
  const double from_w = words.w - side - stage.mm(7);
  const double from_h = frame.measure(letter.from, from, from_w).h;
  const double date_h = frame.measure(letter.date, date, from_w).h;
  const double head_h = std::max(side, from_h + date_h);
  const double text_h = frame.measure(letter.text, text, words.w).h;
  const double call_h = letter.phone.empty() ? 0 : std::max(stage.mm(32), 14.0);
  const double strip = newest ? stage.mm(8) : 0;
  const double height = strip + stage.mm(8) + head_h + stage.mm(8) + text_h +
                        (call_h > 0 ? stage.mm(12) + call_h : 0) + stage.mm(12);
  const Box box{column.x, y, column.w, height};
  card(frame, box);
  if (newest) {
    frame.fill_corners(box.top(strip), rgb(0x9B2226), theme.radius.card, Corners::kTop);
    const double diamond = strip * 0.26;
    for (double x = box.x + strip; x < box.right() - strip / 2; x += strip * 1.5) {
      const double mid = box.y + strip / 2;
      const std::array shape{Point{x, mid - diamond}, Point{x + diamond * 1.5, mid},
                             Point{x, mid + diamond}, Point{x - diamond * 1.5, mid}};
      frame.polygon(shape, theme.colour.brass_light);
    }
    frame.fill({box.x, box.y + strip - 0.8, box.w, 0.8}, colour.brass);
  }
  double at = y + strip + stage.mm(8);
  frame.drawing({words.x, at, side, side}, "ornament/door-answer");
  const Box name{words.x + side + stage.mm(7), 0, from_w, 0};
  double line = at + (head_h - from_h - date_h) / 2;
  const std::string id = newest ? "status.from" : "status.from." + std::to_string(number);
  line = say_below(frame, id, line, name, letter.from, from);
  say_below(frame, id + ".date", line, name, letter.date, date);
  at += head_h + stage.mm(8);
  frame.say(newest ? "status.answer" : "status.answer." + std::to_string(number),
            {words.x, at, words.w, text_h}, letter.text, text);
  at += text_h + stage.mm(12);
  if (call_h > 0) {
    const Box call{words.x, at, words.w, call_h};
    frame.fill(call, colour.madder_tint, theme.radius.card);
    const double icon = stage.mm(17);
    frame.icon({call.x + stage.mm(10), call.mid_y() - icon / 2, icon, icon}, "phone",
               colour.madder);
    const Type label = read_type(frame, stage.mm(10));
    frame.text_middle({call.x + icon + stage.mm(16), call.y, call.w * 0.5, call.h},
                      letter.phone_label, label);
    Type phone = bold_type(frame, stage.mm(13));
    phone.language = Language::kEnglish;
    phone.direction = typeset::Direction::kLeftToRight;
    phone.align = frame.rtl() ? Align::kLeft : Align::kRight;
    frame.text_middle({call.x, call.y, call.w - stage.mm(10), call.h}, letter.phone, phone);
    frame.node(id + ".phone", call, Role::kText, letter.phone_label, letter.phone);
  }
  return y + height + frame.theme().space.gutter;
}

}  // namespace

void draw_answer(const Stage& stage, const AnswerView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double quiet_h = frame.theme().min_target_mm;
  // Taking back is as easy as giving: beside the buttons of the same screen.
  const auto draw_withdraw = [&](const Box& box) {
    if (button(frame, "answer.withdraw", box, view.withdraw,
               {.kind = ButtonKind::kQuiet, .icon = "undo", .em = frame.theme().type.read})) {
      stage.ask(intent::OpenWithdraw{});
    }
  };
  const auto draw_note = [&](const Box& area, double y) {
    if (view.note.empty()) return y;
    return y +
           panel(frame, "answer.note", {area.x, y, area.w, 0},
                 view.unknown ? PanelKind::kMissing : PanelKind::kWaiting,
                 view.unknown ? "help" : "clock", {}, view.note) +
           frame.theme().space.gutter;
  };
  const auto draw_letters = [&](const Box& area, double y) {
    for (std::size_t i = 0; i < view.letters.size(); ++i) {
      y = draw_letter(stage, view.letters[i], area, y, i == 0, i);
    }
    return y;
  };
  const auto draw_age = [&](const Box& area, double y) {
    const double side = stage.mm(11);
    const Type note = note_type(frame, frame.theme().type.small);
    frame.icon({area.x, y + stage.mm(1), side, side}, "sync", frame.colour().ink2);
    return say_below(frame, "answer.age", y, area.after(side + stage.mm(4)), view.age, note);
  };
  if (stage.portrait()) {
    const Box body{content.x, content.y, content.w, actions.y - content.y - quiet_h - 12};
    scrolled(stage, "answer.body", body, [&](const Box& area) {
      double y =
          draw_heading(stage, "answer.title", area, view.title, view.reference) + stage.mm(14);
      // More stations than fit side by side stand below each other.
      constexpr std::size_t kMostAbreast = 5;
      y = view.path.size() <= kMostAbreast ? draw_path(stage, view, area, y)
                                           : draw_path_down(stage, view, area, y) + stage.mm(6);
      y = draw_standing(stage, view, area, y);
      return draw_age(area, draw_note(area, draw_letters(area, y)));
    });
    draw_withdraw({content.x, actions.y - quiet_h - 6, content.w, quiet_h});
  } else {
    // How far it has come at the start side, the letters at the end side.
    const double gutter = frame.theme().space.gutter;
    const Box body{content.x, content.y, content.w, actions.y - content.y - stage.mm(6)};
    const Box left = body.start(body.w * 0.36);
    const Box right = body.after(left.w + 2 * gutter);
    draw_withdraw(left.foot(quiet_h));
    scrolled(stage, "answer.path", left.top(left.h - quiet_h - stage.mm(4)), [&](const Box& area) {
      const double y = draw_heading(stage, "answer.title", area, view.title, view.reference,
                                    stage.small() ? frame.theme().type.title_l : 0) +
                       stage.mm(stage.small() ? 4 : 8);
      return draw_path_down(stage, view, area, y);
    });
    scrolled(stage, "answer.body", right, [&](const Box& area) {
      const double y = draw_standing(stage, view, area, area.y + 1);
      return draw_age(area, draw_note(area, draw_letters(area, y)));
    });
  }
  const ActionResult touched =
      draw_actions(stage, actions, {.id = "status.again", .label = view.again, .icon = "undo"},
                   {.id = "status.done", .label = view.done, .icon = "check"});
  if (touched.second) stage.ask(intent::Back{});
  if (touched.main) stage.ask(intent::End{});
}

}  // namespace odop::kiosk::ui
