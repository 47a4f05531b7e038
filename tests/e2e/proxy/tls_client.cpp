#include "tests/e2e/proxy/tls_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace odop::test {

TlsTrust::TlsTrust(const std::filesystem::path& authority)
    : context_(SSL_CTX_new(TLS_client_method())) {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context_.get(), authority.c_str(), nullptr) != 1) {
    throw std::runtime_error("no authority at " + authority.string());
  }
}

TlsClient::TlsClient(const TlsTrust& trust, std::uint16_t port, std::chrono::seconds patience)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), tls_(SSL_new(trust.get())) {
  const timeval longest{patience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  SSL_set_fd(tls_.get(), socket_);
  SSL_set_tlsext_host_name(tls_.get(), "localhost");
  SSL_set1_host(tls_.get(), "localhost");
  good_ = SSL_connect(tls_.get()) == 1;
}

TlsClient::~TlsClient() {
  tls_.reset();
  ::close(socket_);
}

bool TlsClient::send(std::string_view bytes) {
  while (good_ && !bytes.empty()) {
    constexpr std::size_t kPiece = 64 * 1024;
    const int sent =
        SSL_write(tls_.get(), bytes.data(), static_cast<int>(std::min(kPiece, bytes.size())));
    if (sent <= 0) good_ = false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return good_;
}

RawAnswer TlsClient::answer() {
  std::string piece(16 * 1024, '\0');
  for (;;) {
    const std::size_t end = rest_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string folded = rest_.substr(0, end + 2);
      std::ranges::transform(folded, folded.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      std::size_t length = 0;
      constexpr std::string_view kLength = "content-length: ";
      if (const auto at = folded.find(kLength); at != std::string::npos) {
        std::from_chars(folded.data() + at + kLength.size(), folded.data() + folded.size(), length);
      }
      if (rest_.size() >= end + 4 + length) {
        RawAnswer answer;
        answer.headers = rest_.substr(0, end + 2);
        if (end > 12) std::from_chars(rest_.data() + 9, rest_.data() + 12, answer.status);
        answer.body = rest_.substr(end + 4, length);
        rest_.erase(0, end + 4 + length);
        return answer;
      }
    }
    const int got = SSL_read(tls_.get(), piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) {
      good_ = false;
      return {};
    }
    rest_.append(piece, 0, static_cast<std::size_t>(got));
  }
}

}  // namespace odop::test
