#include "kiosk/media/recorder.h"

#include "kiosk/media/locked_samples.h"
#include "shared/sound/clip.h"
#include "tests/kiosk/media/sound_system.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <optional>
#include <thread>
#include <vector>

using namespace odop;                // NOLINT: a test
using namespace odop::kiosk::media;  // NOLINT
using namespace std::chrono_literals;
using odop::test::SoundSystem;

namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::int16_t> tone(double seconds, double loud) {
  std::vector<std::int16_t> out(static_cast<std::size_t>(seconds * sound::kSpeechRate));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) / sound::kSpeechRate;
    out[i] = static_cast<std::int16_t>(32'767 * loud * std::sin(6.2832 * 300 * at));
  }
  return out;
}

struct Told {
  std::vector<Hearing> hearings;
  std::optional<Result<Take>> taken;
  std::optional<Status> probe;
};

// Follows the recorder until `enough`, or `longest`.
template <typename Enough>
Told follow(Recorder& recorder, Enough enough, std::chrono::milliseconds longest = 10s) {
  Told told;
  const auto deadline = Clock::now() + longest;
  while (!enough(told) && Clock::now() < deadline) {
    RecorderNews news = recorder.take();
    if (news.hearing) told.hearings.push_back(*news.hearing);
    if (news.taken) told.taken = std::move(news.taken);
    if (news.probe) told.probe = news.probe;
    std::this_thread::sleep_for(2ms);
  }
  return told;
}

bool is_taken(const Told& told) { return told.taken.has_value(); }

}  // namespace

TEST_CASE("What was said is taken, with its level on the way", "[kiosk][media]") {
  const SoundSystem system;
  const auto said = tone(3, 0.2);
  system.say(said);
  Recorder recorder({.device = "mic"});
  const auto began = Clock::now();
  recorder.start();
  const Told before = follow(recorder, [](const Told& told) {
    return !told.hearings.empty() && told.hearings.back().elapsed >= 1s;
  });
  // No faster than it was spoken, and ten times a second.
  CHECK(Clock::now() - began > 800ms);
  CHECK(before.hearings.size() >= 5);
  CHECK(before.hearings.back().level >= kLevels - 2);
  CHECK_FALSE(before.taken.has_value());
  recorder.stop();
  const Told after = follow(recorder, is_taken, 2s);
  REQUIRE(after.taken.has_value());
  REQUIRE(after.taken->has_value());
  const Take& take = **after.taken;
  CHECK(take.length >= 1s);
  CHECK(take.length < 1'600ms);
  CHECK_FALSE(take.quiet);
  const auto heard = sound::decode(take.ogg_opus, sound::kSpeechRate, sound::kLongestAnswer);
  REQUIRE(heard.has_value());
  CHECK(heard->size() == static_cast<std::size_t>(take.length.count()) * 16);
  double sum = 0;
  for (const auto sample : *heard) sum += static_cast<double>(sample) * sample;
  CHECK(std::sqrt(sum / static_cast<double>(heard->size())) ==
        Approx(32'767 * 0.1414).epsilon(0.2));
}

TEST_CASE("Silence is known for what it is", "[kiosk][media]") {
  const SoundSystem system;
  system.say(tone(2, 0.0005));
  Recorder recorder({.device = "mic"});
  recorder.start();
  const Told some = follow(recorder, [](const Told& told) { return told.hearings.size() > 2; });
  CHECK(some.hearings.back().level == 0);
  recorder.stop();
  const Told told = follow(recorder, is_taken);
  REQUIRE(told.taken.has_value());
  CHECK((*told.taken)->quiet);
}

TEST_CASE("What is forgotten is told no more, and the next one begins anew", "[kiosk][media]") {
  const SoundSystem system;
  system.say(tone(5, 0.1));
  Recorder recorder({.device = "mic"});
  recorder.start();
  (void)follow(recorder, [](const Told& told) { return told.hearings.size() > 1; });
  recorder.forget();
  recorder.settle();
  const RecorderNews none = recorder.take();
  CHECK_FALSE(none.taken.has_value());
  CHECK_FALSE(none.hearing.has_value());
  recorder.stop();  // there is nothing to stop
  CHECK_FALSE(follow(recorder, is_taken, 150ms).taken.has_value());

  recorder.start();
  const Told first = follow(recorder, [](const Told& told) { return !told.hearings.empty(); });
  CHECK(first.hearings.front().elapsed <= 200ms);
  recorder.stop();
  CHECK(follow(recorder, is_taken).taken.has_value());
}

TEST_CASE("Without a microphone it says so, and nothing hangs", "[kiosk][media]") {
  const SoundSystem system;
  const auto is_probed = [](const Told& told) { return told.probe.has_value(); };
  system.say(tone(1, 0.1));
  Recorder good({.device = "mic"});
  good.probe();
  CHECK(follow(good, is_probed).probe.value().has_value());
  Recorder deaf({.device = "none-such"});
  deaf.probe();
  CHECK_FALSE(follow(deaf, is_probed).probe.value().has_value());
  deaf.start();
  const Told told = follow(deaf, is_taken);
  REQUIRE(told.taken.has_value());
  CHECK(told.taken->error().code == ErrorCode::kNotFound);
}

TEST_CASE("Thirty seconds end by themselves", "[kiosk][media][slow]") {
  const SoundSystem system;
  system.say(tone(31, 0.1));
  Recorder recorder({.device = "mic"});
  recorder.start();
  const Told told = follow(recorder, is_taken, 40s);
  REQUIRE(told.taken.has_value());
  REQUIRE(told.taken->has_value());
  CHECK((*told.taken)->length == sound::kLongestAnswer);
  CHECK((*told.taken)->ogg_opus.size() <= sound::kMaxAnswerBytes);
}

TEST_CASE("Memory for what was said takes what fits and is cleared", "[kiosk][media]") {
  LockedSamples samples(1'000);
  const std::vector<std::int16_t> said(700, 77);
  samples.add(said);
  CHECK(samples.room() == 300);
  samples.add(said);
  CHECK(samples.samples().size() == 1'000);
  const std::int16_t* at = samples.samples().data();
  samples.clear();
  CHECK(samples.samples().empty());
  CHECK(at[0] == 0);
  CHECK(at[999] == 0);
}
