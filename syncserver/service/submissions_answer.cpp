// Answering: one revision for each answer, sealed so that only reference and status code open it.
#include "shared/crypto/answer.h"
#include "shared/text/normalise.h"
#include "shared/wire/codec.h"
#include "syncserver/service/record_box.h"
#include "syncserver/service/submissions.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr int kTries = 3;  // when another officer answers at the same moment

bool closes(std::string_view state) { return state == "answered" || state == "closed"; }

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

Status Submissions::answer_once(const Submission& submission, const AnswerOrder& order) {
  const auto cases = store_.cases_of(submission.id);
  if (!cases.has_value()) return fail(cases.error());
  const std::vector<Case> moved = moved_by(*cases, order.district);
  if (moved.empty()) {
    return order.district.empty() ? fail(ErrorCode::kConflict, "it has no case to answer")
                                  : fail(ErrorCode::kNotFound, "no case in this district");
  }
  auto body = stored_body(record_keys_, submission);
  if (!body.has_value()) return fail(std::move(body.error()));
  const auto box = RecordBox::find(record_keys_, submission.hash);
  if (!box.has_value()) return fail(box.error());

  const std::int64_t now_ms = clock_.wall().time_since_epoch().count();
  Store::AnswerWrite write;
  write.submission = submission.id;
  write.revision = submission.answer + 1;
  write.state = order.state;
  write.closes = closes(order.state);
  for (const Case& one : moved) {
    write.events.push_back({.case_id = one.id,
                            .at_ms = now_ms,
                            .actor = order.actor,
                            .state = order.state,
                            .text = order.text.empty() ? Bytes{} : box->seal(order.text)});
  }
  auto text = told_text(submission, *cases, order, body->language);
  if (!text.has_value()) return fail(std::move(text.error()));
  const wire::Answer answer{order.state, now_ms, order.district, std::move(*text)};
  const auto sealed =
      crypto::seal_answer(answer, submission.reference, write.revision, body->status_code);
  wipe_body(*body);
  if (!sealed.has_value()) return fail(sealed.error());
  write.feed_payload = wire::encode(*sealed);
  write.audience = {.everyone = false,
                    .device = submission.device,
                    .venue = submission.venue,
                    .district = submission.district};
  return store_.record_answer(write, now_ms);
}

Status Submissions::answer(const AnswerOrder& order) {
  const auto known = std::find(std::begin(kAnswerStates), std::end(kAnswerStates), order.state);
  if (known == std::end(kAnswerStates)) {
    std::string states;
    for (const std::string_view state : kAnswerStates) {
      states += (states.empty() ? "" : ", ") + std::string(state);
    }
    return fail(ErrorCode::kInvalidArgument,
                "\"" + order.state + "\" is no state of an answer; there are " + states);
  }
  if (!is_utf8(order.text)) return fail(ErrorCode::kInvalidArgument, "the text is not UTF-8");
  if (characters(order.text) > kMaxAnswerCharacters) {
    return fail(ErrorCode::kTooLarge, "the text has more than 2,000 characters");
  }
  Status done;
  for (int i = 0; i < kTries; ++i) {
    const auto submission = answerable(order.reference);
    if (!submission.has_value()) return fail(submission.error());
    done = answer_once(*submission, order);
    if (done.has_value() || done.error().code != ErrorCode::kConflict) return done;
    // Another answer came first: take the next revision, unless that was not the reason.
    const auto again = answerable(order.reference);
    if (!again.has_value() || again->answer == submission->answer) return done;
  }
  return done;
}

}  // namespace odop::syncserver
