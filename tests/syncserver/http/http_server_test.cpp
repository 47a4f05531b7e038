// The server over real loopback sockets: what cpp-httplib did with hostile bytes, and what happens
// here.
#include "syncserver/http/http_server.h"

#include "tests/support/raw_http.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace odop;
using namespace odop::syncserver::http;
using test::RawAnswer;
using test::RawHttp;
using namespace std::chrono_literals;

namespace {

Reply echo(const Call& call) {
  Reply reply;
  reply.content_type = "text/x-echo";
  reply.body = std::string{call.method} + ' ' + std::string{call.path} + '?' +
               std::string{call.query} + " token=" + std::string{call.token} +
               " body=" + Bytes{call.body};
  return reply;
}

class Running {
 public:
  explicit Running(Handler handler = echo, HttpSettings settings = {})
      : server_(std::move(handler), std::move(settings)) {
    port_ = server_.start().value();
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] RawHttp client() const { return RawHttp{url()}; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawAnswer once(const std::string& bytes) const { return client().exchange(bytes); }

 private:
  HttpServer server_;
  std::uint16_t port_ = 0;
};

const std::string kGet = "GET /v1/x?a=1 HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("requests reach the handler, many over one connection", "[http]") {
  const Running server;
  RawHttp client = server.client();
  for (int i = 0; i < 20; ++i) {
    const auto got = client.exchange(kGet);
    CHECK(got.status == 200);
    CHECK(got.body == "GET /v1/x?a=1 token= body=");
    const auto posted = client.exchange(
        RawHttp::request("POST", "/v1/y", "Authorization: Bearer secret\r\n", "the body"));
    CHECK(posted.body == "POST /v1/y? token=secret body=the body");
    CHECK(posted.headers.find("Cache-Control: no-store") != std::string::npos);
  }
  // Two at once, the second behind the first in one packet.
  CHECK(client.exchange(kGet + kGet).status == 200);
  CHECK(client.exchange("").status == 200);
}

TEST_CASE("a body that arrives in pieces is put together", "[http]") {
  const Running server;
  RawHttp client = server.client();
  const std::string body(300'000, 'b');
  const auto got = client.exchange(RawHttp::request("POST", "/big", "", body));
  CHECK(got.status == 200);
  CHECK(got.body.size() == std::string{"POST /big? token= body="}.size() + body.size());
}

TEST_CASE("hostile bytes are refused and the connection ends", "[http][fault]") {
  const Running server;
  struct Row {
    const char* what;
    std::string bytes;
    int status;
  };
  std::string headers;
  for (int i = 0; i < 100'000; ++i) headers += "X: y\r\n";
  const std::vector<Row> rows = {
      {"GET with a body that is a second request",
       "GET /a HTTP/1.1\r\nContent-Length: 36\r\n\r\n" + kGet, 400},
      {"chunked", "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
       411},
      {"no length", "POST /a HTTP/1.1\r\n\r\nabc", 411},
      {"gzip", "POST /a HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415},
      {"payload above the cap", "POST /a HTTP/1.1\r\nContent-Length: 524289\r\n\r\nabc", 413},
      {"100,000 headers", "GET /a HTTP/1.1\r\n" + headers + "\r\n", 431},
      {"endless header line", "GET /a HTTP/1.1\r\nX: " + std::string(1'000'000, 'x'), 431},
      {"8,000 characters of path", "GET /" + std::string(8'000, 'a') + " HTTP/1.1\r\n\r\n", 414},
      {"overlapping ranges", "GET /a HTTP/1.1\r\nRange: bytes=0-,0-,0-\r\n\r\n", 416},
      {"spoofed address", "GET /a HTTP/1.1\r\nREMOTE_ADDR: x\r\n\r\n", 400},
      {"CR LF in percent signs", "GET /a HTTP/1.1\r\nX: %0d%0aY: z\r\n\r\n", 400},
      {"CR LF in percent signs with a u", "GET /a HTTP/1.1\r\nX: %u000d%u000aY: z\r\n\r\n", 400},
      {"multipart body behind percent signs",
       "POST /a HTTP/1.1\r\nContent-Type: multipart%2Fform-data; boundary=b\r\nContent-Length: "
       "3\r\n\r\nabc",
       400},
      {"form body behind percent signs",
       "POST /a HTTP/1.1\r\nContent-Type: application/x-www-form-url%65ncoded\r\nContent-Length: "
       "3\r\n\r\na=b",
       400},
      {"TLS greeting", std::string{"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11}, 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"other method", "DELETE /a HTTP/1.1\r\n\r\n", 405},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    RawHttp client = server.client();
    CHECK(client.exchange(row.bytes).status == row.status);
    CHECK(client.exchange(kGet).status == 0);
    CHECK(server.once(kGet).status == 200);
  }
}

TEST_CASE("random bytes do not bring the server down", "[http][fault]") {
  const Running server;
  std::uint64_t state = 20'264;
  const auto next = [&state] {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::size_t>(state >> 33U);
  };
  CAPTURE(state);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = RawHttp::request("POST", "/v1/push", "Range: bytes=1-2\r\n", "body");
    for (std::size_t n = 1 + next() % 4; n > 0; --n) {
      bytes[next() % bytes.size()] = static_cast<char>(next());
    }
    bytes += "\r\n\r\n";
    static_cast<void>(server.once(bytes));
  }
  CHECK(server.once(kGet).status == 200);
}

TEST_CASE("a handler that throws says nothing", "[http]") {
  const Running server{[](const Call& call) -> Reply {
    if (call.path == "/fine") return {};
    throw std::runtime_error("the secret inside");
  }};
  const auto got = server.once(kGet);
  CHECK(got.status == 500);
  CHECK((got.headers + got.body).find("secret") == std::string::npos);
  CHECK(server.once("GET /fine HTTP/1.1\r\n\r\n").status == 200);
}

TEST_CASE("files are streamed, whole or by a single range", "[http]") {
  const test::TempFolder folder;
  std::string content;
  for (int i = 0; content.size() < 700'000; ++i) content += std::to_string(i) + ' ';
  std::ofstream{folder / "file", std::ios::binary} << content;
  std::filesystem::create_symlink(folder / "file", folder / "link");
  const Running server{[&](const Call& call) {
    Reply reply;
    reply.content_type = "application/octet-stream";
    reply.immutable = true;
    reply.file = FileBody{folder / call.path.substr(1), content.size(), "tag"};
    return reply;
  }};
  const auto ask = [&](const std::string& headers) {
    return server.once("GET /file HTTP/1.1\r\n" + headers + "\r\n");
  };
  const auto whole = ask("");
  CHECK(whole.status == 200);
  CHECK(whole.body == content);
  CHECK(whole.headers.find("ETag: \"tag\"") != std::string::npos);
  CHECK(whole.headers.find("immutable") != std::string::npos);

  const auto part = ask("Range: bytes=1000-300999\r\n");
  CHECK(part.status == 206);
  CHECK(part.body == content.substr(1000, 300'000));
  CHECK(part.headers.find("Content-Range: bytes 1000-300999/" + std::to_string(content.size())) !=
        std::string::npos);
  CHECK(ask("Range: bytes=-10\r\n").body == content.substr(content.size() - 10));
  CHECK(ask("Range: bytes=699990-\r\n").body == content.substr(699'990));
  CHECK(ask("Range: bytes=999999999-\r\n").status == 416);
  CHECK(ask("If-None-Match: \"tag\"\r\n").status == 304);
  CHECK(ask("Range: bytes=0-9\r\nIf-Range: \"old\"\r\n").status == 200);
  CHECK(ask("Range: bytes=0-9\r\nIf-Range: \"tag\"\r\n").status == 206);

  CHECK(server.once("GET /missing HTTP/1.1\r\n\r\n").status == 404);
  CHECK(server.once("GET /link HTTP/1.1\r\n\r\n").status == 404);
}

TEST_CASE("a thousand clients at once are all answered", "[http][fault]") {
  const Running server;
  constexpr int kClients = 1'000;
  std::vector<RawHttp> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) clients.push_back(server.client());
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  threads.reserve(20);
  for (int t = 0; t < 20; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < kClients; i += 20) {
        answered += clients[static_cast<std::size_t>(i)].exchange(kGet).status == 200 ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(answered == kClients);
}

TEST_CASE("slow clients are cut off and do not keep honest ones out", "[http][fault]") {
  HttpSettings settings;
  settings.workers = 4;
  settings.head_patience = 300ms;
  settings.body_patience = 300ms;
  settings.idle_patience = 60s;
  const Running server{echo, settings};
  std::vector<std::thread> slow;
  slow.reserve(8);
  std::atomic<int> cut = 0;
  for (int i = 0; i < 8; ++i) {
    slow.emplace_back([&server, &cut, i] {
      RawHttp client = server.client();
      const std::string part = i % 2 == 0 ? "GET /slow HTTP/1.1\r\nX: "
                                          : "POST /slow HTTP/1.1\r\nContent-Length: 9\r\n\r\nab";
      // Of a body that never comes, cpp-httplib says 400.
      cut += client.exchange(part).status == (i % 2 == 0 ? 408 : 400) ? 1 : 0;
    });
  }
  std::vector<RawHttp> idle;  // connected and silent
  idle.reserve(8);
  for (int i = 0; i < 8; ++i) idle.push_back(server.client());
  const auto begun = std::chrono::steady_clock::now();
  CHECK(server.once(kGet).status == 200);
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
  for (auto& thread : slow) thread.join();
  CHECK(cut == 8);
}

TEST_CASE("only loopback is listened on, unless a proxy stands in front", "[http]") {
  HttpSettings settings;
  settings.host = "0.0.0.0";
  CHECK(HttpServer(echo, settings).start().error().code == ErrorCode::kForbidden);
  settings.behind_proxy = true;
  CHECK(HttpServer(echo, settings).start().has_value());
  settings.host = "localhost";
  CHECK(HttpServer(echo, settings).start().error().code == ErrorCode::kInvalidArgument);
  const Running other;
  HttpSettings taken;
  taken.port = other.port();
  CHECK(HttpServer(echo, taken).start().error().code == ErrorCode::kConflict);
}

TEST_CASE("stopping lets a running request end", "[http]") {
  std::atomic<bool> inside = false;
  std::atomic<bool> go_on = false;
  auto server = std::make_unique<HttpServer>(
      [&](const Call& call) {
        inside = true;
        while (!go_on) std::this_thread::yield();
        return echo(call);
      },
      HttpSettings{});
  const std::string url = "http://127.0.0.1:" + std::to_string(server->start().value());
  RawAnswer answer;
  std::thread client{[&] { answer = RawHttp{url}.exchange(kGet); }};
  while (!inside) std::this_thread::yield();
  std::thread stopper{[&] { server->stop(); }};
  go_on = true;
  client.join();
  stopper.join();
  CHECK(answer.status == 200);
  CHECK_THROWS(RawHttp{url});
}

TEST_CASE("the log knows method, path and status, and no query, token or address", "[http]") {
  std::mutex mutex;
  std::vector<Access> seen;
  HttpSettings settings;
  settings.log = [&](const Access& access) {
    const std::lock_guard lock{mutex};
    seen.push_back(access);
  };
  const Running server{echo, settings};
  static_cast<void>(server.once(kGet));
  static_cast<void>(server.once("nonsense\r\n\r\n"));
  static_cast<void>(server.once("GET /v1/answers/0170042836 HTTP/1.1\r\n\r\n"));
  static_cast<void>(server.once("GET /v1/releases/12/manifest HTTP/1.1\r\n\r\n"));
  const std::lock_guard lock{mutex};
  REQUIRE(seen.size() == 4);
  CHECK(seen[2].path == "/v1/answers/*");
  CHECK(seen[3].path == "/v1/releases/*/manifest");
  CHECK(seen[0].method == "GET");
  CHECK(seen[0].path == "/v1/x");
  CHECK(seen[0].status == 200);
  CHECK(seen[1].path.empty());
  CHECK(seen[1].status == 400);
}
