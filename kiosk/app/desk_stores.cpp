// What the desk knows of its stores: whether anything can be kept, what was mended, and what it
// does for them between visitors.
#include "kiosk/app/desk.h"
#include "kiosk/app/trouble.h"
#include "kiosk/model/update.h"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace odop::kiosk::app {
namespace {

// A disk that was freed or mounted anew is taken up so soon. Trying costs milliseconds.
constexpr std::int64_t kReopenMs = 15'000;
constexpr std::int64_t kHouseMs = 600'000;
// A backup of the journal after a start and then so often: what is lost with a journal that is
// damaged between two is asked from the server again.
constexpr std::int64_t kBackupMs = 6 * 3'600'000LL;
// The staff's page shows whole gigabytes.
constexpr std::uint64_t kToldBytes = 100'000'000;

StoreFacts facts_of(const StoreFacts& before, const Journal& journal, const DiskState& disk,
                    const std::filesystem::path& folder) {
  StoreFacts facts = before;
  facts.trouble = trouble_of(journal, disk, folder);
  facts.reserve_used = !journal.closed() && !disk.reserve_whole;
  return facts;
}

}  // namespace

void Desk::look_at_disk() {
  const DiskState disk = parts_.journal.disk();
  const StoreFacts facts = facts_of(state_.kiosk.stores, parts_.journal, disk, parts_.folder);
  if (facts != state_.kiosk.stores) tell(news::StoresTold{facts});
  const std::uint64_t free = disk.free_bytes;
  const std::uint64_t told = state_.kiosk.free_bytes;
  if ((free > told ? free - told : told - free) >= kToldBytes) tell(news::SpaceChanged{free});
}

void Desk::tell_stores() {
  StoreFacts facts =
      facts_of(state_.kiosk.stores, parts_.journal, parts_.journal.disk(), parts_.folder);
  if (const auto rejected = parts_.catalogues.rejected()) {
    facts.catalogue_damaged = rejected->value != 0;
  }
  if (const auto mending = parts_.journal.last_mending(); mending && *mending) {
    facts.mended = {(*mending)->wall_ms,  (*mending)->set_aside,   (*mending)->from_backup,
                    (*mending)->enrolled, (*mending)->submissions, (*mending)->damaged_blocks};
  }
  const std::int64_t now = parts_.clock.mono().count();
  if (parts_.journal.closed()) {
    reopen_ms_ = now + kReopenMs;
  } else if (house_ms_ == 0) {
    house_ms_ = backup_ms_ = now + kHouseMs;
  }
  if (facts != state_.kiosk.stores) tell(news::StoresTold{facts});
}

void Desk::keep_house() {
  const std::int64_t now = parts_.clock.mono().count();
  house_ms_ = now + kHouseMs;
  if (parts_.journal.closed()) return;
  static_cast<void>(parts_.journal.restore_reserve());
  tell_stores();
  if (now < backup_ms_) return;
  backup_ms_ = now + kBackupMs;
  parts_.errands.run([folder = parts_.folder]() -> Errands::Finish {
    auto journal = Journal::open(folder);
    const auto made = journal ? journal->back_up() : fail(journal.error());
    if (!made) spdlog::warn("backup of the journal: {}", made.error().context);
    return [] {};
  });
}

void Desk::try_reopening() {
  reopen_ms_ = parts_.clock.mono().count() + kReopenMs;
  parts_.errands.run([this, folder = parts_.folder,
                      now = parts_.clock.wall().time_since_epoch().count()]() -> Errands::Finish {
    auto journal = Journal::open(folder);
    if (!journal) return [this] { look_at_disk(); };
    if (const Status noted = journal->note_recovery(now); !noted) {
      return [this] { look_at_disk(); };
    }
    // Shared only because a Finish can be copied; it goes from one thread to the other.
    auto fresh = std::make_shared<Journal>(std::move(*journal));
    return [this, fresh] { take_journal(std::move(*fresh)); };
  });
}

void Desk::take_journal(Journal fresh) {
  if (!parts_.journal.closed()) return;  // two errands, one after the other
  parts_.journal = std::move(fresh);
  reopen_ms_ = 0;
  parts_.catalogues.reopen();
  take_up();
  tell_stores();
  if (parts_.reopened) parts_.reopened();
}

}  // namespace odop::kiosk::app
