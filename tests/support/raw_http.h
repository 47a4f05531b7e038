// The smallest HTTP/1.1 client that can load a server: one kept connection, blocking, bytes in and
// out. For benches and hostile tests, where a client library would cost more than the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

 private:
  int socket_ = -1;
  std::string rest_;  // bytes read beyond the last answer
};

}  // namespace odop::test
