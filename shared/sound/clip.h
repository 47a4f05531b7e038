// Speech as Ogg Opus (RFC 6716, RFC 7845), wholly in memory. Pure; any thread.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace odop::sound {

// Samples a second of what is recorded, one channel of 16 bits: wide band, all that speech needs.
inline constexpr int kSpeechRate = 16'000;
// A spoken answer, by the owner's rule.
inline constexpr std::chrono::milliseconds kLongestAnswer{30'000};
inline constexpr std::size_t kMaxAnswerBytes = 96'000;
// A recorded prompt: decision, twice as long as the longest help text takes to be read.
inline constexpr std::chrono::milliseconds kLongestPrompt{60'000};
inline constexpr std::size_t kMaxPromptBytes = 512 * 1024;

// One channel at kSpeechRate. At 24 kbit/s constant, thirty seconds are some 92 kB. Errors:
// kInvalidArgument (nothing to encode), kTooLarge (longer than kLongestAnswer), kInternal (the
// coder failed).
[[nodiscard]] Result<Bytes> encode(std::span<const std::int16_t> samples);

// How long a clip sounds. `clip` is hostile: every page's checksum and the order of packets are
// looked at, nothing is decoded. Errors: kMalformed, kTooLarge (longer than `longest`).
[[nodiscard]] Result<std::chrono::milliseconds> length_of(BytesView clip,
                                                          std::chrono::milliseconds longest);

// One channel at `rate` (8, 12, 16, 24 or 48 kHz). Errors: those of length_of; kInvalidArgument (no
// such rate).
[[nodiscard]] Result<std::vector<std::int16_t>> decode(BytesView clip, int rate,
                                                       std::chrono::milliseconds longest);

// Overwrites in a way that the compiler keeps.
void wipe(std::span<std::int16_t> samples);

}  // namespace odop::sound
