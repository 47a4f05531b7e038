#include "tests/sim/histories.h"

#include "tests/sim/faulty_network.h"
#include "tests/support/sync_kiosk.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

constexpr int kVersions = 3;  // releases of a history

class History {
 public:
  History(SimServer& server, const HistoryOptions& options)
      : server_(server), options_(options), random_(options.seed) {
    for (std::size_t i = 0; i < options.kiosks; ++i) {
      networks_.push_back(std::make_unique<FaultyNetwork>(server.handler, options.seed * 100 + i));
      kiosks_.push_back(std::make_unique<SyncKiosk>(*networks_.back(), clock_,
                                                    options.seed * 1000 + i, server.add_kiosk()));
      // Enrolment suffers like everything else; visitors come afterwards.
      while (!kiosks_.back()->state.enrolled) kiosks_.back()->run_for(1min);
    }
  }

  Outcome run() {
    for (std::size_t step = 0; step < options_.steps; ++step) {
      one_step();
      if (step % (options_.steps / kVersions) == 5) server_.publish(++version_);
      clock_.advance(std::chrono::milliseconds(random_.below(20'000)));
    }
    heal();
    return judge();
  }

 private:
  void one_step() {
    const std::size_t at = random_.below(kiosks_.size());
    SyncKiosk& kiosk = *kiosks_[at];
    const std::uint64_t what = random_.below(20);
    if (what < 9) {
      const std::string text = fmt::format("{}-{}", options_.seed, ++texts_);
      if (const auto kept = kiosk.submit(text); kept) {
        kept_[kept->reference] = {at, R"({"message":")" + text + R"("})"};
      }
    } else if (what < 16) {
      kiosk.turn();
    } else if (what < 18) {
      ++kills_;
      kiosk.start();
    } else if (what == 18) {
      if (server_.back_up) server_.back_up();
    } else {
      if (server_.restore) server_.restore();
    }
  }

  void heal() {
    for (auto& network : networks_) network->faults = false;
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
      if (!state || *state != kiosk::SubmissionState::kArrived) ++outcome.not_told;
    }
    for (auto& kiosk : kiosks_) {
      if (kiosk->store().newest_ready().value() != ReleaseNumber{kVersions}) {
        ++outcome.other_release;
      }
    }
    for (const auto& network : networks_) {
      const FaultyNetwork::Counts& counts = network->counts;
      outcome.calls += counts.calls;
      outcome.faults += counts.dropped + counts.eaten + counts.doubled + counts.late + counts.cut;
    }
    return outcome;
  }

  struct KeptByVisitor {
    std::size_t kiosk = 0;
    std::string answers;
  };

  SimServer& server_;
  HistoryOptions options_;
  SeededRandom random_;
  ManualClock clock_{WallTime{1'800'000'000'000ms}};
  std::vector<std::unique_ptr<FaultyNetwork>> networks_;
  std::vector<std::unique_ptr<SyncKiosk>> kiosks_;
  std::map<std::string, KeptByVisitor> kept_;  // by reference
  std::size_t texts_ = 0;
  std::size_t kills_ = 0;
  int version_ = 0;
};

}  // namespace

Outcome run_history(SimServer& server, const HistoryOptions& options) {
  return History(server, options).run();
}

std::string line_of(const HistoryOptions& options, const Outcome& outcome) {
  return fmt::format(
      "seed={} submitted={} lost={} duplicated={} garbled={} not_told={} other_release={} kills={} "
      "calls={} faults={}",
      options.seed, outcome.submitted, outcome.lost, outcome.duplicated, outcome.garbled,
      outcome.not_told, outcome.other_release, outcome.kills, outcome.calls, outcome.faults);
}

}  // namespace odop::test
