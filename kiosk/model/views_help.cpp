// Who and what helps in a district, and events.
#include "kiosk/model/calendar_entry.h"
#include "kiosk/model/eligibility.h"
#include "kiosk/model/filling.h"
#include "kiosk/model/view_parts.h"
#include "shared/text/dates.h"
#include "shared/text/isolate.h"
#include "shared/text/numbers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

namespace {

std::string lines(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += "\n";
    out += part;
  }
  return out;
}

// Of an office, a centre, an institution: the number, or that it is not known.
template <typename Place>
HelpRow place_row(const Maker& maker, const Place& place) {
  return {.id = place.id,
          .title = maker.in(place.name),
          .note = lines({maker.in(place.note), maker.in(place.address), maker.in(place.hours)}),
          .phone = phone_text(place.phone),
          .no_phone = place.phone.empty() ? maker.say("office.no_phone") : std::string{},
          .source = source_line(maker, place.dated)};
}

// Alone and to be joined: "7–16 December 2026".
std::string range_text(const Maker& maker, std::string_view from, std::string_view to) {
  const auto start = parse_date(from);
  if (!start.has_value()) return {};
  const auto end = parse_date(to);
  return date_range(start.value(), end.has_value() ? end.value() : start.value(),
                    maker.visit().language);
}

HelpSection section(const Maker& maker, std::string_view id, std::string icon) {
  HelpSection out;
  out.id = id;
  out.title = maker.say("help_here." + out.id);
  out.icon = std::move(icon);
  return out;
}

void add_facilities(const Maker& maker, const std::string& district, DistrictHelpView& view) {
  HelpSection centres = section(maker, "centres", "people");
  HelpSection laboratories = section(maker, "laboratories", "drop");
  for (const auto& facility : maker.catalogue.facilities) {
    if (!valid_on(facility.dated, maker.state.kiosk.today)) continue;
    if (!district.empty() && facility.district != district) continue;
    auto& into = facility.kind == "laboratory" ? laboratories : centres;
    into.rows.push_back(place_row(maker, facility));
  }
  view.sections.push_back(std::move(centres));
  view.sections.push_back(std::move(laboratories));
}

void add_institutions(const Maker& maker, const std::string& district, DistrictHelpView& view) {
  HelpSection institutions = section(maker, "institutions", "office");
  for (const auto& one : maker.catalogue.institutions) {
    if (!valid_on(one.dated, maker.state.kiosk.today)) continue;
    if (one.statewide || (!district.empty() && one.district == district)) {
      institutions.rows.push_back(place_row(maker, one));
    }
  }
  view.sections.push_back(std::move(institutions));
}

void add_batches(const Maker& maker, const std::string& district, DistrictHelpView& view) {
  HelpSection batches = section(maker, "batches", "calendar");
  const std::string& today = maker.state.kiosk.today;
  std::vector<const TrainingBatch*> coming;
  for (const auto& batch : maker.catalogue.batches) {
    const std::string& end = batch.end_date.empty() ? batch.start_date : batch.end_date;
    if (today.empty() || end < today || batch.status == "held") continue;
    if (district.empty() || batch.district == district) coming.push_back(&batch);
  }
  std::ranges::stable_sort(coming, {}, &TrainingBatch::start_date);
  for (const TrainingBatch* batch : coming) {
    std::string seats;
    if (batch->seats > 0) seats = maker.words.plural("help_here.seats", batch->seats);
    std::string last;
    if (!batch->apply_by.empty() && batch->status == "open") {
      last = maker.say(batch->apply_by >= today ? "form.deadline" : "help_here.closed",
                       {{"date", maker.day(batch->apply_by)}});
    }
    const std::string state = maker.say("help_here.batch." + batch->status);
    batches.rows.push_back({.id = batch->id,
                            .title = maker.in(batch->title),
                            .note = lines({range_text(maker, batch->start_date, batch->end_date),
                                           maker.in(batch->venue), state, seats, last}),
                            .phone = {},
                            .no_phone = {},
                            .source = source_line(maker, batch->dated)});
  }
  view.sections.push_back(std::move(batches));
}

void add_questions(const Maker& maker, const std::string& district, DistrictHelpView& view) {
  HelpSection questions = section(maker, "questions", "help");
  const std::string& today = maker.state.kiosk.today;
  for (const auto& one : maker.catalogue.questions) {
    if (!valid_on(one.dated, today)) continue;
    if (!one.district.empty() && one.district != district) continue;
    // Nothing is told of a scheme that is over.
    if (!one.scheme.empty() && scheme_on(maker.catalogue, one.scheme, today) == nullptr) continue;
    questions.rows.push_back({.id = one.id,
                              .title = maker.in(one.question),
                              .note = maker.in(one.answer),
                              .phone = {},
                              .no_phone = {},
                              .source = source_line(maker, one.dated)});
  }
  view.sections.push_back(std::move(questions));
}

EventMark mark_of(std::string_view status) {
  if (status == "cancelled") return EventMark::kCancelled;
  return status == "moved" ? EventMark::kMoved : EventMark::kNone;
}

std::string mark_label(const Maker& maker, EventMark mark) {
  if (mark == EventMark::kNone) return {};
  return maker.say(mark == EventMark::kMoved ? "events.moved" : "events.cancelled");
}

std::string place_of(const Maker& maker, const Event& event) {
  const std::string& venue = maker.in(event.venue);
  std::string district = maker.district_name(event.district);
  if (venue.empty()) return district;
  return maker.say("head.place", {{"venue", venue}, {"district", district}});
}

