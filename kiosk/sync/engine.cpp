// Deciding: what to ask the server, and when.
#include "kiosk/sync/engine.h"

#include "shared/crypto/enrolment.h"
#include "shared/wire/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace odop::kiosk::sync {
namespace {

constexpr MonoTime kLongSleep{std::chrono::hours(1)};
constexpr double kRetryGrowth = 1.5;
constexpr std::uint64_t kShortestRetryMs = 100;
constexpr int kOk = 200;
constexpr int kPartial = 206;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kTooLarge = 413;
constexpr int kTooMany = 429;
constexpr int kUnavailable = 503;
// Room for the codec's own bytes: a length for each envelope and the header.
constexpr std::size_t kBatchOverheadBytes = 4 * 1024;

}  // namespace

double next_retry_bound_ms(double bound_ms, const EngineSettings& settings) {
  const auto first = static_cast<double>(settings.first_retry.count());
  const auto longest = static_cast<double>(settings.longest_retry.count());
  return std::clamp(bound_ms * kRetryGrowth, first, longest);
}

Engine::Engine(EngineSettings settings, EngineMemory memory, Random& random)
    : settings_(std::move(settings)),
      memory_(std::move(memory)),
      random_(random),
      formers_due_(memory_.formers_due) {
  if (memory_.identity) trust_identity();
  on_local(memory_.local);
}

std::vector<Action> Engine::step(Now now, std::optional<Event> event) {
  if (event) judge(now, *event);
  std::vector<Action> actions;
  if (doing_ == Doing::kNothing) {
    decide(now);
    if (!next_.empty()) {
      doing_ = next_.front().first;
      actions.push_back(std::move(next_.front().second));
      next_.pop_front();
    }
  }
  std::vector<Action> told;
  for (FromWorker& value : tell_) told.emplace_back(Tell{std::move(value)});
  tell_.clear();
  if (told_ != state_) {
    told_ = state_;
    told.emplace_back(Tell{state_});
  }
  // What the UI hears comes before what may take long.
  std::move(actions.begin(), actions.end(), std::back_inserter(told));
  return told;
}

void Engine::trust_identity() {
  const wire::EnrolAnswer& identity = *memory_.identity;
  trust_ = crypto::trust_of(identity, memory_.certificates);
  trust_.ring = identity.ring;
  if (memory_.documents) trust_documents(*memory_.documents);
  state_.enrolled = true;
  state_.kiosk_name = identity.name;
  state_.kiosk_number = identity.kiosk.value;
  state_.venue = identity.venue;
  state_.district = identity.district;
}

// Accepted before, so they are read and not judged again: a pointer that has expired since still
// says which release this is.
void Engine::trust_documents(const HeldDocuments& documents) {
  const auto pointer = wire::from_json<wire::Pointer>(documents.pointer.payload);
  const auto manifest = wire::from_json<wire::Manifest>(documents.manifest.payload);
  if (!pointer || !manifest) return;
  trust_ = crypto::accept(std::move(trust_), documents.pointer, *pointer);
  pointer_ = *pointer;
  manifest_ = *manifest;
}

// ---- What is due ------------------------------------------------------------------------------

void Engine::decide(Now now) {
  if (!next_.empty()) return;
  wake_at_ = now.mono + kLongSleep;
  if (!memory_.identity) {
    decide_enrolment(now);
    return;
  }
  if (readmission_due_ && now.mono >= not_before_) {
    readmission_due_ = false;
    const wire::Readmission known =
        crypto::readmission_of(*memory_.identity, memory_.device_public_key);
    then(Doing::kReadmit, Send{call("POST", "/v1/readmit", wire::to_json(known))});
    return;
  }
  if (decide_enrolling_anew(now) || decide_formers(now)) return;
  if (!asked_.empty() && now.mono >= not_before_) {
    then(Doing::kAsk, Send{call("GET", "/v1/answers/" + asked_.front(), {})});
    return;
  }
  if (decide_upward(now)) return;
  const MonoTime gate = std::max({retry_at_, not_before_, refused_until_});
  if (now.mono < gate) {
    wait_until(gate);
    return;
  }
  if (now.mono >= heartbeat_at_) {
    const LocalState& local = memory_.local;
    wire::Heartbeat heartbeat;
    heartbeat.release_shown = local.shown;
    heartbeat.pointer_serial = trust_.pointer_serial;
    heartbeat.feed = local.feed;
    heartbeat.queue = local.queue.unsent();
    heartbeat.last_sequence = local.queue.last_sequence;
    heartbeat.epoch = memory_.identity->epoch;
    heartbeat.oldest_unsent_ms = local.queue.oldest_wall_ms;
    heartbeat.free_bytes = local.disk.free_bytes;
    heartbeat.wall_ms = now.wall.time_since_epoch().count();
    heartbeat.app_version = settings_.app_version;
    heartbeat.audit_number = memory_.audit.number;
    heartbeat.audit_hash = memory_.audit.hash;
    heartbeat.certificates_mark = memory_.certificates_mark;
    heartbeat.app_number = settings_.app_number;
    if (local.former) {
      heartbeat.former_device = local.former->device_id;
      heartbeat.former_signature = local.former->signature;
    }
    then(Doing::kHeartbeat, Send{call("POST", "/v1/heartbeat", wire::to_json(heartbeat))});
    return;
  }
  wait_until(heartbeat_at_);
  if (feed_head_ > memory_.local.feed) {
    then(Doing::kFeed,
         Send{call("GET", fmt::format("/v1/feed?after={}", memory_.local.feed.value), {})});
    return;
  }
  if (decide_reconciliation(now) || decide_attachments(now)) return;
  decide_release(now);
}

