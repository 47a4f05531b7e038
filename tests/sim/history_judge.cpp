// What must be true when a history has ended.
#include "shared/wire/json.h"
#include "tests/sim/history.h"
#include "tests/sim/whole_release.h"
#include "tests/support/process.h"

#include <fmt/format.h>

#include <algorithm>

namespace odop::test {
namespace {

// Failed calls a minute that are no storm: the first back-offs of a program that was killed and
// started again a few times, and a fresh submission's try for each.
constexpr std::uint64_t kNoStorm = 60;
// And of all calls but those for pages and pieces, whatever came of them.
constexpr std::uint64_t kMostCalls = 60;

// Kiosk number and sequence of a reference; two random digits and the check digit follow.
std::string slot_of(const std::string& reference) {
  constexpr std::size_t kRest = 3;
  return reference.substr(0, reference.size() - std::min(reference.size(), kRest));
}

}  // namespace

// Pointers and releases only go forward.
void History::look_at_release(std::size_t at) {
  if (disk_.dark(kiosks_[at]->folder())) return;
  highest_[at].replays = networks_[at]->counts.replayed;
  const auto store = kiosks_[at]->store();
  const auto ready = store.newest_ready();
  const auto held = store.documents();
  // An ill disk: what it holds is seen the next time.
  if (store.read_only() || !ready || !held) return;
  std::uint64_t serial = highest_[at].serial;
  if (*held) serial = wire::from_json<wire::Pointer>((*held)->pointer.payload).value().serial;
  if (*ready < highest_[at].ready || serial < highest_[at].serial) {
    ++counted_.went_back;
    trace(at, "release or pointer went back");
  }
  highest_[at].ready = std::max(highest_[at].ready, *ready);
  highest_[at].serial = std::max(highest_[at].serial, serial);
}

// What counts as ready is whole.
void History::look_into_release(std::size_t at) {
  look_at_release(at);
  if (disk_.dark(kiosks_[at]->folder())) return;
  const auto store = kiosks_[at]->store();
  const auto ready = store.newest_ready();
  if (store.read_only() || !ready || ready->value == 0) return;
  // Twice, since a disk that is ill fails once.
  if (is_whole(store, *ready) || is_whole(store, *ready)) return;
  ++counted_.not_whole;
  trace(at, fmt::format("release {} is not whole", ready->value));
}

// Withdrawn is withdrawn, whatever came first; the others' newest answers are with their askers.
void History::judge_office(Outcome& outcome) {
  outcome.withdrawals = withdrawn_.size();
  for (const auto& [reference, kept] : kept_) {
    // The withdrawal went with the backup: its kiosk says so, and the target stands there again.
    if (kept.withdraws.empty() || !gone_with_backup(reference)) continue;
    lose_withdrawal(kept);
  }
  for (const auto& [reference, kept] : kept_) {
    const bool gone = withdrawn_.contains(reference);
    if (!gone && perhaps_withdrawn_.contains(reference)) continue;
    if (given_twice_.contains(reference)) continue;
    // What was refused, or went with its disk, cannot be withdrawn.
    const bool there = stored_.contains(reference);
    if ((gone && there) != server_.withdrawn(reference)) {
      ++outcome.come_back;
      trace(kept.kiosk, reference + (gone ? " is not withdrawn" : " is withdrawn by nobody"));
    }
    // Nobody can check its code any more.
    if (gone && !there && ((kept.on_lost_medium && !kept.held) || gone_with_backup(reference))) {
      continue;
    }
    if (gone) {
      for (std::size_t at = 0; at < kiosks_.size(); ++at) {
        if (!kiosks_[at]->journal().answer(reference).value_or(std::nullopt)) continue;
        ++outcome.come_back;
        trace(at, reference + " is withdrawn, and its answer is kept here");
      }
    } else if (kept.answer.revision != 0 && !kept.destroyed) {
      ++outcome.answered;
      const auto held = kiosks_[kept.kiosk]->journal().answer(reference).value_or(std::nullopt);
      // Of what the server forgot, and nobody gave again, a kiosk may have a later one.
      const bool forgotten =
          held && !kept.answered_since && kept.forgotten.contains(held->ciphertext);
      if (!forgotten && (!held || held->ciphertext != kept.answer.ciphertext)) {
        ++outcome.unanswered;
        trace(kept.kiosk, reference + " does not get its answer");
      }
    }
  }
}

bool History::gone_with_backup(const std::string& reference) const {
  const auto kept = kept_.find(reference);
  if (kept == kept_.end() || !only_in_lost_backup_.contains(reference)) return false;
  if (kept->second.on_lost_medium || server_.whole(reference)) return false;
  const auto state = kiosks_[kept->second.kiosk]->journal().state_of(reference);
  return state && *state == kiosk::SubmissionState::kUnconfirmed;
}

bool History::listed_as_never_come(const std::string& reference) const {
  if (!server_.never_came) return true;
  const KeptByVisitor& kept = kept_.at(reference);
  // Under the name that its kiosk had then: it may have another one since.
  return server_.never_came().contains({kept.number, kept.sequence.value});
}

void History::judge_one(Outcome& outcome, const std::string& reference, const KeptByVisitor& kept) {
  const auto found = stored_.find(reference);
  const std::size_t times = found == stored_.end() ? 0 : found->second;
  const bool refused = refused_.contains(reference);
  const bool gone = gone_with_backup(reference);
  if (gone) ++outcome.gone_with_backup;
  if (gone && times == 0) {
    if (listed_as_never_come(reference)) return;
    ++outcome.unlisted;
    return trace(kept.kiosk, reference + " went with a backup and is not listed");
  }
  if (times == 0 && !refused && (kept.held || !kept.on_lost_medium)) {
    ++outcome.lost;
    trace(kept.kiosk, reference + " is lost");
  }
  if (times == 0 && kept.on_lost_medium && !kept.held) ++outcome.gone_with_disk;
  if (times > 1) outcome.duplicated += times - 1;
  if (!kept.spoken.empty()) ++outcome.spoken;
  const auto [first, last] = opened_.equal_range(reference);
  const bool as_said =
      std::any_of(first, last, [&](const auto& one) { return one.second == kept.answers; });
  if (times > 0 && !as_said) {
    ++outcome.garbled;
    trace(kept.kiosk, reference + " arrived with other content");
  }
  const auto heard = spoken_.find(reference);
  const bool all_heard =
      heard == spoken_.end() ? kept.spoken.empty() : heard->second == kept.spoken;
  if (times > 0 && !all_heard && (kept.held || !kept.on_lost_medium) && !gone) {
    ++outcome.garbled;
    trace(kept.kiosk, reference + " is not heard as it was spoken");
  }
  if (kept.on_lost_medium || gone) return;
  // A journal that a mistake has spoilt says nothing.
  const auto state = kiosks_[kept.kiosk]->journal().state_of(reference).value_or(std::nullopt);
  using kiosk::SubmissionState;
  const bool told =
      state == SubmissionState::kArrived || (refused && state == SubmissionState::kRejected) ||
      ((shares_sequences(kept.kiosk) || kept.wrong_code) && state == SubmissionState::kQuarantined);
  // The copy of its disk may bring it to a restored server after this kiosk has asked for it.
  const bool brought = state == SubmissionState::kUnconfirmed && copied_.contains(reference);
  if (told || brought) return;
  ++outcome.not_told;
  trace(kept.kiosk,
        fmt::format("{} ends in state {}", reference, state ? static_cast<int>(*state) : -1));
}

// A visitor at a kiosk whose disk was put back was told nothing, because the commit failed, and
// what it left has got the digits of one that was given out before.
void History::find_given_twice() {
  for (const auto& [reference, answers] : opened_) {
    const auto kept = kept_.find(reference);
    if (kept == kept_.end() || !ever_put_back_.contains(kept->second.kiosk)) continue;
    if (unkept_.contains(answers)) given_twice_.insert(reference);
  }
}

// What went with a disk and had been reported stands in the server's list of what never arrived;
// nothing that arrived does.
void History::judge_destroyed(Outcome& outcome) {
  if (destroyed_ == 0 || !server_.never_came) return;
  const auto list = server_.never_came();
  // Also what nobody was told of, because its commit failed and left it on the disk.
  std::set<std::string> arrived;
  for (const auto& [reference, times] : stored_) arrived.insert(slot_of(reference));
  for (const auto& [reference, kept] : kept_) {
    if (!kept.destroyed) continue;
    const bool listed = list.contains({kept.number, kept.sequence.value});
    const bool stored = stored_.contains(reference);
    if (listed) ++outcome.listed;
    // A twin of the same sequence may have arrived.
    const bool twin = arrived.contains(slot_of(reference));
    const bool reported = kept.sequence.value <= reported_[kept.token];
    if (stored ? !listed : (listed || twin || !reported)) continue;
    ++outcome.unlisted;
    trace(kept.kiosk, reference + (stored ? " arrived and is listed" : " is not listed"));
  }
}

Outcome History::judge() {
  for (std::size_t at = 0; at < kiosks_.size(); ++at) look_into_release(at);
  Outcome outcome = counted_;
  outcome.submitted = kept_.size() + only_promised_.size();
  outcome.power_cuts = disk_.cuts();
  if (server_.deaths) outcome.server = server_.deaths();
  // Those of the server's disk are its own.
  outcome.killed_writing = disk_.kills() - (server_.has_power ? outcome.server.kills : 0);
  outcome.power_cuts -= outcome.server.power_cuts;
  outcome.disk_troubles = disk_.troubles();
  stored_ = server_.stored();
  opened_ = server_.opened();
  spoken_ = server_.spoken();
  find_given_twice();
  // Of two that share a reference, the kiosk speaks of its own one.
  outcome.early =
      static_cast<std::size_t>(std::ranges::count_if(told_early_, [this](const std::string& one) {
        // Of two that nobody was told of, and that met in their digits, whichever was asked for.
        const auto twin = stored_.find(one);
        const bool met = twin != stored_.end() && twin->second > 1 && !kept_.contains(one);
        return !met && !given_twice_.contains(one);
      }));
  if (!options_.plain) judge_office(outcome);
  for (const auto& [reference, kept] : kept_) {
    if (!given_twice_.contains(reference)) judge_one(outcome, reference, kept);
  }
  judge_destroyed(outcome);
  if (!options_.plain) judge_copies(outcome);
  for (const std::string& text : only_promised_) {
    const bool there = std::ranges::any_of(
        opened_, [&](const auto& one) { return one.second.find(text + '"') != std::string::npos; });
    if (!there) ++outcome.lost;
  }
  const std::string words = fmt::format("{}-word-", options_.seed);
  for (std::size_t at = 0; at < kiosks_.size(); ++at) {
    if (highest_[at].ready != newest_) {
      ++outcome.other_release;
      trace(at, fmt::format("shows release {}, not {} ({})", highest_[at].ready.value,
                            newest_.value, kiosks_[at]->state.trouble));
    }
    if (holds(kiosks_[at]->folder(), words)) ++outcome.readable;
    outcome.network += networks_[at]->counts;
    const FaultyNetwork::Counts& counts = networks_[at]->counts;
    if (counts.failures_a_minute > kNoStorm || counts.calls_a_minute > kMostCalls) {
      ++outcome.storms;
    }
  }
  return outcome;
}

// Whether the words stand anywhere on a kiosk's disk. The reserve is 64 MB of nothing.
bool History::holds(const std::filesystem::path& folder, const std::string& words) const {
  if (disk_.content(folder).find(words) != std::string::npos) return true;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file() || entry.path().filename() == "reserve") continue;
    if (read_file(entry.path()).find(words) != std::string::npos) return true;
  }
  return false;
}

