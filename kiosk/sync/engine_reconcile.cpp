// Asking a restored server for what is here no more.
#include "kiosk/sync/engine.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"

#include <chrono>
#include <utility>

namespace odop::kiosk::sync {
namespace {

// Until what the server did not have is asked for again: another copy may have brought it.
constexpr MonoTime kNextRound{std::chrono::hours(6)};

}  // namespace

bool Engine::decide_reconciliation(Now now) {
  if (memory_.local.queue.unconfirmed == 0 || settings_.carried) return false;
  if (now.mono < reconcile_at_) {
    wait_until(reconcile_at_);
    return false;
  }
  then(Doing::kLoadUnconfirmed, LoadUnconfirmed{reconciled_upto_, wire::kMaxBatchEnvelopes});
  return true;
}

void Engine::on_unconfirmed(Now now, const UnconfirmedLoaded& loaded) {
  if (!loaded.page || loaded.page->empty()) {
    if (!loaded.page) state_.trouble = name_of(loaded.page.error().code);
    reconciled_upto_ = 0;
    reconcile_at_ = now.mono + kNextRound;
    return;
  }
  wire::Reconciliation asked;
  for (const UnconfirmedSubmission& one : *loaded.page) asked.given_up.push_back(one.given_up);
  asking_upto_ = loaded.page->back().position;
  then(Doing::kReconcile, Send{call("POST", "/v1/reconcile", wire::to_json(asked))});
}

void Engine::on_reconciled(Now now, const Result<HttpAnswer>& answer) {
  constexpr int kNotFound = 404;
  constexpr int kNotAllowed = 405;
  if (answer && (answer->status == kNotFound || answer->status == kNotAllowed)) {
    // A server from before this question: everything stays as it is.
    succeeded(now);
    reconcile_at_ = now.mono + kNextRound;
    return;
  }
  if (!accepted(now, answer)) return;
  const auto document = wire::from_json<wire::SignedDocument>(answer->body);
  auto receipt =
      document ? crypto::check_receipt(*document, memory_.identity->device_id, trust_, now.wall)
               : Result<wire::BatchReceipt>(fail(document.error()));
  if (!receipt) return failed(now, Link::kCaptive, not_ours(receipt.error()));
  succeeded(now);
  // Another generation begins the round anew.
  reconciled_upto_ = asking_upto_;
  take_receipt(std::move(*receipt));
}

}  // namespace odop::kiosk::sync
