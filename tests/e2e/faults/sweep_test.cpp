// Every system call that touches a disk or a socket fails once, at the kiosk from submitting to
// arriving, and at the server from the first request to the last: whoever holds a receipt finds the
// submission at the server exactly once afterwards, and no program crashes. ODOP_LONG=1 for each
// call of the sequence; a sample otherwise.
#include "tests/e2e/faults/fault_site.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace odop::test {
namespace {

namespace fs = std::filesystem;

constexpr int kSubmissions = 3;
// Whatever changes a file or its folder, or waits until it has changed.
const std::string kFileCalls =
    "write,pwrite64,fsync,fdatasync,syncfs,ftruncate,fallocate,openat,rename,unlink,close";
const std::string kSocketCalls = "connect,sendto,recvfrom,sendmsg,recvmsg,poll,accept4";

// LeakSanitizer traces, too, and a process has one tracer. A closing call that fails leaks.
const std::vector<std::string> kNoLeaks{"ASAN_OPTIONS=detect_leaks=0"};

bool can_trace() {
  try {
    return run({"strace", "-o", "/dev/null", "true"}).exit_code == 0;
  } catch (const std::exception&) {
    return false;
  }
}

std::vector<std::string> traced(const std::string& calls, const std::string& inject,
                                const fs::path& log) {
  std::vector<std::string> words{"strace", "-f", "-y", "-o", log, "-e", "trace=" + calls};
  if (!inject.empty()) {
    words.emplace_back("-e");
    words.push_back("inject=" + inject);
  }
  return words;
}

// The N-th call of a name by one thread, as strace counts them.
struct Place {
  std::string call;
  std::size_t nth = 0;

  [[nodiscard]] std::string failing_with(const char* error) const {
    return fmt::format("{}:error={}:when={}", call, error, nth);
  }
};

bool was_injected(const fs::path& log) {
  return read_file(log).find("INJECTED") != std::string::npos;
}

// The calls of the set in a log that touch a file or a socket, in their order, from the line on
// that says `mark`.
std::vector<Place> calls_in(const fs::path& log, std::string_view calls, std::string_view mark) {
  const std::string set = fmt::format(",{},", calls);
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  std::vector<Place> found;
  bool marked = mark.empty();
  std::istringstream lines(read_file(log));
  for (std::string line; std::getline(lines, line);) {
    if (!marked) marked = line.find(mark) != std::string::npos;
    const auto end = line.find('(');
    if (end == std::string::npos) continue;  // a signal, or the end of a call that was interrupted
    const auto begin = line.find_last_of(' ', end);
    std::string call = line.substr(begin + 1, end - begin - 1);
    if (set.find(fmt::format(",{},", call)) == std::string::npos) continue;
    const std::size_t nth = ++counts[{line.substr(0, line.find(' ')), call}];
    // A sanitizer's runtime writes to a pipe to learn whether memory is there, and the allocator
    // reads /proc whenever it likes to give memory back.
    const bool runtime = line.find("<pipe:", end) != std::string::npos ||
                         line.find("/proc/", end) != std::string::npos;
    if (marked && !runtime) found.push_back({std::move(call), nth});
  }
  return found;
}

// Threads share the work anew in each run, so that none may come to the N-th call: earlier ones
// then, until one fails, and the first one up to three times. `run_once` is told what to fail and
// says whether anything did.
void try_place(Place place, const char* error, Tally& tally, const auto& run_once) {
  ++tally.places;
  int tries_of_first = 0;
  while (tries_of_first < 3) {
    ++tally.runs;
    if (run_once(place.failing_with(error))) return;
    ++tally.untouched;
    if (place.nth == 1) ++tries_of_first;
    place.nth = std::max<std::size_t>(place.nth / 2, 1);
  }
  ++tally.missed;
  tally.troubles += fmt::format("missed: {} {}\n", place.call, error);
}

struct Fault {
  std::string calls;
  const char* error;
};

const std::vector<Fault> kFaults{
    {kFileCalls, "ENOSPC"}, {kFileCalls, "EIO"}, {kSocketCalls, "ECONNRESET"}};

void tell(const char* who, const Tally& tally) {
  std::printf(
      "faults at the %s: places=%zu missed=%zu runs=%zu untouched=%zu kept=%zu crashed=%zu "
      "stuck=%zu lost=%zu duplicated=%zu\n",
      who, tally.places, tally.missed, tally.runs, tally.untouched, tally.kept, tally.crashed,
      tally.stuck, tally.lost, tally.duplicated);
  INFO(tally.troubles);
  CHECK(tally.places > 8);
  CHECK(tally.missed * 8 < tally.places);
  CHECK(tally.kept >= tally.runs);
  CHECK(tally.crashed == 0);
  CHECK(tally.stuck == 0);
  CHECK(tally.lost == 0);
  CHECK(tally.duplicated == 0);
}

// A kiosk's whole run under strace.
Finished run_traced(const FaultSite& site, const FaultSite::Stand& stand, const std::string& calls,
                    const std::string& inject) {
  auto words = traced(calls, inject, site.log());
  std::ranges::move(site.kiosk(stand, kSubmissions), std::back_inserter(words));
  return run(words, kNoLeaks);
}

// Those that a run of this length tries.
std::vector<Place> some_of(const std::vector<Place>& all, std::size_t sample) {
  std::vector<Place> some;
  const std::size_t step = is_long() ? 1 : std::max<std::size_t>(all.size() / sample, 1);
  for (std::size_t at = 0; at < all.size(); at += step) some.push_back(all[at]);
  return some;
}

}  // namespace

