// The client against a server of the tests that sends what it is told, byte by byte if need be, and
// against our own server.
#include "kiosk/sync/http_transport.h"

#include "syncserver/http/http_server.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

using namespace odop;
using namespace odop::kiosk;
using namespace std::chrono_literals;

namespace {

// Takes one connection after the other, reads a head, and hands the socket to the script.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::function<void(int)> script) : script_(std::move(script)) {
    listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listening_, 16) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }
  ~ScriptedServer() {
    ending_ = true;
    shutdown(listening_, SHUT_RDWR);
    thread_.join();
    close(listening_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::atomic<bool>& ending() const { return ending_; }

 private:
  void run() {
    while (!ending_) {
      const int client = accept(listening_, nullptr, nullptr);
      if (client < 0) continue;
      std::string head;
      std::array<char, 4096> piece{};
      while (head.find("\r\n\r\n") == std::string::npos) {
        const auto got = recv(client, piece.data(), piece.size(), 0);
        if (got <= 0) break;
        head.append(piece.data(), static_cast<std::size_t>(got));
      }
      script_(client);
      close(client);
    }
  }

  std::function<void(int)> script_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

bool put(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::function<void(int)> says(std::string bytes) {
  return [bytes = std::move(bytes)](int socket) { put(socket, bytes); };
}

HttpRequest get(std::string path = "/v1/hello") {
  HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.deadline = 5s;
  return request;
}

Result<HttpAnswer> ask(const ScriptedServer& server, const HttpRequest& request = get(),
                       BodySink* sink = nullptr) {
  HttpTransport transport{{false, "127.0.0.1", server.port()}};
  return transport.send(request, sink);
}

class Collector final : public BodySink {
 public:
  explicit Collector(std::size_t most = SIZE_MAX) : most_(most) {}
  bool write(BytesView bytes) override {
    taken += bytes;
    return taken.size() < most_;
  }
  Bytes taken;

 private:
  std::size_t most_;
};

}  // namespace

TEST_CASE("server addresses are read strictly", "[kiosk][sync]") {
  const auto parsed = [](const char* url) -> std::string {
    const auto server = parse_server_url(url);
    if (!server) return "refused";
    return (server->tls ? "tls " : "plain ") + server->host + ' ' + std::to_string(server->port);
  };
  CHECK(parsed("http://127.0.0.1:8080") == "plain 127.0.0.1 8080");
  CHECK(parsed("https://odop.example/") == "tls odop.example 443");
  CHECK(parsed("http://odop.example") == "plain odop.example 80");
  CHECK(parsed("http://[::1]:99") == "plain ::1 99");
  for (const char* bad : {"", "ftp://x", "odop.example", "http://", "http://x:0", "http://x:99999",
                          "http://x:", "http://x:1x", "http://x/path", "http://user@x",
                          "http://[::1", "http://x y", "http://x?q"}) {
    CAPTURE(bad);
    CHECK(parsed(bad) == "refused");
  }
}

TEST_CASE("answers come back whole, whatever their status", "[kiosk][sync]") {
  const ScriptedServer server{
      says("HTTP/1.1 429 Too Many\r\nRetry-After: 17\r\nContent-Type: application/json\r\n"
           "Content-Length: 2\r\n\r\n{}")};
  const auto answer = ask(server);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 429);
  CHECK(answer->body == "{}");
  CHECK(answer->content_type == "application/json");
  CHECK(answer->retry_after_s == 17U);
}

TEST_CASE("a portal's redirect is an answer and is not followed", "[kiosk][sync]") {
  const ScriptedServer server{says(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\n\r\n")};
  const auto answer = ask(server);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 302);
}

TEST_CASE("what cannot be an answer is an error of its own kind", "[kiosk][sync][fault]") {
  struct Row {
    const char* what;
    std::string bytes;
    ErrorCode code;
  };
  const Row rows[] = {
      {"nothing", "", ErrorCode::kOffline},
      {"cut in the head", "HTTP/1.1 200 OK\r\nContent-Le", ErrorCode::kOffline},
      {"cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", ErrorCode::kOffline},
      {"endless status line", "HTTP/1.1 200 " + std::string(100'000, 'x'), ErrorCode::kMalformed},
      {"endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'),
       ErrorCode::kMalformed},
      {"body above the bound",
       "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + std::string(2'000'000, 'x'),
       ErrorCode::kTooLarge},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const ScriptedServer server{says(row.bytes)};
    const auto answer = ask(server);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == row.code);
  }
  const ScriptedServer other_protocol{[](int socket) {
    put(socket, "SSH-2.0-OpenSSH_9.2\r\n");
    std::this_thread::sleep_for(200ms);
  }};
  CHECK(ask(other_protocol).error().code == ErrorCode::kMalformed);
}

TEST_CASE("nobody there is offline", "[kiosk][sync]") {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone{says("")};
    port = gone.port();
  }
  HttpTransport transport{{false, "127.0.0.1", port}};
  CHECK(transport.send(get(), nullptr).error().code == ErrorCode::kOffline);
}

TEST_CASE("dripping, flooding and silent servers end at the deadline", "[kiosk][sync][fault]") {
  HttpRequest request = get();
  request.deadline = 400ms;
  const auto timed = [&](const ScriptedServer& server) {
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = ask(server, request);
    CHECK(std::chrono::steady_clock::now() - begun < 3s);
    return answer.has_value() ? ErrorCode::kInternal : answer.error().code;
  };
  const auto drip = [](const std::string& first, const std::string& each) {
    return [first, each](int socket) {
      if (!put(socket, first)) return;
      for (int i = 0; i < 40 && put(socket, each); ++i) std::this_thread::sleep_for(25ms);
    };
  };
  const ScriptedServer silent{[](int /*socket*/) { std::this_thread::sleep_for(800ms); }};
  CHECK(timed(silent) == ErrorCode::kTimeout);
  const ScriptedServer head_drip{drip("HTTP/1.1 200 OK\r\n", "X: y\r\n")};
  CHECK(timed(head_drip) == ErrorCode::kTimeout);
  const ScriptedServer body_drip{drip("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", "x")};
  CHECK(timed(body_drip) == ErrorCode::kTimeout);
}

TEST_CASE("an endless chunked answer stops at its bound", "[kiosk][sync][fault]") {
  const ScriptedServer server{[](int socket) {
    put(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
    while (put(socket, chunk)) {
    }
  }};
  CHECK(ask(server).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a range is the one that was asked for, or is refused", "[kiosk][sync]") {
  HttpRequest request = get();
  request.range = ByteRange{100, 10};
  const auto with = [&](const std::string& head) {
    const ScriptedServer server{says("HTTP/1.1 " + head + "\r\nContent-Length: 4\r\n\r\nbody")};
    Collector sink;
    const auto answer = ask(server, request, &sink);
    if (!answer) return std::string{name_of(answer.error().code)};
    return std::to_string(answer->status) + ' ' + sink.taken + '|' + answer->body;
  };
  CHECK(with("206 Partial\r\nContent-Range: bytes 100-109/500") == "206 body|");
  CHECK(with("206 Partial\r\nContent-Range: bytes 100-103/104") == "206 body|");
  CHECK(with("206 Partial\r\nContent-Range: bytes 0-9/500") == "malformed");
  CHECK(with("206 Partial\r\nContent-Range: bytes 100-200/500") == "malformed");
  CHECK(with("206 Partial\r\nContent-Range: nonsense") == "malformed");
  CHECK(with("206 Partial") == "malformed");
  CHECK(with("200 OK") == "malformed");
  CHECK(with("404 Not Found") == "404 |body");
}

TEST_CASE("a sink may stop a transfer", "[kiosk][sync]") {
  const ScriptedServer server{
      says("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + std::string(900'000, 'x'))};
  Collector sink{100'000};
  const auto answer = ask(server, get(), &sink);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(sink.taken.size() >= 100'000);
  CHECK(sink.taken.size() < 900'000);
}

TEST_CASE("cancelling ends a running call and each later one", "[kiosk][sync]") {
  std::atomic<bool> asked = false;
  const ScriptedServer server{[&](int /*socket*/) {
    asked = true;
    std::this_thread::sleep_for(500ms);
  }};
  HttpTransport transport{{false, "127.0.0.1", server.port()}};
  std::thread canceller{[&] {
    while (!asked) std::this_thread::yield();
    transport.cancel();
  }};
  const auto begun = std::chrono::steady_clock::now();
  CHECK(transport.send(get(), nullptr).error().code == ErrorCode::kOffline);
  CHECK(std::chrono::steady_clock::now() - begun < 2s);
  canceller.join();
  CHECK(transport.send(get(), nullptr).error().code == ErrorCode::kOffline);
}

TEST_CASE("calls share a connection, and a closed one is opened anew", "[kiosk][sync]") {
  using namespace odop::syncserver::http;
  HttpSettings settings;
  settings.max_requests_per_connection = 3;
  HttpServer server{[](const Call& call) {
                      Reply reply;
                      reply.body = "{\"token\":\"" + std::string{call.token} + "\",\"body\":\"" +
                                   std::string{call.body} + "\",\"fill\":\"" +
                                   std::string(5'000, 'z') + "\"}";
                      return reply;
                    },
                    settings};
  const auto port = server.start().value();
  HttpTransport transport{{false, "127.0.0.1", port}};
  HttpRequest request = get("/v1/push");
  request.method = "POST";
  request.token = "secret";
  request.content_type = "application/octet-stream";
  request.body = "hello";
  for (int i = 0; i < 10; ++i) {
    const auto answer = transport.send(request, nullptr);
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(answer->body.find("\"token\":\"secret\",\"body\":\"hello\"") != Bytes::npos);
    CHECK(answer->body.size() > 5'000);  // travelled as gzip, arrived as itself
  }
}

TEST_CASE("a gzip bomb stops at the bound", "[kiosk][sync][fault]") {
  using namespace odop::syncserver::http;
  HttpServer server{[](const Call&) {
                      Reply reply;
                      reply.body.assign(20'000'000, ' ');
                      return reply;
                    },
                    {}};
  HttpTransport transport{{false, "127.0.0.1", server.start().value()}};
  CHECK(transport.send(get(), nullptr).error().code == ErrorCode::kTooLarge);
}
