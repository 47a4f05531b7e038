// epoll and a way to wake it: says which sockets have something to read. POSIX only.
#pragma once

#include "shared/core/result.h"

#include <chrono>
#include <vector>

namespace odop::syncserver::http {

// Threads: `wait` on one thread, everything else on any.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  [[nodiscard]] bool usable() const { return epoll_ >= 0 && wake_ >= 0; }

  // Reports `socket` whenever it is readable. Closing it takes it out.
  [[nodiscard]] bool watch(int socket) const;
  // Reports `socket` once, then not again until the next `watch_once`. False: out of memory.
  [[nodiscard]] bool watch_once(int socket) const;

  // Sockets that are readable or closed by the peer; empty after `patience` or `wake`.
  void wait(std::chrono::milliseconds patience, std::vector<int>& readable) const;
  void wake() const;

 private:
  int epoll_ = -1;
  int wake_ = -1;
};

}  // namespace odop::syncserver::http
