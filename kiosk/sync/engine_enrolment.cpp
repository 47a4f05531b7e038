// Becoming somebody: enrolment, enrolment anew, and a server that has forgotten this kiosk.
#include "kiosk/sync/engine.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace odop::kiosk::sync {

bool Engine::decide_enrolment(Now now) {
  if (memory_.enrol_code.empty()) return false;
  const MonoTime gate = std::max(retry_at_, not_before_);
  if (now.mono < gate) {
    wait_until(gate);
    return false;
  }
  if (!greeted_) {
    then(Doing::kHello, Send{call("GET", "/v1/hello", {})});
    return true;
  }
  ask_to_enrol(memory_.device_public_key);
  return true;
}

void Engine::ask_to_enrol(const Bytes& public_key) {
  asked_with_ = {memory_.enrol_code, public_key};
  wire::EnrolRequest request;
  request.code = asked_with_.code;
  request.device_public_key = asked_with_.public_key;
  request.boot_id = memory_.boot_id;
  then(Doing::kEnrol, Send{call("POST", "/v1/enrol", wire::to_json(request))});
}

// Only when the server said so: a code on any other enrolled kiosk is left alone. While it waits or
// fails everything else goes on.
bool Engine::decide_enrolling_anew(Now now) {
  if (!memory_.local.enrol_anew || memory_.enrol_code.empty()) return false;
  const MonoTime gate = std::max(retry_at_, not_before_);
  if (now.mono < gate) {
    wait_until(gate);
    return false;
  }
  if (next_key_ && next_key_->code == memory_.enrol_code) {
    ask_to_enrol(next_key_->public_key);
  } else {
    then(Doing::kMakeKey, MakeNextKey{memory_.enrol_code});
  }
  return true;
}

void Engine::on_hello(Now now, const HttpAnswer& answer) {
  const auto hello = wire::from_json<wire::Hello>(answer.body);
  if (!hello) return failed(now, Link::kCaptive, not_ours(hello.error()));
  if (hello->protocol_min > wire::kProtocolVersion ||
      hello->protocol_max < wire::kProtocolVersion) {
    return failed(now, Link::kOnline, {ErrorCode::kUnsupported, "another protocol version"});
  }
  greeted_ = true;
  succeeded(now);
}

void Engine::on_readmitted(Now now, const Result<HttpAnswer>& answer) {
  const bool taken = accepted(now, answer);
  readmission_due_ = false;  // asked once a refusal
  if (!taken) return;
  const auto known = wire::from_json<wire::EnrolAnswer>(answer->body);
  if (!known) return failed(now, Link::kCaptive, not_ours(known.error()));
  refused_until_ = push_at_ = attach_at_ = MonoTime{0};
  formers_due_ = true;  // who forgot this one may have forgotten those before it
  readmit_from_ = now.mono + settings_.longest_retry;
  heartbeat_at_ = now.mono;
  succeeded(now);
}

// ---- What this kiosk was ----

// In a round, oldest first, so that each finds there the one before it. Whatever comes of it, it is
// not this kiosk that is refused.
bool Engine::decide_formers(Now now) {
  if (settings_.carried) return false;
  if (formers_.empty()) {
    if (!formers_due_ || !memory_.local.was_another) return false;
    if (now.mono < formers_from_) {
      wait_until(formers_from_);
      return false;
    }
    formers_due_ = false;
    formers_from_ = now.mono + settings_.longest_retry;
    then(Doing::kLoadFormers, LoadFormers{});
    return true;
  }
  const MonoTime gate = std::max(retry_at_, not_before_);
  if (now.mono < gate) {
    wait_until(gate);
    return false;
  }
  const FormerAsk& ask = formers_.front();
  HttpRequest request = call("POST", "/v1/readmit", wire::to_json(ask.readmission));
  request.token = ask.token;
  then(Doing::kReadmitFormer, Send{std::move(request)});
  return true;
}

void Engine::on_formers(const FormersLoaded& loaded) {
  if (!loaded.formers) {
    state_.trouble = name_of(loaded.formers.error().code);
    formers_due_ = true;
    return;
  }
  formers_.assign(loaded.formers->begin(), loaded.formers->end());
  formers_done();
}

