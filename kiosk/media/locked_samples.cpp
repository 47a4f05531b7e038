#include "kiosk/media/locked_samples.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace odop::kiosk::media {

LockedSamples::LockedSamples(std::size_t most) {
  const std::size_t bytes = most * sizeof(std::int16_t);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  // Under a small RLIMIT_MEMLOCK locking may fail; the unit lifts the limit (see kiosk/app).
  (void)mlock(memory, bytes);
  (void)madvise(memory, bytes, MADV_DONTDUMP);
  data_ = static_cast<std::int16_t*>(memory);
  most_ = most;
}

LockedSamples::LockedSamples(LockedSamples&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      most_(std::exchange(other.most_, 0)),
      size_(std::exchange(other.size_, 0)) {}

LockedSamples& LockedSamples::operator=(LockedSamples&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(most_, other.most_);
  std::swap(size_, other.size_);
  return *this;
}

LockedSamples::~LockedSamples() {
  if (data_ == nullptr) return;
  clear();
  munmap(data_, most_ * sizeof(std::int16_t));
}

void LockedSamples::add(std::span<const std::int16_t> samples) {
  const std::size_t count = std::min(samples.size(), room());
  std::copy_n(samples.begin(), count, data_ + size_);
  size_ += count;
}

void LockedSamples::clear() {
  if (data_ != nullptr) explicit_bzero(data_, size_ * sizeof(std::int16_t));
  size_ = 0;
}

}  // namespace odop::kiosk::media
