// The network as a Transport: one kept connection to the server. Answers are read with a bound on
// their size and a deadline for the whole call, however slowly or endlessly they come; a head above
// 64 KiB is no HTTP. Redirects are not followed: a portal that redirects is an answer (3xx), and a
// portal that says 200 is told from the server by what the body says (the engine's part).
//
// The deadline bounds looking up the name, connecting, the TLS handshake (a watching thread ends
// it) and the answer; `cancel` ends each of them at once.
//
// TLS: a certificate that the trusted authorities did not sign, that is not in force, or that names
// another host gives kForbidden, before a byte of the request is sent. There is no way around it.
#pragma once

#include "kiosk/sync/name_lookup.h"
#include "kiosk/sync/transport.h"
#include "shared/core/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace odop::kiosk {

struct ServerUrl {
  bool tls = false;
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 0;
};

// "http://HOST[:PORT]" or "https://HOST[:PORT]", an IPv6 address in brackets, nothing behind but
// one slash. Errors: kInvalidArgument.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view url);

class HttpTransport final : public Transport {
 public:
  // `ca_file`: certificates that TLS trusts, and no others, PEM (when it cannot be read, none is
  // trusted); empty = the system's. Does not connect yet.
  explicit HttpTransport(const ServerUrl& server, const std::string& ca_file = {},
                         NameLookup lookup = system_lookup);
  ~HttpTransport() override;
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, BodySink* sink) override;
  void cancel() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace odop::kiosk
