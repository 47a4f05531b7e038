// Answering: one revision for each answer, sealed so that only reference and status code open it.
#include "shared/crypto/answer.h"
#include "shared/forms/formats.h"
#include "shared/text/normalise.h"
#include "shared/wire/codec.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/producers.h"
#include "syncserver/service/record_box.h"
#include "syncserver/service/submissions.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr int kTries = 3;  // when another officer answers at the same moment
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  }));
}

// District ids -> names in the asker's language; the id where there is none.
Result<std::map<std::string, std::string>> district_names(Store& store,
                                                          const std::string& language) {
  const auto records = store.draft_of("district");
  if (!records.has_value()) return fail(records.error());
  std::map<std::string, std::string> names;
  for (const CatalogueRecord& record : *records) {
    const auto fields = nlohmann::json::parse(record.json, nullptr, false);
    const auto pointer = nlohmann::json::json_pointer("/name/" + language);
    const bool named =
        fields.is_object() && fields.contains(pointer) && fields.at(pointer).is_string();
    names[record.id] = named ? fields.at(pointer).get<std::string>() : record.id;
  }
  return names;
}

// Letters, digits and signs on one line.
bool is_visible_line(std::string_view utf8) {
  return is_utf8(utf8) && std::none_of(utf8.begin(), utf8.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
         });
}

Status no_aadhaar(std::string_view words) {
  if (!forms::holds_aadhaar(words)) return {};
  return fail(ErrorCode::kInvalidArgument,
              "there is a number that may be an Aadhaar number, which is never kept; leave it out");
}

Status check_words(const AnswerOrder& order) {
  Status checked = check_answer_text(order.text);
  return checked.has_value() ? check_portal_reference(order.portal_reference) : checked;
}

std::vector<Case> moved_by(const std::vector<Case>& cases, const std::string& district) {
  std::vector<Case> moved;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(moved), [&](const Case& one) {
    return one.state != "withdrawn" && (district.empty() || one.district == district);
  });
  return moved;
}

}  // namespace

Result<Submission> Submissions::answerable(std::string_view reference) {
  const auto found = find(reference);
  if (!found.has_value()) return fail(found.error());
  const auto readable = [&](SubmissionState state) {
    return std::find_if(found->begin(), found->end(), [&](const Submission& one) {
      return one.state == state && !one.body.empty();
    });
  };
  // One whose twin made a fork of it lies in quarantine after it was opened; it has its cases.
  for (const SubmissionState state : {SubmissionState::kOpened, SubmissionState::kQuarantined}) {
    if (const auto at = readable(state); at != found->end()) return *at;
  }
  const bool withdrawn = std::any_of(found->begin(), found->end(), [](const Submission& one) {
    return one.state == SubmissionState::kRestricted || one.state == SubmissionState::kErased;
  });
  if (withdrawn) return fail(ErrorCode::kForbidden, "the asker has withdrawn");
  return fail(ErrorCode::kConflict, "not opened yet, or in quarantine");
}

// A kiosk shows one answer for a reference, the newest. So that Agra's does not hide Kannauj's, it
// carries what the other districts said last, newest first.
Result<std::string> Submissions::told_text(const Submission& submission,
                                           const std::vector<Case>& cases, const AnswerOrder& order,
                                           const std::string& language) {
  if (order.district.empty() || cases.size() < 2) return order.text;
  const auto events = store_.history_of(submission.id);
  if (!events.has_value()) return fail(events.error());
  const auto box = RecordBox::find(record_keys_, submission.hash);
  if (!box.has_value()) return fail(box.error());
  const auto names = district_names(store_, language);
  if (!names.has_value()) return fail(names.error());
  const auto named = [&](const std::string& district, const std::string& text) {
    const auto name = names->find(district);
    const std::string& label = name != names->end() ? name->second : district;
    return label.empty() ? text : label + ": " + text;
  };

  std::string told = order.text.empty() ? "" : named(order.district, order.text);
  std::vector<std::int64_t> done;
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    const auto at = std::find_if(cases.begin(), cases.end(),
                                 [&](const Case& one) { return one.id == event->case_id; });
    const bool other = at != cases.end() && at->district != order.district &&
                       std::find(done.begin(), done.end(), at->id) == done.end();
    if (!other || event->text.empty()) continue;
    done.push_back(at->id);
    auto text = box->open(event->text);
    if (!text.has_value()) return fail(std::move(text.error()));
    const std::string more = (told.empty() ? "" : "\n\n") + named(at->district, *text);
    if (characters(told) + characters(more) <= kMaxAnswerCharacters) told += more;
  }
  // Nobody else has said anything: no need for the name.
  return done.empty() ? order.text : told;
}

