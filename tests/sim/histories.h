// A history of several kiosks and one server in one process and virtual time: visitors submit,
// workers run, programs are killed and started, clocks move, networks misbehave; then the network
// heals and everything must have arrived once.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/bytes.h"
#include "tests/sim/faulty_network.h"
#include "tests/sim/power_cut_disk.h"
#include "tests/support/loopback_transport.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace odop::test {

// What a history needs of a server, whether fake or real.
struct SimServer {
  Handler handler;
  std::function<std::string()> add_kiosk;  // one-time code
  // Reference -> times it is stored.
  std::function<std::map<std::string, std::size_t>()> stored;
  // Reference -> answers JSON as the server opened them; empty when it cannot say.
  std::function<std::map<std::string, std::string>()> opened;
  // Reference -> what was spoken, by field, as the server opened it.
  std::function<std::map<std::string, std::map<std::string, Bytes>>()> spoken;
  // Whether a submission is there with all of its recordings.
  std::function<bool(const std::string& reference)> whole;
  // The office's day: withdrawals are looked at, what can be opened is. May be empty.
  std::function<void()> open;
  // Answers; the revision that its kiosk must hold then, 0 when it cannot be answered (any more).
  std::function<std::uint32_t(const std::string& reference)> answer;
  std::function<bool(const std::string& reference)> withdrawn;
  std::function<void(int version)> publish;
  std::function<void()> back_up;  // may be empty
  std::function<void()> restore;  // may be empty
};

// A mistake that the kiosks of a history make, so that the check can prove itself.
struct KioskDefects {
  DiskDefects disk{};
  bool gives_up = false;      // after a failure nothing is tried again for years
  bool keeps_drafts = false;  // what a visitor wrote is put into the journal's settings
};

struct HistoryOptions {
  std::uint64_t seed = 1;
  std::size_t kiosks = 3;
  std::size_t steps = 60;
  // Enquiries alone, clocks that go right, and no strangers on the line: as histories were before
  // those came, so that a seed of then repeats what it found.
  bool plain = false;
  KioskDefects defects{};
  std::ostream* trace = nullptr;  // a line for each step
};

struct Outcome {
  std::size_t submitted = 0;
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  std::size_t spoken = 0;       // of the submitted ones, with recordings
  std::size_t garbled = 0;      // arrived with other content, typed or spoken
  std::size_t early = 0;        // told as arrived while something of it was not there
  std::size_t withdrawals = 0;  // that were kept, with the right code
  std::size_t come_back = 0;    // withdrawn, and still shown by the server or held by a kiosk
  std::size_t answered = 0;     // submissions that the office answered
  std::size_t unanswered = 0;   // of those, the newest answer is not at the asker's kiosk
  std::size_t clock_jumps = 0;
  std::size_t not_told = 0;       // arrived, and its kiosk still says "kept"
  std::size_t other_release = 0;  // kiosks that do not show the newest release
  std::size_t readable = 0;       // visitors' words that lie in a kiosk's files as they were said
  std::size_t kills = 0;
  std::uint64_t power_cuts = 0;
  FaultyNetwork::Counts network{};  // of all kiosks
  std::chrono::milliseconds passed{0};

  [[nodiscard]] std::uint64_t faults() const;  // of the network
  [[nodiscard]] bool clean() const {
    return lost + duplicated + garbled + early + come_back + unanswered + not_told + other_release +
               readable ==
           0;
  }
  Outcome& operator+=(const Outcome& other);
};

[[nodiscard]] Outcome run_history(SimServer& server, const HistoryOptions& options);

// "seed=7 submitted=40 lost=0 duplicated=0 ..."
[[nodiscard]] std::string line_of(const HistoryOptions& options, const Outcome& outcome);

}  // namespace odop::test
