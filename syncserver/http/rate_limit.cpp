#include "syncserver/http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace odop::syncserver::http {
namespace {

constexpr const char* kOverflow = "";  // the bucket which names beyond the limit share

}  // namespace

RateLimit::RateLimit(const Clock& clock, Rate rate, std::size_t max_names)
    : clock_(clock), rate_(rate), max_names_(max_names) {}

RateLimit::Pass::~Pass() {
  if (limit_ != nullptr) limit_->leave(name_);
}

RateLimit::Buckets::iterator RateLimit::bucket_of(const std::string& name, MonoTime now) {
  auto found = buckets_.find(name);
  if (found == buckets_.end()) {
    if (buckets_.size() >= max_names_) {
      // Whoever was silent long enough to be full again loses nothing by being forgotten.
      std::erase_if(buckets_, [&](const auto& entry) {
        const Bucket& bucket = entry.second;
        const double idle_s = static_cast<double>((now - bucket.filled).count()) / 1000;
        return bucket.running == 0 && bucket.tokens + idle_s * rate_.per_second >= rate_.burst;
      });
    }
    const bool full = buckets_.size() >= max_names_;
    found = buckets_.try_emplace(full ? kOverflow : name, Bucket{rate_.burst, now, 0}).first;
  }
  Bucket& bucket = found->second;
  const double idle_s = static_cast<double>((now - bucket.filled).count()) / 1000;
  bucket.tokens = std::min(rate_.burst, bucket.tokens + idle_s * rate_.per_second);
  bucket.filled = now;
  return found;
}

RateLimit::Admission RateLimit::admit(const std::string& name) {
  const MonoTime now = clock_.mono();
  const std::lock_guard lock{mutex_};
  const auto found = bucket_of(name, now);
  Bucket& bucket = found->second;
  Admission admission;
  if (bucket.running >= rate_.at_once) {
    admission.retry_after_s = 1;
    return admission;
  }
  if (bucket.tokens < 1) {
    const double seconds = std::ceil((1 - bucket.tokens) / rate_.per_second);
    admission.retry_after_s = static_cast<std::uint32_t>(std::clamp(seconds, 1.0, 3600.0));
    return admission;
  }
  bucket.tokens -= 1;
  ++bucket.running;
  admission.pass.emplace(*this, found->first);
  return admission;
}

void RateLimit::leave(const std::string& name) {
  const std::lock_guard lock{mutex_};
  // Still there: a bucket with running calls is not forgotten.
  --buckets_.find(name)->second.running;
}

}  // namespace odop::syncserver::http
