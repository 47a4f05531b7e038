// Host name to addresses. The system's getaddrinfo knows no patience (resolv.conf decides: 10 s and
// more on a dead network) and cannot be stopped, so it runs on a thread of its own that may outlive
// whoever waits for it.
#pragma once

#include "shared/core/result.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace odop::kiosk {

// Numeric addresses of a host in the order in which to try them; empty when it has none. May take
// long. Called on a thread of its own.
using NameLookup = std::function<std::vector<std::string>(const std::string& host)>;

// By the system's resolver.
[[nodiscard]] std::vector<std::string> system_lookup(const std::string& host);

// Threads: `get` and `forget` on one, `cancel` from any.
class Addresses {
 public:
  // A host that is an address already is never looked up.
  Addresses(std::string host, NameLookup lookup);

  // Those known, or looked up now; at most until `deadline`. Someone who comes while an earlier
  // look-up still runs waits for that one. When a name cannot be found any more, what was found
  // before is used on: a broken resolver does not part a kiosk from its server. Never empty.
  // Errors: kTimeout, kOffline (no such name, or cancelled).
  [[nodiscard]] Result<std::vector<std::string>> get(
      std::chrono::steady_clock::time_point deadline);
  // They led nowhere: the next `get` asks again.
  void forget() { fresh_ = false; }
  // Ends a waiting `get` at once, and each later one.
  void cancel();

 private:
  struct Search;

  std::string host_;
  NameLookup lookup_;
  std::vector<std::string> known_;
  bool fresh_ = false;
  std::shared_ptr<Search> search_;  // shared with the thread that looks up
};

}  // namespace odop::kiosk
