// The smallest HTTP/1.1 client that can load a server: one kept connection, blocking, bytes in and
// out. For benches and hostile tests, where a client library would cost more than the server.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::test {

struct RawAnswer {
  int status = 0;  // 0 = the connection ended
  std::string headers;
  std::string body;
};

class RawHttp {
 public:
  // `url` as http://127.0.0.1:PORT. Throws std::runtime_error when nobody listens.
  explicit RawHttp(std::string_view url);
  ~RawHttp();
  RawHttp(RawHttp&& other) noexcept;
  RawHttp& operator=(RawHttp&&) = delete;
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  // A whole request with a body; `headers` are complete lines that end in CR LF.
  [[nodiscard]] static std::string request(std::string_view method, std::string_view target,
                                           std::string_view headers, std::string_view body);

  // Sends the bytes as they are, reads one answer (Content-Length bodies).
  RawAnswer exchange(std::string_view request);

  // The same in steps, for whoever waits for many connections at once: send, then `receive` when
  // the socket is readable, until `take` has the answer. False: the connection ended.
  bool send(std::string_view request);
  bool receive();
  [[nodiscard]] std::optional<RawAnswer> take();
  [[nodiscard]] int socket() const { return socket_; }

 private:
  int socket_ = -1;
  std::string rest_;  // bytes read beyond the last answer
};

// One connection for each of `scripts`, all driven by the calling thread, so that what is measured
// is the server and not threads of the load: each sends its requests one after the other, the next
// when the answer to the one before is there. Bodies of the answers, in order; fewer when a
// connection ended.
[[nodiscard]] std::vector<std::vector<std::string>> run_load(
    std::string_view url, const std::vector<std::vector<std::string>>& scripts);

}  // namespace odop::test
