#include "kiosk/sync/bounded_stream.h"

#include "shared/core/sizes.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace odop::kiosk {
namespace {

constexpr std::size_t kPiece = 64 * kKiB;
constexpr std::chrono::milliseconds kSlice{100};  // how soon cancellation is noticed

}  // namespace

BoundedStream::BoundedStream(int socket, CallBounds& bounds, const std::atomic<bool>& cancelled)
    : socket_(socket), bounds_(bounds), cancelled_(cancelled) {}

bool BoundedStream::wait_for(short events) {
  while (!cancelled_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        bounds_.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      bounds_.timed_out = true;
      return false;
    }
    pollfd wanted{socket_, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

ssize_t BoundedStream::receive(char* out, std::size_t size) {
  for (;;) {
    // Also when bytes are always there: a flood must not outlast the deadline.
    if (cancelled_ || std::chrono::steady_clock::now() >= bounds_.deadline) {
      bounds_.timed_out = !cancelled_;
      return -1;
    }
    const auto got = recv(socket_, out, size, MSG_DONTWAIT);
    if (got > 0) {
      bounds_.any_bytes = true;
      return got;
    }
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
      bounds_.ended = true;
      return got;
    }
    if (!wait_for(POLLIN)) return -1;
  }
}

bool BoundedStream::within_head(const char* data, std::size_t size) {
  if (bounds_.head_read) return true;
  if (size > bounds_.head_bytes_left) return false;
  bounds_.head_bytes_left -= size;
  if (bounds_.status_line_left == 0) return true;  // is behind us
  if (std::memchr(data, '\n', size) != nullptr) {
    bounds_.status_line_left = 0;
    return true;
  }
  if (size >= bounds_.status_line_left) return false;
  bounds_.status_line_left -= size;
  return true;
}

ssize_t BoundedStream::read(char* out, std::size_t size) {
  if (used_ == buffer_.size()) {
    buffer_.resize(kPiece);
    used_ = 0;
    const auto got = receive(buffer_.data(), buffer_.size());
    buffer_.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got <= 0) return got;
  }
  size = std::min(size, buffer_.size() - used_);
  std::memcpy(out, buffer_.data() + used_, size);
  used_ += size;
  if (!within_head(out, size)) {
    bounds_.not_http = true;
    return -1;
  }
  return static_cast<ssize_t>(size);
}

ssize_t BoundedStream::write(const char* data, std::size_t size) {
  for (;;) {
    const auto sent = send(socket_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      bounds_.ended = true;
      return -1;
    }
    if (!wait_for(POLLOUT)) return -1;
  }
}

void BoundedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void BoundedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace odop::kiosk
