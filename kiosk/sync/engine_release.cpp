// Releases: pointer, manifest, index, ranges, switch.
#include "kiosk/sync/engine.h"
#include "shared/crypto/release.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"

#include <fmt/format.h>

namespace odop::kiosk::sync {
namespace {

constexpr std::size_t kLengthBytes = 4;  // in front of a pack's index
constexpr int kNotFound = 404;
// The slowest line on which a download still makes sense: 20 kB/s.
constexpr std::uint64_t kSlowestBytesPerMs = 20;
constexpr MonoTime kCallDeadline{20'000};

MonoTime deadline_for(std::uint64_t bytes) {
  return kCallDeadline + MonoTime(bytes / kSlowestBytesPerMs);
}

}  // namespace

// ---- Pointer and manifest -----------------------------------------------------------------------

void Engine::judge_documents(Now now, const wire::SignedDocument& pointer,
                             const std::optional<wire::SignedDocument>& manifest) {
  const auto checked = crypto::check_pointer(pointer, trust_, now.wall);
  if (!checked) {
    // Refused, and the one we hold stays: the server is reachable all the same.
    trouble_with_release(checked.error());
    return;
  }
  if (checked->known) return;
  if (manifest) return adopt(now, pointer, *manifest, checked->pointer);
  if (memory_.documents &&
      crypto::check_manifest(memory_.documents->manifest, checked->pointer, trust_, now.wall)) {
    return adopt(now, pointer, memory_.documents->manifest, checked->pointer);
  }
  pointer_waiting_ = pointer;
  then(Doing::kManifest,
       Send{call("GET", fmt::format("/v1/releases/{}/manifest", checked->pointer.release.value),
                 {})});
}

void Engine::on_manifest(Now now, const HttpAnswer& answer) {
  const auto pointer = std::exchange(pointer_waiting_, std::nullopt);
  const auto manifest = wire::from_json<wire::SignedDocument>(answer.body);
  if (!manifest || !pointer) {
    return failed(now, Link::kCaptive, {ErrorCode::kMalformed, "no manifest"});
  }
  succeeded(now);
  const auto checked = crypto::check_pointer(*pointer, trust_, now.wall);
  if (checked) adopt(now, *pointer, *manifest, checked->pointer);
}

void Engine::adopt(Now now, const wire::SignedDocument& pointer,
                   const wire::SignedDocument& manifest, const wire::Pointer& checked) {
  const auto checked_manifest = crypto::check_manifest(manifest, checked, trust_, now.wall);
  if (!checked_manifest) {
    trouble_with_release(checked_manifest.error());
    return;
  }
  adopting_ = HeldDocuments{pointer, manifest};
  then(Doing::kAdoptDocuments, AdoptDocuments{*adopting_, checked});
}

void Engine::on_documents_stored(Now now) {
  if (!adopting_) return;
  memory_.documents = std::exchange(adopting_, std::nullopt);
  trust_documents(*memory_.documents);
  plan_.reset();
  complete_only_ = false;
  release_trouble_.clear();
  release_at_ = now.mono;
  // Take-downs and expiry hold at once, for the release that is here already.
  if (pointer_ && memory_.local.ready.value != 0 && pointer_->release <= memory_.local.ready) {
    tell_.emplace_back(CatalogueReady{memory_.local.ready});
  }
}

// ---- The pack -----------------------------------------------------------------------------------

bool Engine::offered_release() const {
  return pointer_ && manifest_ && pointer_->release > memory_.local.ready &&
         manifest_->release == pointer_->release &&
         crypto::in_rollout(*pointer_, memory_.identity->device_id);
}

bool Engine::wants_release() const {
  return offered_release() && manifest_->minimum_app <= settings_.app_number;
}

std::string Engine::pack_path() const {
  return fmt::format("/v1/releases/{}/pack?from={}", manifest_->release.value, pack_from_.value);
}

bool Engine::decide_release(Now now) {
  const bool waits = offered_release() && !wants_release();
  state_.waiting = waits ? manifest_->release : ReleaseNumber{0};
  state_.waiting_program = waits ? manifest_->minimum_app : 0;
  if (!wants_release()) {
    state_.arriving = ReleaseNumber{0};
    state_.progress_permille = 0;
    return false;
  }
  if (now.mono < release_at_) {
    wait_until(release_at_);
    return false;
  }
  state_.arriving = manifest_->release;
  if (plan_ && plan_->empty()) {
    then(Doing::kFinish, FinishRelease{*manifest_});
    return true;
  }
  if (plan_) {
    Fetch fetch;
    fetch.request = call("GET", pack_path(), {});
    fetch.request.token.clear();
    fetch.request.range = plan_->ranges.front();
    fetch.request.max_answer_bytes = static_cast<std::size_t>(plan_->ranges.front().count);
    fetch.request.deadline = deadline_for(plan_->ranges.front().count);
    then(Doing::kFetch, std::move(fetch));
    return true;
  }
  const wire::PackOffer* offer =
      complete_only_ ? nullptr : crypto::find_offer(*manifest_, memory_.local.ready);
  if (offer == nullptr) offer = crypto::find_offer(*manifest_, ReleaseNumber{0});
  if (offer == nullptr || offer->index_size > wire::kMaxPackIndexBytes) {
    postpone_release(now, {ErrorCode::kMalformed, "no pack that leads to the release"});
    return false;
  }
  pack_from_ = offer->from;
  HttpRequest request = call("GET", pack_path(), {});
  request.token.clear();
  request.range = ByteRange{0, kLengthBytes + offer->index_size};
  request.max_answer_bytes = static_cast<std::size_t>(request.range->count);
  request.deadline = deadline_for(request.range->count);
  then(Doing::kIndex, Send{std::move(request)});
  return true;
}

void Engine::on_index(Now now, const Result<HttpAnswer>& answer) {
  if (answer && answer->status == kNotFound) {
    succeeded(now);
    if (pack_from_.value != 0) {
      complete_only_ = true;  // at once
    } else {
      postpone_release(now, {ErrorCode::kNotFound, "the server has no such pack"});
    }
    return;
  }
  if (!accepted(now, answer)) return;
  const wire::PackOffer* offer = crypto::find_offer(*manifest_, pack_from_);
  const BytesView body = answer->body;
  const auto length = wire::read_index_length(body);
  if (offer == nullptr || !length || *length != offer->index_size ||
      body.size() != kLengthBytes + offer->index_size) {
    return failed(now, Link::kCaptive, {ErrorCode::kMalformed, "no index of a pack"});
  }
  auto index = crypto::check_index(body.substr(kLengthBytes), *offer, *manifest_);
  if (!index) {
    // The server's file is not what the publisher signed.
    complete_only_ = true;
    if (pack_from_.value == 0) postpone_release(now, index.error());
    return;
  }
  succeeded(now);
  then(Doing::kPlan, PlanPack{*manifest_, std::move(*index), offer->index_size});
}

void Engine::on_planned(Now now, const PackPlanned& planned) {
  if (!planned.plan) return postpone_release(now, planned.plan.error());
  const std::uint64_t bytes = planned.plan->bytes();
  if (bytes + settings_.keep_free_bytes > memory_.local.disk.free_bytes) {
    return postpone_release(now, {ErrorCode::kDiskFull, "no room for the release"});
  }
  plan_ = *planned.plan;
  plan_bytes_ = std::max<std::uint64_t>(bytes, 1);
}

void Engine::on_fetched(Now now, const Fetched& fetched) {
  plan_ = fetched.rest;
  const std::uint64_t rest = std::min(plan_->bytes(), plan_bytes_);
  state_.progress_permille = static_cast<std::uint32_t>((plan_bytes_ - rest) * 1000 / plan_bytes_);
  if (!fetched.answer && (fetched.answer.error().code == ErrorCode::kBadSignature ||
                          fetched.answer.error().code == ErrorCode::kDiskFull ||
                          fetched.answer.error().code == ErrorCode::kIo)) {
    // Not the line's fault: what was good stays in the staging folder.
    return postpone_release(now, fetched.answer.error());
  }
  if (fetched.answer && fetched.answer->status == kNotFound) {
    return postpone_release(now, {ErrorCode::kNotFound, "the server has no such pack"});
  }
  if (accepted(now, fetched.answer)) succeeded(now);
}

void Engine::on_finished(Now now, const Finished& finished) {
  on_local(finished.local);
  plan_.reset();
  state_.progress_permille = 0;
  if (finished.status) {
    complete_only_ = false;
    release_trouble_.clear();
    state_.trouble.clear();
    state_.arriving = ReleaseNumber{0};
    tell_.emplace_back(CatalogueReady{memory_.local.ready});
    return;
  }
  const Error& error = finished.status.error();
  if (pack_from_.value != 0 && error.code != ErrorCode::kDiskFull) {
    complete_only_ = true;  // at once: what is here already is not fetched again
    trouble_with_release(error);
    return;
  }
  postpone_release(now, error);
}

}  // namespace odop::kiosk::sync
