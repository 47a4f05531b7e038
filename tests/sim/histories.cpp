#include "tests/sim/histories.h"

#include "tests/support/process.h"
#include "tests/support/sync_kiosk.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <stdexcept>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

constexpr int kVersions = 3;  // releases of a history

kiosk::sync::EngineSettings engine_of(const KioskDefects& defects) {
  kiosk::sync::EngineSettings settings;
  if (defects.gives_up) settings.first_retry = settings.longest_retry = std::chrono::years(10);
  return settings;
}

class History {
 public:
  History(SimServer& server, const HistoryOptions& options)
      : server_(server),
        options_(options),
        random_(options.seed),
        disk_(options.seed * 10, options.defects.disk) {
    for (std::size_t i = 0; i < options.kiosks; ++i) {
      networks_.push_back(std::make_unique<FaultyNetwork>(server.handler, options.seed * 100 + i));
      kiosks_.push_back(std::make_unique<SyncKiosk>(*networks_.back(), clock_,
                                                    options.seed * 1000 + i, server.add_kiosk(),
                                                    engine_of(options.defects)));
      // Enrolment suffers like everything else; visitors come afterwards. Who gives up early never
      // gets that far.
      networks_.back()->faults = !options.defects.gives_up;
      while (!kiosks_.back()->state.enrolled) kiosks_.back()->run_for(1min);
      networks_.back()->faults = true;
    }
  }

