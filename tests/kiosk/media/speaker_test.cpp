#include "kiosk/media/speaker.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace odop;                // NOLINT: a test
using namespace odop::kiosk::media;  // NOLINT

namespace {

using Clock = std::chrono::steady_clock;

// A system whose loudspeaker "file" writes what it is given into a file.
struct SoundSystem {
  SoundSystem() {
    std::ofstream(folder.path() / "asoundrc")
        << "pcm.file { type file slave.pcm \"null\" file \"" << played.string()
        << "\" format \"raw\" }\npcm.null { type null }\n";
    setenv("ALSA_CONFIG_PATH", (folder.path() / "asoundrc").c_str(), 1);
  }
  ~SoundSystem() { unsetenv("ALSA_CONFIG_PATH"); }
  SoundSystem(const SoundSystem&) = delete;
  SoundSystem& operator=(const SoundSystem&) = delete;

  [[nodiscard]] std::vector<std::int16_t> heard() const {
    std::ifstream in(played, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::int16_t> samples(bytes.size() / 2);
    std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
    return samples;
  }
  [[nodiscard]] double loudness() const {
    const auto samples = heard();
    double sum = 0;
    for (const std::int16_t sample : samples) sum += static_cast<double>(sample) * sample;
    return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
  }

  test::TempFolder folder;
  std::filesystem::path played = folder.path() / "played.raw";
};

struct Heard {
  std::vector<Spoken> words;
  bool ended = false;
  std::optional<Status> probe;
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
    return listen(speaker, [](const Heard& heard) { return heard.probe.has_value(); }).probe;
  };
  Speaker good({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}});
  CHECK(probed(good).value().has_value());
  Speaker mute({.device = "none-such", .voice = "/usr/bin/espeak-ng", .wake = {}});
  CHECK_FALSE(probed(mute).value().has_value());
  Speaker dumb({.device = "file", .voice = "/nowhere/espeak-ng", .wake = {}});
  CHECK_FALSE(probed(dumb).value().has_value());
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
