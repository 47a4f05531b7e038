// HTTP over plain TCP: accepts, judges, limits, answers. cpp-httplib parses requests and writes
// answers; sockets, threads and everything that it leaves unguarded are ours (see README.md). TLS
// and slow or hostile strangers are nginx's part; the limits here hold all the same.
#pragma once

#include "shared/core/result.h"
#include "shared/core/sizes.h"
#include "syncserver/http/call.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace odop::syncserver::http {

// What a log may know of a request: nothing that a person wrote, no token, no address.
struct Access {
  std::string method;
  std::string path;  // without query; empty when the head was refused
  int status = 0;
  std::chrono::microseconds took{0};
};

struct HttpSettings {
  std::string host = "127.0.0.1";  // a numeric IPv4 or IPv6 address
  std::uint16_t port = 0;          // 0 = the system chooses
  bool behind_proxy = false;       // only then may `host` be other than loopback

  std::size_t workers = 64;                 // requests at once; silent connections hold no worker
  std::size_t max_connections = 8'192;      // beyond the running ones; more are closed at once
  std::size_t max_body_bytes = 512 * kKiB;  // wire::kMaxBatchBytes
  std::size_t max_requests_per_connection = 100'000;
  std::chrono::milliseconds head_patience{5'000};    // from the first byte to the empty line
  std::chrono::milliseconds body_patience{20'000};   // for the whole body
  std::chrono::milliseconds write_patience{10'000};  // for each piece that goes out
  std::chrono::milliseconds idle_patience{30'000};   // between requests of one connection

  std::function<void(const Access&)> log;  // called from any worker; empty = none
};

class HttpServer {
 public:
  HttpServer(Handler handler, HttpSettings settings);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds and starts the threads. Returns the port. Errors: kInvalidArgument (no numeric address),
  // kForbidden (not loopback, and not behind a proxy), kConflict (port in use), kIo.
  [[nodiscard]] Result<std::uint16_t> start();

  // Takes no more connections, lets running requests end, joins. Idempotent.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace odop::syncserver::http
