#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace odop::kiosk::ui {

namespace {

void draw_station(const Stage& stage, const Box& box, std::string_view icon, std::string_view label,
                  bool done) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  // Flat boxes have the words beside the picture.
  const bool flat = box.h < stage.mm(62);
  const double disc = std::min(stage.mm(44), box.h * (flat ? 0.62 : 0.5));
  const Point centre{flat ? box.x + disc * 0.75 : box.mid_x(), box.y + box.h * (flat ? 0.5 : 0.4)};
  frame.circle(centre, disc / 2, done ? colour.green : colour.chikan);
  if (!done) frame.ring(centre, disc / 2, colour.edge, 1);
  const double side = disc * 0.57;
  frame.icon({centre.x - side / 2, centre.y - side / 2, side, side}, icon,
             done ? colour.white : colour.ink2);
  if (done) {
    const double tick = disc * 0.38;
    const Point at{centre.x + disc * 0.4, centre.y + disc * 0.34};
    frame.circle(at, tick / 2, colour.green);
    frame.circle(at, tick / 2 - 1, colour.chikan);
    frame.icon({at.x - tick * 0.34, at.y - tick * 0.34, tick * 0.68, tick * 0.68}, "check",
               frame.theme().comfort.high_contrast ? colour.white : colour.green);
  }
  Type type = title_type(frame, frame.theme().type.title_s);
  type.align = Align::kCenter;
  if (!done) type.colour = colour.ink2;
  if (flat) {
    const Box words{centre.x + disc * 0.7, box.y, box.right() - centre.x - disc * 0.7 - 2, box.h};
    type.align = Align::kStart;
    type = fitted(frame, label, type, words.w, 2, frame.theme().type.least);
    frame.text_middle(words, label, type);
    return;
  }
  type = fitted(frame, label, type, box.w - 6, 2, frame.theme().type.least);
  const double y = centre.y + disc / 2 + stage.mm(3);
  frame.text({box.x + 3, y, box.w - 6, 0}, label, type);
}

void draw_states(const Stage& stage, const ReceiptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  frame.fill(box, view.has_arrived ? colour.green_tint : colour.sand, theme.radius.card);
  frame.texture(box, "jali", theme.radius.card);
  if (theme.comfort.high_contrast) {
    frame.outline(box, colour.line, theme.stroke.chip, theme.radius.card);
  }
  const double arrow = std::min(stage.mm(46), box.w * (box.h < stage.mm(62) ? 0.1 : 0.16));
  const double half = (box.w - arrow) / 2;
  draw_station(stage, box.start(half), "kiosk", view.kept, true);
  draw_station(stage, box.end(half), "office", view.arrived, view.has_arrived);
  const double y = box.y + box.h * (box.h < stage.mm(62) ? 0.5 : 0.4);
  const double x = box.x + half;
  const Colour line = view.has_arrived ? colour.green : colour.edge;
  const std::array way{Point{x, y}, Point{x + arrow - 4, y}};
  if (view.has_arrived) {
    frame.line(way[0], way[1], line, 1.6);
  } else {
    frame.dashed(way, line, 1.6, 4, 3.5);
  }
  frame.line({x + arrow - 6, y - 4}, {x + arrow, y}, line, 1.6);
  frame.line({x + arrow, y}, {x + arrow - 6, y + 4}, line, 1.6);
  frame.node("receipt.state", box, Role::kStatus, view.has_arrived ? view.arrived : view.kept,
             view.has_arrived ? "arrived" : "kept", view.spoken_state);
}

double draw_number(const Stage& stage, std::string_view id, const Box& column, double y,
                   std::string_view label, std::string_view number, Colour colour) {
  Frame& frame = stage.frame;
  const Type small = note_type(frame, frame.theme().type.small);
  const double label_h = frame.text({column.x, y, column.w, 0}, label, small);
  y += label_h;
  Type type = bold_type(frame, stage.mm(31));
  type.colour = colour;
  type.language = Language::kEnglish;
  type.direction = typeset::Direction::kLeftToRight;
  type.align = frame.rtl() ? Align::kRight : Align::kLeft;
  type.line_height = 1.2;
  type.scales = false;
  type = fitted(frame, number, type, column.w, 1, stage.mm(15));
  const double number_h = frame.text({column.x, y, column.w, 0}, number, type);
  // Spoken one digit after the other.
  std::string spoken(label);
  spoken += ":";
  for (const char digit : number) {
    if (digit == ' ') {
      spoken += ",";
    } else {
      spoken += ' ';
      spoken += digit;
    }
  }
  frame.node(id, {column.x, y - label_h, column.w, label_h + number_h}, Role::kText, label, number,
             spoken);
  return y + number_h;
}

