#include "tests/sim/histories.h"

#include "tests/sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

constexpr int kVersions = 3;  // releases of a history, at least

kiosk::sync::EngineSettings engine_of(const KioskDefects& defects) {
  kiosk::sync::EngineSettings settings;
  if (defects.gives_up) settings.first_retry = settings.longest_retry = std::chrono::years(10);
  return settings;
}

}  // namespace

History::History(SimServer& server, const HistoryOptions& options)
    : server_(server),
      options_(options),
      random_(options.seed),
      whims_(options.seed * 7 + 3),
      hardships_(options.seed * 13 + 5),
      calamities_(options.seed * 17 + 11),
      losses_(options.seed * 23 + 17),
      copies_(options.seed * 29 + 17),
      lives_(options.seed * 31 + 19),
      disk_(options.seed * 10, options.defects.disk),
      highest_(options.kiosks),
      kiosk_protocol_(options.kiosks) {
  if (server_.lie_on) server_.lie_on(&disk_);
  plan_copy();
  back_up_before_everyone();
  for (std::size_t i = 0; i < options.kiosks; ++i) {
    networks_.push_back(std::make_unique<FaultyNetwork>(
        [this, i](const kiosk::HttpRequest& request) { return deliver(i, request); },
        options.seed * 100 + i, clock_));
    kiosks_.push_back(new_kiosk(i, options.seed * 1000 + i));
    prepare_mistakes(i);
  }
}

std::unique_ptr<SyncKiosk> History::new_kiosk(std::size_t at, std::uint64_t seed) {
  FaultyNetwork& network = *networks_[at];
  auto kiosk = std::make_unique<SyncKiosk>(network, clock_, seed, server_.add_kiosk(),
                                           engine_of(options_.defects), disk_.files());
  // Enrolment suffers like everything else; visitors come afterwards. Who gives up early never
  // gets that far.
  network.faults = !options_.defects.gives_up;
  while (!kiosk->state.enrolled) kiosk->run_for(1min);
  network.faults = true;
  // A code that a stranger refused would have to be typed again.
  network.strangers = network.enemies = network.may_be_slow = !options_.plain;
  return kiosk;
}

History::~History() {
  if (server_.lie_on) server_.lie_on(nullptr);
  if (counted_.zones == 0) return;
  ::unsetenv("TZ");
  ::tzset();
}

Outcome History::run() {
  const MonoTime begun = clock_.mono();
  const std::size_t between = std::max<std::size_t>(options_.steps / kVersions, 1);
  for (std::size_t step = 0; step < options_.steps; ++step) {
    one_step();
    if (!options_.plain) one_whim();
    if (!options_.plain) one_hardship();
    if (!options_.plain) one_calamity();
    if (!options_.plain && losses_.below(40) == 0) restore_older();
    if (!options_.plain) one_copy(step);
    if (step % between == std::min<std::size_t>(between - 1, 5)) publish();
    clock_.advance(std::chrono::milliseconds(random_.below(options_.plain ? 20'000 : 40'000)));
  }
  // Once in six histories, whatever their length.
  if (!options_.plain && destroyed_ == 0 && calamities_.below(6) == 0) {
    destroy(calamities_.below(options_.kiosks));
  }
  if (!options_.plain) overtake();
  if (!options_.plain) send_on_a_bad_line();
  heal();
  Outcome outcome = judge();
  outcome.passed = clock_.mono() - begun;
  outcome.kiosks = options_.kiosks;
  return outcome;
}

void History::one_step() {
  const std::size_t at = random_.below(options_.kiosks);
  power_back(at);
  const std::uint64_t what = random_.below(20);
  if (what < (options_.plain ? 9U : 6U)) {
    submit(at);
  } else if (what < 15) {
    turn(at);
    trace(at, "turn");
  } else if (what == 15) {
    // Falls into whatever this kiosk writes next.
    disk_.cut_after(kiosks_[at]->folder(), 1 + random_.below(60));
    trace(at, "the power is about to fail");
  } else if (what < 18) {
    ++counted_.kills;
    start(at);
    trace(at, "killed and started");
  } else if (what == 18) {
    back_up();
    trace(at, "the server is backed up");
  } else {
    restore();
    trace(at, "the server is restored");
  }
}

