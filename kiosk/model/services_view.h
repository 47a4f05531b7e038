// View-models of schemes, help in a district and events; part of views.h. Strings as there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace odop::kiosk {

// What a code picture holds that a phone still reads from the glass: version 33 of ISO/IEC 18004
// with error correction M, whose 149 modules are 0.4 mm wide when it is 60 mm.
inline constexpr std::size_t kMaxCodeBytes = 1628;

// One of the ways on the artisans' page that is no form: schemes, help, events.
struct WayTile {
  std::string id;       // schemes, help, events
  std::string subject;  // of help: district id
  std::string title;
  std::string note;
  std::string icon;
};

// ---- Schemes ----

struct SchemeTile {
  std::string scheme;  // id
  std::string title;
  std::string note;   // what it gives, in a sentence
  std::string mark;   // "with a form here"; empty: none
  std::string dated;  // source and date
};

struct SchemesView {
  std::string title, hint;
  std::vector<SchemeTile> tiles;
  std::string empty;  // said instead of tiles
};

// An amount with where it comes from.
struct FigureRow {
  std::string label;
  std::string value;   // "25%, at most ₹6,25,000"; empty: the label says all
  std::string source;  // "Source: ... Checked on ..."
};

struct WhoRow {
  std::string icon;
  std::string text;
};

struct SchemeView {
  std::string scheme;  // id
  std::string title, summary;
  std::string summary_source;
  std::string not_filed;  // empty: it has no form here
  std::string deadline;
  std::string where;  // where to apply
  std::string figures_title;
  std::vector<FigureRow> figures;
  std::string who_title;
  std::vector<WhoRow> who;
  std::string documents_title;
  std::vector<std::string> documents;
  std::string check;  // label; empty: no cards
  std::string apply;  // label; empty: no form
  std::string form;   // id
};

// What follows from the cards of a scheme.
struct ReasonRow {
  std::string text;
  bool met = false;
};

struct ResultView {
  std::string scheme;  // id
  std::string title;   // "You appear eligible"
  bool eligible = false;
  std::string advice;  // it is no decision
  std::vector<ReasonRow> reasons;
  std::string money_title;
  std::vector<FigureRow> money;
  std::string documents_title;
  std::vector<std::string> documents;
  std::string qr, qr_label;
  std::string again, apply;  // labels; an empty `apply`: no form
  std::string form;          // id
};

// ---- Help in a district ----

struct HelpRow {
  std::string id;
  std::string title;
  std::string note;   // address, hours, what it is for; lines
  std::string phone;  // empty: not known, or nothing to call
  std::string no_phone;
  std::string source;
};

struct HelpSection {
  std::string id;  // centres laboratories institutions batches questions
  std::string title;
  std::string icon;
  std::vector<HelpRow> rows;
  std::string empty;  // said instead of rows
};

struct DistrictHelpView {
  std::string district;  // id; empty: the whole state
  std::string title;
  HelpRow office;  // without a title: none
  std::vector<HelpSection> sections;
  std::string other;  // label: another district
  std::string ask;    // label: ask the office; empty: no form for it
  std::string ask_form;
};

// ---- Events ----

enum class EventMark : std::uint8_t { kNone, kMoved, kCancelled };

struct EventRow {
  std::string event;  // id
  std::string title;
  std::string date;
  std::string place;
  EventMark mark = EventMark::kNone;
  std::string mark_label;
};

struct EventsView {
  std::string title;
  std::string today_title, here_title, other_title;
  std::vector<EventRow> today;  // going on in this hall and district
  std::vector<EventRow> here;   // to come there
  std::vector<EventRow> other;  // elsewhere, going on and to come
  std::string empty;            // said when there is none at all
};

struct SessionRow {
  std::string time;
  std::string title;
  std::string place;
  EventMark mark = EventMark::kNone;
  std::string mark_label;
};

struct EventView {
  EventRow event;
  std::string mark_note;  // "it was to be on ..."
  std::string sessions_title;
  struct Day {
    std::string date;
    std::vector<SessionRow> sessions;
  };
  std::vector<Day> days;
  std::string no_sessions;
  std::string qr, qr_label, qr_note;
  std::string attend;  // label; empty: not now
  std::string form;    // id
};

}  // namespace odop::kiosk