double draw_next_row(const Stage& stage, std::string_view id, const Box& column, double y,
                     std::string_view icon, std::string_view title, std::string_view note,
                     bool digits, bool first, double spare) {
  Frame& frame = stage.frame;
  if (title.empty() && note.empty()) return y;
  const double side = stage.mm(17);
  const Box words = column.after(side + stage.mm(8));
  Type name = digits ? bold_type(frame, stage.mm(12.6)) : title_type(frame, stage.mm(12));
  if (digits) {
    name.language = Language::kEnglish;
    name.direction = typeset::Direction::kLeftToRight;
    name.align = frame.rtl() ? Align::kRight : Align::kLeft;
  }
  if (!title.empty()) name = fitted(frame, title, name, words.w, 3, frame.theme().type.least);
  const Type small = note_type(
      frame, stage.mm(8.4) < frame.theme().type.least ? frame.theme().type.least : stage.mm(8.4));
  const double name_h = title.empty() ? 0 : frame.measure(title, name, words.w).h;
  const double note_h = note.empty() ? 0 : frame.measure(note, small, words.w).h;
  const double height = stage.small()
                            ? name_h + note_h + stage.mm(5)
                            : std::max(stage.mm(42), name_h + note_h + stage.mm(8)) + spare;
  if (!first) frame.hairline(column.x, y, column.w);
  frame.icon({column.x, y + height / 2 - side / 2, side, side}, icon, frame.colour().madder);
  double at = y + (height - name_h - note_h) / 2;
  at = say_below(frame, id, at, words, title, name);
  say_below(frame, std::string(id) + ".note", at, words, note, small);
  return y + height;
}

// The slip: numbers and code picture, then what happens. Returns its height.
double draw_slip(const Stage& stage, const ReceiptView& view, const Box& box, double room) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const double pad = stage.mm(16);
  const double qr = std::max(stage.mm(84), frame.qr_side(view.qr, kCodeMm));
  const bool beside = box.w > qr + stage.mm(120);

  const double numbers_w = beside ? box.w - 2 * pad - qr - stage.mm(10) : box.w - 2 * pad;
  Type big = bold_type(frame, stage.mm(31));
  big.line_height = 1.2;
  big.scales = false;
  big.language = Language::kEnglish;
  const Type fit_ref = fitted(frame, view.reference, big, numbers_w, 1, stage.mm(15));
  const Type fit_code = fitted(frame, view.code, big, numbers_w, 1, stage.mm(15));
  const Type small = note_type(frame, frame.theme().type.small);
  const double numbers_h = 2 * frame.measure("x", small).h + frame.measure("0", fit_ref).h +
                           frame.measure("0", fit_code).h + stage.mm(6);
  const double qr_note_h = frame.measure(view.qr_label, note_type(frame), qr).h;
  const double head_h = beside ? std::max(numbers_h, qr + qr_note_h) : numbers_h + qr + qr_note_h;
  const double rows_top = stage.mm(14) + head_h + stage.mm(8);

  const auto row_height = [&](std::string_view title, std::string_view note, bool digits) {
    if (title.empty() && note.empty()) return 0.0;
    const double words_w = box.w - 2 * pad - stage.mm(25);
    Type name = digits ? bold_type(frame, stage.mm(12.6)) : title_type(frame, stage.mm(12));
    if (!title.empty()) name = fitted(frame, title, name, words_w, 3, frame.theme().type.least);
    const Type note_style = note_type(
        frame, stage.mm(8.4) < frame.theme().type.least ? frame.theme().type.least : stage.mm(8.4));
    return std::max(stage.mm(42),
                    (title.empty() ? 0 : frame.measure(title, name, words_w).h) +
                        (note.empty() ? 0 : frame.measure(note, note_style, words_w).h) +
                        stage.mm(8));
  };
  const double natural = rows_top + row_height(view.due, view.due_note, false) +
                         row_height(view.not_filed, view.not_filed_note, false) +
                         row_height(view.office, view.office_note, false) +
                         row_height(view.phone, view.phone_note, true) + stage.mm(8);
  // Spare room goes between the rows; the slip is never a stub.
  const int gaps = view.not_filed.empty() ? 4 : 5;
  const double spare = std::clamp((room - natural) / gaps, 0.0, stage.mm(22));
  const double height = natural + gaps * spare;
  const Box paper{box.x, box.y + 2, box.w, height - 4};
  frame.pinked_edge(paper.x, paper.y - 0.5, paper.w, colour.line, false);
  frame.pinked_edge(paper.x, paper.bottom() + 0.5, paper.w, colour.line, true);
  frame.fill(paper.inset(-0.4, 0), colour.line);
  frame.fill(paper, colour.paper);
  frame.pinked_edge(paper.x, paper.y, paper.w, colour.paper, false);
  frame.pinked_edge(paper.x, paper.bottom(), paper.w, colour.paper, true);

  double y = box.y + stage.mm(14);
  const Box numbers{box.x + pad, y, numbers_w, 0};
  double at = draw_number(stage, "receipt.reference", numbers, y, view.reference_label,
                          view.reference, colour.ink);
  at = draw_number(stage, "receipt.code", numbers, at + stage.mm(6), view.code_label, view.code,
                   colour.madder);
  const Box code =
      beside ? Box{box.right() - pad - qr, y, qr, qr} : Box{box.mid_x() - qr / 2, at + 2, qr, qr};
  if (!view.qr.empty()) {
    const Box modules = frame.qr(code, view.qr);
    Type note = note_type(frame);
    note.align = Align::kCenter;
    frame.text({code.x, code.bottom(), code.w, 0}, view.qr_label, note);
    frame.node("receipt.qr", modules, Role::kImage, view.qr_label);
  }
  y = box.y + rows_top - stage.mm(4) + spare;
  const std::array seam{Point{box.x + pad, y}, Point{box.right() - pad, y}};
  frame.dashed(seam, colour.madder, 1.2, 6, 4);
  y += stage.mm(4);
  const Box rows{box.x + pad, y, box.w - 2 * pad, 0};
  y = draw_next_row(stage, "receipt.due", rows, y, "calendar", view.due, view.due_note, false, true,
                    spare);
  y = draw_next_row(stage, "receipt.not_filed", rows, y, "letter", view.not_filed,
                    view.not_filed_note, false, false, spare);
  y = draw_next_row(stage, "receipt.office", rows, y, "office", view.office, view.office_note,
                    false, false, spare);
  draw_next_row(stage, "receipt.phone", rows, y, "phone", view.phone, view.phone_note, true, false,
                spare);
  return height;
}

