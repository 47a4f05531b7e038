// A server in the same process: a function from request to answer, behind the kiosk's Transport.
// Keeps Transport's promises: ranges, sinks, byte caps.
#pragma once

#include "kiosk/sync/transport.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace odop::test {

// Answers as the server would: for a range, 206 and exactly those bytes. Status 0: nobody answers.
using Handler = std::function<kiosk::HttpAnswer(const kiosk::HttpRequest&)>;

class LoopbackTransport final : public kiosk::Transport {
 public:
  explicit LoopbackTransport(Handler handler) : handler_(std::move(handler)) {}

  Result<kiosk::HttpAnswer> send(const kiosk::HttpRequest& request,
                                 kiosk::BodySink* sink) override {
    if (cancelled_) return fail(ErrorCode::kOffline, "cancelled");
    log.push_back(request.method + " " + request.path);
    if (down) return fail(ErrorCode::kOffline, "refused");
    kiosk::HttpAnswer answer = handler_(request);
    if (answer.status == 0) return fail(ErrorCode::kOffline, "nobody answers");
    bytes_down += answer.body.size();
    if (answer.body.size() > request.max_answer_bytes) {
      return fail(ErrorCode::kTooLarge, "the answer is above its cap");
    }
    if (request.range && answer.status == 200) {
      return fail(ErrorCode::kMalformed, "200 for a range");
    }
    if (sink == nullptr || (answer.status != 200 && answer.status != 206)) return answer;
    // In pieces, as a network gives them; `cut_after` bytes from now on it breaks.
    constexpr std::size_t kPiece = 16 * 1024;
    const Bytes body = std::exchange(answer.body, {});
    for (std::size_t at = 0; at < body.size(); at += kPiece) {
      const std::size_t size = std::min({kPiece, body.size() - at, cut_after});
      if (cut_after != SIZE_MAX) cut_after -= size;
      if (!sink->write(BytesView(body).substr(at, size))) return answer;
      if (cut_after == 0) {
        cut_after = SIZE_MAX;
        return fail(ErrorCode::kOffline, "cut");
      }
    }
    return answer;
  }
  void cancel() override { cancelled_ = true; }

  std::vector<std::string> log;  // "GET /v1/hello"
  std::uint64_t bytes_down = 0;
  bool down = false;
  std::size_t cut_after = SIZE_MAX;

 private:
  Handler handler_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace odop::test