void History::submit(std::size_t at) {
  const std::string text = fmt::format("{}-word-{}", options_.seed, ++texts_);
  SyncKiosk& kiosk = *kiosks_[at];
  if (options_.defects.keeps_drafts) {
    static_cast<void>(kiosk.journal().set_setting("draft", text));
  }
  const auto spoken = speak(text);
  const auto kept = kiosk.submit(text, spoken);
  if (!kept) {
    if (options_.defects.shows_before_commit) only_promised_.push_back(text);
    unkept_.insert(R"({"message":")" + text + R"("})");
    return trace(at, "not kept: " + kept.error().context);
  }
  remember(at, *kept,
           {.kiosk = at,
            .answers = R"({"message":")" + text + R"("})",
            .spoken = spoken,
            .code = kept->status_code});
  order_.push_back(kept->reference);
  if (options_.defects.skips_sealing) unseal(at, kept->reference, text);
  trace(at, fmt::format("kept {} with {} recordings", kept->reference, spoken.size()));
}

void History::publish() {
  revive_server();
  sign_with_a_known_key();
  newest_ = ReleaseNumber{server_.publish(++version_)};
  release_lost_ = false;
}

void History::back_up() {
  if (!server_.back_up || no_other_backup_) return;
  revive_server();
  server_.back_up();
  key_in_older_ = std::exchange(key_in_backup_, rotated_ && !key_lost_);
  reported_before_ = std::exchange(reported_backed_up_, reported_);
  for (auto& [reference, kept] : kept_) {
    kept.backed_up_before = std::exchange(kept.backed_up, kept.answer);
  }
  in_backup_before_ = std::move(in_backup_);
  in_backup_.clear();
  for (const auto& [reference, times] : server_.stored()) {
    if (server_.whole(reference)) in_backup_.insert(reference);
  }
}

// What was answered since the backup may be at kiosks, and the server knows nothing of it.
void History::restore() {
  if (!server_.restore) return;
  revive_server();
  server_.restore();
  if (no_other_backup_) ++counted_.restored_before_all;
  reported_ = reported_backed_up_;
  forget_since_backup();
}

// The medium with the last backup is no more. What kiosks gave up for it is on none.
void History::restore_older() {
  if (!server_.restore_older) return;
  revive_server();
  if (!server_.restore_older()) return;
  ++counted_.restored_older;
  for (const std::string& reference : in_backup_) {
    if (!in_backup_before_.contains(reference)) only_in_lost_backup_.insert(reference);
  }
  in_backup_ = in_backup_before_;
  key_in_backup_ = key_in_older_;
  reported_ = reported_backed_up_ = reported_before_;
  for (auto& [reference, kept] : kept_) kept.backed_up = kept.backed_up_before;
  forget_since_backup();
  trace(0, "the server is restored from an older backup");
}

void History::forget_since_backup() {
  release_lost_ = server_.forgets_releases;
  key_lost_ = server_.forgets_releases && rotated_ && !key_in_backup_;
  for (auto& [reference, kept] : kept_) {
    if (kept.held && !in_backup_.contains(reference)) {
      kept.held = false;
      lose_withdrawal(kept);
    }
    if (kept.answer.ciphertext == kept.backed_up.ciphertext) continue;
    kept.forgotten.insert(kept.answer.ciphertext);
    kept.answer = kept.backed_up;
    kept.answered_since = false;
  }
}

// Once in sixteen histories kiosks give up what a backup covers, and that one is lost.
void History::lose_a_backup() {
  if (!server_.restore_older || losses_.below(16) != 0) return;
  for (int round = 0; round < 3; ++round) {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) submit(at);
    settle();
    if (round < 2) back_up();
  }
  restore_older();
  if (release_lost_) publish();
  settle();
}

// What else may happen, from a stream of its own, so that the steps stay what they were.
void History::one_whim() {
  const std::uint64_t what = whims_.below(12);
  if (what < 2) {
    withdraw();
  } else if (what < 4) {
    revive_server();
    server_.open();
  } else if (what < 6 && !order_.empty()) {
    // The first that is there and not withdrawn, from any one on.
    const std::size_t from = whims_.below(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (answer(order_[(from + i) % order_.size()])) break;
    }
  } else if (what == 6) {
    ++counted_.clock_jumps;
    const std::chrono::days years{365 * (1 + static_cast<int>(whims_.below(6)))};
    clock_.set_wall(whims_.below(2) == 0 ? right_time() + years : right_time() - years);
    trace(0, "the clock jumps");
  } else if (what == 7) {
    clock_.set_wall(right_time());
  }
}