void draw_photo_hint(const Stage& stage, const ReceiptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  // Who has a slip of paper needs no photograph.
  if (!view.print.empty()) {
    if (button(frame, "receipt.print", box, view.print,
               {.kind = ButtonKind::kQuiet,
                .icon = "letter",
                .enabled = !view.printing,
                .em = frame.theme().type.read})) {
      stage.ask(intent::PrintReceipt{});
    }
    return;
  }
  frame.fill(box, colour.amber_tint, frame.theme().radius.card);
  Type type = read_type(frame, stage.mm(10));
  const double side = std::min(stage.mm(18), box.h * 0.6);
  const double room = box.w - side - stage.mm(20);
  type.line_height = 1.3;
  type =
      fitted(frame, view.photo_hint, type, room, stage.small() ? 2 : 1, frame.theme().type.least);
  while (frame.measure(view.photo_hint, type, room).h > box.h - 1 && type.em > 4) type.em *= 0.96;
  const double width = std::min(room, frame.measure(view.photo_hint, type).w);
  const double x = box.mid_x() - (width + side + stage.mm(6)) / 2;
  frame.icon({x, box.mid_y() - side / 2, side, side}, "camera", colour.amber_text);
  frame.text_middle({x + side + stage.mm(6), box.y, width + 2, box.h}, view.photo_hint, type);
  frame.node("receipt.photo", box, Role::kText, view.photo_hint);
}

void draw_buttons(const Stage& stage, const ReceiptView& view, const Box& box) {
  const ActionResult touched =
      draw_actions(stage, box, {.id = "receipt.more", .label = view.more, .icon = "home"},
                   {.id = "receipt.done", .label = view.done, .icon = "check"});
  if (touched.second) stage.ask(intent::Home{});
  if (touched.main) stage.ask(intent::End{});
}

