// Memory for what somebody said: reserved once, kept out of swap and core files where the system
// allows it, overwritten before it is given back. Room for a whole recording, so that nothing is
// copied while it grows.
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace odop::kiosk::media {

class LockedSamples {
 public:
  // Without room (no memory left) it holds nothing and takes nothing.
  explicit LockedSamples(std::size_t most);
  LockedSamples(LockedSamples&& other) noexcept;
  LockedSamples& operator=(LockedSamples&& other) noexcept;
  ~LockedSamples();

  // What finds no room is left out.
  void add(std::span<const std::int16_t> samples);
  void clear();
  [[nodiscard]] std::span<const std::int16_t> samples() const { return {data_, size_}; }
  [[nodiscard]] std::size_t room() const { return most_ - size_; }

 private:
  std::int16_t* data_ = nullptr;  // owned, by mmap
  std::size_t most_ = 0;
  std::size_t size_ = 0;
};

}  // namespace odop::kiosk::media
