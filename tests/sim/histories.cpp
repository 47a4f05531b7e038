#include "tests/sim/histories.h"

#include "tests/support/process.h"
#include "tests/support/sync_kiosk.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <set>
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
        whims_(options.seed * 7 + 3),
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
      // A code that a stranger refused would have to be typed again.
      networks_.back()->strangers = !options.plain;
    }
  }

  Outcome run() {
    const MonoTime begun = clock_.mono();
    for (std::size_t step = 0; step < options_.steps; ++step) {
      one_step();
      if (!options_.plain) one_whim();
      if (step % (options_.steps / kVersions) == 5) server_.publish(++version_);
      clock_.advance(std::chrono::milliseconds(random_.below(20'000)));
    }
    heal();
    Outcome outcome = judge();
    outcome.passed = clock_.mono() - begun;
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
      const auto spoken = speak(text);
      if (const auto kept = kiosk.submit(text, spoken); kept) {
        kept_[kept->reference] = {
            at, R"({"message":")" + text + R"("})", spoken, kept->status_code, {}};
        order_.push_back(kept->reference);
        trace(at, fmt::format("kept {} with {} recordings", kept->reference, spoken.size()));
      } else {
        trace(at, "not kept: " + kept.error().context);
      }
    } else if (what < 15) {
      turn(at);
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

  // What else may happen, from a stream of its own, so that the steps stay what they were.
  void one_whim() {
    const std::uint64_t what = whims_.below(12);
    if (what < 2) {
      withdraw();
    } else if (what < 4) {
      server_.open();
    } else if (what < 6 && !order_.empty()) {
      const std::string& reference = order_[whims_.below(order_.size())];
      const std::uint32_t revision = server_.answer(reference);
      if (revision == 0) return;
      kept_[reference].revision = revision;
      trace(kept_[reference].kiosk, fmt::format("{} is answered, {}", reference, revision));
    } else if (what == 6) {
      ++clock_jumps_;
      const std::chrono::days years{365 * (1 + static_cast<int>(whims_.below(6)))};
      clock_.set_wall(whims_.below(2) == 0 ? right_time() + years : right_time() - years);
      trace(0, "the clock jumps");
    } else if (what == 7) {
      clock_.set_wall(right_time());
    }
  }

  // Somebody comes to some kiosk with a receipt; now and then with a code that is not its own.
  void withdraw() {
    if (order_.empty()) return;
    const std::size_t at = whims_.below(kiosks_.size());
    const std::string reference = order_[whims_.below(order_.size())];
    const bool right = whims_.below(4) != 0;
    power_back(at);
    std::string code = kept_[reference].code;
    if (!right) code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
    const auto kept = kiosks_[at]->withdraw(reference, code);
    if (!kept) {
      // The power failed in the commit: nobody was told, and it may stand on the disk all the same.
      if (right) perhaps_withdrawn_.insert(reference);
      return;
    }
    kept_[kept->reference] = {
        at, R"({"reference":")" + reference + R"(","status_code":")" + code + R"("})", {}, {}, {}};
    if (right) withdrawn_.insert(reference);
    trace(at, fmt::format("{} withdraws {}{}", kept->reference, reference,
                          right ? "" : ", with a wrong code"));
  }

  // As it would be without jumps.
  [[nodiscard]] WallTime right_time() const { return kBegun + clock_.mono(); }

  // A third of the visitors speak, some of them twice, a second or half a minute; the words stand
  // in what they say.
  std::map<std::string, Bytes> speak(const std::string& text) {
    std::map<std::string, Bytes> spoken;
    if (options_.plain) return spoken;
    for (const char* field : {"name", "note"}) {
      if (whims_.below(4) != 0) continue;
      Bytes ogg = "OggS" + text;
      const std::size_t size = ogg.size() + whims_.below(2) * whims_.below(40'000);
      while (ogg.size() < size) ogg.push_back(static_cast<char>(whims_.below(256)));
      spoken[field] = std::move(ogg);
    }
    return spoken;
  }

  // What a kiosk is told in a turn must be true then.
  void turn(std::size_t at) {
    SyncKiosk& kiosk = *kiosks_[at];
    const std::size_t before = kiosk.arrived.size();
    kiosk.turn();
    for (std::size_t i = before; i < kiosk.arrived.size(); ++i) {
      if (server_.whole(kiosk.arrived[i])) continue;
      ++early_;
      trace(at, kiosk.arrived[i] + " is told too early");
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
    if (!options_.plain) clock_.set_wall(right_time());
    for (std::size_t at = 0; at < kiosks_.size(); ++at) {
      networks_[at]->faults = false;
      power_back(at);
      disk_.cut_after(kiosks_[at]->folder(), 0);
    }
    // Longer than the longest back-off; kiosks take turns.
    constexpr int kRounds = 12;
    for (int round = 0; round < 2 * kRounds; ++round) {
      // What a stranger would not take at all waits for an hour.
      if (round == kRounds) clock_.advance(1h);
      for (std::size_t at = 0; at < kiosks_.size(); ++at) turn(at);
      if (!options_.plain) server_.open();
      clock_.advance(100s);
    }
  }

  // Withdrawn is withdrawn, whatever came first; the others' newest answers are with their askers.
  void judge_office(Outcome& outcome, const std::map<std::string, std::size_t>& stored) {
    outcome.withdrawals = withdrawn_.size();
    outcome.clock_jumps = clock_jumps_;
    for (const auto& [reference, kept] : kept_) {
      const bool gone = withdrawn_.contains(reference);
      if (!gone && perhaps_withdrawn_.contains(reference)) continue;
      // What a restored server has lost, and no kiosk holds any more, need not be withdrawn.
      const bool there = stored.contains(reference);
      if ((gone && there) != server_.withdrawn(reference)) {
        ++outcome.come_back;
        trace(kept.kiosk, reference + (gone ? " is not withdrawn" : " is withdrawn by nobody"));
      }
      if (gone) {
        for (auto& kiosk : kiosks_) {
          if (kiosk->journal().answer(reference).value().has_value()) ++outcome.come_back;
        }
      } else if (kept.revision != 0) {
        ++outcome.answered;
        const auto held = kiosks_[kept.kiosk]->journal().answer(reference).value();
        if (!held || held->revision != kept.revision) {
          ++outcome.unanswered;
          trace(kept.kiosk, reference + " does not get its answer");
        }
      }
    }
  }

  Outcome judge() {
    Outcome outcome;
    outcome.submitted = kept_.size();
    outcome.kills = kills_;
    outcome.power_cuts = disk_.cuts();
    const auto stored = server_.stored();
    const auto opened = server_.opened();
    const auto spoken = server_.spoken();
    outcome.early = early_;
    if (!options_.plain) judge_office(outcome, stored);
    for (const auto& [reference, kept] : kept_) {
      const auto found = stored.find(reference);
      const std::size_t times = found == stored.end() ? 0 : found->second;
      // What was withdrawn is dropped by every kiosk that hears of it.
      const bool gone = withdrawn_.contains(reference) || perhaps_withdrawn_.contains(reference);
      if (times == 0 && !gone) ++outcome.lost;
      if (times > 1) outcome.duplicated += times - 1;
      const auto content = opened.find(reference);
      if (!kept.spoken.empty()) ++outcome.spoken;
      if (times > 0 && (content == opened.end() || content->second != kept.answers)) {
        ++outcome.garbled;
      }
      const auto heard = spoken.find(reference);
      const bool all_heard =
          heard == spoken.end() ? kept.spoken.empty() : heard->second == kept.spoken;
      if (times > 0 && !all_heard && !gone) {
        ++outcome.garbled;
        trace(kept.kiosk, reference + " is not heard as it was spoken");
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
    std::map<std::string, Bytes> spoken;  // by field
    std::string code;                     // of the receipt
    std::uint32_t revision = 0;           // of the newest answer
  };
  static constexpr WallTime kBegun{1'800'000'000'000ms};

  SimServer& server_;
  HistoryOptions options_;
  SeededRandom random_;
  SeededRandom whims_;
  ManualClock clock_{kBegun};
  PowerCutDisk disk_;  // outlives the kiosks
  std::vector<std::unique_ptr<FaultyNetwork>> networks_;
  std::vector<std::unique_ptr<SyncKiosk>> kiosks_;
  std::map<std::string, KeptByVisitor> kept_;  // by reference
  std::vector<std::string> order_;             // references of what was asked, oldest first
  std::set<std::string> withdrawn_;            // references, with the right code
  std::set<std::string> perhaps_withdrawn_;
  std::size_t clock_jumps_ = 0;
  std::size_t texts_ = 0;
  std::size_t early_ = 0;
  std::size_t kills_ = 0;
  int version_ = 0;
};

}  // namespace

std::uint64_t Outcome::faults() const {
  return network.dropped + network.eaten + network.doubled + network.late + network.cut +
         network.captive + network.too_large + network.busy;
}

Outcome& Outcome::operator+=(const Outcome& other) {
  submitted += other.submitted;
  lost += other.lost;
  duplicated += other.duplicated;
  spoken += other.spoken;
  garbled += other.garbled;
  early += other.early;
  withdrawals += other.withdrawals;
  come_back += other.come_back;
  answered += other.answered;
  unanswered += other.unanswered;
  clock_jumps += other.clock_jumps;
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
      "seed={} submitted={} spoken={} lost={} duplicated={} garbled={} early={} withdrawals={} "
      "come_back={} "
      "answered={} unanswered={} not_told={} "
      "other_release={} readable={} kills={} power_cuts={} calls={} faults={}",
      options.seed, outcome.submitted, outcome.spoken, outcome.lost, outcome.duplicated,
      outcome.garbled, outcome.early, outcome.withdrawals, outcome.come_back, outcome.answered,
      outcome.unanswered, outcome.not_told, outcome.other_release, outcome.readable, outcome.kills,
      outcome.power_cuts, outcome.network.calls, outcome.faults());
}

}  // namespace odop::test