// A slip that lies: numbers and code picture, a seam, and what happens at its end side.
void draw_ticket(const Stage& stage, const ReceiptView& view, const Box& box) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  frame.shadow(box, Shadow::kCard);
  frame.fill(box, colour.paper, frame.theme().radius.card);
  frame.outline(box, colour.line, frame.theme().stroke.chip, frame.theme().radius.card);
  const double pad = stage.mm(10);
  // As large as it must be; the words stand in the lower half of its quiet zone, where it is white.
  const double qr = std::min(frame.qr_side(view.qr, kCodeMm), box.h);
  const double middle = box.x + box.w * 0.58;
  const Box head{box.x + pad, box.y, middle - box.x - 2 * pad, box.h};
  Type note = note_type(frame);
  note.align = Align::kCenter;
  note = fitted(frame, view.qr_label, note, qr, 1, frame.theme().type.least);
  const double note_h = frame.measure(view.qr_label, note, qr).h;
  const double top = std::max(box.y, box.mid_y() - (qr + note_h) / 2);
  const Box code{middle - pad / 2 - qr, top, qr, qr};
  if (!view.qr.empty()) {
    const Box modules = frame.qr(code, view.qr);
    const double y = std::min(code.bottom(), box.bottom() - note_h - 0.5);
    frame.text({code.x, y, qr, 0}, view.qr_label, note);
    frame.node("receipt.qr", modules, Role::kImage, view.qr_label);
  }
  const Box numbers{head.x, 0, code.x - head.x, 0};
  Type big = bold_type(frame, stage.mm(31));
  big.scales = false;
  big.line_height = 1.2;
  big.language = Language::kEnglish;
  const Type small = note_type(frame, frame.theme().type.small);
  double tall = stage.mm(10);
  for (const auto& [label, number] : {std::pair{&view.reference_label, &view.reference},
                                      std::pair{&view.code_label, &view.code}}) {
    tall += frame.measure(*label, small, numbers.w).h +
            frame.measure("0", fitted(frame, *number, big, numbers.w, 1, stage.mm(15))).h;
  }
  double y = draw_number(stage, "receipt.reference", numbers, box.mid_y() - tall / 2,
                         view.reference_label, view.reference, colour.ink);
  draw_number(stage, "receipt.code", numbers, y + stage.mm(10), view.code_label, view.code,
              colour.madder);

  const std::array seam{Point{middle, box.y + 4}, Point{middle, box.bottom() - 4}};
  frame.dashed(seam, colour.madder, 1.0, 4, 3);
  const Box rows{middle + pad, box.y + 2, box.right() - middle - 2 * pad, box.h - 4};
  scrolled(stage, "receipt.next", rows, [&](const Box& area) {
    double at = draw_next_row(stage, "receipt.due", area, area.y, "calendar", view.due,
                              view.due_note, false, true, 0);
    at = draw_next_row(stage, "receipt.not_filed", area, at, "letter", view.not_filed,
                       view.not_filed_note, false, false, 0);
    at = draw_next_row(stage, "receipt.office", area, at, "office", view.office, view.office_note,
                       false, false, 0);
    return draw_next_row(stage, "receipt.phone", area, at, "phone", view.phone, view.phone_note,
                         true, false, 0);
  });
}

// Small panels: the states beside the title, the slip over the whole width, hint and buttons in
// one row.
void draw_ticket_screen(const Stage& stage, const ReceiptView& view, double below_title) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const double gutter = frame.theme().space.gutter;
  const double states_h = std::max(below_title - content.y, stage.mm(54));
  draw_states(stage, view, content.top(states_h).end(content.w * 0.56));
  const double actions_h = frame.theme().target.primary;
  const Box foot = content.foot(actions_h);
  const double top = content.y + states_h + stage.mm(5);
  draw_ticket(stage, view, {content.x, top, content.w, foot.y - stage.mm(5) - top});
  draw_photo_hint(stage, view, foot.start(foot.w * 0.36));
  draw_buttons(stage, view, foot.after(foot.w * 0.36 + gutter));
}

}  // namespace

void draw_receipt(const Stage& stage, const ReceiptView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double gutter = frame.theme().space.gutter;
  // On small panels the states stand beside the title.
  const Box title = stage.small() ? content.start(content.w * 0.42) : content;
  double y = draw_heading(stage, "receipt.title", title, view.title, {}) + stage.mm(6);
  if (stage.portrait()) {
    const double states_h = 88;
    draw_states(stage, view, {content.x, y, content.w, states_h});
    y += states_h + 10;
    const double hint_h = 32;
    const Box hint{content.x, actions.y - hint_h - 8, content.w, hint_h};
    scrolled(
        stage, "receipt.slip", {content.x, y, content.w, hint.y - y - 6},
        [&](const Box& area) { return area.y + draw_slip(stage, view, area, hint.y - y - 8); });
    draw_photo_hint(stage, view, hint);
    draw_buttons(stage, view, actions);
    return;
  }
  if (stage.small()) {
    draw_ticket_screen(stage, view, y);
    return;
  }
  const Box body{content.x, y, content.w, content.bottom() - y};
  const Box left = body.start((body.w - 2 * gutter) * 0.58);
  const Box right = body.after(left.w + 2 * gutter);
  scrolled(stage, "receipt.slip", left,
           [&](const Box& area) { return area.y + draw_slip(stage, view, area, left.h - 2); });
  const double hint_h = stage.mm(28);
  const double actions_h = frame.theme().target.primary;
  const double states_h = std::min(stage.mm(150), right.h - hint_h - actions_h - 2 * gutter);
  draw_states(stage, view, right.top(states_h));
  draw_photo_hint(stage, view,
                  {right.x, right.bottom() - actions_h - gutter - hint_h, right.w, hint_h});
  draw_buttons(stage, view, right.foot(actions_h));
}

}  // namespace odop::kiosk::ui
