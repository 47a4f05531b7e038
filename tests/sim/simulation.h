// What one seed decides: a history of kiosks and a server, and a kiosk's disk that loses power
// again and again. And the list of defects that both must see.
#pragma once

#include "tests/sim/histories.h"
#include "tests/sim/power_cuts.h"
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
  FakeServer::Mutation server{};
  KioskDefects kiosk{};
  // Of the disk that the real server's databases lie on.
  DiskDefects server_disk{};
  bool needs_service = false;  // the protocol in memory cannot show it
};
[[nodiscard]] std::span<const Defect> defects();

struct Simulated {
  Outcome history{};
  CutsOutcome disk{};
  bool with_service = false;

  [[nodiscard]] bool clean() const { return history.clean() && disk.clean(); }
  Simulated& operator+=(const Simulated& other) {
    history += other.history;
    disk += other.disk;
    return *this;
  }
};

// One seed in sixteen, each with a defect that needs it, and every one with `service` has the real
// service and store behind its kiosks; the others the protocol in memory. `defect` and `trace` may
// be null. The same seed gives the same outcome.
[[nodiscard]] Simulated simulate(std::uint64_t seed, std::size_t kiosks, const Defect* defect,
                                 std::ostream* trace, bool plain = false, bool service = false);

}  // namespace odop::test
