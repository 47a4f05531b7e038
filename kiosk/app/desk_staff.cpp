// What the desk does for the staff: sticks, and what they bring.
#include "kiosk/app/desk.h"
#include "kiosk/model/update.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "shared/core/reference_number.h"

#include <spdlog/spdlog.h>

namespace odop::kiosk::app {

// The code goes by the journal: a command line can be read by others.
void Desk::carry(const effect::CarryStick& wanted) {
  if (parts_.courier == nullptr) return;
  if (!wanted.code.empty()) {
    if (const Status kept = parts_.journal.set_setting(kCodeSetting, wanted.code); !kept) {
      spdlog::error("journal: {}", kept.error().context);
      StickFacts stick = state_.kiosk.stick;
      stick.doing = StickTask::kNone;
      stick.last = {.task = wanted.task, .problem = "stick.failed"};
      tell(news::StickChanged{stick});
      return;
    }
    tell_fingerprint();
    // Where there is a network, it need not wait for the stick.
    parts_.mailbox.send(EnrolWith{wanted.code});
  }
  parts_.courier->carry(wanted.task);
}

bool Desk::listen_to_courier() {
  if (parts_.courier == nullptr) return false;
  const auto heard = parts_.courier->take();
  if (!heard) return false;
  if (heard->brought) take_up();
  if (heard->took) tell_fingerprint();
  tell(news::StickChanged{heard->facts});
  return true;
}

void Desk::take_up() {
  SyncState now = sync_;
  if (const auto identity = parts_.journal.identity(); identity && *identity) {
    now.enrolled = true;
    now.kiosk_name = (*identity)->name;
    now.kiosk_number = (*identity)->kiosk.value;
    now.venue = (*identity)->venue;
    now.district = (*identity)->district;
  }
  if (const auto queue = parts_.journal.queue()) {
    now.queue = queue->unsent();
    now.unconfirmed = queue->unconfirmed;
    now.oldest_unsent_ms = queue->oldest_wall_ms;
  }
  now.enrol_anew = parts_.journal.must_enrol_anew().value_or(false);
  now.production = parts_.journal.run_mode() != RunMode::kTest;
  if (const auto ready = parts_.catalogues.newest_ready()) now.release = *ready;
  now.free_bytes = parts_.journal.disk().free_bytes;
  take(now);
  tell_fingerprint();
  if (const auto& receipt = state_.visit.receipt) {
    const auto digits = parse_reference(receipt->reference);
    const auto state = digits ? parts_.journal.state_of(*digits) : fail(digits.error());
    if (state && *state == SubmissionState::kArrived) {
      tell(news::Arrived{{receipt->reference}});
    }
  }
  catalogue_waits_ = true;
  between_sessions();
}

}  // namespace odop::kiosk::app
