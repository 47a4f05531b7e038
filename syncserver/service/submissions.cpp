#include "syncserver/service/submissions.h"

#include "shared/core/reference_number.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/record_box.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::size_t kPage = 200;

bool hidden(const Submission& submission) {
  return submission.state == SubmissionState::kRestricted ||
         submission.state == SubmissionState::kErased;
}

bool matches(const SubmissionView& view, const SubmissionQuery& query) {
  const bool late = query.overdue || query.escalation > 0;
  if (!late && query.state.empty()) return true;
  if (!late && view.state == query.state) return true;
  return std::any_of(view.cases.begin(), view.cases.end(), [&](const CaseView& one) {
    return (!query.overdue || one.overdue) && one.escalation >= query.escalation &&
           (query.state.empty() || one.state == query.state);
  });
}

// "2026-11-24" by the Indian calendar day, which is what an office works by.
std::string day_of(std::int64_t unix_ms) {
  constexpr std::chrono::minutes kIndia{5 * 60 + 30};
  const WallTime local = WallTime(std::chrono::milliseconds(unix_ms)) + kIndia;
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(local)};
  std::string text = std::to_string(static_cast<int>(day.year()));
  for (const unsigned part :
       {static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())}) {
    text += part < 10 ? "-0" : "-";
    text += std::to_string(part);
  }
  return text;
}

// Fields of the forms that a table shows.
constexpr std::array<std::string_view, 8> kTableFields = {
    "name", "mobile", "email", "country", "buyer_type", "products", "needed_by", "message"};

std::vector<ConsentView> consents_of(const wire::SubmissionBody& body) {
  std::vector<ConsentView> views;
  for (const wire::ConsentRecord& one : body.consents) {
    for (const bool given : {true, false}) {
      for (const std::string& purpose : given ? one.given : one.refused) {
        views.push_back({.purpose = purpose,
                         .notice = one.notice_id,
                         .notice_version = one.notice_version,
                         .language = one.language,
                         .given = given});
      }
    }
  }
  return views;
}

std::vector<std::string> table_row(const SubmissionView& view, const CaseView& one) {
  std::vector<std::string> row = {group_reference(view.reference),
                                  view.kind,
                                  day_of(view.received_ms),
                                  one.district,
                                  one.office,
                                  one.state,
                                  one.due_ms == 0 ? "" : day_of(one.due_ms),
                                  one.overdue ? "yes" : "no",
                                  view.language,
                                  purposes_given(view.consents)};
  for (const std::string_view field : kTableFields) {
    row.push_back(field == "mobile" ? number_to_call(view.fields) : field_text(view.fields, field));
  }
  return row;
}

}  // namespace

Result<std::vector<Submission>> Submissions::find(std::string_view reference) {
  auto plain = parse_reference(reference);
  if (!plain.has_value()) return fail(std::move(plain.error()));
  auto found = store_.submissions({.reference = std::move(*plain), .with_restricted = true});
  if (found.has_value() && found->empty()) return fail(ErrorCode::kNotFound, "no such submission");
  return found;
}

Result<SubmissionView> Submissions::view(const Submission& submission, const std::string& district,
                                         const Escalations& levels, bool with_history) {
  SubmissionView out;
  out.id = submission.id;
  out.reference = submission.reference;
  out.kind = kind_name(submission.kind);
  out.kiosk = submission.kiosk;
  out.sequence = submission.sequence;
  out.received_ms = submission.received_ms;
  out.state = name_of(submission.state);
  out.reason = submission.reason;
  out.form = submission.form_id;
  const auto cases = store_.cases_of(submission.id);
  if (!cases.has_value()) return fail(cases.error());
  const std::int64_t now_ms = clock_.wall().time_since_epoch().count();
  std::vector<Case> shown;
  for (const Case& one : *cases) {
    if (!district.empty() && one.district != district) continue;
    shown.push_back(one);
    const EscalationLevel level = levels.of(out.kind, one, now_ms);
    out.cases.push_back({.district = one.district,
                         .office = one.office,
                         .state = one.state,
                         .due_ms = one.due_ms,
                         .closed_ms = one.closed_ms,
                         .overdue = one.closed_ms == 0 && one.due_ms < now_ms,
                         .changes = one.changes,
                         .escalation = level.level,
                         .escalated_to = level.owner});
  }
  if (hidden(submission) || submission.body.empty()) return out;
  auto body = stored_body(record_keys_, submission);
  if (!body.has_value()) return fail(std::move(body.error()));
  out.language = body->language;
  out.incomplete = body->incomplete;
  out.fields = shown_answers(body->answers, district);
  out.consents = consents_of(*body);
  const Status heard = add_recordings(out, submission, *body);
  wipe_body(*body);
  if (!heard.has_value()) return fail(heard.error());
  if (Status opened = open_portals(out, submission, shown); !opened.has_value()) {
    return fail(std::move(opened.error()));
  }
  if (!with_history) return out;
  if (Status added = add_history(out, submission, shown); !added.has_value()) {
    return fail(std::move(added.error()));
  }
  return out;
}

