#include "tests/sim/power_cuts.h"

#include "kiosk/store/journal.h"
#include "shared/crypto/digest.h"
#include "tests/support/identity.h"
#include "tests/support/temp_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string_view>
#include <utility>

namespace odop::test {
namespace {

// Operations until the next cut at most: a few submissions, so that cuts fall into every step of a
// commit and of a checkpoint alike.
constexpr std::uint64_t kOperations = 150;
constexpr std::uint64_t kBetweenCheckpoints = 700;  // now and then long enough for one

kiosk::Space roomy(const std::filesystem::path& /*folder*/) {
  constexpr std::uint64_t kGiB = 1024ULL * 1024 * 1024;
  return {.free_bytes = 4 * kGiB, .total_bytes = 8 * kGiB, .read_only = false};
}

template <typename Value>
Status as_status(const Result<Value>& done) {
  return done.has_value() ? Status() : fail(done.error());
}

class Cuts {
 public:
  Cuts(std::uint64_t seed, DiskDefects defects, std::ostream* trace)
      : seed_(seed), defects_(defects), trace_(trace), disk_(seed * 2 + 1, defects), random_(seed) {
    // A real file, and not what is tried here: of the reserve's size but without its blocks.
    std::ofstream{folder_ / "reserve"}.close();
    std::filesystem::resize_file(folder_ / "reserve", kiosk::kReserveBytes);
  }

  CutsOutcome run(std::size_t cuts) {
    while (outcome_.cuts < cuts && outcome_.clean()) {
      const bool longer = random_.below(10) == 0;
      const std::uint64_t after = 1 + random_.below(longer ? kBetweenCheckpoints : kOperations);
      disk_.cut_after(folder_.path(), after);
      tell("the power fails at operation {} from here", after);
      use_until_dark();
      disk_.power_up(folder_.path());
      ++outcome_.cuts;
      tell("the power is back");
      // One of the two media does not survive every other time, so that each is tried alone; one
      // with a defect always is, since the other one would make good what it loses.
      const bool database_alone =
          defects_.commit_without_sync || defects_.trusts_overwrite || defects_.checkpoint_first;
      const bool outbox_alone = defects_.outbox_without_sync;
      if (database_alone || outbox_alone || random_.below(2) == 0) {
        const bool database = outbox_alone || (!database_alone && random_.below(2) == 0);
        const char* file = database ? "journal.db" : "outbox.log";
        disk_.ruin(folder_.path(), file);
        tell("{} is ruined", file);
        ++outcome_.ruined;
      }
      check();
      tell("{}", line_of(seed_, outcome_));
    }
    return outcome_;
  }

 private:
  template <typename... Values>
  void tell(fmt::format_string<Values...> words, Values&&... values) {
    if (trace_ == nullptr) return;
    *trace_ << fmt::format("disk, cut {:>2}, write {:>5}  ", outcome_.cuts + 1, disk_.operations())
            << fmt::format(words, std::forward<Values>(values)...) << '\n';
  }
  // What came of an operation, and why.
  void tell_of(std::string_view what, const Status& done) {
    if (done.has_value()) return tell("{}: done", what);
    tell("{}: {} {}", what, name_of(done.error().code), done.error().context);
  }

  [[nodiscard]] bool dark() const { return disk_.dark(folder_.path()); }

  std::optional<kiosk::Journal> open() {
    auto journal = kiosk::Journal::open(folder_.path(), roomy, disk_.files());
    tell_of("open", journal ? Status() : fail(journal.error()));
    if (!journal) return std::nullopt;
    if (!enrolled_) {
      const Status adopted = journal->adopt_identity(identity_of());
      tell_of("enrol", adopted);
      enrolled_ = adopted.has_value();
      if (!enrolled_) return std::nullopt;
    }
    return std::move(*journal);
  }

  void use_until_dark() {
    while (!dark()) {
      auto journal = open();
      if (!journal) {
        if (!dark()) ++outcome_.unusable;
        return;
      }
      // A restart of the program now and then: closing writes, too.
      for (std::uint64_t left = 1 + random_.below(40); left > 0 && !dark(); --left) {
        const std::uint64_t what = random_.below(30);
        if (what < 2) {
          tell_of("tidy", as_status(journal->tidy()));
        } else if (what == 2) {
          const Status backed_up = as_status(journal->back_up());
          tell_of("back up", backed_up);
          if (!backed_up && !dark()) ++outcome_.unusable;
        } else {
          append(*journal);
        }
      }
    }
  }

