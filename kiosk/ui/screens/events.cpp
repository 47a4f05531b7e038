// Fairs and events: what is on and to come, and one of them.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

namespace {

std::string_view icon_of(EventMark mark) {
  switch (mark) {
    case EventMark::kMoved:
      return "undo";
    case EventMark::kCancelled:
      return "ban";
    case EventMark::kNone:
      break;
  }
  return "calendar";
}

// The word for moved or cancelled, with its icon: colour never speaks alone. Returns its height.
double draw_mark(const Stage& stage, const Box& box, EventMark mark, std::string_view label) {
  if (mark == EventMark::kNone) return 0;
  Frame& frame = stage.frame;
  Type type = bold_type(frame, frame.theme().type.small);
  type.colour = mark == EventMark::kCancelled ? frame.colour().madder : frame.colour().amber_text;
  const double side = stage.mm(8);
  const double height = std::max(side, frame.measure(label, type, box.w - side - 3).h);
  frame.icon({box.x, box.y + (height - side) / 2, side, side}, icon_of(mark), type.colour);
  frame.text_middle({box.x + side + 3, box.y, box.w - side - 3, height}, label, type);
  return height;
}

double draw_event_row(const Stage& stage, const EventRow& row, const Box& area, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double pad = stage.mm(7);
  const double disc = std::min(stage.mm(30), area.w * 0.2);
  const double words_w = area.w - disc - 3 * pad;
  Type name = title_type(frame, theme.type.title_s);
  name = fitted(frame, row.title, name, words_w, 3, theme.type.least);
  const Type date = bold_type(frame, theme.type.small);
  const Type place = note_type(frame, theme.type.small);
  const double name_h = frame.measure(row.title, name, words_w).h;
  const double date_h = frame.measure(row.date, date, words_w).h;
  const double place_h = frame.measure(row.place, place, words_w).h;
  const double mark_h = row.mark == EventMark::kNone
                            ? 0
                            : std::max(stage.mm(8), frame.measure(row.mark_label, date, words_w).h);
  const double words_h = name_h + date_h + place_h + mark_h;
  const Box box{area.x, y, area.w,
                std::max({theme.min_target_mm, disc + pad, words_h + 2 * pad * 0.6})};
  const std::string spoken = row.title + ". " + row.date + ". " + row.place +
                             (row.mark_label.empty() ? "" : ". " + row.mark_label);
  const Touch touch = link_card(frame, "events.event." + row.event, box, row.title, spoken);
  if (touch.tapped) stage.ask(intent::OpenEvent{row.event});
  draw_disc(stage, {box.x + pad + disc / 2, box.mid_y()}, disc, icon_of(row.mark));
  const double x = box.x + disc + 2 * pad;
  double at = box.mid_y() - words_h / 2;
  frame.text({x, at, words_w, name_h}, row.title, name);
  at += name_h;
  frame.text({x, at, words_w, date_h}, row.date, date);
  at += date_h;
  frame.text({x, at, words_w, place_h}, row.place, place);
  at += place_h;
  draw_mark(stage, {x, at, words_w, mark_h}, row.mark, row.mark_label);
  return box.bottom() + stage.mm(5);
}

double draw_group(const Stage& stage, std::string_view id, std::string_view title,
                  const std::vector<EventRow>& rows, const Box& area, double y) {
  if (rows.empty()) return y;
  y = draw_section(stage, id, area, y, title);
  for (const auto& row : rows) y = draw_event_row(stage, row, area, y);
  return y + stage.mm(7);
}

double draw_session(const Stage& stage, const std::string& id, const SessionRow& session,
                    const Box& area, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double time_w = std::min(stage.mm(58), area.w * 0.32);
  const double gap = stage.mm(6);
  const double words_w = area.w - time_w - gap;
  const Type time = bold_type(frame, theme.type.read);
  const Type name = read_type(frame);
  const Type place = note_type(frame, theme.type.small);
  const double x = area.x + time_w + gap;
  frame.text({area.x, y, time_w, 0}, session.time, time);
  double at = y + frame.say(id, {x, y, words_w, 0}, session.title, name, Role::kText,
                            session.time + ", " + session.title + ". " + session.place + ". " +
                                session.mark_label);
  if (!session.place.empty()) at += frame.text({x, at, words_w, 0}, session.place, place);
  at += draw_mark(stage, {x, at, words_w, 0}, session.mark, session.mark_label);
  at = std::max(at, y + frame.measure(session.time, time, time_w).h) + stage.mm(3);
  frame.hairline(area.x, at, area.w);
  return at + stage.mm(3);
}

double draw_programme(const Stage& stage, const EventView& view, const Box& area, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  if (!view.event.mark_label.empty() || !view.mark_note.empty()) {
    const bool off = view.event.mark == EventMark::kCancelled;
    y += panel(frame, "event.mark", {area.x, y, area.w, 0},
               off ? PanelKind::kMissing : PanelKind::kWaiting, icon_of(view.event.mark),
               view.event.mark_label, view.mark_note) +
         stage.mm(6);
  }
  y = draw_point(stage, "event.date", area, y, "calendar", frame.colour().madder, view.event.date);
  y = draw_point(stage, "event.place", area, y, "pin", frame.colour().madder, view.event.place);
  y = draw_section(stage, "event.sessions", area, y + stage.mm(6), view.sessions_title);
  if (!view.no_sessions.empty()) {
    return y + panel(frame, "event.no_sessions", {area.x, y, area.w, 0}, PanelKind::kQuiet, "clock",
                     view.no_sessions, {});
  }
  for (std::size_t day = 0; day < view.days.size(); ++day) {
    const std::string id = "event.session." + std::to_string(day);
    Type date = bold_type(frame, theme.type.read);
    date.colour = frame.colour().madder;
    y = say_below(frame, id, y, area, view.days[day].date, date) + stage.mm(2);
    for (std::size_t i = 0; i < view.days[day].sessions.size(); ++i) {
      y = draw_session(stage, id + "." + std::to_string(i), view.days[day].sessions[i], area, y);
    }
    y += stage.mm(3);
  }
  return y;
}

}  // namespace

