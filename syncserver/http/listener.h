// The listening socket: a backlog of 1,024 (cpp-httplib's is 5: of 100 clients at once it answered
// 93), and an accept that survives what accept may report. POSIX only.
#pragma once

#include "shared/core/result.h"

#include <cstdint>
#include <string>

namespace odop::syncserver::http {

// Threads: one at a time.
class Listener {
 public:
  Listener() = default;
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Errors as HttpServer::start.
  [[nodiscard]] Result<std::uint16_t> open(const std::string& host, std::uint16_t port,
                                           bool any_address);

  // A non-blocking socket without Nagle's delay, or -1 when there is none at this moment. Out of
  // descriptors or memory it pauses for 20 ms. When the listening socket itself is broken it is
  // opened anew on the same port; `socket` is -1 until that succeeds.
  [[nodiscard]] int accept_one();

  // Whoever connects is refused from now on.
  void close_socket();

  [[nodiscard]] int socket() const { return socket_; }
  // How often it was opened, anew or tried to be. Whoever watches the socket must watch it again
  // when this changes: the new one may well have the old one's number.
  [[nodiscard]] std::uint64_t openings() const { return openings_; }

 private:
  [[nodiscard]] Status open_socket(std::uint16_t port);

  std::string host_;
  std::uint16_t port_ = 0;
  std::uint64_t openings_ = 0;
  int socket_ = -1;
};

}  // namespace odop::syncserver::http