Status check_answer_text(std::string_view text) {
  if (!is_utf8(text)) return fail(ErrorCode::kInvalidArgument, "the text is not UTF-8");
  if (characters(text) > kMaxAnswerCharacters) {
    return fail(ErrorCode::kTooLarge, "the text has more than 2,000 characters");
  }
  return no_aadhaar(text);
}

Status check_portal_reference(std::string_view reference) {
  if (!is_visible_line(reference)) {
    return fail(ErrorCode::kInvalidArgument, "the portal reference is not one line of UTF-8");
  }
  if (characters(reference) > kMaxPortalCharacters) {
    return fail(ErrorCode::kTooLarge, "the portal reference has more than 40 characters");
  }
  return no_aadhaar(reference);
}

Result<CasePaths> case_paths(Store& store) {
  const auto records = store.draft_of(std::string(kCaseStateType));
  if (!records.has_value()) return fail(records.error());
  return CasePaths(*records);
}

Status check_state(Store& store, std::string_view state) {
  std::set<std::string> known = {"withdrawn"};
  for (const SubmissionState one :
       {SubmissionState::kReceived, SubmissionState::kOpened, SubmissionState::kQuarantined,
        SubmissionState::kRestricted, SubmissionState::kErased}) {
    known.emplace(name_of(one));
  }
  const auto paths = case_paths(store);
  if (!paths.has_value()) return fail(paths.error());
  known.merge(paths->every_state());
  if (known.contains(std::string(state))) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("there is no state \"{}\"; there are {}", state, fmt::join(known, ", ")));
}

// What the asker is told: words, and how far each case has come.
Result<wire::Answer> Submissions::told(const Submission& submission, const std::vector<Case>& cases,
                                       const AnswerOrder& order, const std::string& language,
                                       std::int64_t now_ms) {
  auto text = told_text(submission, cases, order, language);
  if (!text.has_value()) return fail(std::move(text.error()));
  // Whose words they are: the kiosk calls an answer without a district the state cell's.
  const std::string& whose = cases.size() == 1 ? cases.front().district : order.district;
  wire::Answer answer{order.state, now_ms, whose, std::move(*text)};
  const auto events = store_.history_of(submission.id);
  if (!events.has_value()) return fail(events.error());
  std::map<std::int64_t, std::string> state_of;  // by case
  const auto came_to = [&](std::int64_t case_id, const std::string& state, std::int64_t at_ms) {
    const auto at = std::find_if(cases.begin(), cases.end(),
                                 [&](const Case& one) { return one.id == case_id; });
    if (at == cases.end() || state_of[case_id] == state) return;  // a message, no step
    state_of[case_id] = state;
    answer.steps.push_back({state, at_ms, at->district});
  };
  for (const CaseEvent& event : *events) came_to(event.case_id, event.state, event.at_ms);
  for (const Case& one : moved_by(cases, order.district)) came_to(one.id, order.state, now_ms);
  if (answer.steps.size() > wire::kMaxCaseSteps) {
    answer.steps.erase(answer.steps.begin(), answer.steps.end() - wire::kMaxCaseSteps);
  }
  answer.portal_reference = order.portal_reference;
  if (!answer.portal_reference.empty()) return answer;
  for (const Case& one : moved_by(cases, order.district)) {
    if (one.portal.empty()) continue;
    const auto box = RecordBox::find(record_keys_, submission.hash);
    if (!box.has_value()) return fail(box.error());
    auto held = box->open(one.portal);
    if (!held.has_value()) return fail(std::move(held.error()));
    answer.portal_reference = std::move(*held);
  }
  return answer;
}

