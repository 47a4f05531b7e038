// Judging: what came back, and what follows from it.
#include "kiosk/sync/engine.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <type_traits>

namespace odop::kiosk::sync {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kTooLarge = 413;
constexpr std::int64_t kHourMs = 60LL * 60 * 1000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr MonoTime kEmptyPageWait{std::chrono::minutes(1)};

}  // namespace

Error Engine::not_ours(const Error& error) {
  return {ErrorCode::kMalformed, "an answer that is not the server's: " + error.context};
}

void Engine::judge(Now now, const Event& event) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, ToWorker>) {
          on_told(now, value);
        } else if constexpr (std::is_same_v<T, Refreshed>) {
          on_local(value.local);
        } else if constexpr (std::is_same_v<T, Carried>) {
          on_carried(now, value);
        } else {
          const Doing done = std::exchange(doing_, Doing::kNothing);
          if constexpr (std::is_same_v<T, Answered>) {
            on_call(now, done, value.answer);
          } else if constexpr (std::is_same_v<T, PendingLoaded>) {
            on_pending(now, value);
          } else if constexpr (std::is_same_v<T, NextKeyMade>) {
            on_next_key(now, value);
          } else if constexpr (std::is_same_v<T, FormersLoaded>) {
            on_formers(value);
          } else if constexpr (std::is_same_v<T, UnconfirmedLoaded>) {
            on_unconfirmed(now, value);
          } else if constexpr (std::is_same_v<T, AttachmentLoaded>) {
            on_attachment(now, value);
          } else if constexpr (std::is_same_v<T, Stored>) {
            on_stored(now, done, value);
          } else if constexpr (std::is_same_v<T, PackPlanned>) {
            on_planned(now, value);
          } else if constexpr (std::is_same_v<T, Fetched>) {
            on_fetched(now, value);
          } else if constexpr (std::is_same_v<T, Finished>) {
            on_finished(now, value);
          }
        }
      },
      event);
}

void Engine::on_call(Now now, Doing doing, const Result<HttpAnswer>& answer) {
  switch (doing) {
    case Doing::kEnrol:
      return on_enrol(now, answer);
    case Doing::kReadmit:
      return on_readmitted(now, answer);
    case Doing::kReadmitFormer:
      return on_former_readmitted(now, answer);
    case Doing::kPush:
      return on_push(now, answer);
    case Doing::kReconcile:
      return on_reconciled(now, answer);
    case Doing::kAttach:
      return on_attached(now, answer);
    case Doing::kAsk:
      return on_asked(now, answer);
    case Doing::kIndex:
      return on_index(now, answer);
    default:
      break;
  }
  if (!accepted(now, answer)) return;
  if (doing == Doing::kHello) on_hello(now, *answer);
  if (doing == Doing::kHeartbeat) on_heartbeat(now, *answer);
  if (doing == Doing::kFeed) on_feed(now, *answer);
  if (doing == Doing::kManifest) on_manifest(now, *answer);
}

void Engine::on_told(Now now, const ToWorker& value) {
  if (std::holds_alternative<SubmissionKept>(value)) {
    push_now_ = true;
    push_at_ = MonoTime{0};
    // The next look at the disk counts properly.
    ++memory_.local.queue.pending;
    state_.queue = memory_.local.queue.unsent();
  } else if (std::holds_alternative<TryNow>(value)) {
    push_now_ = true;
    push_at_ = attach_at_ = retry_at_ = refused_until_ = release_at_ = MonoTime{0};
    heartbeat_at_ = now.mono;
  } else if (const auto* enrol = std::get_if<EnrolWith>(&value)) {
    memory_.enrol_code = enrol->code;
    state_.code_refused = false;
    retry_at_ = MonoTime{0};
  } else if (const auto* ask = std::get_if<AskAnswer>(&value)) {
    asked_.push_back(ask->reference);
  }
}

void Engine::on_local(const LocalState& local) {
  memory_.local = local;
  state_.queue = local.queue.unsent();
  state_.answers = local.queue.answers;
  state_.unconfirmed = local.queue.unconfirmed;
  state_.oldest_unsent_ms = local.queue.oldest_wall_ms;
  state_.release = local.ready;
  state_.free_bytes = local.disk.free_bytes;
  state_.accepts_submissions = local.disk.accepts;
  state_.production = local.production;
  state_.enrol_anew = local.enrol_anew;
}

// ---- Up -----------------------------------------------------------------------------------------

