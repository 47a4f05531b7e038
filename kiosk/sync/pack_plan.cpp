#include "kiosk/sync/pack_plan.h"

#include <algorithm>
#include <cstddef>

namespace odop::kiosk {
namespace {

// Joins what is near, then cuts what is long.
void add(std::vector<ByteRange>& ranges, std::uint64_t first, std::uint64_t count) {
  if (count == 0) return;
  if (!ranges.empty()) {
    ByteRange& last = ranges.back();
    const std::uint64_t end = last.first + last.count;
    if (first <= end + kJoinGapBytes) {
      last.count = first + count - last.first;
      return;
    }
  }
  ranges.push_back({first, count});
}

}  // namespace

std::uint64_t PackPlan::bytes() const {
  std::uint64_t sum = 0;
  for (const ByteRange& range : ranges) sum += range.count;
  return sum;
}

PackPlan plan_pack(const wire::PackIndex& index, const wire::PackLayout& layout, bool have_frame,
                   const std::vector<bool>& have) {
  std::vector<ByteRange> lacking;
  if (!have_frame) add(lacking, layout.frame_offset, index.frame_size);
  for (std::size_t i = 0; i < index.items.size(); ++i) {
    const wire::PackItem& item = index.items[i];
    if (item.kind == wire::ItemKind::kRecord || item.kind == wire::ItemKind::kRemoved) continue;
    if (i < have.size() && have[i]) continue;
    add(lacking, layout.item_offset[i], item.size);
  }
  PackPlan plan;
  for (ByteRange range : lacking) {
    while (range.count > 0) {
      const std::uint64_t count = std::min(range.count, kMaxRangeBytes);
      plan.ranges.push_back({range.first, count});
      range.first += count;
      range.count -= count;
    }
  }
  return plan;
}

}  // namespace odop::kiosk
