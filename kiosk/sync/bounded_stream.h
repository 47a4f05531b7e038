// A connected socket as cpp-httplib's Stream, with a deadline for everything, a bound on the bytes
// that come in, and an ear for cancellation. For http_transport.cpp only: it includes httplib.
#pragma once

#include "shared/core/sizes.h"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace odop::kiosk {

// What one call may take, and what became of it.
struct CallBounds {
  std::chrono::steady_clock::time_point deadline;
  std::size_t head_bytes_left = 64 * kKiB;  // until the head has been read
  std::size_t status_line_left = 2 * kKiB;  // cpp-httplib matches this line by a recursive regex
  bool head_read = false;
  bool timed_out = false;
  bool ended = false;      // by the peer, or the network
  bool not_http = false;   // head or status line above its bound
  bool any_bytes = false;  // something came back
};

class BoundedStream final : public httplib::Stream {
 public:
  // All must outlive it; the socket stays the caller's.
  BoundedStream(int socket, CallBounds& bounds, const std::atomic<bool>& cancelled);

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* out, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return socket_; }

 private:
  bool wait_for(short events);
  ssize_t receive(char* out, std::size_t size);
  bool within_head(const char* data, std::size_t size);

  int socket_;
  CallBounds& bounds_;
  const std::atomic<bool>& cancelled_;
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace odop::kiosk
