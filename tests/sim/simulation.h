// What one seed decides: a history of kiosks and a server, and a kiosk's disk that loses power
// again and again. And the list of defects that both must see.
#pragma once

#include "tests/sim/histories.h"
#include "tests/sim/power_cuts.h"
#include "tests/sim/release_cuts.h"
#include "tests/support/fake_server.h"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string_view>

namespace odop::test {

// A mistake made on purpose: with it, some seed must not come out clean.
struct Defect {
  std::string_view name;
  std::string_view what;
  FakeServer::Mutation server{};  // of either server
  KioskDefects kiosk{};
  // Of the disk that the real server's databases lie on.
  DiskDefects server_disk{};
  bool needs_service = false;  // the protocol in memory cannot show it
};
[[nodiscard]] std::span<const Defect> defects();

struct Simulated {
  Outcome history{};
  CutsOutcome disk{};
  ReleaseCutsOutcome releases{};
  bool with_service = false;

  [[nodiscard]] bool clean() const { return history.clean() && disk.clean() && releases.clean(); }
  Simulated& operator+=(const Simulated& other) {
    history += other.history;
    disk += other.disk;
    releases += other.releases;
    return *this;
  }
};

struct SimulateOptions {
  std::uint64_t seed = 1;
  std::size_t kiosks = 0;          // 0: as the seed says
  std::size_t steps = 0;           // 0: as the seed says; never fewer than there are kiosks
  const Defect* defect = nullptr;  // made on purpose
  std::ostream* trace = nullptr;   // a line for each step, cut and operation of a disk that is cut
  bool plain = false;              // HistoryOptions::plain, of 60 steps and 3 kiosks
  bool service = false;            // the real service and store, whatever the seed says
};

// How long a seed's history is and how many kiosks take part. Most are short: they find most
// defects in the least time of a processor; three in 64 are as long as what only long ones find
// needs (README.md has the figures).
struct HistorySize {
  std::size_t steps = 0;
  std::size_t kiosks = 0;
};
[[nodiscard]] HistorySize size_of(std::uint64_t seed);

// One seed in sixteen, each with a defect that needs it, and every one with `service` has the real
// service and store behind its kiosks; the others the protocol in memory. Every fourth seed also
// cuts the power of a journal's disk (power_cuts.h), and every sixteenth that of a disk with
// releases alone (release_cuts.h). The same options give the same outcome.
[[nodiscard]] Simulated simulate(const SimulateOptions& options);

}  // namespace odop::test
