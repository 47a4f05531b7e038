// A network that misbehaves as its seed says: requests vanish, answers are eaten after the server
// has acted, requests arrive twice, or late and out of order, and transfers break off. Strangers
// answer too: a captive portal says 200 to everything, a proxy that a body is too large, a tired
// server that it is too busy; the true one may be slow, also slower than a caller waits; an enemy
// forges receipts, brings old pointers again, and changes bytes of a release on its way.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/support/loopback_transport.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace odop::test {

class FaultyNetwork final : public kiosk::Transport {
 public:
  struct Counts {
    std::uint64_t calls = 0;
    std::uint64_t dropped = 0;
    std::uint64_t eaten = 0;
    std::uint64_t doubled = 0;
    std::uint64_t late = 0;
    std::uint64_t cut = 0;
    std::uint64_t captive = 0;
    std::uint64_t too_large = 0;
    std::uint64_t busy = 0;
    std::uint64_t forged = 0;    // receipts that somebody else signed
    std::uint64_t replayed = 0;  // answers to an earlier heartbeat
    std::uint64_t flipped = 0;   // a bit of a release
    std::uint64_t slow = 0;      // answers that took long
    std::uint64_t too_slow = 0;  // of those, after the caller had gone
    // Failed calls of one kiosk within a minute, at most.
    std::uint64_t failures_a_minute = 0;
    std::uint64_t calls_a_minute = 0;  // whatever came of them; but feed, recordings, releases

    Counts& operator+=(const Counts& other) {
      calls += other.calls;
      dropped += other.dropped;
      eaten += other.eaten;
      doubled += other.doubled;
      late += other.late;
      cut += other.cut;
      captive += other.captive;
      too_large += other.too_large;
      busy += other.busy;
      forged += other.forged;
      replayed += other.replayed;
      flipped += other.flipped;
      slow += other.slow;
      too_slow += other.too_slow;
      failures_a_minute = std::max(failures_a_minute, other.failures_a_minute);
      calls_a_minute = std::max(calls_a_minute, other.calls_a_minute);
      return *this;
    }
  };

  FaultyNetwork(Handler handler, std::uint64_t seed, ManualClock& clock)
      : handler_(handler),
        inner_([this](const kiosk::HttpRequest& request) { return on_the_way(request); }),
        random_(seed),
        mischief_(seed ^ 0x5eedU),
        patience_(seed ^ 0x510eU),
        clock_(clock) {}

  Result<kiosk::HttpAnswer> send(const kiosk::HttpRequest& request,
                                 kiosk::BodySink* sink) override {
    auto answer = may_be_slow && faults ? slowly(request, sink) : at_once(request, sink);
    if (!answer || answer->status >= 300) note(failures_, counts.failures_a_minute);
    if (answer && answer->status == 200 && on_200) on_200(request);
    if (!answer && answer.error().code == ErrorCode::kTimeout && on_timeout) on_timeout(request);
    return answer;
  }
  void cancel() override { inner_.cancel(); }

  bool faults = true;
  bool strangers = false;  // captive portals, proxies, tired servers
  bool enemies = false;    // who forge, replay and change
  bool may_be_slow = false;
  // Nothing is held up any more, but one answer in ten is eaten and one request in ten comes twice.
  bool fading = false;
  // The program has just begun: who replays hopes that it has forgotten what it knew.
  void on_start() { just_started_ = true; }
  // What an enemy answers to a push; may be empty.
  Handler forge;
  // Told of each answer with status 200, whoever gave it; may be empty.
  std::function<void(const kiosk::HttpRequest&)> on_200;
  // Told of each request that nobody answered in time; may be empty.
  std::function<void(const kiosk::HttpRequest&)> on_timeout;
  Counts counts;

 private:
  Result<kiosk::HttpAnswer> at_once(const kiosk::HttpRequest& request, kiosk::BodySink* sink) {
    return enemies && faults ? mischief(request, sink) : pass(request, sink);
  }

  // One in twenty takes up to twice as long as the caller waits. What comes too late may have been
  // done, or will be.
  Result<kiosk::HttpAnswer> slowly(const kiosk::HttpRequest& request, kiosk::BodySink* sink) {
    if (patience_.below(20) != 0) return at_once(request, sink);
    ++counts.slow;
    const auto deadline = static_cast<std::uint64_t>(request.deadline.count());
    const std::uint64_t takes = patience_.below(2 * deadline);
    if (takes < deadline) {
      clock_.advance(MonoTime(takes));
      return at_once(request, sink);
    }
    ++counts.too_slow;
    clock_.advance(request.deadline);
    if (patience_.below(2) == 0) {
      static_cast<void>(handler_(request));
    } else {
      late_.push_back(request);
    }
    return fail(ErrorCode::kTimeout, "slow");
  }