std::uint64_t Outcome::faults() const {
  return network.dropped + network.eaten + network.doubled + network.late + network.cut +
         network.captive + network.too_large + network.busy + network.forged + network.replayed +
         network.flipped + network.slow;
}

Outcome& Outcome::operator+=(const Outcome& other) {
  kiosks += other.kiosks;
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
  answered_again += other.answered_again;
  clock_jumps += other.clock_jumps;
  not_told += other.not_told;
  other_release += other.other_release;
  readable += other.readable;
  broken += other.broken;
  kills += other.kills;
  power_cuts += other.power_cuts;
  disk_troubles += other.disk_troubles;
  put_back += other.put_back;
  gone_with_disk += other.gone_with_disk;
  restored_before_all += other.restored_before_all;
  restored_older += other.restored_older;
  gone_with_backup += other.gone_with_backup;
  zones += other.zones;
  expired += other.expired;
  rolled_back += other.rolled_back;
  rotated += other.rotated;
  refused += other.refused;
  held_back += other.held_back;
  killed_writing += other.killed_writing;
  server.kills += other.server.kills;
  server.power_cuts += other.server.power_cuts;
  sticks_up += other.sticks_up;
  sticks_down += other.sticks_down;
  sticks_taken += other.sticks_taken;
  sticks_lost += other.sticks_lost;
  sticks_copied += other.sticks_copied;
  destroyed += other.destroyed;
  cloned += other.cloned;
  enrolments_anew += other.enrolments_anew;
  still_forked += other.still_forked;
  listed += other.listed;
  unlisted += other.unlisted;
  newer_schema += other.newer_schema;
  older_schema += other.older_schema;
  newer_protocol += other.newer_protocol;
  older_protocol += other.older_protocol;
  went_back += other.went_back;
  not_whole += other.not_whole;
  storms += other.storms;
  network += other.network;
  passed += other.passed;
  return *this;
}

std::string line_of(const HistoryOptions& options, const Outcome& outcome) {
  return fmt::format(
      "seed={} submitted={} spoken={} lost={} duplicated={} garbled={} early={} withdrawals={} "
      "come_back={} "
      "answered={} unanswered={} not_told={} "
      "other_release={} went_back={} not_whole={} storms={} readable={} unlisted={} "
      "still_forked={} broken={} "
      "kills={} "
      "power_cuts={} "
      "calls={} "
      "faults={}",
      options.seed, outcome.submitted, outcome.spoken, outcome.lost, outcome.duplicated,
      outcome.garbled, outcome.early, outcome.withdrawals, outcome.come_back, outcome.answered,
      outcome.unanswered, outcome.not_told, outcome.other_release, outcome.went_back,
      outcome.not_whole, outcome.storms, outcome.readable, outcome.unlisted, outcome.still_forked,
      outcome.broken, outcome.kills, outcome.power_cuts, outcome.network.calls, outcome.faults());
}

}  // namespace odop::test
