#include "syncserver/http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace odop::syncserver::http {
namespace {

constexpr int kBacklog = 1'024;
constexpr std::chrono::milliseconds kPause{20};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  bool loopback = false;
};

bool parse_address(const std::string& host, std::uint16_t port, Address& out) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.size = sizeof v4;
    out.loopback = ntohl(v4.sin_addr.s_addr) >> 24U == 127;
    return true;
  }
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.size = sizeof v6;
    out.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
    return true;
  }
  return false;
}

Error socket_error(const char* what) {
  const int reason = errno;
  return Error{reason == EADDRINUSE ? ErrorCode::kConflict : ErrorCode::kIo,
               std::string{what} + ": " + std::strerror(reason)};
}

std::uint16_t port_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  sockaddr_in v4{};
  std::memcpy(&v4, &storage, sizeof v4);  // the port lies at the same place in both families
  return ntohs(v4.sin_port);
}

}  // namespace

Listener::~Listener() { close_socket(); }

Result<std::uint16_t> Listener::open(const std::string& host, std::uint16_t port,
                                     bool any_address) {
  Address address;
  if (!parse_address(host, port, address)) {
    return fail(ErrorCode::kInvalidArgument, "not a numeric address: " + host);
  }
  if (!address.loopback && !any_address) {
    return fail(ErrorCode::kForbidden, host + " is not loopback; listen there only behind a proxy");
  }
  host_ = host;
  if (const Status opened = open_socket(port); !opened) return fail(opened.error());
  port_ = port_of(socket_);
  return port_;
}

Status Listener::open_socket(std::uint16_t port) {
  ++openings_;
  Address address;
  if (!parse_address(host_, port, address)) return fail(ErrorCode::kInvalidArgument, host_);
  const int made =
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) return fail(socket_error("socket"));
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(made, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 ||
      listen(made, kBacklog) != 0) {
    const Error error = socket_error("listen");
    close(made);
    return fail(error);
  }
  socket_ = made;
  return {};
}

int Listener::accept_one() {
  const int accepted = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (accepted >= 0) {
    const int on = 1;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return accepted;
  }
  switch (errno) {
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM:
      break;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      std::this_thread::sleep_for(kPause);
      break;
    default:
      close_socket();
      if (!open_socket(port_)) std::this_thread::sleep_for(kPause);
  }
  return -1;
}

void Listener::close_socket() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

}  // namespace odop::syncserver::http
