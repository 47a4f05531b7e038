// Each decoder, fed with golden bytes that were flipped, cut, extended and spliced. No input may
// crash it or make it take memory out of proportion; what it accepts must encode to the same bytes.
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "tests/fuzz/mutate.h"
#include "tests/shared/wire/largest_allocation.h"
#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace odop;
using namespace odop::wire;

namespace {

struct Counts {
  int inputs = 0;
  int accepted = 0;
};

// Runs `attempt` on mutations for about this long; `attempt` says whether it accepted one.
template <typename Attempt>
Counts storm(const Bytes& golden, std::uint64_t seed, Attempt&& attempt) {
  constexpr auto kEach = std::chrono::milliseconds{50};
  SeededRandom random{seed};
  Counts counts;
  const auto end = std::chrono::steady_clock::now() + kEach;
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 50; ++i) {
      const Bytes input = fuzz::mutated({golden}, random);
      support::reset_largest_allocation();
      const bool accepted = attempt(input);
      // An item of a list is larger in memory than on the wire: five times is the worst.
      REQUIRE(support::largest_allocation() <= 16 * input.size() + 4096);
      ++counts.inputs;
      counts.accepted += accepted ? 1 : 0;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("mutated binary messages are refused or mean what their bytes say", "[wire][fuzz]") {
  constexpr std::uint64_t kSeed = 20'261;
  samples::each_binary([&](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    CAPTURE(name, kSeed);
    const Counts counts = storm(encode(message), kSeed, [](const Bytes& input) {
      const auto read = decode<T>(input);
      if (read.has_value()) REQUIRE(encode(*read) == input);
      return read.has_value();
    });
    std::cout << "mutation " << name << " seed=" << kSeed << " inputs=" << counts.inputs
              << " accepted=" << counts.accepted << "\n";
    CHECK(counts.inputs > 0);
    CHECK(counts.accepted < counts.inputs);
  });
}

TEST_CASE("mutated JSON messages are refused or read", "[wire][fuzz]") {
  constexpr std::uint64_t kSeed = 20'262;
  samples::each_json([&](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    CAPTURE(name, kSeed);
    const Counts counts = storm(to_json(message), kSeed, [](const Bytes& input) {
      const auto read = from_json<T>(input);
      if (read.has_value())
        REQUIRE(to_json(from_json<T>(to_json(*read)).value()) == to_json(*read));
      return read.has_value();
    });
    CHECK(counts.accepted < counts.inputs);
  });
}

TEST_CASE("mutated bodies and packs are refused or read", "[wire][fuzz]") {
  const Bytes padded = pad_body(samples::submission_body()).value();
  SeededRandom random{20'263};
  int accepted = 0;
  for (int i = 0; i < 3'000; ++i) {
    Bytes input = padded;
    const std::size_t used = padded.find_last_not_of('\0') + 1;
    input[random.below(used)] = static_cast<char>(random.below(256));
    const auto body = unpad_body(input);
    if (body && input != padded) ++accepted;
    if (!body) continue;
    CHECK(body->answers.size() <= 32 * 1024);
  }
  CHECK(accepted < 3'000);
}
