// The catalogue as the screens need it: plain values, loaded once per release, read only.
// kiosk/store fills it from the signed records; kiosk/model and kiosk/search read it.
#pragma once

#include "kiosk/model/catalogue_services.h"
#include "kiosk/model/local_text.h"
#include "shared/core/ids.h"
#include "shared/forms/form.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace odop::kiosk {

struct Family {
  std::string id;  // t m w c l f h
  LocalText name;
  std::string texture;  // file stem in assets/drawings/texture
  std::string colour;   // #RRGGBB
};

struct District {
  std::string id;  // slug: gautam-buddha-nagar
  LocalText name;
  LocalText division;
  std::string family;
  int hex_row = 0;
  int hex_half_column = 0;
  std::vector<std::string> neighbours;  // district ids
  std::vector<std::string> search_terms;
};

struct Fact {
  LocalText text;
  LocalText source;
};

// Trade fields are empty while nobody has said them; a screen then invites to ask.
struct Trade {
  std::string min_order;
  std::optional<std::int64_t> price_min_inr;
  std::optional<std::int64_t> price_max_inr;
  std::optional<int> lead_time_days;
  std::string hs_code;
  std::string export_ready;  // yes, no, empty
  std::string checked_on;    // YYYY-MM-DD
};

// What lists, tiles and cards show of a product.
struct Product {
  std::string id;                      // slug: kannauj-attar
  std::vector<std::string> districts;  // first = the row's own
  LocalText name;
  std::string family;
  std::string drawing;    // file stem in assets/drawings/craft
  std::string gi_name;    // empty unless registered
  std::string picture;    // hex SHA-256 of the full picture; empty = drawing only
  std::string thumbnail;  // hex SHA-256
  std::string unit;       // that it is traded in, an id of `units`; empty = not known
  int facts = 0;          // how many its story has
};

// What is told of a product on its own page and known to search: three quarters of a catalogue's
// memory. A catalogue does not hold it; it is read when a page is opened.
struct Story {
  LocalText description;
  std::vector<Fact> facts;  // at most 3
  Trade trade;
  std::string sector;
  std::vector<std::string> search_terms;
};
using Stories = std::unordered_map<std::string, Story>;  // by product id

struct Office {
  std::string id;
  std::string district;
  LocalText name;
  std::string phone;  // E.164 or as published; empty = not known
  LocalText hours;
};

struct Venue {
  std::string id;
  LocalText name;
  std::string district;
};

struct Hall {
  std::string id;
  std::string venue;
  LocalText name;
  double width_m = 0;
  double depth_m = 0;
  double kiosk_x_m = 0;  // where this kiosk stands
  double kiosk_y_m = 0;
};

struct Stall {
  std::string id;
  std::string hall;
  std::string number;
  double x_m = 0, y_m = 0, width_m = 0, depth_m = 0;
  std::vector<std::string> products;  // product ids
  LocalText holder;
};

struct Event {
  std::string id;
  LocalText title;
  std::string district;
  LocalText venue;
  std::string start_date, end_date;  // YYYY-MM-DD: those that hold, when it was moved the new ones
  std::string status;                // planned moved cancelled held unknown
  std::string venue_id{};            // of a venue of the catalogue; empty: elsewhere
  std::string first_start{};         // of one that was moved: when it was to be; YYYY-MM-DD
  bool about = false;                // the dates are not exact
};

// A part of an event at its own hour.
struct EventSession {
  std::string id;
  std::string event;
  LocalText title;
  std::string date;                  // YYYY-MM-DD
  std::string start_time, end_time;  // HH:MM; may be empty
  LocalText place;
  std::string status;  // planned moved cancelled
};

struct Notice {
  std::string id;
  std::uint32_t version = 0;
  std::string kind;  // of submission: enquiry
  std::string purpose;
  bool required = false;
  LocalText title;
  LocalText text;
};

struct SubmissionKind {
  std::string id;  // enquiry ...
  LocalText name;
  int due_days = 0;
  LocalText next_step;
};

struct Choice {  // unit, country
  std::string id;
  LocalText name;
  std::string detail;  // dialling code of a country
};

// A recorded prompt: what a voice of flesh and blood says in the place of ours.
struct Prompt {
  std::string id;      // of the record; forms name it
  std::string key;     // what it is said for: see prompts.h; may be empty
  std::string tongue;  // hi en ur; awa bho bns (Awadhi, Bhojpuri, Bundeli)
  std::string medium;  // hex SHA-256 of an Ogg Opus file
};

struct Catalogue {
  ReleaseNumber release;     // 0 = none yet
  std::string created_date;  // YYYY-MM-DD of the release, local time of the stand
  bool stale = false;        // its pointer has expired
  std::vector<Family> families;
  std::vector<District> districts;
  std::vector<Product> products;
  std::vector<Office> offices;
  std::vector<Venue> venues;
  std::vector<Hall> halls;
  std::vector<Stall> stalls;
  std::vector<Event> events;
  std::vector<EventSession> sessions;
  std::vector<Notice> notices;
  std::vector<SubmissionKind> kinds;
  std::vector<Choice> units;
  std::vector<Choice> countries;
  std::vector<Scheme> schemes;
  std::vector<SchemeFigure> scheme_figures;
  std::vector<EligibilityRule> eligibility;
  std::vector<Facility> facilities;
  std::vector<Institution> institutions;
  std::vector<TrainingBatch> batches;
  std::vector<PublishedQuestion> questions;
  std::vector<CaseState> case_states;
  std::vector<Prompt> prompts;
  // Parsed by forms::parse_form, each id once. Shared because a visitor who fills one keeps it when
  // another release comes into force; a form never changes.
  std::vector<std::shared_ptr<const forms::Form>> forms;

  // Positions in `districts` and `products`; made by `index()` after loading.
  std::unordered_map<std::string, std::size_t> district_at;
  std::vector<std::uint32_t> products_by_id;  // sorted
  std::unordered_map<std::string, std::vector<std::uint32_t>> products_by_district;

  void index();
  [[nodiscard]] const District* district(const std::string& id) const;
  [[nodiscard]] const Product* product(std::string_view id) const;
  [[nodiscard]] const Family* family(std::string_view id) const;
  [[nodiscard]] const Office* office_of(std::string_view district_id) const;
  [[nodiscard]] const Scheme* scheme(std::string_view id) const;
  [[nodiscard]] const Event* event(std::string_view id) const;
  // Null when this release has no such form.
  [[nodiscard]] std::shared_ptr<const forms::Form> form(std::string_view id) const;
  // First stall that shows the product; null when this venue has none.
  [[nodiscard]] const Stall* stall_of(std::string_view product_id) const;
};

}  // namespace odop::kiosk