  Outcome run() {
    const WallTime begun = clock_.wall();
    for (std::size_t step = 0; step < options_.steps; ++step) {
      one_step();
      if (step % (options_.steps / kVersions) == 5) server_.publish(++version_);
      clock_.advance(std::chrono::milliseconds(random_.below(20'000)));
    }
    heal();
    Outcome outcome = judge();
    outcome.passed = clock_.wall() - begun;
    return outcome;
  }

 private:
  void one_step() {
    const std::size_t at = random_.below(kiosks_.size());
    SyncKiosk& kiosk = *kiosks_[at];
    power_back(at);
    const std::uint64_t what = random_.below(20);
    if (what < 9) {
      const std::string text = fmt::format("{}-word-{}", options_.seed, ++texts_);
      if (options_.defects.keeps_drafts) {
        static_cast<void>(kiosk.journal().set_setting("draft", text));
      }
      if (const auto kept = kiosk.submit(text); kept) {
        kept_[kept->reference] = {at, R"({"message":")" + text + R"("})"};
        trace(at, "kept " + kept->reference);
      } else {
        trace(at, "not kept: " + kept.error().context);
      }
    } else if (what < 15) {
      kiosk.turn();
      trace(at, "turn");
    } else if (what == 15) {
      // Falls into whatever this kiosk writes next.
      disk_.cut_after(kiosk.folder(), 1 + random_.below(60));
      trace(at, "the power is about to fail");
    } else if (what < 18) {
      ++kills_;
      start(at);
      trace(at, "killed and started");
    } else if (what == 18) {
      if (server_.back_up) server_.back_up();
      trace(at, "the server is backed up");
    } else {
      if (server_.restore) server_.restore();
      trace(at, "the server is restored");
    }
  }

  // The power may fail while a kiosk starts: then it stays off for now.
  void start(std::size_t at) {
    try {
      kiosks_[at]->start();
    } catch (const std::runtime_error&) {
      if (!disk_.dark(kiosks_[at]->folder())) throw;
    }
  }

  // A kiosk without power is started again before anything else happens to it.
  void power_back(std::size_t at) {
    SyncKiosk& kiosk = *kiosks_[at];
    if (!disk_.dark(kiosk.folder())) return;
    kiosk.stop();
    disk_.power_up(kiosk.folder());
    kiosk.start();
    trace(at, "the power is back");
  }

  void heal() {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) {
      networks_[at]->faults = false;
      power_back(at);
      disk_.cut_after(kiosks_[at]->folder(), 0);
    }
    // Longer than the longest back-off; kiosks take turns.
    for (int round = 0; round < 12; ++round) {
      for (auto& kiosk : kiosks_) kiosk->turn();
      clock_.advance(100s);
    }
  }

  Outcome judge() {
    Outcome outcome;
    outcome.submitted = kept_.size();
    outcome.kills = kills_;
    outcome.power_cuts = disk_.cuts();
    const auto stored = server_.stored();
    const auto opened = server_.opened();
    for (const auto& [reference, kept] : kept_) {
      const auto found = stored.find(reference);
      const std::size_t times = found == stored.end() ? 0 : found->second;
      if (times == 0) ++outcome.lost;
      if (times > 1) outcome.duplicated += times - 1;
      const auto content = opened.find(reference);
      if (times > 0 && (content == opened.end() || content->second != kept.answers)) {
        ++outcome.garbled;
      }
      const auto state = kiosks_[kept.kiosk]->journal().state_of(reference);
      if (!state || *state != kiosk::SubmissionState::kArrived) {
        ++outcome.not_told;
        const int number = state && *state ? static_cast<int>(**state) : -1;
        trace(kept.kiosk, fmt::format("{} ends in state {}", reference, number));
      }
    }
    const std::string words = fmt::format("{}-word-", options_.seed);
    for (auto& kiosk : kiosks_) {
      if (kiosk->store().newest_ready().value() != ReleaseNumber{kVersions}) {
        ++outcome.other_release;
      }
      if (holds(kiosk->folder(), words)) ++outcome.readable;
    }
    for (const auto& network : networks_) {
      outcome.network += network->counts;
    }
    return outcome;
  }

  // Whether the words stand anywhere on a kiosk's disk. The reserve is 64 MB of nothing.
  [[nodiscard]] bool holds(const std::filesystem::path& folder, const std::string& words) const {
    if (disk_.content(folder).find(words) != std::string::npos) return true;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
      if (!entry.is_regular_file() || entry.path().filename() == "reserve") continue;
      if (read_file(entry.path()).find(words) != std::string::npos) return true;
    }
    return false;
  }

  void trace(std::size_t at, const std::string& what) {
    if (options_.trace == nullptr) return;
    *options_.trace << fmt::format("{:>9} s  kiosk {}  {}\n", clock_.mono().count() / 1000, at,
                                   what);
  }

  struct KeptByVisitor {
    std::size_t kiosk = 0;
    std::string answers;
  };

  SimServer& server_;
  HistoryOptions options_;
  SeededRandom random_;
  ManualClock clock_{WallTime{1'800'000'000'000ms}};
  PowerCutDisk disk_;  // outlives the kiosks
  std::vector<std::unique_ptr<FaultyNetwork>> networks_;
  std::vector<std::unique_ptr<SyncKiosk>> kiosks_;
  std::map<std::string, KeptByVisitor> kept_;  // by reference
  std::size_t texts_ = 0;
  std::size_t kills_ = 0;
  int version_ = 0;
};

}  // namespace

std::uint64_t Outcome::faults() const {
  return network.dropped + network.eaten + network.doubled + network.late + network.cut;
}

Outcome& Outcome::operator+=(const Outcome& other) {
  submitted += other.submitted;
  lost += other.lost;
  duplicated += other.duplicated;
  garbled += other.garbled;
  not_told += other.not_told;
  other_release += other.other_release;
  readable += other.readable;
  kills += other.kills;
  power_cuts += other.power_cuts;
  network += other.network;
  passed += other.passed;
  return *this;
}

Outcome run_history(SimServer& server, const HistoryOptions& options) {
  return History(server, options).run();
}

std::string line_of(const HistoryOptions& options, const Outcome& outcome) {
  return fmt::format(
      "seed={} submitted={} lost={} duplicated={} garbled={} not_told={} other_release={} "
      "readable={} kills={} power_cuts={} calls={} faults={}",
      options.seed, outcome.submitted, outcome.lost, outcome.duplicated, outcome.garbled,
      outcome.not_told, outcome.other_release, outcome.readable, outcome.kills, outcome.power_cuts,
      outcome.network.calls, outcome.faults());
}

}  // namespace odop::test
