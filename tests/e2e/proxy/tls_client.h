// Bytes over TLS and what comes back: for hostile requests, and for many clients at once. Believes
// one authority, for the name localhost.
#pragma once

#include "tests/support/raw_http.h"

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace odop::test {

// Shared by connections; threads: any.
class TlsTrust {
 public:
  explicit TlsTrust(const std::filesystem::path& authority);
  [[nodiscard]] SSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
};

// One connection, blocking; threads: one.
class TlsClient {
 public:
  // Not connected afterwards when nobody listens or the certificate is not believed: see good().
  TlsClient(const TlsTrust& trust, std::uint16_t port,
            std::chrono::seconds patience = std::chrono::seconds{30});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] int socket() const { return socket_; }
  // False: the connection ended.
  bool send(std::string_view bytes);
  // One answer; status 0 when the connection ended or nothing came in time.
  RawAnswer answer();
  RawAnswer exchange(std::string_view bytes) { return send(bytes) ? answer() : answer(); }

 private:
  struct Free {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  int socket_ = -1;
  bool good_ = false;
  std::unique_ptr<SSL, Free> tls_;
  std::string rest_;
};

}  // namespace odop::test
