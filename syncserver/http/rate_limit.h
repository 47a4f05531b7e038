// Token buckets by name (a device, a route), never by address: forty kiosks may share one. Also
// bounds how many calls of one name run at once, so that one broken kiosk cannot hold all workers.
#pragma once

#include "shared/core/clock.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace odop::syncserver::http {

struct Rate {
  double per_second = 0;
  double burst = 0;
  int at_once = 0;
};

// Threads: any.
class RateLimit {
 public:
  // `clock` must outlive it. Names beyond `max_names` share one bucket.
  RateLimit(const Clock& clock, Rate rate, std::size_t max_names);

  // A call that may run, until it is destroyed.
  class Pass {
   public:
    Pass(RateLimit& limit, std::string name) : limit_(&limit), name_(std::move(name)) {}
    ~Pass();
    Pass(Pass&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)), name_(std::move(other.name_)) {}
    Pass& operator=(Pass&&) = delete;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    RateLimit* limit_;
    std::string name_;
  };

  struct Admission {
    std::optional<Pass> pass;
    std::uint32_t retry_after_s = 0;  // when there is no pass; at least 1
  };
  [[nodiscard]] Admission admit(const std::string& name);

 private:
  struct Bucket {
    double tokens = 0;
    MonoTime filled{0};
    int running = 0;
  };
  using Buckets = std::map<std::string, Bucket>;

  void leave(const std::string& name);
  Buckets::iterator bucket_of(const std::string& name, MonoTime now);

  const Clock& clock_;
  Rate rate_;
  std::size_t max_names_;
  std::mutex mutex_;
  Buckets buckets_;
};

}  // namespace odop::syncserver::http
