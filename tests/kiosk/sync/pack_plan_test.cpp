#include "kiosk/sync/pack_plan.h"

#include <catch2/catch.hpp>

#include <string>

namespace odop::kiosk {
namespace {

wire::PackIndex index_of(std::uint64_t frame, const std::vector<std::uint64_t>& media) {
  wire::PackIndex index;
  index.to = ReleaseNumber{1};
  index.frame_size = frame;
  index.items.push_back({"product/a", wire::ItemKind::kRecord, 10, Bytes(32, 'h')});
  for (const std::uint64_t size : media) {
    index.items.push_back({std::string(64, 'a'), wire::ItemKind::kPicture, size, Bytes(32, 'h')});
  }
  return index;
}

TEST_CASE("A new kiosk takes frame and media in one sweep", "[kiosk][sync]") {
  const auto index = index_of(1000, {60'000, 60'000});
  const auto layout = wire::layout_of(index, 500);
  const auto plan = plan_pack(index, layout, false, {false, false, false});
  REQUIRE(plan.ranges.size() == 1);
  CHECK(plan.ranges[0].first == layout.frame_offset);
  CHECK(plan.bytes() == 121'000);
}

TEST_CASE("What is here is left out, unless leaving it out costs more", "[kiosk][sync]") {
  const auto index = index_of(1000, {60'000, 900'000, 60'000, 10'000, 60'000});
  const auto layout = wire::layout_of(index, 500);
  const auto plan = plan_pack(index, layout, true, {false, false, true, false, true, false});
  REQUIRE(plan.ranges.size() == 2);
  CHECK(plan.ranges[0].first == layout.item_offset[1]);
  CHECK(plan.ranges[0].count == 60'000);
  CHECK(plan.ranges[1].first == layout.item_offset[3]);
  CHECK(plan.ranges[1].count == 130'000);  // the 10,000 between come along
}

TEST_CASE("Nothing lacks, nothing is fetched", "[kiosk][sync]") {
  const auto index = index_of(1000, {60'000, 0});
  const auto plan = plan_pack(index, wire::layout_of(index, 500), true, {true, true, false});
  CHECK(plan.empty());
  CHECK(plan.bytes() == 0);
}

TEST_CASE("75 MB of pictures are three requests", "[kiosk][sync]") {
  const auto index = index_of(300'000, std::vector<std::uint64_t>(1243, 60'000));
  const auto plan =
      plan_pack(index, wire::layout_of(index, 100'000), false, std::vector<bool>(1244, false));
  CHECK(plan.ranges.size() == 3);
  CHECK(plan.bytes() == 300'000 + 1243ULL * 60'000);
  std::uint64_t next = plan.ranges[0].first;
  for (const ByteRange& range : plan.ranges) {
    CHECK(range.first == next);
    CHECK(range.count <= kMaxRangeBytes);
    next += range.count;
  }
}

}  // namespace
}  // namespace odop::kiosk
