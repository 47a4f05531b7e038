// Two kiosks from one disk, both alive; and the staff, who enrol anew whatever kiosk was told to.
#include "kiosk/sync/mailbox.h"
#include "shared/store/sqlite.h"
#include "tests/sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace odop::test {
namespace {

// Until the kiosk that is about to be killed or to lose its power does.
constexpr std::uint64_t kWritesToLive = 40;

}  // namespace

// Drawn when a history begins, so that one without a copy draws nothing more.
void History::plan_copy() {
  if (options_.plain || copies_.below(8) != 0) return;
  copy_at_step_ = 1 + copies_.below(std::max<std::size_t>(options_.steps / 2, 1));
}

// Every other copy, and one history of six else, ends before a server whose only backup was made
// before anybody enrolled: it knows none of them, nor what they were before.
void History::back_up_before_everyone() {
  if (options_.plain || lives_.below(copy_at_step_ ? 2 : 6) != 0) return;
  back_up();
  no_other_backup_ = true;
}

void History::one_copy(std::size_t step) {
  if (copy_at_step_ == step) clone_disk(copies_.below(options_.kiosks));
  if (copy_) live_on(*copy_);
  enrol_those_told(4);
}

bool History::shares_sequences(std::size_t at) const {
  return put_back_.contains(at) || of_one_disk_.contains(at);
}

void History::clone_disk(std::size_t at) {
  if (!spared(at)) return;
  SyncKiosk& kiosk = *kiosks_[at];
  kiosk.stop();
  const std::size_t clone = kiosks_.size();
  networks_.push_back(std::make_unique<FaultyNetwork>(
      [this, clone](const kiosk::HttpRequest& request) { return deliver(clone, request); },
      options_.seed * 100 + 50 + clone, clock_));
  networks_.back()->strangers = networks_.back()->enemies = networks_.back()->may_be_slow = true;
  highest_.push_back(highest_[at]);
  highest_.back().replays = 0;
  kiosk_protocol_.push_back(kiosk_protocol_[at]);
  kiosks_.push_back(std::make_unique<SyncKiosk>(
      kiosk, *networks_.back(), options_.seed * 1000 + 700,
      [this](const std::filesystem::path& from, const std::filesystem::path& to) {
        disk_.copy(from, to);
      }));
  prepare_mistakes(clone);
  for (const auto& [reference, kept] : kept_) {
    if (kept.kiosk == at && !kept.on_lost_medium) copied_.insert(reference);
  }
  of_one_disk_.insert({at, clone});
  ever_put_back_.insert({at, clone});
  copy_of_ = at;
  copy_ = clone;
  start(at);
  ++counted_.cloned;
  trace(clone, fmt::format("runs from a copy of the disk of kiosk {}", at));
}

// Of what was on its disk when it was copied the other kiosk speaks from now on.
bool History::lives_on_in_copy(const std::string& reference, KeptByVisitor& kept) {
  if (!copy_ || kept.kiosk != copy_of_ || !copied_.contains(reference)) return false;
  kept.kiosk = *copy_;
  return true;
}

void History::live_on(std::size_t at) {
  power_back(at);
  const std::filesystem::path& folder = kiosks_[at]->folder();
  switch (copies_.below(11)) {
    case 10:
      return one_errand(at);
    case 0:
    case 1:
    case 2:
      return submit(at);
    case 3:
    case 4:
    case 5:
    case 6:
      turn(at);
      return trace(at, "turn");
    case 7:
      disk_.cut_after(folder, 1 + copies_.below(kWritesToLive));
      return trace(at, "the power is about to fail");
    case 8:
      disk_.kill_after(folder, 1 + copies_.below(kWritesToLive));
      return trace(at, "the program is about to be killed");
    default:
      ++counted_.kills;
      start(at);
      return trace(at, "killed and started");
  }
}

bool History::was_told(std::size_t at) const {
  return !disk_.dark(kiosks_[at]->folder()) &&
         kiosks_[at]->journal().must_enrol_anew().value_or(false);
}

// Whether the staff come to a kiosk that was told to be enrolled anew: to one of `of`. Now and then
// they have no new code with them and type the last one again.
bool History::enrol_those_told(std::uint64_t of) {
  bool any = false;
  for (std::size_t at = 0; at < kiosks_.size(); ++at) {
    if (!was_told(at) || (of > 1 && copies_.below(of) != 0)) continue;
    revive_server();
    const bool again = of > 1 && codes_.contains(at) && copies_.below(3) == 0;
    if (!again) codes_[at] = server_.add_kiosk();
    // Somebody has just left something: it goes up under the new name.
    if (copies_.below(4) != 0) submit(at);
    // And may have to wait until it is somebody else (settle_and_enrol and heal let it go).
    const bool is_let_go = of != 2;
    if (is_let_go && server_.hold_back && !order_.empty() && copies_.below(2) == 0) {
      server_.hold_back(order_.back());
      ++counted_.held_back;
    }
    kiosks_[at]->enrol_anew(codes_[at]);
    ++counted_.enrolments_anew;
    any = true;
    trace(at, again ? "the last code is typed again" : "a new code is typed");
  }
  return any;
}

// Until nobody is told any more; what a restored server forgot it must see again first.
void History::settle_and_enrol() {
  constexpr int kRounds = 4;
  settle();
  for (int round = 0; round < kRounds && enrol_those_told(1); ++round) {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) turn(at);
    if (server_.let_go) server_.let_go();
    settle();
  }
}

// A fork shows when both have given out one sequence; the server may have refused one of them.
void History::show_the_fork() {
  if (!copy_ || !of_one_disk_.contains(copy_of_)) return;
  constexpr int kVisitors = 4;
  for (int i = 0; i < kVisitors && device_of(copy_of_) == device_of(*copy_); ++i) {
    submit(copy_of_);
    submit(*copy_);
    settle_and_enrol();
  }
}

std::string History::device_of(std::size_t at) const {
  const auto identity = kiosks_[at]->journal().identity();
  return identity && *identity ? (*identity)->device_id : std::string();
}

std::string History::token_of(std::size_t at) const {
  const auto identity = kiosks_[at]->journal().identity();
  return identity && *identity ? (*identity)->token : std::string();
}

// Everybody who was told is somebody else now, and no two are the same.
void History::judge_copies(Outcome& outcome) {
  std::set<std::string> devices;
  std::set<std::uint64_t> numbers;
  for (std::size_t at = 0; at < kiosks_.size(); ++at) {
    const auto identity = kiosks_[at]->journal().identity();
    const bool own = identity && *identity && devices.insert((*identity)->device_id).second &&
                     numbers.insert((*identity)->kiosk.value).second;
    if (own && !was_told(at)) continue;
    ++outcome.still_forked;
    trace(at, own ? "was told to enrol anew and did not" : "is somebody else, too");
  }
}

// While the answer that makes somebody else of it is on its way.
void History::drop_former_life(std::size_t at) {
  if (!was_told(at)) return;
  auto journal =
      store::Connection::open(kiosks_[at]->folder() / "journal.db", store::OpenMode::kReadWrite);
  if (!journal) return;
  static_cast<void>(journal->run("UPDATE submission SET state=1, envelope=NULL WHERE state=0"));
}

}  // namespace odop::test