bool Engine::decide_upward(Now now) {
  if (memory_.local.queue.pending == 0 || settings_.carried) return false;
  MonoTime gate = std::max(push_at_, not_before_);
  if (!push_now_) gate = std::max(gate, retry_at_);
  if (now.mono < gate) {
    wait_until(gate);
    return false;
  }
  push_now_ = false;
  then(Doing::kLoad, LoadPending{batch_count_, wire::kMaxBatchBytes - kBatchOverheadBytes});
  return true;
}

HttpRequest Engine::call(std::string method, std::string path, Bytes body) const {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = std::move(body);
  if (!request.body.empty()) request.content_type = "application/json";
  if (memory_.identity) request.token = memory_.identity->token;
  return request;
}

// ---- What went well and what did not ------------------------------------------------------------

void Engine::succeeded(Now now) {
  retry_bound_ms_ = 0;
  retry_at_ = MonoTime{0};
  if (now.mono >= refused_until_) {
    // After an outage whatever answered first: answers and releases may wait, so ask at once.
    const bool back = state_.link != Link::kOnline && state_.link != Link::kUnknown;
    if (back) heartbeat_at_ = std::min(heartbeat_at_, now.mono);
    state_.link = Link::kOnline;
  }
  state_.last_contact_ms = now.wall.time_since_epoch().count();
  state_.trouble = release_trouble_;
}

void Engine::failed(Now now, Link link, const Error& error) {
  retry_bound_ms_ = next_retry_bound_ms(retry_bound_ms_, settings_);
  const auto bound = static_cast<std::uint64_t>(retry_bound_ms_);
  const std::uint64_t floor = std::min(kShortestRetryMs, bound);
  retry_at_ = now.mono + MonoTime(floor + random_.below(bound - floor + 1));
  state_.link = link;
  state_.trouble = name_of(error.code);
}

bool Engine::accepted(Now now, const Result<HttpAnswer>& answer) {
  if (!answer) {
    const ErrorCode code = answer.error().code;
    failed(now,
           code == ErrorCode::kMalformed   ? Link::kCaptive
           : code == ErrorCode::kForbidden ? Link::kRefused  // its certificate is not to be trusted
                                           : Link::kOffline,
           answer.error());
    return false;
  }
  const int status = answer->status;
  if (status == kOk || status == kPartial) return true;
  if (status == kUnauthorized || status == kForbidden) {
    const ErrorCode code = status == kForbidden ? ErrorCode::kForbidden : ErrorCode::kUnauthorized;
    failed(now, Link::kRefused, {code, "the server refuses this kiosk"});
    // A server that was restored to before it let this kiosk in; its own token tells it so.
    readmission_due_ = status == kUnauthorized && memory_.identity && !settings_.carried &&
                       now.mono >= readmit_from_;
    // A person must act, so there is no hurry; but a push may go in between.
    const auto longest = static_cast<std::uint64_t>(settings_.longest_retry.count());
    refused_until_ = now.mono + MonoTime(longest / 2 + random_.below(longest / 2 + 1));
    return false;
  }
  if (status == kTooMany || status == kUnavailable) {
    failed(now, Link::kOnline, {ErrorCode::kBusy, "the server is busy"});
    not_before_ = now.mono + std::chrono::seconds(answer->retry_after_s.value_or(1));
    return false;
  }
  if (status >= 500) {
    failed(now, Link::kOffline, {ErrorCode::kOffline, "the server fails"});
  } else if (status >= 400) {
    failed(now, Link::kOnline,
           {status == kTooLarge ? ErrorCode::kTooLarge : ErrorCode::kNotFound,
            "the server does not take this request"});
  } else {
    failed(now, Link::kCaptive, {ErrorCode::kMalformed, "something else answers"});
  }
  return false;
}

void Engine::trouble_with_release(const Error& error) {
  release_trouble_ = name_of(error.code);
  state_.trouble = release_trouble_;
}

void Engine::postpone_release(Now now, const Error& error) {
  const auto longest = static_cast<std::uint64_t>(settings_.longest_retry.count());
  release_at_ = now.mono + MonoTime(longest / 2 + random_.below(longest / 2 + 1));
  plan_.reset();
  trouble_with_release(error);
  state_.progress_permille = 0;
}

}  // namespace odop::kiosk::sync
