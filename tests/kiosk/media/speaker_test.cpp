#include "kiosk/media/speaker.h"

#include "shared/sound/clip.h"
#include "tests/kiosk/media/sound_system.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace odop;                // NOLINT: a test
using namespace odop::kiosk::media;  // NOLINT
using odop::test::SoundSystem;

namespace {

using Clock = std::chrono::steady_clock;

struct Heard {
  std::vector<Spoken> words;
  bool ended = false;
  std::optional<Status> probe;
  std::optional<bool> loudspeaker;
};

// Listens until `enough`, or ten seconds.
template <typename Enough>
Heard listen(Speaker& speaker, Enough enough) {
  Heard heard;
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (!enough(heard) && Clock::now() < deadline) {
    SpeakerNews news = speaker.take();
    if (news.at) heard.words.push_back(*news.at);
    heard.ended |= news.ended;
    if (news.probe) heard.probe = news.probe;
    if (news.loudspeaker) heard.loudspeaker = news.loudspeaker;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return heard;
}

Heard listen_to_end(Speaker& speaker) {
  return listen(speaker, [](const Heard& heard) { return heard.ended; });
}

}  // namespace

TEST_CASE("The voice speaks three languages", "[kiosk][media]") {
  const Voice voice;
  REQUIRE(voice.installed());
  struct Line {
    std::string_view language, text;
    std::size_t words;
  };
  for (const Line& line :
       {Line{"hi", "नमस्ते, कन्नौज का इत्र", 4}, Line{"en", "The attar of Kannauj", 4},
        Line{"ur", "یہ قنوج کا عطر ہے", 5}}) {
    INFO(line.text);
    const auto sound = voice.say(line.language, line.text, {});
    REQUIRE(sound.has_value());
    CHECK(sound->rate == 22'050);
    // A second at least, and somebody speaks in it.
    CHECK(sound->samples.size() > 22'050);
    CHECK(*std::ranges::max_element(sound->samples) > 8'000);
    CHECK(sound->phonemes.size() == line.words);
  }
}

TEST_CASE("What cannot be said is an error, not a wait", "[kiosk][media]") {
  CHECK(Voice().say("xx", "hello", {}).error().code == ErrorCode::kNotFound);
  const Voice none("/nowhere/espeak-ng");
  CHECK_FALSE(none.installed());
  CHECK(none.say("en", "hello", {}).error().code == ErrorCode::kNotFound);
  CHECK_FALSE(Voice("/bin/false").say("en", "hello", {}).has_value());

  test::TempFolder folder;
  const auto slow = folder.path() / "slow";
  std::ofstream(slow) << "#!/bin/sh\nexec sleep 9\n";
  std::filesystem::permissions(slow, std::filesystem::perms::owner_all);
  const auto began = Clock::now();
  const auto sound = Voice(slow).say("en", "hello", [] { return true; });
  REQUIRE_FALSE(sound.has_value());
  CHECK(sound.error().code == ErrorCode::kBusy);
  CHECK(Clock::now() - began < std::chrono::seconds(2));
}

TEST_CASE("The voice's own markup is only words", "[kiosk][media]") {
  // [[...]] would be taken for phonemes, and say nothing of what is written.
  const auto sound = Voice().say("en", "[[h@l'oU]]", {});
  REQUIRE(sound.has_value());
  CHECK(sound->phonemes.size() >= 1);
}

TEST_CASE("Passages are read in order, each word is told while it sounds", "[kiosk][media]") {
  SoundSystem system;
  Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  const auto began = Clock::now();
  speaker.say({{"a", "कन्नौज का इत्र।", "hi"}, {"b", "Attar, of Kannauj", "en"}});
  const Heard heard = listen_to_end(speaker);
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  REQUIRE(heard.ended);
  std::vector<std::string> said;
  for (const Spoken& at : heard.words) {
    said.push_back(at.node + ":" + at.clause.substr(at.word.begin, at.word.end - at.word.begin));
  }
  CHECK(said ==
        std::vector<std::string>{"a:कन्नौज", "a:का", "a:इत्र", "b:Attar", "b:of", "b:Kannauj"});
  // What was played is as long as it took: the file was not filled ahead of the words.
  const double played = static_cast<double>(system.heard().size()) / 22'050;
  CHECK(played > 1.2);
  CHECK(seconds > played - 0.3);
  CHECK(system.loudness() > 200);
}

TEST_CASE("Stopping is heard at once, and what comes next begins anew", "[kiosk][media]") {
  SoundSystem system;
  Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  const std::string story =
      "This is a long story of a town and of its attar, which nobody will hear to its end";
  speaker.say({{"a", story, "en"}});
  REQUIRE_FALSE(
      listen(speaker, [](const Heard& heard) { return heard.words.size() > 1; }).words.empty());
  const auto began = Clock::now();
  speaker.stop();
  speaker.settle();
  CHECK(Clock::now() - began < std::chrono::milliseconds(250));
  const SpeakerNews after = speaker.take();
  CHECK_FALSE(after.ended);
  CHECK_FALSE(after.at.has_value());

  // Asked again it begins with its first word.
  speaker.say({{"a", story, "en"}});
  const Heard again = listen(speaker, [](const Heard& heard) { return !heard.words.empty(); });
  REQUIRE_FALSE(again.words.empty());
  CHECK(again.words.front().word == Word{0, 4});
  // Another one in its place: nothing of the first is told any more.
  speaker.say({{"b", "Short", "en"}});
  const Heard next = listen_to_end(speaker);
  REQUIRE(next.words.size() == 1);
  CHECK(next.words.front().node == "b");
}

TEST_CASE("Each step of the volume is louder than the one before", "[kiosk][media]") {
  double before = 0;
  for (int step = 1; step <= kVolumes; ++step) {
    SoundSystem system;
    Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
    speaker.set_volume(step);
    speaker.say({{"a", "Attar", "en"}});
    REQUIRE(listen_to_end(speaker).ended);
    INFO(step);
    CHECK(system.loudness() > before * 1.8);
    before = system.loudness();
  }
}

TEST_CASE("Without a loudspeaker or a voice it says so, and nothing hangs", "[kiosk][media]") {
  SoundSystem system;
  const auto probed = [](Speaker& speaker) {
    speaker.probe();
    return listen(speaker, [](const Heard& heard) { return heard.probe.has_value(); });
  };
  Speaker good({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  CHECK(probed(good).probe.value().has_value());
  Speaker mute({.device = "none-such", .voice = "/usr/bin/espeak-ng", .wake = {}});
  const Heard nothing = probed(mute);
  CHECK_FALSE(nothing.probe.value().has_value());
  CHECK(nothing.loudspeaker == false);
  // Without a voice a loudspeaker still plays what was recorded.
  Speaker dumb({.device = "file", .voice = "/nowhere/espeak-ng", .wake = {}});
  const Heard found = probed(dumb);
  CHECK_FALSE(found.probe.value().has_value());
  CHECK(found.loudspeaker == true);
  mute.say({{"a", "Attar", "en"}});
  const Heard heard = listen_to_end(mute);
  CHECK(heard.ended);
  CHECK(heard.words.empty());
}

TEST_CASE("The speaker calls when there is news and sleeps else", "[kiosk][media]") {
  SoundSystem system;
  std::atomic<int> calls = 0;
  Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = [&] { ++calls; }});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(calls == 0);
  speaker.say({{"a", "of Kannauj", "en"}});
  REQUIRE(listen_to_end(speaker).ended);
  CHECK(calls == 3);  // two words and the end
}

TEST_CASE("What was recorded is played in its place, as long as it is", "[kiosk][media]") {
  SoundSystem system;
  const auto said = Voice().say("en", "seven hundred", {});
  REQUIRE(said.has_value());
  std::vector<std::int16_t> samples;  // at the rate of answers
  const auto rate = static_cast<std::size_t>(said->rate);
  for (std::size_t i = 0; i * rate / sound::kSpeechRate < said->samples.size(); ++i) {
    samples.push_back(said->samples[i * rate / sound::kSpeechRate]);
  }
  const auto clip = sound::encode(samples);
  REQUIRE(clip.has_value());
  Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  speaker.set_volume(kVolumes);
  const auto began = Clock::now();
  speaker.say({{"a", "A recorded prompt", "en", *clip}, {"b", "Attar", "en"}});
  const Heard heard = listen_to_end(speaker);
  REQUIRE(heard.ended);
  REQUIRE(heard.words.size() == 2);
  // The whole of the text is shown while it sounds, and no word of it is marked.
  CHECK(heard.words.front().clause == "A recorded prompt");
  CHECK(heard.words.front().word == Word{});
  CHECK(heard.words.back().node == "b");
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  CHECK(seconds > static_cast<double>(samples.size()) / sound::kSpeechRate);
  CHECK(system.loudness() > 200);
}

TEST_CASE("A spoken answer is told by no word; a damaged prompt is said instead",
          "[kiosk][media]") {
  SoundSystem system;
  const Bytes clip = sound::encode(std::vector<std::int16_t>(8'000, 900)).value();
  Speaker speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  speaker.say({{"", "", "", clip}});
  const Heard silent = listen_to_end(speaker);
  CHECK(silent.ended);
  CHECK(silent.words.empty());
  CHECK(system.heard().size() > 8'000);
  speaker.say({{"a", "Attar", "en", clip.substr(0, 300)}});
  const Heard said = listen_to_end(speaker);
  REQUIRE(said.words.size() == 1);
  CHECK(said.words.front().word == Word{0, 5});
}
