#include "syncserver/service/opener.h"

#include "shared/core/reference_number.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/codec.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/import_forms.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/opener_read.h"

#include <algorithm>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::size_t kMaxDeviceKeys = 10'000;  // about 2 MB

// A reference begins with its kiosk's number: no kiosk speaks in another's name.
bool own_reference(const Submission& submission) {
  std::string number = std::to_string(submission.kiosk.value);
  if (number.size() < 3) number.insert(0, 3 - number.size(), '0');
  const auto plain = parse_reference(submission.reference);
  return plain.has_value() && plain->starts_with(number);
}

bool is_correction(const Submission& submission) {
  return static_cast<wire::Kind>(submission.kind) == wire::Kind::kCorrection;
}

bool is_withdrawal(const Submission& submission) {
  return static_cast<wire::Kind>(submission.kind) == wire::Kind::kWithdrawal;
}

}  // namespace

Opener::Opener(Store& store, KeyStore& record_keys, const ServerKeys& keys, const Clock& clock)
    : store_(store),
      record_keys_(record_keys),
      keys_(keys),
      clock_(clock),
      lookup_key_(lookup_key(keys)) {}

std::int64_t Opener::now_ms() const { return clock_.wall().time_since_epoch().count(); }

Alarm Opener::alarm(const char* kind, const Submission& submission,
                    const std::string& detail) const {
  return {.at_ms = now_ms(),
          .kind = kind,
          .device = submission.device,
          .detail = "submission " + std::to_string(submission.id) + ": " + detail};
}

Result<OpenStep> Opener::open_next() {
  OpenStep step;
  const MonoTime now = clock_.mono();
  if (!settled_ || now - *settled_ >= kSettleAge) {
    // What an opener that was cut off left between two of its transactions, too.
    if (Status done = settle_waiting({}, step); !done.has_value()) return fail(done.error());
    settled_ = now;
  }
  const bool busy = store_.take_most_waiting_writes() >= kBusyWrites;
  const std::size_t limit = busy ? kBusyBatch : kOpenBatch;
  auto waiting = store_.unopened(limit);
  if (!waiting.has_value()) return fail(std::move(waiting.error()));
  if (busy) {
    step.pause = kBusyPause;
  } else if (waiting->size() < limit) {
    step.pause = kIdlePause;
  }
  if (Status done = open_attachments(step); !done.has_value()) return fail(done.error());
  if (waiting->empty()) return step;
  if (Status ready = refresh_routing(); !ready.has_value()) return fail(ready.error());
  if (Status ready = refresh_forms(); !ready.has_value()) return fail(ready.error());

  std::vector<Read> batch;
  std::vector<Read> withdrawals;
  for (Submission& submission : *waiting) {
    if (Status chain = check_chain(submission); !chain.has_value()) return fail(chain.error());
    auto one = read(std::move(submission));
    if (!one.has_value()) return fail(std::move(one.error()));
    name_target(*one);
    if (Status judged = judge_correction(*one); !judged.has_value()) return fail(judged.error());
    const bool withdraws = is_withdrawal(one->submission) && one->reason.empty();
    (withdraws ? withdrawals : batch).push_back(std::move(*one));
  }
  if (Status stored = store_read(batch, step); !stored.has_value()) return fail(stored.error());
  // After the rest, so that a target that came in the same step is open already.
  for (Read& withdrawal : withdrawals) {
    if (Status done = withdraw(withdrawal, step); !done.has_value()) return fail(done.error());
  }
  return step;
}

Status Opener::refresh_routing() {
  const MonoTime now = clock_.mono();
  if (routing_read_.has_value() && now - *routing_read_ < kRoutingAge) return {};
  std::vector<CatalogueRecord> records;
  for (const char* type : {"kind", "office", "district"}) {
    auto some = store_.draft_of(type);
    if (!some.has_value()) return fail(std::move(some.error()));
    std::move(some->begin(), some->end(), std::back_inserter(records));
  }
  routing_ = Routing(records);
  routing_read_ = now;
  return {};
}

Status Opener::refresh_forms() {
  const auto newest = store_.newest_release();
  if (!newest.has_value()) return fail(newest.error());
  if (!newest->has_value() || (*newest)->number == forms_of_) return {};
  const auto published = store_.published(kFormType);
  if (!published.has_value()) return fail(published.error());
  forms_ = PublishedForms(*published);
  forms_of_ = (*newest)->number;
  return {};
}

void Opener::check_form(Read& read) const {
  const Submission& s = read.submission;
  const forms::Form* form = forms_.find(s.form_id, s.form_version);
  const bool built_in = !forms_.knows(s.form_id) && known_form(s.kind, s.form_id, s.form_version);
  if (form == nullptr ? !built_in : form->kind != kind_name(s.kind)) {
    read.reason = "form";
    return;
  }
  if (form != nullptr) {
    auto checked = checked_answers(*form, read.body, s.wall_ms, s.received_ms);
    if (!checked.has_value()) {
      read.reason = "answers: " + checked.error().context;
      return;
    }
    wipe(read.body.answers);
    read.body.answers = std::move(*checked);
  }
  auto answers = read_answers(s.kind, read.body.answers);
  if (answers.has_value()) {
    read.answers = std::move(*answers);
  } else {
    read.reason = "answers";
  }
}

void Opener::name_target(Read& read) {
  if (!is_correction(read.submission) || !read.readable || read.reason.empty()) return;
  auto answers = read_answers(read.submission.kind, read.body.answers);
  if (answers.has_value()) read.answers = std::move(*answers);
}

