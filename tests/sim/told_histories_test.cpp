// Histories that a seed found once, told step by step.
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "tests/sim/power_cut_disk.h"
#include "tests/sim/protocol_server.h"
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

struct Hall {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  Handler handler{[this](const kiosk::HttpRequest& request) { return server.handle(request); }};
  LoopbackTransport line_of_first{handler};
  LoopbackTransport line_of_second{handler};
  SyncKiosk first{line_of_first, clock, 1, server.add_kiosk()};
  SyncKiosk second{line_of_second, clock, 2, server.add_kiosk()};

  void pass(std::chrono::minutes span) {
    for (; span > 0min; span -= 2min) {
      first.run_for(1min);
      second.run_for(1min);
    }
  }
};

bool holds_answer(SyncKiosk& kiosk, const std::string& reference) {
  return kiosk.journal().answer(reference).value().has_value();
}

// Seed 5069: the asker's kiosk heard of the withdrawal and dropped the envelope before any backup
// had it. The server was restored, got the withdrawal once more, and had nothing to hold its code
// against; a kiosk that had missed the first word kept the answer for ever.
TEST_CASE("A withdrawal that a restored server lost wins all the same", "[sim][fault]") {
  Hall hall;
  hall.pass(10min);
  const auto kept = hall.first.submit("words").value();
  hall.pass(10min);
  REQUIRE(hall.server.answer_sealed(kept.reference).has_value());
  hall.pass(10min);
  REQUIRE(holds_answer(hall.first, kept.reference));
  REQUIRE(holds_answer(hall.second, kept.reference));

  REQUIRE(hall.second.withdraw(kept.reference, kept.status_code).has_value());
  hall.pass(10min);
  hall.line_of_second.down = true;
  hall.server.open_withdrawals();
  hall.pass(10min);
  REQUIRE_FALSE(holds_answer(hall.first, kept.reference));
  REQUIRE(holds_answer(hall.second, kept.reference));

  hall.server.restore();  // of a day before all of it
  hall.line_of_second.down = false;
  hall.pass(20min);
  hall.server.open_withdrawals();
  hall.pass(10min);
  CHECK(hall.server.whole(kept.reference));
  CHECK(hall.server.withdrawn(kept.reference));
  CHECK_FALSE(holds_answer(hall.first, kept.reference));
  CHECK_FALSE(holds_answer(hall.second, kept.reference));
}

// Seed 5404: SQLite's check of the whole file calls a page that could not be read damage, so a disk
// that failed once cost a kiosk its journal, and visitors the word that theirs had arrived.
TEST_CASE("A read that fails once is no damage", "[sim][fault]") {
  PowerCutDisk disk{1};
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport line{[&](const kiosk::HttpRequest& request) { return server.handle(request); }};
  SyncKiosk kiosk{line, clock, 1, server.add_kiosk(), {}, disk.files()};
  kiosk.run_for(1min);
  const auto kept = kiosk.submit("words").value();
  kiosk.run_for(10min);
  server.back_up();
  static_cast<void>(kiosk.submit("more words").value());
  kiosk.run_for(10min);
  REQUIRE(kiosk.journal().pending(10, 1 << 20, 0)->empty());
  std::uint64_t failed = 0;
  for (std::uint64_t call = 1; call <= 40; ++call) {
    INFO(call);
    kiosk.stop();
    const std::uint64_t before = disk.troubles();
    disk.trouble_after(kiosk.folder(), DiskTrouble::kReadError, call);
    static_cast<void>(kiosk::Journal::open(kiosk.folder(), kiosk::probe_space, disk.files()));
    failed += disk.troubles() - before;
    disk.trouble_after(kiosk.folder(), DiskTrouble::kReadError, 0);
    kiosk.start();
    CHECK(kiosk.journal().state_of(kept.reference).value() == kiosk::SubmissionState::kArrived);
  }
  CHECK(failed > 10);
}

// --service --seed 4200080: a page of the list of releases could not be read once, the list was
// made anew, the power failed meanwhile, and the next start began with an empty one: a blank stand.
TEST_CASE("A list of releases that is made anew in the dark loses no release", "[sim][fault]") {
  PowerCutDisk disk{1};
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport line{[&](const kiosk::HttpRequest& request) { return server.handle(request); }};
  as_server(server).publish(1);
  SyncKiosk kiosk{line, clock, 1, server.add_kiosk(), {}, disk.files()};
  kiosk.run_for(10min);
  REQUIRE(kiosk.store().newest_ready().value() == ReleaseNumber{1});
  line.down = true;
  const std::filesystem::path& folder = kiosk.folder();
  for (std::uint64_t call = 0; call <= 24; ++call) {
    for (std::uint64_t cut = 1; cut <= 16; ++cut) {
      INFO(call << " " << cut);
      kiosk.stop();
      // The list is damaged, or cannot be read once.
      if (call == 0) disk.ruin(folder, "releases.db");
      disk.trouble_after(folder, DiskTrouble::kReadError, call);
      disk.cut_after(folder, cut);
      static_cast<void>(kiosk::CatalogueStore::open(folder, disk.files()));
      disk.trouble_after(folder, DiskTrouble::kReadError, 0);
      if (disk.dark(folder)) disk.power_up(folder);
      disk.cut_after(folder, 0);
      kiosk.start();
      REQUIRE(kiosk.store().newest_ready().value() == ReleaseNumber{1});
    }
  }
}

}  // namespace
}  // namespace odop::test