bool History::answer(const std::string& reference) {
  revive_server();
  auto given = server_.answer(reference);
  if (!given) return false;
  KeptByVisitor& kept = kept_[reference];
  if (!kept.forgotten.empty()) ++counted_.answered_again;
  kept.answered_since = true;
  kept.answer = std::move(*given);
  trace(kept.kiosk, fmt::format("{} is answered, {}", reference, kept.answer.revision));
  return true;
}

// Once in two histories, when kiosks have everything that the server is about to lose.
bool History::restore_when_all_is_calm() {
  if (whims_.below(2) != 0) return false;
  restore();
  if (release_lost_) publish();
  trace(0, "the server is restored");
  return true;
}

// The office sees that answers are gone, and gives them again.
bool History::answer_what_was_forgotten() {
  bool any = false;
  for (const std::string& reference : order_) {
    const KeptByVisitor& kept = kept_[reference];
    if (!kept.forgotten.empty() && !kept.answered_since && answer(reference)) any = true;
  }
  return any;
}

// Somebody comes to some kiosk with a receipt; now and then with a code that is not its own.
void History::withdraw() {
  if (order_.empty()) return;
  const std::size_t at = whims_.below(options_.kiosks);
  const std::string reference = order_[whims_.below(order_.size())];
  withdraw(at, reference, whims_.below(4) != 0);
}

void History::withdraw(std::size_t at, const std::string& reference, bool right) {
  power_back(at);
  std::string code = kept_[reference].code;
  if (!right) code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
  const auto kept = kiosks_[at]->withdraw(reference, code);
  if (!kept) {
    // The power failed in the commit: nobody was told, and it may stand on the disk all the same.
    if (right) perhaps_withdrawn_.insert(reference);
    unkept_.insert(R"({"reference":")" + reference + R"(","status_code":")" + code + R"("})");
    return;
  }
  remember(at, *kept,
           {.kiosk = at,
            .answers = R"({"reference":")" + reference + R"(","status_code":")" + code + R"("})",
            .withdraws = right ? reference : std::string(),
            .wrong_code = !right});
  if (right) withdrawn_.insert(reference);
  trace(at, fmt::format("{} withdraws {}{}", kept->reference, reference,
                        right ? "" : ", with a wrong code"));
}

// A third of the visitors speak, some of them twice, a second or half a minute; the words stand
// in what they say.
std::map<std::string, Bytes> History::speak(const std::string& text) {
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
void History::turn(std::size_t at) {
  SyncKiosk& kiosk = *kiosks_[at];
  const std::size_t before = kiosk.arrived.size();
  kiosk.turn();
  make_reserve(at);
  if (options_.defects.drops_withdrawn) drop_withdrawn(at);
  for (std::size_t i = before; i < kiosk.arrived.size(); ++i) {
    if (server_.whole(kiosk.arrived[i])) continue;
    // Of two that nobody was told of, and that met in their digits, whichever was asked for; a
    // restored server may have one of them alone in the end.
    const auto here = server_.stored();
    const auto twin = here.find(kiosk.arrived[i]);
    if (twin != here.end() && twin->second > 1 && !kept_.contains(kiosk.arrived[i])) continue;
    told_early_.push_back(kiosk.arrived[i]);
    trace(at, kiosk.arrived[i] + " is told too early");
  }
  if (networks_[at]->counts.replayed != highest_[at].replays) look_at_release(at);
}

// The power may fail while a kiosk starts: then it stays off for now. A disk that only fails once
// is tried again.
void History::start(std::size_t at) {
  SyncKiosk& kiosk = *kiosks_[at];
  if (!options_.plain) look_at_release(at);
  constexpr int kTries = 4;
  for (int i = 0; i < kTries; ++i) {
    kiosk.stop();
    networks_[at]->on_start();
    make_reserve(at);
    if (options_.defects.forgets_pointer) forget_pointer(at);
    try {
      return kiosk.start();
    } catch (const std::runtime_error&) {
      if (disk_.dark(kiosk.folder())) return;
      if (i + 1 == kTries || options_.plain) throw;
    }
  }
}

// A kiosk without power is started again before anything else happens to it.
void History::power_back(std::size_t at) {
  SyncKiosk& kiosk = *kiosks_[at];
  if (!disk_.dark(kiosk.folder())) return;
  kiosk.stop();
  disk_.power_up(kiosk.folder());
  start(at);
  look_into_release(at);
  trace(at, "the power is back");
}

void History::trace(std::size_t at, const std::string& what) {
  if (options_.trace == nullptr) return;
  *options_.trace << fmt::format("{:>9} s  kiosk {}  {}\n", clock_.mono().count() / 1000, at, what);
}

// Nobody comes any more, and nothing is cut or killed, but the line is what it was.
void History::send_on_a_bad_line() {
  for (std::size_t at = 0; at < kiosks_.size(); ++at) {
    disk_.trouble_after(kiosks_[at]->folder(), DiskTrouble::kFull, 0);
    power_back(at);
    disk_.cut_after(kiosks_[at]->folder(), 0);
  }
  constexpr std::size_t kStepsOfRound = 6;
  const std::size_t rounds = std::max<std::size_t>(options_.steps / kStepsOfRound, 2);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) turn(at);
    enrol_those_told(3);
    revive_server();
    server_.open();
    clock_.advance(20s);
  }
}