  Result<kiosk::HttpAnswer> mischief(const kiosk::HttpRequest& request, kiosk::BodySink* sink) {
    const std::uint64_t fate = mischief_.below(40);
    if (request.path == "/v1/push" && fate == 0 && forge) {
      ++counts.forged;
      return forge(request);
    }
    if (sink != nullptr && fate < 4) {
      ++counts.flipped;
      flip_ = true;
    }
    if (request.path != "/v1/heartbeat") return pass(request, sink);
    const std::uint64_t replays = std::exchange(just_started_, false) ? 30 : 12;
    if (fate < replays && !heartbeats_.empty()) {
      ++counts.replayed;
      return heartbeats_[mischief_.below(heartbeats_.size())];
    }
    auto answer = pass(request, sink);
    constexpr std::size_t kRemembered = 12;
    const bool points = answer && answer->body.find("\"manifest\"") != Bytes::npos;
    if (points && heartbeats_.size() < kRemembered) heartbeats_.push_back(*answer);
    return answer;
  }

  kiosk::HttpAnswer on_the_way(const kiosk::HttpRequest& request) {
    kiosk::HttpAnswer answer = handler_(request);
    // What an enrolment answers is all that a kiosk checks others by; only the line vouches for it.
    const bool enrols = request.path == "/v1/enrol" || request.path == "/v1/readmit";
    if (!enrols && std::exchange(flip_, false) && !answer.body.empty()) {
      char& byte = answer.body[mischief_.below(answer.body.size())];
      byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << mischief_.below(8)));
    }
    return answer;
  }

  // Into `times`, and how many there were within a minute into `most`.
  void note(std::deque<MonoTime>& times, std::uint64_t& most) const {
    constexpr MonoTime kMinute{60'000};
    const MonoTime now = clock_.mono();
    times.push_back(now);
    while (times.front() + kMinute <= now) times.pop_front();
    most = std::max<std::uint64_t>(most, times.size());
  }

  Result<kiosk::HttpAnswer> pass(const kiosk::HttpRequest& request, kiosk::BodySink* sink) {
    ++counts.calls;
    // What goes page by page or piece by piece may come as fast as it is answered.
    const bool in_parts = request.path.starts_with("/v1/feed") ||
                          request.path.starts_with("/v1/releases/") ||
                          request.path.starts_with("/v1/attachments/");
    if (!in_parts) note(calls_, counts.calls_a_minute);
    if (!late_.empty() && random_.below(3) == 0) deliver_one_late();
    if (!faults) return inner_.send(request, sink);
    // 20 % of answers eaten and 10 % of requests doubled, as the hardening checks ask.
    const std::uint64_t fate = fading ? faint(random_.below(100)) : random_.below(100);
    if (fate < 10) {
      ++counts.dropped;
      return fail(ErrorCode::kOffline, "dropped");
    }
    if (fate < 30) {
      ++counts.eaten;
      static_cast<void>(handler_(request));
      return fail(random_.below(2) == 0 ? ErrorCode::kTimeout : ErrorCode::kOffline, "eaten");
    }
    if (fate < 40) {
      ++counts.doubled;
      static_cast<void>(handler_(request));
    } else if (fate < 50 && sink == nullptr) {
      ++counts.late;
      late_.push_back(request);
      return fail(ErrorCode::kTimeout, "late");
    } else if (fate < 60 && sink != nullptr) {
      ++counts.cut;
      inner_.cut_after = static_cast<std::size_t>(random_.below(100'000));
      if (inner_.cut_after == 0) inner_.cut_after = 1;
    }
    if (strangers && fate >= 60 && fate < 72) return stranger(request, fate);
    auto answer = inner_.send(request, sink);
    inner_.cut_after = SIZE_MAX;
    return answer;
  }

  // Of the fates in pass(): some are eaten, some doubled, the others come through.
  static std::uint64_t faint(std::uint64_t fate) {
    constexpr std::uint64_t kEaten = 10;
    constexpr std::uint64_t kDoubled = 30;
    constexpr std::uint64_t kThrough = 99;
    if (fate < 10) return kEaten;
    return fate < 20 ? kDoubled : kThrough;
  }

  Result<kiosk::HttpAnswer> stranger(const kiosk::HttpRequest& request, std::uint64_t fate) {
    if (fate < 65) {
      ++counts.captive;
      // With a range asked for, the transport itself refuses a 200.
      if (request.range) return fail(ErrorCode::kMalformed, "200 for a range");
      return kiosk::HttpAnswer{200, "text/html", "<html>Welcome to the hall</html>", {}};
    }
    if (fate < 68) {
      ++counts.too_large;
      return kiosk::HttpAnswer{413, "text/html", "", {}};
    }
    ++counts.busy;
    const auto seconds = static_cast<std::uint32_t>(random_.below(120));
    return kiosk::HttpAnswer{fate < 70 ? 429 : 503, "text/plain", "", seconds};
  }

  void deliver_one_late() {
    const auto at = static_cast<std::ptrdiff_t>(random_.below(late_.size()));
    const kiosk::HttpRequest request = late_[static_cast<std::size_t>(at)];
    late_.erase(late_.begin() + at);
    static_cast<void>(handler_(request));
  }

  Handler handler_;
  LoopbackTransport inner_;
  SeededRandom random_;
  SeededRandom mischief_;
  SeededRandom patience_;
  ManualClock& clock_;
  std::vector<kiosk::HttpRequest> late_;
  std::vector<kiosk::HttpAnswer> heartbeats_;  // answers with a pointer that were seen
  std::deque<MonoTime> failures_;
  std::deque<MonoTime> calls_;  // of the last minute
  bool flip_ = false;
  bool just_started_ = false;
};

}  // namespace odop::test
