#include "tests/support/raw_http.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
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
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
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
  if (!send(request)) return {};
  for (;;) {
    if (auto answer = take()) return std::move(*answer);
    if (!receive()) return {};
  }
}

bool RawHttp::send(std::string_view request) {
  while (!request.empty()) {
    const auto sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawHttp::receive() {
  constexpr std::size_t kPiece = 16 * 1024;
  const std::size_t held = rest_.size();
  rest_.resize(held + kPiece);
  const auto got = recv(socket_, rest_.data() + held, kPiece, 0);
  rest_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

std::optional<RawAnswer> RawHttp::take() {
  const std::size_t end = rest_.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t body = end + 4;
  std::string folded = rest_.substr(0, end + 2);
  std::ranges::transform(folded, folded.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kLength = "content-length: ";
  std::size_t length = 0;
  if (const auto at = folded.find(kLength); at != std::string::npos) {
    std::from_chars(folded.data() + at + kLength.size(), folded.data() + folded.size(), length);
  }
  if (rest_.size() < body + length) return std::nullopt;
  RawAnswer answer;
  answer.headers = rest_.substr(0, end + 2);
  if (answer.headers.size() > 12) {
    std::from_chars(answer.headers.data() + 9, answer.headers.data() + 12, answer.status);
  }
  answer.body = rest_.substr(body, length);
  rest_.erase(0, body + length);
  return answer;
}

std::vector<std::vector<std::string>> run_load(
    std::string_view url, const std::vector<std::vector<std::string>>& scripts) {
  std::vector<RawHttp> connections;
  std::vector<pollfd> waiting;
  std::vector<std::vector<std::string>> answers(scripts.size());
  for (const auto& script : scripts) {
    connections.emplace_back(url);
    waiting.push_back({connections.back().socket(), POLLIN, 0});
    if (script.empty() || !connections.back().send(script.front())) waiting.back().fd = -1;
  }
  const auto busy = [](const pollfd& one) { return one.fd >= 0; };
  while (std::ranges::any_of(waiting, busy)) {
    if (poll(waiting.data(), waiting.size(), 60'000) <= 0) break;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
      bool alive = connections[i].receive();
      if (auto answer = connections[i].take()) {
        answers[i].push_back(std::move(answer->body));
        const std::size_t next = answers[i].size();
        alive = alive && next < scripts[i].size() && connections[i].send(scripts[i][next]);
      }
      if (!alive) waiting[i].fd = -1;  // poll passes it over
    }
  }
  return answers;
}

}  // namespace odop::test
