// Nothing can be sent from here at present: the sheet that says so before anything is typed, and
// the page of a kiosk that has nothing at all to show.
#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace odop::kiosk::ui {
namespace {

double way_icon(const Stage& stage) { return stage.mm(20); }
double way_gap(const Stage& stage) { return stage.mm(6); }

// One of the ways that are left, in a column of that width.
double way_height(const Stage& stage, const NoticeSection& way, double width) {
  Frame& frame = stage.frame;
  const double words = width - way_icon(stage) - stage.mm(9);
  return std::max(way_icon(stage),
                  frame.measure(way.title, title_type(frame, stage.mm(11.6)), words).h +
                      frame.measure(way.text, note_type(frame), words).h);
}

}  // namespace

void draw_closed(const Stage& stage, const ClosedView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const auto scope = frame.dialog("closed", view.title);
  const double width = std::min(theme.bands.width - 2 * theme.space.margin, 420.0) -
                       2 * (stage.small() ? 7.0 : 14.0);
  double ways = 0;
  for (const NoticeSection& way : view.lines) {
    ways += way_height(stage, way, width) + 2 * way_gap(stage);
  }
  const double height = ways + theme.target.primary_min + stage.mm(stage.small() ? 30 : 56) +
                        theme.em(theme.type.title) * 2;
  bool closed = false;
  const Box body = draw_sheet(stage, "closed", height, view.title, view.close, closed);
  if (closed) stage.ask(intent::CloseSheet{});
  scrolled(stage, "closed.body", body, [&](const Box& area) {
    double y = area.y;
    const double side = way_icon(stage);
    for (std::size_t i = 0; i < view.lines.size(); ++i) {
      const NoticeSection& way = view.lines[i];
      const std::string id = "closed.way." + std::to_string(i);
      const Box words = area.after(side + stage.mm(9));
      const double tall = way_height(stage, way, area.w);
      if (i > 0) {
        frame.hairline(area.x, y, area.w);
        y += way_gap(stage);
      }
      frame.icon({area.x, y + tall / 2 - side / 2, side, side}, way.icon, frame.colour().madder);
      const double at =
          say_below(frame, id, y, words, way.title, title_type(frame, stage.mm(11.6)));
      say_below(frame, id + ".text", at, words, way.text, note_type(frame));
      y += tall + way_gap(stage);
    }
    return y - way_gap(stage);
  });
}

void draw_closed_page(const Stage& stage, const AttractView& view) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const bool abreast = !stage.portrait();
  const double gap = stage.mm(abreast ? 12 : 26);
  scrolled(stage, "closed.page", content, [&](const Box& area) {
    const bool low = abreast && !stage.small();  // room above, or it would hang from the head
    double y = area.y + (low ? area.h * 0.22 : stage.mm(abreast ? 6 : 50));
    const double side = stage.mm(abreast ? 30 : 74);
    frame.circle({area.mid_x(), y + side / 2}, side / 2, colour.amber_tint);
    frame.icon({area.mid_x() - side * 0.3, y + side * 0.2, side * 0.6, side * 0.6}, "tools",
               colour.amber_text);
    y += side + gap;
    const double top = y;
    double lowest = y;
    for (const Language language : kLanguages) {
      const std::size_t i = index(language);
      const AttractView::Closed& words = view.closed.at(i);
      const Box column = abreast ? area.column(static_cast<int>(i), 3, stage.mm(12))
                                 : area.inset(area.w * 0.06, 0);
      const std::string id = "closed." + std::string(code(language));
      Type title = title_type(frame, theme.type.title * (abreast ? 1.2 : 2));
      title.language = language;
      title.align = Align::kCenter;
      Type text = read_type(frame, theme.type.read * (abreast ? 1 : 1.4));
      text.language = language;
      text.align = Align::kCenter;
      text.colour = colour.ink2;
      if (language == Language::kUrdu) title.line_height = 2.1;
      title = fitted(frame, words.title, title, column.w, abreast ? 2 : 1, theme.type.title_s);
      double at = abreast ? top : y;
      if (!abreast && i > 0) {
        frame.hairline(column.x + column.w * 0.2, at, column.w * 0.6);
        at += gap;
      }
      at = say_below(frame, id, at, column, words.title, title, Role::kHeading);
      at = say_below(frame, id + ".text", at + stage.mm(3), column, words.text, text);
      lowest = std::max(lowest, at);
      y = at + gap;
    }
    y = lowest + stage.mm(abreast ? 10 : 30);
    Type staff = note_type(frame);
    staff.align = Align::kCenter;
    const Box words = area.inset(area.w * 0.1, 0);
    return say_below(frame, "closed.for_staff", y, words, view.closed_staff, staff);
  });
}

}  // namespace odop::kiosk::ui
