#include "syncserver/http/connection.h"

#include "shared/core/sizes.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace odop::syncserver::http {
namespace {

constexpr std::size_t kPiece = 16 * kKiB;
constexpr std::size_t kSendAt = 64 * kKiB;  // written bytes are gathered up to here

}  // namespace

Connection::Connection(int socket, std::chrono::milliseconds write_patience)
    : socket_(socket), write_patience_(write_patience) {}

Connection::~Connection() { close(socket_); }

bool Connection::poll_for(short events, Clock::time_point deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left < 0) return false;
    pollfd wanted{socket_, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 0 && left == 0) return false;
  }
}

ssize_t Connection::receive(char* out, std::size_t size, Clock::time_point deadline) const {
  for (;;) {
    const auto got = recv(socket_, out, size, 0);
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
    if (!poll_for(POLLIN, deadline)) return -1;
  }
}

bool Connection::wait_readable(std::chrono::milliseconds patience) {
  return buffered() > 0 || poll_for(POLLIN, Clock::now() + patience);
}

Connection::HeadResult Connection::read_head(Clock::time_point deadline, std::size_t max_bytes,
                                             std::string_view& head) {
  constexpr std::string_view kEmptyLine = "\r\n\r\n";
  in_.erase(0, in_used_);
  in_used_ = 0;
  std::size_t looked = 0;
  for (;;) {
    const auto end = in_.find(kEmptyLine, looked);
    if (end != std::string::npos && end + kEmptyLine.size() <= max_bytes) {
      head = std::string_view{in_}.substr(0, end + kEmptyLine.size());
      return HeadResult::kRead;
    }
    if (in_.size() >= max_bytes) return HeadResult::kTooLong;
    looked = in_.size() < kEmptyLine.size() ? 0 : in_.size() - kEmptyLine.size() + 1;
    const std::size_t held = in_.size();
    in_.resize(held + kPiece);
    const auto got = receive(in_.data() + held, kPiece, deadline);
    in_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return HeadResult::kClosed;
    if (got < 0) return in_.empty() ? HeadResult::kClosed : HeadResult::kTooSlow;
  }
}

void Connection::begin_request(std::size_t bytes, Clock::time_point deadline) {
  may_read_ = bytes;
  read_deadline_ = deadline;
}

ssize_t Connection::read(char* out, std::size_t size) {
  size = std::min(size, may_read_);
  if (size == 0) return 0;
  ssize_t got = 0;
  if (buffered() > 0) {
    size = std::min(size, buffered());
    std::memcpy(out, in_.data() + in_used_, size);
    in_used_ += size;
    got = static_cast<ssize_t>(size);
  } else {
    got = receive(out, size, read_deadline_);
  }
  if (got > 0) may_read_ -= static_cast<std::size_t>(got);
  return got;
}

bool Connection::send_all(std::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    const auto sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      broken_ = !poll_for(POLLOUT, Clock::now() + write_patience_);
    } else if (errno != EINTR) {
      broken_ = true;
    }
  }
  return !broken_;
}

ssize_t Connection::write(const char* data, std::size_t size) {
  if (broken_) return -1;
  if (out_.size() + size <= kSendAt) {
    out_.append(data, size);
    return static_cast<ssize_t>(size);
  }
  return flush() && send_all({data, size}) ? static_cast<ssize_t>(size) : -1;
}

bool Connection::flush() {
  const bool sent = send_all(out_);
  out_.clear();
  return sent;
}

void Connection::end_politely() {
  constexpr std::chrono::milliseconds kMoment{200};
  // More than the site in front lets through (1 MiB): it sends a body whole before it reads the
  // answer, and takes a reset for a server that is down (502).
  constexpr std::size_t kMostDrained = 1280 * kKiB;
  if (shutdown(socket_, SHUT_WR) != 0) return;
  // Closing over unread bytes would reset the connection and could take the answer with it.
  std::array<char, kPiece> piece{};
  const auto deadline = Clock::now() + kMoment;
  std::size_t drained = 0;
  while (drained < kMostDrained) {
    const auto got = receive(piece.data(), piece.size(), deadline);
    if (got <= 0) return;
    drained += static_cast<std::size_t>(got);
  }
}

// Addresses are of no use here (nginx stands in front, limits go by token) and of no business to
// logs.
void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace odop::syncserver::http
