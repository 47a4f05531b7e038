#include "tests/support/raw_http.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace odop::test {

RawHttp::RawHttp(std::string_view url) {
  const auto colon = url.rfind(':');
  std::uint16_t port = 0;
  if (colon == std::string_view::npos ||
      std::from_chars(url.data() + colon + 1, url.data() + url.size(), port).ec != std::errc{}) {
    throw std::runtime_error{"no port in the address"};
  }
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 ||
      connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error{"nobody listens at " + std::string{url}};
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval patience{60, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

RawHttp::~RawHttp() {
  if (socket_ >= 0) close(socket_);
}

RawHttp::RawHttp(RawHttp&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), rest_(std::move(other.rest_)) {}

std::string RawHttp::request(std::string_view method, std::string_view target,
                             std::string_view headers, std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  text.append(headers).append("Content-Length: ").append(std::to_string(body.size()));
  text.append("\r\n\r\n").append(body);
  return text;
}

RawAnswer RawHttp::exchange(std::string_view request) {
  while (!request.empty()) {
    const auto sent = send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return {};
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::array<char, 65536> buffer{};
  const auto read_more = [&] {
    const auto got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    rest_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  };
  std::size_t end = 0;
  while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return {};
  }
  RawAnswer answer;
  answer.headers = rest_.substr(0, end + 2);
  rest_.erase(0, end + 4);
  if (answer.headers.size() > 12) {
    std::from_chars(answer.headers.data() + 9, answer.headers.data() + 12, answer.status);
  }
  std::string folded = answer.headers;
  std::ranges::transform(folded, folded.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kLength = "content-length: ";
  std::size_t length = 0;
  if (const auto at = folded.find(kLength); at != std::string::npos) {
    std::from_chars(folded.data() + at + kLength.size(), folded.data() + folded.size(), length);
  }
  while (rest_.size() < length) {
    if (!read_more()) return {};
  }
  answer.body = rest_.substr(0, length);
  rest_.erase(0, length);
  return answer;
}

}  // namespace odop::test