void draw_events(const Stage& stage, const EventsView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const double top = draw_heading(stage, "events.title", content, view.title, {},
                                  stage.small() ? theme.type.title_l : theme.type.heading) +
                     stage.mm(stage.small() ? 3 : 8);
  const Box body{content.x, top, content.w, content.bottom() - top};
  if (!view.empty.empty()) {
    assurance(stage, body.top(std::min(body.h, stage.mm(60))), "calendar", frame.colour().madder,
              view.empty);
    return;
  }
  const auto here = [&](const Box& area) {
    const double y = draw_group(stage, "events.today", view.today_title, view.today, area, area.y);
    return draw_group(stage, "events.here", view.here_title, view.here, area, y);
  };
  const bool both = (!view.today.empty() || !view.here.empty()) && !view.other.empty();
  if (stage.portrait() || !both) {
    scrolled_page(stage, "events.body", body, [&](const Box& area) {
      return draw_group(stage, "events.other", view.other_title, view.other, area, here(area));
    });
    return;
  }
  const double gutter = 2 * theme.space.gutter;
  scrolled_page(stage, "events.body", body.column(0, 2, gutter), here);
  scrolled_page(stage, "events.elsewhere", body.column(1, 2, gutter), [&](const Box& area) {
    return draw_group(stage, "events.other", view.other_title, view.other, area, area.y);
  });
}

void draw_event(const Stage& stage, const EventView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double y = draw_heading(stage, "event.title", content, view.event.title, {},
                                stage.small() ? theme.type.title_l : theme.type.heading) +
                   stage.mm(stage.small() ? 2 : 6);
  const double end = view.attend.empty() ? content.bottom() : actions.y - stage.mm(6);
  const Box body{content.x, y, content.w, end - y};
  const std::string id = "event.body." + view.event.event;
  if (stage.portrait() || view.qr.empty()) {
    scrolled_page(stage, id, body, [&](const Box& area) {
      const double at = draw_programme(stage, view, area, area.y);
      return draw_code(stage, "event.qr", area, at + stage.mm(8), view.qr, view.qr_label,
                       view.qr_note);
    });
  } else {
    const double code_w = std::max(stage.mm(140), frame.qr_side(view.qr, kCodeMm) + stage.mm(8));
    scrolled_page(stage, id, body.start(body.w - code_w - 2 * theme.space.gutter),
                  [&](const Box& area) { return draw_programme(stage, view, area, area.y); });
    scrolled_page(stage, id + ".qr", body.end(code_w), [&](const Box& area) {
      return draw_code(stage, "event.qr", area, area.y, view.qr, view.qr_label, view.qr_note);
    });
  }
  if (view.attend.empty()) return;
  if (draw_actions(stage, actions, {},
                   {.id = "event.attend", .label = view.attend, .icon = "check"})
          .main) {
    stage.ask(intent::StartForm{view.form, view.event.event});
  }
}

}  // namespace odop::kiosk::ui
