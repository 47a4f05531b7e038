// A network that misbehaves as its seed says: requests vanish, answers are eaten after the server
// has acted, requests arrive twice, or late and out of order, and transfers break off. Strangers
// answer too: a captive portal says 200 to everything, a proxy that a body is too large, a tired
// server that it is too busy.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/random.h"
#include "tests/support/loopback_transport.h"

#include <cstddef>
#include <cstdint>
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
      return *this;
    }
  };

  FaultyNetwork(Handler handler, std::uint64_t seed)
      : handler_(handler), inner_(std::move(handler)), random_(seed) {}

  Result<kiosk::HttpAnswer> send(const kiosk::HttpRequest& request,
                                 kiosk::BodySink* sink) override {
    ++counts.calls;
    if (!late_.empty() && random_.below(3) == 0) deliver_one_late();
    if (!faults) return inner_.send(request, sink);
    // 20 % of answers eaten and 10 % of requests doubled, as the hardening checks ask.
    const std::uint64_t fate = random_.below(100);
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
  void cancel() override { inner_.cancel(); }

  bool faults = true;
  bool strangers = false;  // captive portals, proxies, tired servers
  Counts counts;

 private:
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
  std::vector<kiosk::HttpRequest> late_;
};

}  // namespace odop::test
