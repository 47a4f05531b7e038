#include "tests/e2e/proxy/nginx.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

namespace odop::test {

namespace {

int loopback_socket(std::uint16_t port, bool listening, std::uint16_t* given) {
  const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  const int done =
      listening ? ::bind(number, plain, sizeof address) : ::connect(number, plain, sizeof address);
  socklen_t size = sizeof address;
  if (done == 0 && given != nullptr && ::getsockname(number, plain, &size) == 0) {
    *given = ntohs(address.sin_port);
  }
  ::close(number);
  return done;
}

}  // namespace

std::uint16_t free_port() {
  std::uint16_t port = 0;
  if (loopback_socket(0, true, &port) != 0) throw std::runtime_error("no free port");
  return port;
}

bool Nginx::installed() {
  const bool there = run({"/bin/sh", "-c", "command -v nginx openssl >/dev/null"}).exit_code == 0;
  if (!there) std::printf("left out: nginx is not installed (packaging/packages.txt)\n");
  return there;
}

Nginx::Nginx(const std::filesystem::path& folder, const std::string& upstream)
    : port_(free_port()), authority_(folder / "ca" / "ca.crt") {
  std::filesystem::create_directories(folder);
  const std::string make_site = std::string(ODOP_SOURCE_DIR) + "/packaging/nginx/make-site";
  const auto made =
      run({make_site, "--out", folder, "--listen", "127.0.0.1:" + std::to_string(port_),
           "--upstream", upstream.substr(upstream.find("//") + 2), "--name", "localhost"});
  if (made.exit_code != 0) throw std::runtime_error("make-site: " + made.err);
  // As whoever runs the test: a worker of another user could not enter the test's folder.
  const std::string user = ::getuid() == 0 ? "user root; " : "";
  process_.emplace(
      std::vector<std::string>{"nginx", "-c", folder / "nginx.conf", "-g", user + "daemon off;"},
      folder, "nginx");
  for (int i = 0; i < 250; ++i) {
    if (loopback_socket(port_, false, nullptr) == 0) return;
    if (!process_->running()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  throw std::runtime_error("nginx did not start: " + process_->err());
}

}  // namespace odop::test
