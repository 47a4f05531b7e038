// One accepted socket as cpp-httplib's Stream: buffered both ways, with a deadline for what comes
// in and a patience for what goes out. Heads are read whole before cpp-httplib sees a byte.
// For the .cpp files of this room only: it includes httplib.
#pragma once

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace odop::syncserver::http {

class Connection final : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;

  // Takes the non-blocking socket over and closes it.
  Connection(int socket, std::chrono::milliseconds write_patience);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Whether bytes are there already or come within `patience`.
  bool wait_readable(std::chrono::milliseconds patience);

  enum class HeadResult { kRead, kClosed, kTooSlow, kTooLong };
  // Reads until the empty line, which must come before `deadline` and within `max_bytes`. `head`
  // points into the buffer and holds until the next read. The bytes stay for cpp-httplib to read.
  HeadResult read_head(Clock::time_point deadline, std::size_t max_bytes, std::string_view& head);

  // From here on at most `bytes` may be read, before `deadline`.
  void begin_request(std::size_t bytes, Clock::time_point deadline);
  // Whether all of it was read, so that what follows is the next request.
  [[nodiscard]] bool request_read() const { return may_read_ == 0; }

  // Sends what was written. False when the peer does not take it.
  bool flush();
  // Half-closes, and gives the peer a moment to read the answer before the socket goes.
  void end_politely();

  // httplib::Stream
  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return !broken_; }
  ssize_t read(char* out, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return socket_; }

 private:
  [[nodiscard]] bool poll_for(short events, Clock::time_point deadline) const;
  // Bytes received, 0 at the end, -1 on error or deadline.
  ssize_t receive(char* out, std::size_t size, Clock::time_point deadline) const;
  bool send_all(std::string_view bytes);
  [[nodiscard]] std::size_t buffered() const { return in_.size() - in_used_; }

  int socket_;
  std::chrono::milliseconds write_patience_;
  std::string in_;
  std::size_t in_used_ = 0;
  std::string out_;
  std::size_t may_read_ = 0;
  Clock::time_point read_deadline_{};
  bool broken_ = false;
};

}  // namespace odop::syncserver::http
