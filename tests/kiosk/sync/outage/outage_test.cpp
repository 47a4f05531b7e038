// Three days without a network, forty submissions an hour, three restarts, all in virtual time:
// everything arrives, and the last hour costs what the first one did. The cost is counted (bytes
// and calls of reading and writing, as the kernel counts them for this process), since a time would
// depend on the machine.
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kHours = 72;
constexpr int kAnHour = 40;

// What this process read and wrote so far, through calls (SQLite maps nothing here).
struct Work {
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
};
Work work_so_far() {
  std::map<std::string, std::uint64_t> fields;
  std::ifstream file("/proc/self/io");
  std::string name;
  for (std::uint64_t value = 0; file >> name >> value;) fields[name] = value;
  return {fields["rchar:"], fields["wchar:"], fields["syscr:"], fields["syscw:"]};
}

struct Hour {
  Work work;  // of its submissions alone
  std::chrono::microseconds time{};
};

}  // namespace

TEST_CASE("After three days offline everything arrives, and the last hour cost what the first did",
          "[kiosk][sync][fault]") {
  test::FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  test::LoopbackTransport network{
      [&](const HttpRequest& request) { return server.handle(request); }};
  test::SyncKiosk kiosk{network, clock, 20261129, server.add_kiosk()};
  kiosk.run_for(2min);
  REQUIRE(kiosk.state.enrolled);
  network.down = true;

  std::vector<std::string> kept;
  std::vector<Hour> hours;
  std::size_t calls_offline = network.log.size();
  for (int hour = 0; hour < kHours; ++hour) {
    if (hour == 18 || hour == 36 || hour == 54) kiosk.start();
    Hour& here = hours.emplace_back();
    for (int i = 0; i < kAnHour; ++i) {
      const Work before = work_so_far();
      const auto began = Steady::now();
      const auto one = kiosk.submit("submission " + std::to_string(hour * kAnHour + i));
      here.time += std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began);
      const Work after = work_so_far();
      REQUIRE(one.has_value());
      kept.push_back(one->reference);
      here.work.bytes_read += after.bytes_read - before.bytes_read;
      here.work.bytes_written += after.bytes_written - before.bytes_written;
      here.work.reads += after.reads - before.reads;
      here.work.writes += after.writes - before.writes;
      kiosk.run_for(90s);
    }
  }
  calls_offline = network.log.size() - calls_offline;
  CHECK(server.rows().empty());
  CHECK(kiosk.state.queue == kHours * kAnHour);

  network.down = false;
  const std::size_t calls_before = network.log.size();
  kiosk.run_for(30min);
  const std::size_t calls_after = network.log.size() - calls_before;
  CHECK(kiosk.state.queue == 0);

  std::map<std::string, std::size_t> here;
  for (const auto& row : server.rows()) ++here[row.reference];
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  for (const std::string& reference : kept) {
    if (here[reference] == 0) ++lost;
    if (here[reference] > 1) ++duplicated;
    CHECK(kiosk.journal().state_of(reference).value() == SubmissionState::kArrived);
  }
  const auto tell = [](const char* which, const Hour& hour) {
    std::printf(
        "outage, %s hour, each submission: bytes_written=%llu writes=%.1f bytes_read=%llu "
        "reads=%.1f us=%lld\n",
        which, static_cast<unsigned long long>(hour.work.bytes_written / kAnHour),
        static_cast<double>(hour.work.writes) / kAnHour,
        static_cast<unsigned long long>(hour.work.bytes_read / kAnHour),
        static_cast<double>(hour.work.reads) / kAnHour,
        static_cast<long long>(hour.time.count() / kAnHour));
  };
  tell("first", hours.front());
  tell("last", hours.back());
  std::printf(
      "outage: hours=%d records=%zu restarts=3 calls_offline=%zu calls_to_drain=%zu lost=%zu "
      "duplicated=%zu\n",
      kHours, kept.size(), calls_offline, calls_after, lost, duplicated);
  CHECK(lost == 0);
  CHECK(duplicated == 0);
  CHECK(here.size() == kept.size());
  // No storm in between: one try at most for each submission, and some of its own.
  CHECK(calls_offline < 3 * kept.size());
  CHECK(calls_after < 200);
  // A kernel without counters says 0 for all; then nothing is compared.
  const Work& first = hours.front().work;
  const Work& last = hours.back().work;
  CHECK(last.bytes_written <= first.bytes_written + first.bytes_written / 2);
  CHECK(last.writes <= first.writes + first.writes / 2);
  CHECK(last.bytes_read <= first.bytes_read + first.bytes_written / 2);
}

}  // namespace odop::kiosk
