#include "shared/sound/clip.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

using namespace odop;         // NOLINT: a test
using namespace odop::sound;  // NOLINT
using namespace std::chrono_literals;

namespace {

// A voice's pitch with its overtones, getting louder and softer as syllables do.
std::vector<std::int16_t> hum(double seconds, double pitch = 180) {
  std::vector<std::int16_t> out(static_cast<std::size_t>(seconds * kSpeechRate));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) / kSpeechRate;
    double value = 0;
    for (int tone = 1; tone <= 5; ++tone) {
      value += std::sin(2 * std::numbers::pi * pitch * tone * at) / tone;
    }
    out[i] = static_cast<std::int16_t>(6'000 * value * (0.6 + 0.4 * std::sin(20 * at)));
  }
  return out;
}

double energy(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const std::int16_t sample : samples) sum += static_cast<double>(sample) * sample;
  return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

// How alike two sounds are: 1 is the same, 0 nothing in common.
double likeness(std::span<const std::int16_t> one, std::span<const std::int16_t> other) {
  double product = 0;
  double left = 0;
  double right = 0;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    product += static_cast<double>(one[i]) * other[i];
    left += static_cast<double>(one[i]) * one[i];
    right += static_cast<double>(other[i]) * other[i];
  }
  return product / std::sqrt(left * right);
}

}  // namespace

TEST_CASE("What was said comes back, as long and as loud, in its place", "[shared][sound]") {
  for (const double seconds : {0.01, 0.5, 1.999, 7.3}) {
    INFO(seconds);
    const auto said = hum(seconds);
    const auto clip = encode(said);
    REQUIRE(clip.has_value());
    const auto heard = decode(*clip, kSpeechRate, kLongestAnswer);
    REQUIRE(heard.has_value());
    CHECK(heard->size() == said.size());
    const auto length = length_of(*clip, kLongestAnswer);
    REQUIRE(length.has_value());
    CHECK(std::abs(length->count() - std::lround(seconds * 1000)) <= 1);
    if (seconds < 0.1) continue;
    CHECK(energy(*heard) == Approx(energy(said)).epsilon(0.2));
    CHECK(likeness(said, *heard) > 0.7);
    CHECK(likeness(said, std::span(*heard).subspan(kSpeechRate / 500)) < 0.5);  // 2 ms off
  }
}

TEST_CASE("Thirty seconds are at most 96 kB, whatever was said", "[shared][sound]") {
  const auto loud = hum(30);
  std::vector<std::int16_t> noise(loud.size());
  std::uint32_t seed = 7;
  for (auto& sample : noise) {
    seed = seed * 1664525U + 1013904223U;
    sample = static_cast<std::int16_t>(seed >> 16U);
  }
  const std::vector<std::int16_t> silence(loud.size());
  std::vector<std::size_t> sizes;
  for (const auto& said : {loud, noise, silence}) {
    const auto clip = encode(said);
    REQUIRE(clip.has_value());
    CHECK(clip->size() <= kMaxAnswerBytes);
    CHECK(length_of(*clip, kLongestAnswer).value() == 30s);
    sizes.push_back(clip->size());
  }
  // A sealed recording's size tells nothing of the words.
  CHECK(sizes[0] == sizes[1]);
  CHECK(sizes[0] == sizes[2]);
  auto longer = loud;
  longer.push_back(0);
  CHECK(encode(longer).error().code == ErrorCode::kTooLarge);
  CHECK(encode({}).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("A clip that is longer than allowed is refused before it is decoded", "[shared][sound]") {
  const auto clip = encode(hum(5));
  REQUIRE(clip.has_value());
  CHECK(length_of(*clip, 5s).has_value());
  CHECK(length_of(*clip, 4'990ms).error().code == ErrorCode::kTooLarge);
  CHECK(decode(*clip, 48'000, 3s).error().code == ErrorCode::kTooLarge);
  CHECK(decode(*clip, 44'100, 5s).error().code == ErrorCode::kInvalidArgument);
  CHECK(decode(*clip, 24'000, 5s).value().size() == 5 * 24'000);
}

TEST_CASE("Whatever is cut, changed or foreign is refused", "[shared][sound]") {
  const Bytes clip = encode(hum(2)).value();
  CHECK(length_of("", 5s).error().code == ErrorCode::kMalformed);
  CHECK(length_of("RIFF....WAVEfmt ", 5s).error().code == ErrorCode::kMalformed);
  for (std::size_t size = 0; size < clip.size(); size += 97) {
    INFO("cut at " << size);
    CHECK_FALSE(length_of(BytesView(clip).substr(0, size), 5s).has_value());
  }
  CHECK_FALSE(length_of(clip + "x", 5s).has_value());
  CHECK_FALSE(length_of(clip + clip, 5s).has_value());
  for (std::size_t at = 0; at < clip.size(); at += 41) {
    INFO("changed at " << at);
    Bytes changed = clip;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    CHECK_FALSE(length_of(changed, 5s).has_value());
  }
  // Ogg, but of another codec: as long a head, and the checksum would be right.
  Bytes other = clip;
  CHECK_FALSE(length_of(other.replace(other.find("OpusHead"), 8, "Speex   "), 5s).has_value());
}
