// The client against a real TLS server with certificates of a test's own authority, and against
// names that nobody finds.
#include "kiosk/sync/http_transport.h"
#include "kiosk/sync/server_ca.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_authority.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace odop;         // NOLINT(google-build-using-namespace): a test
using namespace odop::kiosk;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;
using test::TestAuthority;

namespace {

class TlsServer {
 public:
  explicit TlsServer(const TestAuthority::Files& files)
      : server_(files.certificate.c_str(), files.key.c_str()) {
    server_.Get("/v1/hello", [this](const httplib::Request&, httplib::Response& response) {
      ++requests_;
      response.set_content("{}", "application/json");
    });
    port_ = static_cast<std::uint16_t>(server_.bind_to_any_port("127.0.0.1"));
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsServer() {
    server_.stop();
    thread_.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  httplib::SSLServer server_;
  std::atomic<int> requests_ = 0;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// Takes connections and says nothing.
class SilentListener {
 public:
  SilentListener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(socket_, 16) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentListener() { close(socket_); }
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

HttpRequest hello(std::chrono::milliseconds deadline = 5s) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/v1/hello";
  request.deadline = deadline;
  return request;
}

ErrorCode code_of(const Result<HttpAnswer>& answer) {
  return answer ? ErrorCode::kInternal : answer.error().code;
}

struct Timer {
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  [[nodiscard]] std::chrono::milliseconds passed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun);
  }
};

}  // namespace

TEST_CASE("a server is trusted for its authority, its dates and its name", "[kiosk][sync]") {
  const test::TempFolder folder;
  TestAuthority ours{folder.path(), "ours"};
  TestAuthority theirs{folder.path(), "theirs"};
  const auto asked = [](const TestAuthority::Files& files, const std::string& ca) {
    const TlsServer server{files};
    HttpTransport transport{{true, "localhost", server.port()}, ca};
    auto answer = transport.send(hello(), nullptr);
    if (!answer) CHECK(server.requests() == 0);  // nothing of the request was told to it
    return answer;
  };

  const auto good = asked(ours.issue("good", "DNS:localhost"), ours.ca_file());
  REQUIRE(good.has_value());
  CHECK(good->status == 200);
  CHECK(good->body == "{}");

  const std::string ca = ours.ca_file();
  CHECK(code_of(asked(theirs.issue("stranger", "DNS:localhost"), ca)) == ErrorCode::kForbidden);
  CHECK(code_of(asked(ours.issue("over", "DNS:localhost", -2 * TestAuthority::kDay, -60), ca)) ==
        ErrorCode::kForbidden);
  CHECK(code_of(asked(ours.issue("not-yet", "DNS:localhost", 3600), ca)) == ErrorCode::kForbidden);
  CHECK(code_of(asked(ours.issue("other-name", "DNS:odop.example"), ca)) == ErrorCode::kForbidden);
  // Without the private authority the system's are asked, and none of them knows it.
  CHECK(code_of(asked(ours.issue("private", "DNS:localhost"), "")) == ErrorCode::kForbidden);
}

TEST_CASE("an authority that cannot be read trusts nobody", "[kiosk][sync][fault]") {
  const test::TempFolder folder;
  TestAuthority ours{folder.path(), "ours"};
  const TlsServer server{ours.issue("good", "DNS:localhost")};
  for (const char* ca : {"missing.pem", "damaged.pem"}) {
    if (std::string_view{ca} == "damaged.pem") std::ofstream{folder.path() / ca} << "rubbish";
    HttpTransport transport{{true, "localhost", server.port()}, folder.path() / ca};
    for (int i = 0; i < 2; ++i) {  // the second call too
      CHECK(code_of(transport.send(hello(), nullptr)) == ErrorCode::kForbidden);
    }
  }
  CHECK(server.requests() == 0);
}

TEST_CASE("calls over TLS share a connection", "[kiosk][sync]") {
  const test::TempFolder folder;
  TestAuthority ours{folder.path(), "ours"};
  const TlsServer server{ours.issue("good", "DNS:localhost,IP:127.0.0.1")};
  HttpTransport transport{{true, "127.0.0.1", server.port()}, ours.ca_file()};
  for (int i = 0; i < 10; ++i) CHECK(transport.send(hello(), nullptr).has_value());
  CHECK(server.requests() == 10);
}

TEST_CASE("a silent TLS server ends at the deadline, and at once when cancelled",
          "[kiosk][sync][fault]") {
  const SilentListener server;
  HttpTransport transport{{true, "127.0.0.1", server.port()}};
  const Timer deadline;
  CHECK(code_of(transport.send(hello(400ms), nullptr)) == ErrorCode::kTimeout);
  CHECK(deadline.passed() < 2s);

  auto waiting =
      std::async(std::launch::async, [&] { return code_of(transport.send(hello(30s), nullptr)); });
  std::this_thread::sleep_for(100ms);
  const Timer cancelled;
  transport.cancel();
  CHECK(waiting.get() == ErrorCode::kOffline);
  CHECK(cancelled.passed() < 2s);
}

TEST_CASE("a look-up that hangs holds up neither a call nor the end", "[kiosk][sync][fault]") {
  // Shared with the thread that looks up, which outlives the transport.
  const auto release = std::make_shared<std::promise<void>>();
  const auto begun = std::make_shared<std::atomic<int>>(0);
  const NameLookup hangs = [begun, until = release->get_future().share()](const std::string&) {
    ++*begun;
    until.wait();
    return std::vector<std::string>{};
  };
  {
    HttpTransport transport{{false, "server.example", 80}, {}, hangs};
    const Timer deadline;
    CHECK(code_of(transport.send(hello(200ms), nullptr)) == ErrorCode::kTimeout);
    CHECK(code_of(transport.send(hello(200ms), nullptr)) == ErrorCode::kTimeout);
    CHECK(deadline.passed() < 3s);
    CHECK(*begun == 1);  // the second call waits for the first one's look-up

    auto waiting = std::async(std::launch::async,
                              [&] { return code_of(transport.send(hello(30s), nullptr)); });
    std::this_thread::sleep_for(50ms);
    const Timer cancelled;
    transport.cancel();
    CHECK(waiting.get() == ErrorCode::kOffline);
    CHECK(cancelled.passed() < 2s);
  }
  release->set_value();
}

TEST_CASE("a name with several addresses is tried at each, and asked for again after a failure",
          "[kiosk][sync]") {
  const test::TempFolder folder;
  TestAuthority ours{folder.path(), "ours"};
  std::vector<std::string> addresses{"127.0.0.9", "127.0.0.1"};  // nobody listens at the first
  int lookups = 0;
  std::mutex mutex;
  const NameLookup lookup = [&](const std::string& host) {
    const std::lock_guard lock{mutex};
    ++lookups;
    CHECK(host == "odop.example");
    return addresses;
  };
  auto server = std::make_unique<TlsServer>(ours.issue("named", "DNS:odop.example"));
  HttpTransport transport{{true, "odop.example", server->port()}, ours.ca_file(), lookup};
  CHECK(transport.send(hello(), nullptr).has_value());
  CHECK(transport.send(hello(), nullptr).has_value());
  CHECK(lookups == 1);
  server.reset();
  CHECK(code_of(transport.send(hello(), nullptr)) == ErrorCode::kOffline);
  {
    const std::lock_guard lock{mutex};
    addresses.clear();  // the resolver fails now: what it said before is used on
  }
  CHECK(code_of(transport.send(hello(), nullptr)) == ErrorCode::kOffline);
  CHECK(lookups == 2);

  HttpTransport nowhere{{false, "odop.example", 80}, {}, lookup};
  CHECK(code_of(nowhere.send(hello(), nullptr)) == ErrorCode::kOffline);
}

TEST_CASE("the server's authority is kept with the kiosk", "[kiosk][sync]") {
  const test::TempFolder folder;
  const auto data = folder.path() / "data";
  std::filesystem::create_directories(data);
  TestAuthority ours{folder.path(), "ours"};
  CHECK(kept_server_ca(data).empty());
  CHECK(keep_server_ca(folder.path() / "none.pem", data).error().code == ErrorCode::kNotFound);
  std::ofstream{folder.path() / "bad.pem"} << "-----BEGIN CERTIFICATE-----\nnonsense\n";
  CHECK(keep_server_ca(folder.path() / "bad.pem", data).error().code == ErrorCode::kMalformed);
  CHECK(kept_server_ca(data).empty());

  REQUIRE(keep_server_ca(ours.ca_file(), data).has_value());
  const auto kept = kept_server_ca(data);
  REQUIRE_FALSE(kept.empty());
  struct stat status {};
  REQUIRE(stat(kept.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  // A bad one in its place changes nothing.
  CHECK_FALSE(keep_server_ca(folder.path() / "bad.pem", data).has_value());
  const TlsServer server{ours.issue("good", "DNS:localhost")};
  HttpTransport transport{{true, "localhost", server.port()}, kept_server_ca(data)};
  CHECK(transport.send(hello(), nullptr).has_value());
}
