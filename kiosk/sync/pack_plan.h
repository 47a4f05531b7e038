// Which byte ranges of a pack a kiosk still needs. Pure.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/wire/messages.h"
#include "shared/wire/pack.h"

#include <cstdint>
#include <vector>

namespace odop::kiosk {

// Two ranges nearer than this are fetched as one: a request costs more than these bytes
// (64 KiB take about 0.1 s at 5 Mbit/s, a round trip on a mobile network likewise).
inline constexpr std::uint64_t kJoinGapBytes = 64 * 1024;
// One request fetches no more, so that heartbeats find their turn on slow lines. 1,243 pictures of
// 60 kB are 75 MB: three requests.
inline constexpr std::uint64_t kMaxRangeBytes = 32ULL * 1024 * 1024;

struct PackPlan {
  std::vector<ByteRange> ranges;  // ascending, apart; offsets inside the pack file
  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] bool empty() const { return ranges.empty(); }
};

// `have_frame`: the frame of records is here whole. `have[i]`: medium i of the index is here.
// Empty media are never lacking.
[[nodiscard]] PackPlan plan_pack(const wire::PackIndex& index, const wire::PackLayout& layout,
                                 bool have_frame, const std::vector<bool>& have);

}  // namespace odop::kiosk
