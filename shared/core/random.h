// Randomness as a value that is handed in. Keys and nonces come from libsodium inside
// shared/crypto; this interface serves ids, jitter and reference numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace odop {

// Threads: one instance per thread, except SystemRandom, which is safe everywhere.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  // Uniform in [0, bound), without modulo bias. `bound` is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
};

// The kernel's generator (getrandom). Aborts when the kernel has none: nothing can be safe then.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// SplitMix64: repeatable, for tests and simulation; never for keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_;
};

}  // namespace odop