Status Submissions::open_portals(SubmissionView& view, const Submission& submission,
                                 const std::vector<Case>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i].portal.empty()) continue;
    const auto box = RecordBox::find(record_keys_, submission.hash);
    if (!box.has_value()) return fail(box.error());
    auto reference = box->open(cases[i].portal);
    if (!reference.has_value()) return fail(std::move(reference.error()));
    view.cases[i].portal_reference = std::move(*reference);
  }
  return {};
}

Status Submissions::add_history(SubmissionView& view, const Submission& submission,
                                const std::vector<Case>& cases) {
  const auto events = store_.history_of(submission.id);
  if (!events.has_value()) return fail(events.error());
  const auto box = RecordBox::find(record_keys_, submission.hash);
  if (!box.has_value()) return fail(box.error());
  for (const CaseEvent& event : *events) {
    const auto at = std::find_if(cases.begin(), cases.end(),
                                 [&](const Case& one) { return one.id == event.case_id; });
    if (at == cases.end()) continue;
    HistoryView line{.at_ms = event.at_ms, .actor = event.actor, .state = event.state, .text = {}};
    if (!event.text.empty()) {
      auto text = box->open(event.text);
      if (!text.has_value()) return fail(std::move(text.error()));
      line.text = std::move(*text);
    }
    view.cases[static_cast<std::size_t>(at - cases.begin())].history.push_back(std::move(line));
  }
  return {};
}

Result<std::vector<SubmissionView>> Submissions::list(const SubmissionQuery& query) {
  SubmissionFilter filter;
  filter.district = query.district;
  filter.limit = kPage;
  // Withdrawn ones are listed when somebody asks for exactly them.
  filter.with_restricted = query.state == name_of(SubmissionState::kRestricted) ||
                           query.state == name_of(SubmissionState::kErased) ||
                           query.state == "withdrawn";
  if (query.overdue || query.escalation > 0)
    filter.overdue_ms = clock_.wall().time_since_epoch().count();
  if (!query.reference.empty()) {
    auto plain = parse_reference(query.reference);
    if (!plain.has_value()) return fail(std::move(plain.error()));
    filter.reference = std::move(*plain);
  }
  if (!query.mobile.empty()) {
    filter.lookup_field = kMobileLookup;
    filter.lookup_mac = lookup_mac(lookup_key_, kMobileLookup, query.mobile);
  }
  const auto levels = escalations(store_);
  if (!levels.has_value()) return fail(levels.error());
  std::vector<SubmissionView> views;
  while (views.size() < query.limit) {
    const auto page = store_.submissions(filter);
    if (!page.has_value()) return fail(page.error());
    for (const Submission& submission : *page) {
      auto one = view(submission, query.district, *levels, false);
      if (!one.has_value()) return fail(std::move(one.error()));
      if (views.size() < query.limit && matches(*one, query)) views.push_back(std::move(*one));
    }
    if (page->size() < kPage) break;
    filter.after = page->back().id;
  }
  return views;
}

Result<std::vector<SubmissionView>> Submissions::show(std::string_view reference,
                                                      const std::string& district) {
  const auto found = find(reference);
  if (!found.has_value()) return fail(found.error());
  const auto levels = escalations(store_);
  if (!levels.has_value()) return fail(levels.error());
  std::vector<SubmissionView> views;
  for (const Submission& submission : *found) {
    auto one = view(submission, district, *levels, true);
    if (!one.has_value()) return fail(std::move(one.error()));
    if (!district.empty() && one->cases.empty()) continue;  // another district's
    views.push_back(std::move(*one));
  }
  if (views.empty()) return fail(ErrorCode::kNotFound, "no such submission in this district");
  return views;
}

Result<std::vector<std::vector<std::string>>> Submissions::export_rows(
    const std::string& district) {
  std::vector<std::vector<std::string>> rows = {{"reference", "kind", "received", "district",
                                                 "office", "state", "due", "overdue", "language",
                                                 "consents"}};
  rows.front().insert(rows.front().end(), kTableFields.begin(), kTableFields.end());
  SubmissionQuery query;
  query.district = district;
  query.limit = std::size_t{1'000'000};
  const auto views = list(query);
  if (!views.has_value()) return fail(views.error());
  for (const SubmissionView& view : *views) {
    if (view.cases.empty()) {
      CaseView none;
      none.state = view.state;
      rows.push_back(table_row(view, none));
      continue;
    }
    for (const CaseView& one : view.cases) {
      rows.push_back(table_row(view, one));
    }
  }
  return rows;
}

std::string purposes_given(const std::vector<ConsentView>& consents) {
  std::string purposes;
  for (const ConsentView& one : consents) {
    if (!one.given) continue;
    if (!purposes.empty()) purposes.push_back(' ');
    purposes += one.purpose;
  }
  return purposes;
}

std::string to_csv(const std::vector<std::vector<std::string>>& rows) {
  std::string csv = "\xEF\xBB\xBF";
  for (const auto& row : rows) csv += csv_row(row);
  return csv;
}

}  // namespace odop::syncserver
