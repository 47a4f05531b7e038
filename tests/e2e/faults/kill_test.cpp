// Kiosk and server die at any moment of their work (SIGKILL: no handler, no destructor, nothing
// flushed) and are started again: whoever holds a receipt finds the submission at the server
// exactly once. ODOP_LONG=1 for a hundred kills; ten otherwise.
#include "shared/core/random.h"
#include "tests/e2e/faults/fault_site.h"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

namespace odop::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kSeed = 20261129;
constexpr int kAtMost = 20;  // receipts of each run, were it left alone

void pause(std::chrono::microseconds time) { std::this_thread::sleep_for(time); }

// Until the kiosk has given `receipts`, or has ended: how fast it goes depends on what else the
// machine does, and it shall die in the midst of its work on any.
void wait_for_receipts(Process& kiosk, std::size_t receipts) {
  while (kiosk.running() && what_was_said(kiosk.out()).kept.size() < receipts) pause(1ms);
}

// Kills the server where it stands and starts it again.
void kill_and_start(ServerHand& server) {
  REQUIRE(::kill(server.pid(), SIGKILL) == 0);
  server.start();
}

}  // namespace

TEST_CASE("A kiosk and its server killed in mid-sync lose nothing and double nothing",
          "[e2e][fault]") {
  FaultSite site;
  Tally tally;
  SeededRandom random(kSeed);
  const std::size_t wanted = is_long() ? 100 : 10;
  std::array<FaultSite::Stand, 3> stands{site.new_stand(), site.new_stand(), site.new_stand()};
  // How long a run takes here, and so what lies between two receipts.
  const auto began = Steady::now();
  site.note(what_was_said(run(site.kiosk(stands[0], kAtMost)).out));
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began);
  const auto between = static_cast<std::uint64_t>(whole.count() / kAtMost);

  std::size_t kiosks_killed = 0;
  std::size_t servers_killed = 0;
  std::size_t survived = 0;
  for (int round = 0; kiosks_killed + servers_killed < wanted; ++round) {
    REQUIRE(round < static_cast<int>(5 * wanted));
    // In turn: the kiosk, the server, the server and a moment later the kiosk.
    const int victim = round % 3;
    Process kiosk(site.kiosk(stands.at(random.below(stands.size())), kAtMost), site.folder(),
                  "kiosk");
    // None yet: it is starting, or enrols.
    wait_for_receipts(kiosk, random.below(kAtMost));
    pause(std::chrono::microseconds(random.below(between)));
    if (victim != 0 && kiosk.running()) {
      kill_and_start(site.server);
      ++servers_killed;
    }
    if (victim == 1) {
      for (int i = 0; i < 3'000 && kiosk.running(); ++i) pause(10ms);
    } else if (victim == 2) {
      pause(std::chrono::microseconds(random.below(between)));
    }
    if (kiosk.running()) {
      kiosk.kill();
      if (victim == 1) tally.troubles += "a kiosk that did not end\n";
      if (victim != 1) ++kiosks_killed;
    } else {
      ++survived;
    }
    site.note(what_was_said(kiosk.out()));
  }
  for (const auto& stand : stands) site.go_on(stand, tally);
  site.judge(tally);
  std::printf(
      "kills in mid-sync: seed=%llu kiosks_killed=%zu servers_killed=%zu runs_that_ended=%zu "
      "kept=%zu stuck=%zu lost=%zu duplicated=%zu\n",
      static_cast<unsigned long long>(kSeed), kiosks_killed, servers_killed, survived, tally.kept,
      tally.stuck, tally.lost, tally.duplicated);
  INFO(tally.troubles);
  CHECK(tally.troubles.empty());
  CHECK(kiosks_killed > 0);
  CHECK(servers_killed > 0);
  CHECK(tally.kept > wanted);
  CHECK(tally.stuck == 0);
  CHECK(tally.lost == 0);
  CHECK(tally.duplicated == 0);
}

}  // namespace odop::test
