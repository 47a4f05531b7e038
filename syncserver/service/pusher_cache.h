// Who pushed a moment ago, by the hash of the token: the push path would otherwise read the same
// row of the database for every submission (9 % of the server's processor time at 32 kiosks).
#pragma once

#include "shared/core/clock.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace odop::syncserver {

// Who is calling, as the token says.
struct Caller {
  Device device;
  bool revoked = false;  // may push (into quarantine); everything else is 403
};

inline constexpr std::chrono::milliseconds kPusherAge{1000};
// About 5 MB. When there are more within a second, the cache begins anew.
inline constexpr std::size_t kMaxPushers = 10'000;

// Threads: any.
class PusherCache {
 public:
  explicit PusherCache(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] std::optional<Caller> find(const std::string& token_hash) const;
  void remember(const std::string& token_hash, const Caller& caller);

 private:
  struct Entry {
    Caller caller;
    MonoTime read;
  };

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace odop::syncserver