Status Opener::judge_correction(Read& read) {
  if (!is_correction(read.submission)) return {};
  if (!read.reason.empty()) return {};
  const auto judged = judge_targets(read.answers.reference, read.answers.status_code);
  if (!judged.has_value()) return fail(judged.error());
  if (judged->fits) {
    read.answers.districts = judged->districts;
  } else if (!judged->waits) {
    read.reason = "correction_refused";
  }
  return {};
}

Result<Bytes> Opener::device_key(const std::string& device) {
  const auto remembered = device_keys_.find(device);
  if (remembered != device_keys_.end()) return remembered->second;
  auto known = store_.device(device);
  if (!known.has_value()) return fail(std::move(known.error()));
  if (!known->has_value()) return Bytes{};
  if (device_keys_.size() >= kMaxDeviceKeys) device_keys_.clear();
  return device_keys_.emplace(device, std::move((*known)->public_key)).first->second;
}

Result<Opener::Read> Opener::read(Submission submission) {
  Read out;
  out.submission = std::move(submission);
  const Submission& s = out.submission;
  const auto envelope = wire::decode<wire::Envelope>(s.envelope);
  const auto key = device_key(s.device);
  if (!key.has_value()) return fail(key.error());
  // Intake may have taken it on its successor's word.
  if (envelope.has_value() && !crypto::verify_envelope(*envelope, *key).has_value()) {
    out.reason = kBadSignature;
    return out;
  }
  auto body = envelope.has_value()
                  ? crypto::open_envelope(*envelope, keys_.sealing)
                  : Result<wire::SubmissionBody>(fail(ErrorCode::kMalformed, "envelope"));
  if (!body.has_value()) {
    out.reason = "unreadable";
    return out;
  }
  out.readable = true;
  out.body = std::move(*body);
  const auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  const std::size_t attached = header.has_value() ? header->attachments.size() : 0;
  const bool named = std::ranges::all_of(
      out.body.spoken, [&](const wire::SpokenAnswer& one) { return one.attachment < attached; });
  if (!named || out.body.spoken.size() != attached) {
    out.reason = "attachments";
    return out;
  }
  if (own_reference(s)) {
    check_form(out);
  } else {
    out.reason = "reference";
  }
  return out;
}

// A gap is no break: what is missing may still come.
Status Opener::check_chain(const Submission& submission) {
  if (submission.sequence.value <= 1) return {};
  const auto before =
      store_.hash_of(submission.device, submission.epoch, Sequence{submission.sequence.value - 1});
  if (!before.has_value()) return fail(before.error());
  if (!before->has_value() || **before == submission.previous) return {};
  return store_.raise_alarm(alarm("chain_break", submission, "does not follow its predecessor"));
}

Opened Opener::opened_from(Read& read, const RecordBox& box,
                           std::vector<std::string> districts) const {
  const Submission& s = read.submission;
  Opened opened;
  opened.submission = s.id;
  opened.state = read.reason.empty() ? SubmissionState::kOpened : SubmissionState::kQuarantined;
  opened.reason = read.reason;
  opened.envelope = box.seal(s.envelope);
  Bytes plain = wire::encode(read.body);
  opened.body = box.seal(plain);
  wipe(plain);
  const auto look_up = [&](std::string_view field, const std::string& value) {
    if (value.empty()) return;
    opened.lookups.push_back({std::string(field), lookup_mac(lookup_key_, field, value)});
  };
  if (is_correction(s)) look_up(kCorrectsLookup, read.answers.reference);
  if (!read.reason.empty()) return opened;
  if (districts.empty() && !s.district.empty()) districts.push_back(s.district);
  opened.cases = routing_.cases(std::string(kind_name(s.kind)), districts, s.received_ms);
  look_up(kMobileLookup, read.answers.mobile);
  look_up(kEmailLookup, read.answers.email);
  if (!read.answers.name.empty()) {
    std::string key = name_lookup(read.answers.name, opened.cases.front().district);
    look_up(kNameLookup, key);
    wipe(key);
  }
  return opened;
}

Status Opener::store_read(std::vector<Read>& batch, OpenStep& step) {
  std::vector<Bytes> hashes;
  for (const Read& one : batch) {
    if (one.readable) hashes.push_back(one.submission.hash);
  }
  const auto boxes = RecordBox::make(record_keys_, hashes);
  if (!boxes.has_value()) return fail(boxes.error());

  std::vector<Opened> results;
  auto box = boxes->begin();
  for (Read& one : batch) {
    if (one.readable) {
      results.push_back(opened_from(one, *box++, one.answers.districts));
    } else {
      results.push_back({.submission = one.submission.id,
                         .state = SubmissionState::kQuarantined,
                         .reason = one.reason});
    }
    if (one.reason.empty()) {
      ++step.opened;
      continue;
    }
    ++step.quarantined;
    // Before the state changes: a repeated alarm is better than none.
    Status raised = store_.raise_alarm(alarm("unreadable", one.submission, one.reason));
    if (!raised.has_value()) return raised;
  }
  Status stored = store_.record_opened(results, now_ms());
  if (!stored.has_value()) return stored;
  for (const Read& one : batch) {
    if (!is_correction(one.submission)) continue;
    if (Status done = follow_withdrawn(one, step); !done.has_value()) return done;
  }

  const auto waiting = store_.waiting_withdrawals({});
  if (!waiting.has_value()) return fail(waiting.error());
  if (waiting->empty()) return {};
  std::set<std::string> here;
  for (const Read& one : batch) here.insert(one.submission.reference);
  std::set<std::string> asked;
  for (const Withdrawal& one : *waiting) {
    if (here.contains(one.reference)) asked.insert(one.reference);
  }
  for (const std::string& reference : asked) {
    if (Status done = settle_waiting(reference, step); !done.has_value()) return done;
  }
  return {};
}

}  // namespace odop::syncserver