  void append(kiosk::Journal& journal) {
    const auto slot = journal.next_slot();
    if (!slot) {
      tell_of("next slot", fail(slot.error()));
      if (!dark()) ++outcome_.unusable;
      return;
    }
    ++made_;
    kiosk::SealedSubmission submission;
    submission.slot = *slot;
    submission.id = fmt::format("018f0000-0000-7000-8000-{:012}", made_);
    submission.reference = fmt::format("{:010}", made_);
    submission.envelope = Bytes(400 + random_.below(4'000), '\0');
    for (char& byte : submission.envelope) byte = static_cast<char>(random_.below(256));
    submission.hash = crypto::sha256(submission.envelope);
    const Status kept = journal.append(submission);
    if (trace_ != nullptr) {
      tell_of(fmt::format("append {}, {} bytes", slot->sequence.value, submission.envelope.size()),
              kept);
    }
    if (!kept && !dark()) ++outcome_.unusable;
    Known& known = known_[slot->sequence];
    if (kept) {
      ++outcome_.acknowledged;
      if (slot->sequence <= highest_) ++outcome_.duplicated;
      highest_ = slot->sequence;
      if (known.acknowledged) ++outcome_.duplicated;  // one slot twice
      known = {.hash = submission.hash, .acknowledged = true};
    } else if (!known.acknowledged) {
      known.hash = submission.hash;  // in flight when the power went: may be there or not
    }
  }

  void check() {
    auto journal = kiosk::Journal::open(folder_.path(), roomy, disk_.files());
    tell_of("open and look", journal ? Status() : fail(journal.error()));
    if (!journal) {
      ++outcome_.unusable;
      return;
    }
    if (journal->recovery() && journal->recovery()->from_backup) ++outcome_.restored;
    if (!enrolled_) return;
    // As the worker does after a start: damage that nobody has seen yet does not wait for a second.
    const Status mended = as_status(journal->mend());
    tell_of("mend", mended);
    if (!mended) ++outcome_.unusable;
    const auto identity = journal->identity();
    if (!identity || !*identity) {
      ++outcome_.lost;  // who enrolled is still enrolled
      return;
    }
    const auto found = journal->pending(SIZE_MAX / 2, SIZE_MAX, 0);
    if (!found) {
      ++outcome_.unusable;
      return;
    }
    std::map<Sequence, const kiosk::PendingSubmission*> there;
    for (const auto& one : *found) {
      if (!there.emplace(one.sequence, &one).second) ++outcome_.duplicated;
      // The backup of the journal still had what the server has.
      if (covered_.contains(one.hash)) continue;
      const auto known = known_.find(one.sequence);
      if (known == known_.end() || known->second.hash != one.hash) {
        ++outcome_.duplicated;  // nobody appended this here
        tell("sequence {} is there, and nobody appended it so", one.sequence.value);
        continue;
      }
      if (crypto::sha256(one.envelope) != one.hash) {
        ++outcome_.lost;
        tell("sequence {} has other bytes", one.sequence.value);
      }
      known->second.acknowledged = true;  // it is there, so it stays there
    }
    for (auto known = known_.begin(); known != known_.end();) {
      const bool gone = !there.contains(known->first);
      if (gone && known->second.acknowledged) {
        ++outcome_.lost;
        tell("sequence {} was acknowledged and is gone", known->first.value);
      }
      known = gone ? known_.erase(known) : std::next(known);
    }
    // The journal stays small, so that thousands of cuts cost seconds.
    if (known_.size() > 300) forget(*journal);
  }

  // All of it arrived and is in a verified backup: the envelopes go.
  void forget(kiosk::Journal& journal) {
    wire::BatchReceipt receipt;
    receipt.device_id = kDevice;
    receipt.covered_epoch = Epoch{1};
    receipt.covered_sequence = known_.rbegin()->first;
    for (const auto& [sequence, known] : known_) {
      covered_.insert(known.hash);
      wire::Verdict verdict;
      verdict.envelope_hash = known.hash;
      verdict.epoch = Epoch{1};
      verdict.sequence = sequence;
      verdict.code = wire::VerdictCode::kStored;
      receipt.verdicts.push_back(verdict);
    }
    const Status taken = as_status(journal.record_receipt(receipt, 0));
    tell_of(fmt::format("receipt for {}", known_.size()), taken);
    if (!taken) ++outcome_.unusable;
    const auto left = journal.pending(SIZE_MAX / 2, SIZE_MAX, 0);
    if (!left ||
        std::ranges::any_of(*left, [&](const auto& one) { return covered_.contains(one.hash); })) {
      ++outcome_.duplicated;
    }
    known_.clear();
  }

  struct Known {
    Bytes hash{};
    bool acknowledged = false;
  };

  std::uint64_t seed_;
  DiskDefects defects_;
  std::ostream* trace_;
  TempFolder folder_;
  PowerCutDisk disk_;
  SeededRandom random_;
  CutsOutcome outcome_;
  std::map<Sequence, Known> known_;
  std::set<Bytes> covered_;  // by the server's backup
  Sequence highest_;         // that was acknowledged, ever
  std::uint64_t made_ = 0;
  bool enrolled_ = false;
};

}  // namespace

CutsOutcome& CutsOutcome::operator+=(const CutsOutcome& other) {
  cuts += other.cuts;
  acknowledged += other.acknowledged;
  lost += other.lost;
  duplicated += other.duplicated;
  unusable += other.unusable;
  ruined += other.ruined;
  restored += other.restored;
  return *this;
}

CutsOutcome run_power_cuts(std::uint64_t seed, std::size_t cuts, DiskDefects defects,
                           std::ostream* trace) {
  return Cuts(seed, defects, trace).run(cuts);
}

std::string line_of(std::uint64_t seed, const CutsOutcome& outcome) {
  return fmt::format(
      "seed={} cuts={} ruined={} restored={} acknowledged={} lost={} duplicated={} unusable={}",
      seed, outcome.cuts, outcome.ruined, outcome.restored, outcome.acknowledged, outcome.lost,
      outcome.duplicated, outcome.unusable);
}

}  // namespace odop::test
