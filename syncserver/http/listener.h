// The listening socket: a backlog of 1,024 (cpp-httplib's is 5: of 100 clients at once it answered
// 93), and an accept that survives what accept may report. POSIX only.
#pragma once

#include "shared/core/result.h"

#include <cstdint>
#include <string>

namespace odop::syncserver::http {

// Threads: `accept_one` on one thread, `wake` on any.
class Listener {
 public:
  Listener() = default;
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Errors as HttpServer::start.
  [[nodiscard]] Result<std::uint16_t> open(const std::string& host, std::uint16_t port,
                                           bool any_address);

  // A non-blocking socket without Nagle's delay, or -1 after `wake`. Out of descriptors or memory
  // it waits for better times; when the socket itself is broken it is opened anew on the same port.
  [[nodiscard]] int accept_one();
  void wake();
  // After the last accept_one: whoever connects is refused from now on.
  void close_socket();

  [[nodiscard]] int socket() const { return socket_; }

 private:
  [[nodiscard]] Status open_socket(std::uint16_t port);

  std::string host_;
  std::uint16_t port_ = 0;
  int socket_ = -1;
  int wake_read_ = -1;
  int wake_write_ = -1;
};

}  // namespace odop::syncserver::http
