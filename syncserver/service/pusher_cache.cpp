#include "syncserver/service/pusher_cache.h"

namespace odop::syncserver {

std::optional<Caller> PusherCache::find(const std::string& token_hash) const {
  const MonoTime now = clock_.mono();
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(token_hash);
  if (known == entries_.end() || now - known->second.read >= kPusherAge) return std::nullopt;
  return known->second.caller;
}

void PusherCache::remember(const std::string& token_hash, const Caller& caller) {
  const MonoTime now = clock_.mono();
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxPushers && !entries_.contains(token_hash)) entries_.clear();
  entries_.insert_or_assign(token_hash, Entry{caller, now});
}

}  // namespace odop::syncserver
