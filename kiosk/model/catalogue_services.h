// What the catalogue says of schemes and of help in a district: plain values, every amount and rule
// with its dates and its source. Days are YYYY-MM-DD, empty where nobody has said one; what is
// valid without an end has an empty `valid_to`.
#pragma once

#include "kiosk/model/local_text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odop::kiosk {

// Where a statement comes from and how long it holds.
struct Dated {
  std::string valid_from, valid_to;
  LocalText source;
  std::string checked_on;
};

struct Scheme {
  std::string id;
  LocalText name;
  LocalText summary;
  std::string apply_by;     // last day to apply
  std::string apply_where;  // portal diepc bank, or empty
  Dated dated;

  // The day of one of the fields that a form names for its deadline; empty: not known.
  [[nodiscard]] std::string_view day(std::string_view field) const {
    if (field == "apply_by") return apply_by;
    if (field == "valid_to") return dated.valid_to;
    if (field == "valid_from") return dated.valid_from;
    return {};
  }
};

// An amount or rate of a scheme. Money in whole rupees.
struct SchemeFigure {
  std::string id;  // scheme id, dot, figure
  std::string scheme;
  LocalText label;
  // What may be computed from it: subsidy (a slab), own-share, own-share-special; empty: only told.
  std::string use;
  std::optional<double> percent;
  std::optional<std::int64_t> max_inr;
  // The slab: project costs above `cost_from_inr` (its lowest: from that on) up to `cost_to_inr`.
  std::optional<std::int64_t> cost_from_inr;
  std::optional<std::int64_t> cost_to_inr;
  std::string whichever_is;  // of percentage and max_inr the less or the more; empty: less
  std::string confidence;    // high medium low
  Dated dated;
};

// One card of the eligibility check: a question with the answer that the scheme needs.
struct EligibilityRule {
  std::string id;  // scheme id, dot, rule
  std::string scheme;
  std::int64_t place = 0;  // order of the cards
  LocalText question;
  bool needs_yes = true;
  LocalText met;    // "You are 18 or older."
  LocalText unmet;  // "It is for people of 18 years and above."
  std::string icon;
  Dated dated;
};

// A common facility centre, design studio or laboratory.
struct Facility {
  std::string id;
  std::string kind;  // common-facility-centre design-studio laboratory
  std::string district;
  LocalText name, address, hours, note;
  std::string phone;  // as published; empty = not known
  Dated dated;
};

struct Institution {
  std::string id;
  std::string district;    // where it is
  bool statewide = false;  // helps every district
  LocalText name, address, hours, note;
  std::string phone;
  Dated dated;
};

struct TrainingBatch {
  std::string id;
  std::string scheme;  // may be empty
  std::string district;
  LocalText title, venue;
  std::string start_date, end_date, apply_by;
  std::int64_t seats = 0;  // 0: not known
  std::string status;      // planned open full held cancelled
  Dated dated;
};

// A question that was answered for everybody.
struct PublishedQuestion {
  std::string id;
  std::string district;  // empty: for all
  std::string scheme;    // may be empty
  LocalText question, answer;
  Dated dated;
};

// A state that a case may come to; `place` orders those of one path.
struct CaseState {
  std::string id;     // path, dot, state
  std::string path;   // id of a form, or of a kind of submission
  std::string state;  // received, assigned ...
  std::int64_t place = 0;
  bool station = false;  // shown before it is reached
  bool last = false;     // nothing need follow
  LocalText name;
  LocalText sentence;
  std::string icon;
};

}  // namespace odop::kiosk