void Engine::on_pending(Now now, const PendingLoaded& loaded) {
  if (!loaded.page) {
    state_.trouble = name_of(loaded.page.error().code);
    push_at_ = now.mono + kEmptyPageWait;
    return;
  }
  if (loaded.page->empty()) {
    // Everything is held back.
    const std::int64_t wall_ms = now.wall.time_since_epoch().count();
    push_at_ = now.mono + kEmptyPageWait;
    if (loaded.next_due_wall_ms) {
      push_at_ = now.mono +
                 MonoTime(std::clamp<std::int64_t>(*loaded.next_due_wall_ms - wall_ms, 1, kDayMs));
    }
    return;
  }
  wire::PushRequest request;
  HoldBack damaged;
  sent_hashes_.clear();
  for (const PendingSubmission& submission : *loaded.page) {
    // Disks rot: what does not fit its hash would only be rejected for ever.
    if (crypto::sha256(submission.envelope) != submission.hash) {
      damaged.hashes.push_back(submission.hash);
      continue;
    }
    request.envelopes.push_back(submission.envelope);
    sent_hashes_.push_back(submission.hash);
  }
  if (!damaged.hashes.empty()) {
    damaged.until_wall_ms = now.wall.time_since_epoch().count() + kDayMs / 2;
    state_.trouble = name_of(ErrorCode::kCorrupt);
    then(Doing::kStore, std::move(damaged));
  }
  if (request.envelopes.empty()) return;
  HttpRequest push = call("POST", "/v1/push", wire::encode(request));
  push.content_type = "application/octet-stream";
  then(Doing::kPush, Send{std::move(push)});
}

void Engine::on_push(Now now, const Result<HttpAnswer>& answer) {
  const bool timed_out = !answer && answer.error().code == ErrorCode::kTimeout;
  const bool unwanted = answer && (answer->status == kTooLarge || answer->status == kBadRequest);
  if (timed_out || unwanted) {
    const bool single = sent_hashes_.size() <= 1;
    batch_count_ = std::max<std::size_t>(1, sent_hashes_.size() / 2);
    if (unwanted && single && !sent_hashes_.empty()) {
      // This one alone is not taken: let it wait, so that it does not block the rest.
      then(Doing::kStore, HoldBack{sent_hashes_, now.wall.time_since_epoch().count() + kHourMs});
      state_.trouble = name_of(ErrorCode::kTooLarge);
    }
    if (unwanted) return;  // at once again, smaller
  }
  if (!accepted(now, answer)) return;
  const auto document = wire::from_json<wire::SignedDocument>(answer->body);
  if (!document) return failed(now, Link::kCaptive, not_ours(document.error()));
  auto receipt = crypto::check_receipt(*document, memory_.identity->device_id, trust_, now.wall);
  if (!receipt) return failed(now, Link::kCaptive, receipt.error());
  const bool about_ours = std::ranges::any_of(receipt->verdicts, [&](const wire::Verdict& verdict) {
    return std::ranges::find(sent_hashes_, verdict.envelope_hash) != sent_hashes_.end();
  });
  if (!about_ours) {
    return failed(now, Link::kOnline, {ErrorCode::kMalformed, "a receipt without our envelopes"});
  }
  succeeded(now);
  batch_count_ = std::min(wire::kMaxBatchEnvelopes, batch_count_ * 2);
  attach_at_ = MonoTime{0};  // what these envelopes name may go now
  formers_due_ = formers_due_ || std::ranges::any_of(receipt->verdicts, [](const auto& verdict) {
                   return verdict.reason == wire::kUnknownDevice;
                 });
  take_receipt(std::move(*receipt));
}

void Engine::take_receipt(wire::BatchReceipt receipt) {
  note_generation(receipt.database_generation, receipt.server_ms);
  then(Doing::kStore, RecordReceipt{std::move(receipt)});
}

void Engine::note_generation(const std::string& generation, std::int64_t server_ms) {
  if (generation == memory_.generation) return;
  memory_.generation = generation;
  reconcile_at_ = MonoTime{0};
  reconciled_upto_ = 0;
  formers_due_ = true;
  then(Doing::kStore, NoteGeneration{generation, server_ms});
}

void Engine::on_carried(Now now, const Carried& carried) {
  if (!memory_.identity) return;
  for (const wire::SignedDocument& document : carried.receipts) {
    auto attachment =
        crypto::check_attachment_receipt(document, memory_.identity->device_id, trust_, now.wall);
    if (attachment) {
      note_generation(attachment->database_generation, attachment->server_ms);
      then(Doing::kStore, RecordAttachment{std::move(*attachment)});
      continue;
    }
    auto receipt = crypto::check_receipt(document, memory_.identity->device_id, trust_, now.wall);
    if (receipt) {
      take_receipt(std::move(*receipt));
    } else {
      state_.trouble = name_of(receipt.error().code);
    }
  }
}

// ---- Heartbeat and feed -------------------------------------------------------------------------

void Engine::on_heartbeat(Now now, const HttpAnswer& answer) {
  const auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body);
  if (!heartbeat) return failed(now, Link::kCaptive, not_ours(heartbeat.error()));
  refused_until_ = MonoTime{0};
  succeeded(now);
  const auto interval = static_cast<std::uint64_t>(settings_.heartbeat.count());
  heartbeat_at_ = now.mono + MonoTime(interval - interval / 10 + random_.below(interval / 5 + 1));
  state_.clock_offset_ms = heartbeat->server_ms - now.wall.time_since_epoch().count();
  feed_head_ = heartbeat->feed_head;
  note_generation(heartbeat->database_generation, heartbeat->server_ms);
  learn(now, *heartbeat);
  if (heartbeat->pointer) judge_documents(now, *heartbeat->pointer, heartbeat->manifest);
}

