#include "syncserver/http/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace odop::syncserver::http {

Poller::Poller()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!usable() || !watch(wake_)) {
    if (epoll_ >= 0) close(epoll_);
    epoll_ = -1;
  }
}

Poller::~Poller() {
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
}

bool Poller::watch(int socket) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0;
}

bool Poller::watch_once(int socket) const {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
  event.data.fd = socket;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) == 0) return true;
  return errno == ENOENT && epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0;
}

void Poller::wait(std::chrono::milliseconds patience, std::vector<int>& readable) const {
  std::array<epoll_event, 256> events{};
  readable.clear();
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                               static_cast<int>(patience.count()));
  for (int i = 0; i < count; ++i) {
    const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
    if (socket == wake_) {
      std::uint64_t ignored = 0;
      if (read(wake_, &ignored, sizeof ignored) < 0) continue;
    } else {
      readable.push_back(socket);
    }
  }
}

void Poller::wake() const {
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof one) < 0) return;  // full: it wakes anyway
}

}  // namespace odop::syncserver::http