void History::heal() {
  revive_server();
  if (server_.die) server_.die(0, false);
  server_protocol_ = 0;
  std::ranges::fill(kiosk_protocol_, 0);
  if (!options_.plain) clock_.set_wall(right_time());
  for (std::size_t at = 0; at < kiosks_.size(); ++at) {
    power_back(at);
    disk_.cut_after(kiosks_[at]->folder(), 0);
  }
  if (server_.let_go) server_.let_go();
  set_network(!options_.plain, true);
  if (release_lost_ || !options_.plain) publish();
  for (const bool started : {false, true}) {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) {
      if (started && !options_.plain && at == options_.seed % options_.kiosks) start(at);
      turn(at);
    }
    if (!options_.plain) enrol_those_told(2);
    clock_.advance(100s);
  }
  set_network(false, false);
  // One more answer that no backup has.
  if (!options_.plain) {
    static_cast<void>(std::ranges::any_of(
        order_, [this](const std::string& reference) { return answer(reference); }));
  }
  if (options_.plain) {
    settle();
  } else {
    settle_and_enrol();
    show_the_fork();
    if (restore_when_all_is_calm()) settle_and_enrol();
    lose_a_backup();
    if (answer_what_was_forgotten()) settle_and_enrol();
  }
  // What a stranger would not take at all waits for an hour.
  clock_.advance(1h);
  options_.plain ? settle() : settle_and_enrol();
}

void History::set_network(bool faults, bool fading) {
  for (auto& network : networks_) {
    network->faults = faults;
    network->fading = fading;
    network->strangers = network->may_be_slow = faults && !fading;
    network->enemies = faults;
  }
}

// Until kiosks have nothing to send and a round changed nothing that they hold, or longer than the
// longest back-off. Kiosks take turns.
void History::settle() {
  constexpr int kRounds = 12;
  auto before = held_when_drained();
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t at = 0; at < kiosks_.size(); ++at) turn(at);
    if (!options_.plain) server_.open();
    clock_.advance(100s);
    auto now = held_when_drained();
    if (now && now == before) return;
    before = std::move(now);
  }
}

// Feed positions, answers and sequences; nothing while something is unsent or a release lacks.
std::optional<std::vector<std::uint64_t>> History::held_when_drained() const {
  std::vector<std::uint64_t> held;
  for (const auto& kiosk : kiosks_) {
    const auto queue = kiosk->journal().queue();
    const auto feed = kiosk->journal().feed_position();
    if (!queue || !feed || queue->unsent() != 0 || kiosk->state.release != newest_) return {};
    held.insert(held.end(), {feed->value, queue->answers, queue->last_sequence.value});
  }
  return held;
}

Outcome run_history(SimServer& server, const HistoryOptions& options) {
  try {
    return History(server, options).run();
  } catch (const std::runtime_error& error) {
    if (options.trace != nullptr) *options.trace << "broken: " << error.what() << '\n';
    Outcome outcome;
    outcome.broken = 1;
    return outcome;
  }
}

}  // namespace odop::test