void Engine::formers_done() {
  if (formers_.empty() && !formers_due_) then(Doing::kStore, FormersAsked{});
}

void Engine::on_former_readmitted(Now now, const Result<HttpAnswer>& answer) {
  if (formers_.empty()) return;  // somebody else by now
  const std::string device = formers_.front().readmission.device_id;
  // Revoked, never its, its number another's, or a server from before this question.
  constexpr std::array kNo{400, 401, 403, 404, 405, 409};
  if (answer && std::ranges::find(kNo, answer->status) != kNo.end()) {
    succeeded(now);
  } else {
    if (!accepted(now, answer)) return;
    const auto known = wire::from_json<wire::EnrolAnswer>(answer->body);
    if (!known) return failed(now, Link::kCaptive, not_ours(known.error()));
    if (known->device_id != device) {
      return failed(now, Link::kOnline, {ErrorCode::kMalformed, "another device was let in"});
    }
    succeeded(now);
    push_at_ = attach_at_ = MonoTime{0};
    then(Doing::kStore, FreeHeld{device});
  }
  formers_.pop_front();
  formers_done();
}

void Engine::on_enrol(Now now, const Result<HttpAnswer>& answer) {
  if (answer && answer->status >= 400 && answer->status < 500 && answer->status != 429) {
    // The code is no good (any more); asking again cannot help.
    if (memory_.enrol_code != asked_with_.code) return;  // another one was typed meanwhile
    memory_.enrol_code.clear();
    state_.code_refused = true;
    if (memory_.identity) return;  // it goes on as it was
    state_.link = Link::kRefused;
    state_.trouble = name_of(ErrorCode::kUnauthorized);
    return;
  }
  if (!accepted(now, answer)) return;
  auto identity = wire::from_json<wire::EnrolAnswer>(answer->body);
  if (!identity) return failed(now, Link::kCaptive, not_ours(identity.error()));
  const bool anew = memory_.identity.has_value();
  if (anew) {
    // The same server: its key is one that this kiosk believes already.
    const auto known = crypto::check_certificate(identity->server_certificate, crypto::kServerRole,
                                                 trust_, now.wall);
    if (!known) return failed(now, Link::kCaptive, known.error());
    if (identity->device_id == memory_.identity->device_id) {
      return failed(now, Link::kOnline, {ErrorCode::kMalformed, "the same device again"});
    }
  }
  const crypto::Trust trust = crypto::trust_of(*identity);
  for (const auto& [certificate, role] :
       {std::pair{&identity->server_certificate, crypto::kServerRole},
        std::pair{&identity->publisher_certificate, crypto::kPublisherRole}}) {
    const auto checked = crypto::check_certificate(*certificate, role, trust, now.wall);
    if (!checked) return failed(now, Link::kCaptive, checked.error());
  }
  succeeded(now);
  then(Doing::kAdoptIdentity, AdoptIdentity{*identity, asked_with_.code, anew});
  enrolling_ = std::move(*identity);
}

void Engine::on_next_key(Now now, const NextKeyMade& made) {
  if (!made.public_key && made.public_key.error().code == ErrorCode::kConflict) {
    if (memory_.enrol_code != made.code) return;  // another one was typed meanwhile
    memory_.enrol_code.clear();
    state_.code_refused = true;
    return;
  }
  if (!made.public_key) return failed(now, state_.link, made.public_key.error());
  next_key_ = {made.code, *made.public_key};
}

// What is stored now.
void Engine::become(Now now) {
  if (!enrolling_) return;
  memory_.identity = std::exchange(enrolling_, std::nullopt);
  memory_.device_public_key = asked_with_.public_key;
  next_key_.reset();
  memory_.enrol_code.clear();
  state_.code_refused = false;
  memory_.audit = {};
  memory_.certificates.clear();
  memory_.certificates_mark = 0;
  trust_identity();
  feed_head_ = FeedPosition{0};
  readmission_due_ = false;
  if (!formers_.empty()) formers_due_ = true;  // with the one that it was just now
  formers_.clear();
  refused_until_ = push_at_ = attach_at_ = MonoTime{0};
  heartbeat_at_ = now.mono;
}

}  // namespace odop::kiosk::sync