Result<Store::AnswerWrite> Submissions::prepare(const Submission& submission,
                                                const AnswerOrder& order) {
  const auto cases = store_.cases_of(submission.id);
  if (!cases.has_value()) return fail(cases.error());
  const std::vector<Case> moved = moved_by(*cases, order.district);
  if (moved.empty()) {
    return order.district.empty() ? fail(ErrorCode::kConflict, "it has no case to answer")
                                  : fail(ErrorCode::kNotFound, "no case in this district");
  }
  const auto ways = case_paths(store_);
  if (!ways.has_value()) return fail(ways.error());
  const std::string path = ways->path_of(submission.form_id, kind_name(submission.kind));
  for (const Case& one : moved) {
    if (order.seen.has_value() && one.changes != *order.seen) {
      return fail(ErrorCode::kConflict, "somebody went on with it since it was looked at");
    }
    const Status allowed = ways->step(path, one.state, order.state);
    if (allowed.has_value()) continue;
    const bool one_of_many = moved.size() > 1 && allowed.error().code == ErrorCode::kConflict;
    const std::string whose = one.district.empty() ? "the state's cell" : one.district;
    return fail(allowed.error().code,
                (one_of_many ? "the case of " + whose + ": " : "") + allowed.error().context);
  }
  auto body = stored_body(record_keys_, submission);
  if (!body.has_value()) return fail(std::move(body.error()));
  const auto box = RecordBox::find(record_keys_, submission.hash);
  if (!box.has_value()) return fail(box.error());

  const std::int64_t now_ms = this->now_ms();
  const CaseState& state = *ways->find(path, order.state);
  Store::AnswerWrite write;
  write.submission = submission.id;
  const auto floors = store_.floors();
  if (!floors.has_value()) return fail(floors.error());
  // Above what kiosks may hold of a life of this database that was lost.
  write.revision = std::max(submission.answer, floors->answer) + 1;
  write.before = submission.answer;
  write.state = order.state;
  write.closes = state.final;
  if (state.due_days > 0) write.due_ms = now_ms + state.due_days * kDayMs;
  if (!order.portal_reference.empty()) write.portal = box->seal(order.portal_reference);
  for (const Case& one : moved) {
    write.events.push_back({.case_id = one.id,
                            .at_ms = now_ms,
                            .actor = order.actor,
                            .state = order.state,
                            .text = order.text.empty() ? Bytes{} : box->seal(order.text)});
  }
  if (order.state == kApprovedState) {
    if (const auto draft = draft_json(submission, *body); draft.has_value()) {
      write.producer = ProducerDraft{.submission = submission.id,
                                     .record = producer_name(submission),
                                     .district = moved.front().district,
                                     .body = box->seal(*draft),
                                     .made_ms = now_ms};
    }
  }
  auto answer = told(submission, *cases, order, body->language, now_ms);
  if (!answer.has_value()) return fail(std::move(answer.error()));
  answer->path = path;
  const auto sealed = seal_(*answer, submission.reference, write.revision, body->status_code);
  wipe_body(*body);
  if (!sealed.has_value()) return fail(sealed.error());
  write.feed_payload = wire::encode(*sealed);
  write.audience = {.everyone = false,
                    .device = submission.device,
                    .venue = submission.venue,
                    .district = submission.district};
  return write;
}

Status Submissions::answer(const AnswerOrder& order) {
  if (Status checked = check_words(order); !checked.has_value()) return checked;
  Status done;
  for (int i = 0; i < kTries; ++i) {
    const auto submission = answerable(order.reference);
    if (!submission.has_value()) return fail(submission.error());
    const auto write = prepare(*submission, order);
    if (!write.has_value()) return fail(write.error());
    done = store_.record_answer(*write, now_ms());
    // Another answer came first: take the next revision.
    if (done.has_value() || done.error().code != ErrorCode::kConflict) return done;
  }
  return done;
}

Status Submissions::answer_all(std::span<const AnswerOrder> orders) {
  std::vector<Store::AnswerWrite> writes;
  for (const AnswerOrder& order : orders) {
    if (Status checked = check_words(order); !checked.has_value()) return checked;
    const auto submission = answerable(order.reference);
    if (!submission.has_value()) return fail(submission.error());
    auto write = prepare(*submission, order);
    if (!write.has_value()) return fail(std::move(write.error()));
    writes.push_back(std::move(*write));
  }
  return store_.record_answers(writes, now_ms());
}

}  // namespace odop::syncserver
