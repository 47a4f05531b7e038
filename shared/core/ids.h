// Names for the numbers that must not be mixed up, and UUIDs.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace odop {

// A number with a name: two different tags do not convert into each other.
template <typename Tag>
struct Number {
  std::uint64_t value = 0;
  // clang-tidy 14 takes the zero of rewritten comparisons for a pointer.
  friend auto operator<=>(Number, Number) = default;  // NOLINT(modernize-use-nullptr)
};

using Sequence = Number<struct SequenceTag>;            // submissions of one device epoch, from 1
using Epoch = Number<struct EpochTag>;                  // life of one journal database, from 1
using ReleaseNumber = Number<struct ReleaseNumberTag>;  // published catalogue, from 1; 0 = none
using FeedPosition = Number<struct FeedPositionTag>;    // server's feed, from 1; 0 = before all
using KioskNumber = Number<struct KioskNumberTag>;      // spoken number of a kiosk, from 1

// RFC 9562 version 7: 48 bits of `now`, the rest random. Lower-case text of 36 characters.
[[nodiscard]] std::string make_uuid7(WallTime now, Random& random);

// Any RFC 9562 UUID in lower-case text form.
[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace odop
