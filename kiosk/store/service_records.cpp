// Record types of schemes, help in a district, sessions and cases: JSON to values, and lean.
#include "kiosk/store/record_json.h"
#include "kiosk/store/record_types.h"

#include <array>
#include <string>

namespace odop::kiosk {

// ---- Which fields the lean form has, in order. Shared by writer and reader. -------------------

template <typename A>
void fields(A& a, Dated& d) {
  a(d.valid_from, d.valid_to, d.source, d.checked_on);
}
template <typename A>
void fields(A& a, EventSession& s) {
  a(s.id, s.event, s.title, s.date, s.start_time, s.end_time, s.place, s.status);
}
template <typename A>
void fields(A& a, Scheme& s) {
  a(s.id, s.name, s.summary, s.apply_by, s.apply_where, s.dated);
}
template <typename A>
void fields(A& a, SchemeFigure& f) {
  a(f.id, f.scheme, f.label, f.use, f.percent, f.max_inr, f.cost_from_inr, f.cost_to_inr,
    f.whichever_is, f.confidence, f.dated);
}
template <typename A>
void fields(A& a, EligibilityRule& r) {
  a(r.id, r.scheme, r.place, r.question, r.needs_yes, r.met, r.unmet, r.icon, r.dated);
}
template <typename A>
void fields(A& a, Facility& f) {
  a(f.id, f.kind, f.district, f.name, f.address, f.hours, f.note, f.phone, f.dated);
}
template <typename A>
void fields(A& a, Prompt& p) {
  a(p.id, p.key, p.tongue, p.medium);
}
template <typename A>
void fields(A& a, Institution& i) {
  a(i.id, i.district, i.statewide, i.name, i.address, i.hours, i.note, i.phone, i.dated);
}
template <typename A>
void fields(A& a, TrainingBatch& b) {
  a(b.id, b.scheme, b.district, b.title, b.venue, b.start_date, b.end_date, b.apply_by, b.seats,
    b.status, b.dated);
}
template <typename A>
void fields(A& a, PublishedQuestion& q) {
  a(q.id, q.district, q.scheme, q.question, q.answer, q.dated);
}
template <typename A>
void fields(A& a, CaseState& s) {
  a(s.id, s.path, s.state, s.place, s.station, s.last, s.name, s.sentence, s.icon);
}

namespace {

using namespace record_json;  // NOLINT(google-build-using-namespace): made for this file

Dated dated_of(const json& r) {
  return {text(r, "valid_from"), text(r, "valid_to"), source_in(r), text(r, "checked_on")};
}

EventSession session_of(const json& r) {
  EventSession session{"",
                       text(r, "event"),
                       local(r, "title"),
                       text(r, "date"),
                       text(r, "start_time"),
                       text(r, "end_time"),
                       local(r, "place"),
                       text(r, "status")};
  need_name(session.title);
  return session;
}

Scheme scheme_of(const json& r) {
  Scheme scheme{"",
                local(r, "name"),
                local(r, "summary"),
                text(r, "apply_by"),
                text(r, "apply_where"),
                dated_of(r)};
  need_name(scheme.name);
  return scheme;
}

SchemeFigure figure_of(const json& r) {
  SchemeFigure figure;
  figure.scheme = text(r, "scheme");
  figure.label = local(r, "label");
  need_name(figure.label);
  figure.use = text(r, "use");
  figure.percent = number(r, "percent");
  figure.max_inr = whole<std::int64_t>(r, "max_inr");
  figure.cost_from_inr = whole<std::int64_t>(r, "cost_from_inr");
  figure.cost_to_inr = whole<std::int64_t>(r, "cost_to_inr");
  figure.whichever_is = text(r, "whichever_is");
  figure.confidence = text(r, "confidence");
  figure.dated = dated_of(r);
  return figure;
}

EligibilityRule rule_of(const json& r) {
  EligibilityRule rule;
  rule.scheme = text(r, "scheme");
  rule.place = whole<std::int64_t>(r, "place").value_or(0);
  rule.question = local(r, "question");
  need_name(rule.question);
  rule.needs_yes = text(r, "needs") != "no";
  rule.met = local(r, "met");
  rule.unmet = local(r, "unmet");
  rule.icon = text(r, "icon");
  rule.dated = dated_of(r);
  return rule;
}

Facility facility_of(const json& r) {
  Facility facility{"",
                    text(r, "kind"),
                    slug(r, "district"),
                    local(r, "name"),
                    local(r, "address"),
                    local(r, "hours"),
                    local(r, "note"),
                    text(r, "phone"),
                    dated_of(r)};
  need_name(facility.name);
  return facility;
}

Institution institution_of(const json& r) {
  Institution institution{"",
                          slug(r, "district"),
                          yes(r, "statewide"),
                          local(r, "name"),
                          local(r, "address"),
                          local(r, "hours"),
                          local(r, "note"),
                          text(r, "phone"),
                          dated_of(r)};
  need_name(institution.name);
  return institution;
}

TrainingBatch batch_of(const json& r) {
  TrainingBatch batch{"",
                      text(r, "scheme"),
                      slug(r, "district"),
                      local(r, "title"),
                      local(r, "venue"),
                      text(r, "start_date"),
                      text(r, "end_date"),
                      text(r, "apply_by"),
                      whole<std::int64_t>(r, "seats").value_or(0),
                      text(r, "status"),
                      dated_of(r)};
  need_name(batch.title);
  return batch;
}

PublishedQuestion question_of(const json& r) {
  PublishedQuestion question{
      "",         slug(r, "district"), text(r, "scheme"), local(r, "question"), local(r, "answer"),
      dated_of(r)};
  need_name(question.question);
  return question;
}

CaseState case_state_of(const json& r) {
  CaseState state{"",
                  text(r, "path"),
                  text(r, "state"),
                  whole<std::int64_t>(r, "order").value_or(0),
                  yes(r, "station"),
                  yes(r, "final"),
                  local(r, "name"),
                  local(r, "sentence"),
                  text(r, "icon")};
  need_name(state.name);
  return state;
}

Prompt prompt_of(const json& r) {
  return {.id = {},
          .key = text(r, "key"),
          .tongue = text(r, "language"),
          .medium = hash_text(r, "medium")};
}

constexpr auto kTypes = std::to_array<RecordType>({
    record_type<session_of, &Catalogue::sessions>("session"),
    record_type<scheme_of, &Catalogue::schemes>("scheme"),
    record_type<figure_of, &Catalogue::scheme_figures>("scheme_figure"),
    record_type<rule_of, &Catalogue::eligibility>("eligibility"),
    record_type<facility_of, &Catalogue::facilities>("facility"),
    record_type<institution_of, &Catalogue::institutions>("institution"),
    record_type<batch_of, &Catalogue::batches>("training_batch"),
    record_type<question_of, &Catalogue::questions>("question"),
    record_type<case_state_of, &Catalogue::case_states>("case_state"),
    record_type<prompt_of, &Catalogue::prompts>("audio"),
});

}  // namespace

std::span<const RecordType> service_types() { return kTypes; }

}  // namespace odop::kiosk
