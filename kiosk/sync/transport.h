// One call to the server. Implementations: http_transport (the network) and loopback_transport (a
// server in the same process, for tests and simulation). A transport knows nothing of what it
// carries.
//
// Threads: `send` on the worker's thread only; `cancel` from any.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace odop::kiosk {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;  // at least 1
};

struct HttpRequest {
  std::string method;        // GET, POST, PUT
  std::string path;          // with query: /v1/feed?after=3
  std::string content_type;  // empty without body
  Bytes body;
  std::string token;  // bearer; empty = none
  std::optional<ByteRange> range;
  std::size_t max_answer_bytes = 1024 * 1024;  // more is kTooLarge; counts streamed bytes too
  std::chrono::milliseconds deadline{20'000};  // for the whole call, connect included
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  Bytes body;                                  // empty when a sink took it
  std::optional<std::uint32_t> retry_after_s;  // header Retry-After in seconds
};

// Takes a body as it comes.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // False stops the transfer; `send` then returns what it has, with its status.
  virtual bool write(BytesView bytes) = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Any status is an answer; an Error means that there was none: kOffline (refused, cut, no
  // network; also a cut in the middle of a body), kTimeout (the deadline; connecting has 5 s, and
  // so has looking up the name), kForbidden (TLS, and the certificate is not to be trusted),
  // kTooLarge, kMalformed (not HTTP; a range was asked for and the answer is 200 or another range).
  // With `sink`, the body of 200 (no range asked) and 206 goes there piece by piece; bodies of
  // other statuses go to HttpAnswer::body. Redirects are not followed. Never throws.
  [[nodiscard]] virtual Result<HttpAnswer> send(const HttpRequest& request, BodySink* sink) = 0;

  // Makes a running `send`, and each later one, return kOffline soon. For shutdown.
  virtual void cancel() = 0;
};

}  // namespace odop::kiosk