EventRow event_row(const Maker& maker, const Event& event) {
  EventRow row;
  row.event = event.id;
  row.title = maker.in(event.title);
  row.date = range_text(maker, event.start_date, event.end_date);
  if (event.about) row.date = maker.say("events.about", {{"date", row.date}});
  row.place = place_of(maker, event);
  row.mark = mark_of(event.status);
  row.mark_label = mark_label(maker, row.mark);
  return row;
}

const std::string& end_of(const Event& event) {
  return event.end_date.empty() ? event.start_date : event.end_date;
}

// Published, and not over: nothing of the past is shown as coming.
bool is_to_come(const Event& event, std::string_view today) {
  const bool told =
      event.status == "planned" || event.status == "moved" || event.status == "cancelled";
  return told && !today.empty() && !event.start_date.empty() && end_of(event) >= today;
}

}  // namespace

DistrictHelpView district_help_view(const Maker& maker, const std::string& district) {
  DistrictHelpView view;
  view.district = district;
  if (district.empty()) {
    view.title = maker.say("help_here.title_state");
  } else {
    view.title = maker.say("help_here.title", {{"district", maker.district_name(district)}});
    const OfficeView office = office_of(maker, district);
    view.office = {.id = "office",
                   .title = office.name,
                   .note = office.hours.empty() ? maker.say("help_here.no_hours") : office.hours,
                   .phone = office.phone,
                   .no_phone = office.note,
                   .source = {}};
  }
  add_batches(maker, district, view);
  add_facilities(maker, district, view);
  add_institutions(maker, district, view);
  add_questions(maker, district, view);
  for (auto& one : view.sections) {
    if (one.rows.empty()) one.empty = maker.say("help_here.none");
  }
  // What there is stands before what there is not yet.
  std::stable_partition(view.sections.begin(), view.sections.end(),
                        [](const HelpSection& one) { return !one.rows.empty(); });
  view.other = maker.say("help_here.other");
  for (const auto& form : offered_forms(maker.catalogue, maker.state.kiosk.today)) {
    // Of several forms of that kind the one that is nothing else.
    if (form->kind != "question" || (!view.ask.empty() && form->id != form->kind)) continue;
    view.ask = maker.say("help_here.ask");
    view.ask_form = form->id;
  }
  return view;
}

EventsView events_view(const Maker& maker) {
  EventsView view;
  view.title = maker.say("events.title");
  view.today_title = maker.say("events.today");
  view.here_title = maker.say("events.here");
  view.other_title = maker.say("events.other");
  const std::string& today = maker.state.kiosk.today;
  std::vector<const Event*> coming;
  for (const auto& event : maker.catalogue.events) {
    if (is_to_come(event, today)) coming.push_back(&event);
  }
  std::ranges::stable_sort(coming, {}, &Event::start_date);
  for (const Event* event : coming) {
    const bool now = event->start_date <= today && event->status != "cancelled";
    auto& into = !is_here(maker, *event) ? view.other : now ? view.today : view.here;
    into.push_back(event_row(maker, *event));
  }
  if (coming.empty()) view.empty = maker.say("events.none");
  return view;
}

EventView event_view(const Maker& maker, const std::string& id) {
  EventView view;
  const Event* event = maker.catalogue.event(id);
  if (event == nullptr) return view;
  const std::string& today = maker.state.kiosk.today;
  view.event = event_row(maker, *event);
  if (view.event.mark == EventMark::kMoved && !event->first_start.empty()) {
    view.mark_note = maker.say("events.was", {{"date", maker.day(event->first_start)}});
  } else if (view.event.mark == EventMark::kCancelled) {
    view.mark_note = maker.say("events.cancelled_note");
  } else if (!today.empty() && end_of(*event) < today) {
    view.mark_note = maker.say("events.over");
  }
  view.sessions_title = maker.say("events.sessions");
  std::vector<const EventSession*> sessions;
  for (const auto& session : maker.catalogue.sessions) {
    if (session.event == id) sessions.push_back(&session);
  }
  std::ranges::stable_sort(sessions, {}, [](const EventSession* session) {
    return std::pair(std::string_view(session->date), std::string_view(session->start_time));
  });
  std::string day;
  for (const EventSession* session : sessions) {
    if (view.days.empty() || session->date != day) {
      day = session->date;
      view.days.push_back({range_text(maker, day, day), {}});
    }
    std::string time = session->start_time;
    if (!session->end_time.empty()) time += "–" + session->end_time;
    const EventMark mark = mark_of(session->status);
    view.days.back().sessions.push_back({.time = time.empty() ? time : isolate_left_to_right(time),
                                         .title = maker.in(session->title),
                                         .place = maker.in(session->place),
                                         .mark = mark,
                                         .mark_label = mark_label(maker, mark)});
  }
  if (view.days.empty()) view.no_sessions = maker.say("events.no_sessions");
  if (event->status != "cancelled" && !today.empty() && end_of(*event) >= today) {
    view.qr = calendar_entry(*event, view.event.title, without_isolates(view.event.place), today);
    view.qr_label = maker.say("events.qr");
    view.qr_note = maker.say("events.qr_note");
  }
  // Attendance is recorded from the first day on.
  const auto named = events_to_name(maker.catalogue, today);
  if (event->start_date <= today && std::ranges::find(named, event) != named.end()) {
    for (const auto& form : offered_forms(maker.catalogue, today)) {
      if (form->kind != "attendance") continue;
      view.attend = maker.say("events.attend");
      view.form = form->id;
      break;
    }
  }
  return view;
}

}  // namespace odop::kiosk