// What the server hands down beside releases. What does not verify is passed over: the rest of the
// answer stands on its own signatures.
void Engine::learn(Now now, const wire::HeartbeatAnswer& heartbeat) {
  const std::uint32_t mark = crypto::mark_of(heartbeat.certificates);
  if (mark != 0 && mark != memory_.certificates_mark) {
    auto fresh = crypto::new_certificates(trust_, heartbeat.certificates, now.wall);
    std::ranges::copy(fresh, std::back_inserter(trust_.certificates));
    const bool news = !fresh.empty();
    std::ranges::move(fresh, std::back_inserter(memory_.certificates));
    // What came damaged, or was signed by nobody yet, is offered again.
    const bool whole = crypto::holds_all(trust_, heartbeat.certificates);
    if (whole) memory_.certificates_mark = mark;
    if (news || whole) {
      then(Doing::kStore, KeepCertificates{memory_.certificates, memory_.certificates_mark});
    }
  }
  if (!heartbeat.audit_head) return;
  auto head = crypto::check_audit_head(*heartbeat.audit_head, trust_, now.wall);
  // Never down: the lower one would hide what a shortened log lost.
  if (!head || head->number <= memory_.audit.number) return;
  memory_.audit = std::move(*head);
  then(Doing::kStore, NoteAuditHead{memory_.audit});
}

void Engine::on_feed(Now now, const HttpAnswer& answer) {
  const auto page = wire::from_json<wire::FeedPage>(answer.body);
  if (!page) return failed(now, Link::kCaptive, not_ours(page.error()));
  ApplyFeed apply;
  for (const wire::SignedDocument& document : page->entries) {
    auto entry = crypto::check_feed_entry(document, trust_, now.wall);
    // The position would pass over it, so nothing of the page is taken.
    if (!entry) return failed(now, Link::kCaptive, entry.error());
    if (entry->kind == wire::FeedKind::kReceipt) {
      const auto receipt_document = wire::from_json<wire::SignedDocument>(entry->payload);
      if (receipt_document) {
        auto receipt =
            crypto::check_receipt(*receipt_document, memory_.identity->device_id, trust_, now.wall);
        if (receipt) apply.receipts.push_back(std::move(*receipt));
      }
    }
    apply.entries.push_back(std::move(*entry));
  }
  succeeded(now);
  apply.next = page->next;
  if (page->next <= memory_.local.feed) {
    // Nothing more, whatever the head said: ask again after the next heartbeat.
    feed_head_ = memory_.local.feed;
    return;
  }
  if (page->more) feed_head_ = std::max(feed_head_, FeedPosition{page->next.value + 1});
  then(Doing::kStore, std::move(apply));
}

// ---- An answer that somebody waits for ----------------------------------------------------------

void Engine::on_asked(Now now, const Result<HttpAnswer>& answer) {
  AnswerAsked asked;
  asked.reference = asked_.front();
  asked_.pop_front();
  asked.reached = answer && (answer->status == kOk || answer->status == kNotFound);
  if (answer && answer->status == kNotFound) {
    succeeded(now);
  } else if (accepted(now, answer)) {
    const auto document = wire::from_json<wire::SignedDocument>(answer->body);
    const auto entry = document ? crypto::check_feed_entry(*document, trust_, now.wall)
                                : Result<wire::FeedEntry>(fail(not_ours(document.error())));
    const auto sealed = entry && entry->kind == wire::FeedKind::kAnswer
                            ? wire::decode<wire::SealedAnswer>(entry->payload)
                            : Result<wire::SealedAnswer>(fail(ErrorCode::kMalformed, "no answer"));
    asked.found = sealed && sealed->reference == asked.reference;
    if (!entry) failed(now, Link::kCaptive, entry.error());
    if (entry) succeeded(now);
    if (asked.found) then(Doing::kKeepAnswer, KeepAnswer{*sealed});
  }
  // Told after it is stored, see on_stored.
  if (!asked.found) tell_.emplace_back(std::move(asked));
}

// ---- Stored -------------------------------------------------------------------------------------

void Engine::on_stored(Now now, Doing doing, const Stored& stored) {
  on_local(stored.local);
  if (!stored.status) {
    // The disk is in trouble; the server is not. Keep away from it for a while.
    failed(now, state_.link, stored.status.error());
    if (doing == Doing::kAdoptIdentity) enrolling_.reset();
    if (doing == Doing::kAdoptDocuments) adopting_.reset();
    next_.clear();
    memory_.generation.clear();  // noted again, which changes nothing when it was noted
    return;
  }
  if (doing == Doing::kAdoptIdentity) become(now);
  if (doing == Doing::kAdoptDocuments) on_documents_stored(now);
  if (!stored.arrived.empty()) tell_.emplace_back(Arrived{stored.arrived});
  if (!stored.answers.empty()) tell_.emplace_back(AnswersChanged{stored.answers});
  if (doing == Doing::kKeepAnswer) {
    for (const std::string& reference : stored.answers) {
      tell_.emplace_back(AnswerAsked{reference, true, true});
    }
  }
}

}  // namespace odop::kiosk::sync
