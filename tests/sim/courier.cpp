// Somebody goes back and forth with sticks between kiosks and the server: fills, brings, copies and
// loses them, in any order, so that one may come twice, or long after its day.
#include "kiosk/sync/bundle_exchange.h"
#include "shared/store/sqlite.h"
#include "tests/sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace odop::test {
namespace {

constexpr std::size_t kSticks = 3;

kiosk::BundleOrder order_of(const SyncKiosk& kiosk, const std::filesystem::path& stick,
                            const PowerCutDisk& disk) {
  kiosk::BundleOrder order;
  order.folder = kiosk.folder();
  order.place = stick;
  order.files = &disk.files();
  return order;
}

}  // namespace

void History::one_errand(std::size_t at) {
  if (!server_.take_stick) return;
  if (sticks_.empty() || (sticks_.size() < kSticks && calamities_.below(3) == 0)) {
    sticks_.push_back(std::make_unique<TempFolder>());
    return fill_stick(at);
  }
  const std::size_t which = calamities_.below(sticks_.size());
  std::swap(sticks_[which], sticks_.back());
  const std::filesystem::path& stick = sticks_.back()->path();
  switch (calamities_.below(8)) {
    case 0:
      return fill_stick(at);
    case 1:
      sticks_.pop_back();
      ++counted_.sticks_lost;
      return trace(0, "a stick is lost");
    case 2:
      if (sticks_.size() == kSticks) return;
      sticks_.push_back(std::make_unique<TempFolder>());
      std::filesystem::copy(stick, sticks_.back()->path());
      ++counted_.sticks_copied;
      return trace(0, "a stick is copied");
    case 3:
    case 4:
    case 5:
      revive_server();
      server_.take_stick(stick);
      server_.give_stick(stick);
      ++counted_.sticks_down;
      return trace(0, "a stick is at the server");
    default:
      return bring_stick(at);
  }
}

void History::fill_stick(std::size_t at) {
  power_back(at);
  SyncKiosk& kiosk = *kiosks_[at];
  if (disk_.dark(kiosk.folder())) return;
  kiosk::BundleOrder order = order_of(kiosk, sticks_.back()->path(), disk_);
  // Who comes with the stick may have a new code for a kiosk that was told.
  if (was_told(at) && copies_.below(2) == 0) {
    revive_server();
    order.enrol_code = codes_[at] = server_.add_kiosk();
    ++counted_.enrolments_anew;
  }
  const auto given = kiosk::give_bundle(order, clock_);
  if (!given) return trace(at, "no stick: " + given.error().context);
  ++counted_.sticks_up;
  trace(at, fmt::format("{} submissions{} go on a stick", given->submissions,
                        given->enrolment ? " and a request to be enrolled anew" : ""));
  if (!options_.defects.trusts_courier) return;
  auto journal =
      store::Connection::open(kiosk.folder() / "journal.db", store::OpenMode::kReadWrite);
  if (!journal) return;
  static_cast<void>(journal->run("UPDATE submission SET state=1, envelope=NULL WHERE state=0"));
}

// The kiosk's program lets go of its journal for so long.
void History::bring_stick(std::size_t at) {
  power_back(at);
  SyncKiosk& kiosk = *kiosks_[at];
  if (disk_.dark(kiosk.folder())) return;
  kiosk.stop();
  const auto taken =
      kiosk::take_bundles(order_of(kiosk, sticks_.back()->path(), disk_), clock_, calamities_);
  start(at);
  if (!taken) return trace(at, "nothing on the stick: " + taken.error().context);
  ++counted_.sticks_taken;
  trace(at, fmt::format("a stick brings {} receipts and {} answers", taken->arrived.size(),
                        taken->answers.size()));
}

}  // namespace odop::test
