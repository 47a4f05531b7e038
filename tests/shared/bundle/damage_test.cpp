// Sticks are pulled and rot: every cut, and flipped bits anywhere.
#include "shared/core/random.h"
#include "tests/shared/bundle/sample_bundle.h"

#include <iostream>

using namespace odop;
using namespace odop::bundle;

namespace {

// A process for each reading: under the sanitizers a copy of one costs ten times as much.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kCutStep = 17;
constexpr int kFlips = 200;
#else
constexpr std::size_t kCutStep = 1;
constexpr int kFlips = 1'500;
#endif

struct Sample {
  test::TempFolder folder;
  crypto::SigningKey server = test::key_of(100);
  std::filesystem::path file = folder / "sample.odop";
  Bytes whole;
  std::vector<CarriedItem> items;

  Sample() {
    test::save(folder / "pack", Bytes(500, 'p'));
    REQUIRE(write_bundle(file, test::sample_bundle(folder / "pack"), server).has_value());
    whole = test::load(file);
    items = test::read_bundle(file, server.public_key())->items;
  }
  Result<test::Read> read(BytesView bytes) {
    test::save(file, bytes);
    return test::read_bundle(file, server.public_key());
  }
  [[nodiscard]] bool holds(const CarriedItem& item) const {
    return std::any_of(items.begin(), items.end(), [&](const CarriedItem& known) {
      return known.kind == item.kind && known.name == item.name && known.bytes == item.bytes;
    });
  }
};

}  // namespace

TEST_CASE("a bundle that was cut at any byte is refused with a clear error", "[bundle][fault]") {
  Sample sample;
  for (std::size_t cut = 0; cut < sample.whole.size(); cut += kCutStep) {
    const auto read = sample.read(BytesView(sample.whole).substr(0, cut));
    CAPTURE(cut);
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().code == ErrorCode::kMalformed);
    REQUIRE_THAT(read.error().context, Catch::Contains("cut short"));
  }
  REQUIRE(sample.read(sample.whole + "x").error().code == ErrorCode::kMalformed);
}

// Nothing comes out of a damaged bundle that was not signed; what is undamaged in it still comes.
TEST_CASE("flipped bits never give an item that was not signed", "[bundle][fault]") {
  constexpr std::uint64_t kSeed = 20261128;
  Sample sample;
  SeededRandom random(kSeed);
  int refused = 0;
  int left_out = 0;
  int in_pack = 0;
  for (int i = 0; i < kFlips; ++i) {
    Bytes bytes = sample.whole;
    const std::size_t at = random.below(bytes.size());
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << random.below(8)));
    const auto read = sample.read(bytes);
    CAPTURE(kSeed, i, at);
    if (!read) {
      const ErrorCode code = read.error().code;
      // A flipped key in the head is a stranger's only when its signature fits.
      REQUIRE((code == ErrorCode::kMalformed || code == ErrorCode::kBadSignature ||
               code == ErrorCode::kUnsupported || code == ErrorCode::kTooLarge));
      ++refused;
      continue;
    }
    for (const CarriedItem& item : read->items) REQUIRE(sample.holds(item));
    if (read->visited.damaged == 0) {
      // The publisher's signature covers the pack; here its bytes are passed on as they are.
      REQUIRE(at >= bytes.size() - 500);
      ++in_pack;
    } else {
      REQUIRE(read->visited.damaged == 1);
      REQUIRE(read->items.size() == sample.items.size() - 1);
      ++left_out;
    }
  }
  std::cout << "seed " << kSeed << ": " << kFlips << " flips, " << refused << " bundles refused, "
            << left_out << " items left out, " << in_pack << " inside a pack\n";
  CHECK(refused > 0);
  CHECK(left_out > 0);
}