TEST_CASE("A call that fails at a kiosk loses nothing that was acknowledged", "[e2e][fault]") {
  if (!can_trace()) {
    WARN("left out: strace cannot trace here");
    return;
  }
  FaultSite site;
  Tally tally;
  for (const Fault& fault : kFaults) {
    // Which calls there are once the kiosk itself does anything.
    const FaultSite::Stand whole = site.new_stand();
    const std::string watched = fault.calls == kFileCalls ? kFileCalls : "write," + fault.calls;
    const Finished done = run_traced(site, whole, watched, "");
    REQUIRE(done.exit_code == 0);
    site.note(what_was_said(done.out));
    site.go_on(whole, tally);
    const auto all = calls_in(site.log(), fault.calls, "begin");
    REQUIRE(all.size() > 10);

    for (const Place& place : some_of(all, 6)) {
      try_place(place, fault.error, tally, [&](const std::string& inject) {
        const FaultSite::Stand stand = site.new_stand();
        const Finished failed = run_traced(site, stand, fault.calls, inject);
        const bool touched = was_injected(site.log());
        if (failed.exit_code != 0 && failed.exit_code != 3) {
          ++tally.crashed;
          tally.troubles +=
              fmt::format("{}: {} {}{}\n", inject, failed.exit_code, failed.out, failed.err);
        }
        site.note(what_was_said(failed.out));
        site.go_on(stand, tally);
        return touched;
      });
    }
  }
  site.judge(tally);
  tell("kiosk", tally);
}

// A tracer on a running server: each of its threads fails at the same number of its calls.
class Tracer {
 public:
  Tracer(FaultSite& site, const std::string& calls, const std::string& inject)
      : log_(site.log()), tracer_(words(site, calls, inject), site.folder(), "tracer", {}) {
    for (int i = 0; i < 500 && tracer_.err().find("attached") == std::string::npos; ++i) {
      REQUIRE(tracer_.running());
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  // Lets go of it. True when a call failed.
  bool stop() {
    tracer_.stop();
    return was_injected(log_);
  }

 private:
  static std::vector<std::string> words(FaultSite& site, const std::string& calls,
                                        const std::string& inject) {
    auto words = traced(calls, inject, site.log());
    words.emplace_back("-p");
    words.push_back(std::to_string(site.server.pid()));
    return words;
  }

  fs::path log_;
  Process tracer_;
};

TEST_CASE("A server that cannot accept once goes on accepting", "[e2e][fault]") {
  if (!can_trace()) {
    WARN("left out: strace cannot trace here");
    return;
  }
  FaultSite site;
  Tally tally;
  for (const char* error : {"ECONNRESET", "EBADF", "EMFILE", "ENFILE", "ECONNABORTED"}) {
    CAPTURE(error);
    Tracer tracer(site, "accept4", fmt::format("accept4:error={}:when=2", error));
    site.go_on(site.new_stand(), tally);
    CHECK(tracer.stop());
    site.go_on(site.new_stand(), tally);
  }
  INFO(tally.troubles);
  CHECK(tally.stuck == 0);
}

TEST_CASE("A call that fails at the server loses nothing that it acknowledged", "[e2e][fault]") {
  if (!can_trace()) {
    WARN("left out: strace cannot trace here");
    return;
  }
  Tally tally;
  for (const Fault& fault : kFaults) {
    // A new server for each: some calls come once, with the first write to a database.
    FaultSite sound;
    const FaultSite::Stand whole = sound.new_stand();
    Tracer counting(sound, fault.calls, "");
    sound.note(what_was_said(run(sound.kiosk(whole, kSubmissions)).out));
    counting.stop();
    const auto all = calls_in(sound.log(), fault.calls, "");
    sound.go_on(whole, tally);
    sound.judge(tally);
    for (const Place& place : some_of(all, 4)) {
      try_place(place, fault.error, tally, [&](const std::string& inject) {
        FaultSite site;
        const FaultSite::Stand stand = site.new_stand();
        Tracer tracer(site, fault.calls, inject);
        site.note(what_was_said(run(site.kiosk(stand, kSubmissions)).out));
        const bool touched = tracer.stop();
        if (!site.server.is_running()) {
          ++tally.crashed;
          tally.troubles += inject + ": the server ended\n";
          site.server.start();
        }
        // The same server, which may have kept what failed.
        site.go_on(stand, tally);
        site.judge(tally);
        return touched;
      });
    }
  }
  tell("server", tally);
}

}  // namespace odop::test
