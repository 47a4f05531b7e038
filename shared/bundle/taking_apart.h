// What the confined child does with a bundle. Internal to the room.
#pragma once

#include "shared/bundle/confined.h"

#include <cstdint>

namespace odop::bundle {

// The messages from child to parent; their layout is in taking_apart.cpp and reader.cpp.
enum class Tag : std::uint8_t {
  kHead = 1,     // then the child waits for kGoOn
  kFacts = 2,    // of the index
  kItem = 3,     // whole, hash and form are right
  kPack = 4,     // where it lies
  kDamaged = 5,  // an item that is not what was signed
  kEnd = 6,
  kError = 7,  // the last one
};

inline constexpr char kGoOn = 'g';

// `file_size` as the parent saw it. Uses memory, libsodium and `end` alone.
void take_apart(const ConfinedEnd& end, std::uint64_t file_size);

}  // namespace odop::bundle
