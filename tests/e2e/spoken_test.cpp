// An answer that is spoken, end to end with the real programs: a name is said into a microphone,
// heard again, kept and sent; the office gets the recording, and no byte of what was said lies
// readable on the kiosk. Microphone and loudspeaker are files (ALSA's file plugin).
#include "shared/sound/clip.h"
#include "tests/e2e/buyer.h"
#include "tests/e2e/voice_files.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kMobile = "9811223344";

// The office with the real catalogue, and a kiosk that hears and plays. Sunita Verma's PIN is
// 482719.
struct Hall {
  test::TempFolder folder{};
  test::VoiceFiles sound{folder.path()};
  test::ServerHand server{folder.path() / "server"};
  std::string code = open_office(server, folder.path());
  test::Stand gate{folder.path(),
                   {.name = "gate",
                    .server = server.url(),
                    .code = code,
                    .environment = {"ALSA_CONFIG_PATH=" + sound.config.string()}}};

  void wait_for_release(std::uint64_t number) {
    gate.hand().wait_until(
        "release " + std::to_string(number) + " is shown", [&] { return gate.release() == number; },
        60s);
  }
  // The kiosk's code.
  static std::string open_office(test::ServerHand& server, const fs::path& folder) {
    server.command({"init"});
    server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
    server.command({"catalogue", "publish"});
    const auto added =
        server.json({"kiosk", "add", "--name", "gate", "--venue", "awadh-shilp-gram"});
    const fs::path pins = folder / "pins.csv";
    std::ofstream(pins) << "name,pin\nSunita Verma,482719\n";
    server.command(
        {"kiosk", "staff", std::to_string(added.at("kiosk").get<int>()), "--from", pins});
    server.start();
    return added.at("code").get<std::string>();
  }
};

// How much of the sound swings as what was said does, 0 to 1: its strength at test::kVoiceHertz in
// all of it.
double share_of_tone(const std::vector<std::int16_t>& samples, int rate = sound::kSpeechRate) {
  double in = 0;
  double across = 0;
  double all = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double at = 6.2832 * test::kVoiceHertz * static_cast<double>(i) / rate;
    const double value = samples[i];
    in += value * std::sin(at);
    across += value * std::cos(at);
    all += value * value;
  }
  const auto count = static_cast<double>(samples.size());
  return all == 0 ? 0 : std::sqrt(2 * (in * in + across * across) / count / all);
}

// The emblem held, the PIN, and the page of the prompts in Awadhi.
void open_prompts(test::Stand& gate) {
  auto& hand = gate.hand();
  hand.wait_for("head.emblem");
  const auto rect = hand.find("head.emblem")->at("rect");
  const auto middle = [&](std::size_t at) {
    return std::to_string(
        static_cast<int>(rect.at(at).get<double>() + rect.at(at + 2).get<double>() / 2));
  };
  hand.pointer({"mousemove", middle(0), middle(1), "mousedown", "1"});
  hand.wait_for("helper.pin");
  hand.pointer({"mouseup", "1"});
  hand.type_digits("482719");
  hand.tap("staff.prompts");
  hand.tap("prompts.tongue.awa");
  hand.tap("prompts.set.feedback");
  hand.wait_for("prompts.row.form/feedback/rating");
}

// How much the first second of what the loudspeaker was given swings as the tone does. A device
// that is opened anew, for another rate, writes over its file from the beginning.
double tone_played(const test::VoiceFiles& sound) {
  constexpr int kPlayedRate = 24'000;  // as prompts are decoded
  std::error_code ignored;
  if (!fs::exists(sound.played, ignored)) return 0;
  const std::string bytes = test::read_file(sound.played);
  std::vector<std::int16_t> samples(kPlayedRate);
  if (bytes.size() < samples.size() * sizeof(std::int16_t)) return 0;
  std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(std::int16_t));
  return share_of_tone(samples, kPlayedRate);
}

// The most of it while a visitor listens to the first question of the feedback in Awadhi; its
// answers follow in the machine's voice.
double question_heard(test::Stand& gate, const test::VoiceFiles& sound) {
  auto& hand = gate.hand();
  hand.tap("attract.start");
  hand.tap("home.door.artisan");
  hand.tap("artisan.form.feedback");
  hand.wait_for("form.listen");
  hand.tap("bar.speak");  // all of the page takes long enough to choose
  hand.tap("speech.tongue");
  hand.tap("form.choice.tongue.awa");
  hand.wait_until("the sheet is closed", [&] { return !hand.find("form.choice.tongue.awa"); });
  hand.tap("bar.speak");
  hand.wait_until("silence", [&] { return !hand.find("speech.again"); });
  std::this_thread::sleep_for(500ms);  // the device is closed
  fs::remove(sound.played);
  hand.tap("form.listen");
  hand.wait_for("speech.again");
  double most = 0;
  hand.wait_until("the question was read", [&] {
    most = std::max(most, tone_played(sound));
    return !hand.find("speech.again");
  });
  hand.tap("bar.home");
  return most;
}

}  // namespace

TEST_CASE("a spoken name is heard again, sent, and readable by the office alone", "[e2e][voice]") {
  Hall hall;
  const test::TempFolder& folder = hall.folder;
  const test::VoiceFiles& sound = hall.sound;
  test::ServerHand& server = hall.server;
  test::Stand& gate = hall.gate;
  auto& hand = gate.hand();
  INFO(gate.err());
  hall.wait_for_release(1);

  test::say("A buyer gives a number, and says the name instead of writing it.");
  hand.tap("attract.start");
  hand.tap("district.kannauj");
  hand.tap("product.kannauj-attar");
  hand.tap("product.enquire");
  hand.wait_for("form.field.mobile");
  hand.type_hardware(kMobile);
  hand.wait_until("the number",
                  [&] { return test::digits_of(hand.value("form.field.mobile")) == kMobile; });
  hand.tap("form.next");
  hand.wait_for("voice.speak");
  hand.tap("voice.speak");
  hand.wait_for("voice.button");
  gate.shot("voice-ready");
  hand.tap("voice.button");
  hand.wait_for("voice.left");
  std::this_thread::sleep_for(2s);  // somebody speaks
  gate.shot("voice-recording");
  hand.tap("voice.button");
  hand.wait_for("voice.keep");
  gate.shot("voice-taken");
  hand.tap("voice.play");
  hand.wait_until("it is heard again",
                  [&] { return fs::exists(sound.played) && fs::file_size(sound.played) > 16'000; });
  hand.tap("voice.keep");
  hand.wait_until("the next question", [&] { return !hand.find("voice.keep"); });
  test::send_the_rest(gate, [&] {
    if (hand.find("form.review.name.play")) gate.shot("voice-review");
  });
  const std::string reference = test::digits_of(hand.value("receipt.reference"));
  hand.wait_until(
      "the receipt says arrived", [&] { return hand.value("receipt.state") == "arrived"; }, 60s);

  test::say("The office listens to it. Reference " + reference + ".");
  const fs::path out = folder.path() / "name.ogg";
  hand.wait_until(
      "what was spoken has arrived",
      [&] {
        const auto all = server.json({"submissions", "list"});
        return all.size() == 1 && all.at(0).at("recordings").size() == 1 &&
               all.at(0).at("recordings").at(0).at("state") == "here";
      },
      60s);
  server.command({"submissions", "recording", reference, "--field", "name", "--out", out});
  const std::string ogg = test::read_file(out);
  const auto heard = sound::decode(ogg, sound::kSpeechRate, sound::kLongestAnswer);
  REQUIRE(heard.has_value());
  CHECK(heard->size() > 1 * sound::kSpeechRate);
  CHECK(heard->size() < 20 * sound::kSpeechRate);
  CHECK(share_of_tone(*heard) > 0.5);
  CHECK(server.json({"submissions", "list"}).at(0).at("fields").contains("name") == false);

  test::say("Nothing that was said lies readable on the kiosk.");
  std::vector<std::string> canaries = test::canaries_in(ogg, 200);
  const std::size_t coded = canaries.size();
  for (auto& one : test::canaries_in(sound.said, 100)) canaries.push_back(std::move(one));
  canaries.insert(canaries.end(), {"OpusHead", kMobile});
  CHECK(coded >= 7);
  // The search looks where the recording would be: the reference, which is no secret, is found.
  CHECK_FALSE(test::files_holding(gate.data(), reference).empty());
  std::size_t found = 0;
  for (const std::string& canary : canaries) {
    found += test::files_holding(folder.path() / "gate", canary).size();
  }
  CHECK(found == 0);
  std::cout << "  spoken_bytes=" << ogg.size() << " canaries=" << canaries.size()
            << " found=" << found << std::endl;
  gate.stop();
  server.stop();
}

TEST_CASE("a prompt that staff record is heard at once, and by way of the office everywhere",
          "[e2e][voice][prompts]") {
  Hall hall;
  const test::TempFolder& folder = hall.folder;
  const test::VoiceFiles& sound = hall.sound;
  test::ServerHand& server = hall.server;
  test::Stand& gate = hall.gate;
  auto& hand = gate.hand();
  INFO(gate.err());
  hall.wait_for_release(1);

  test::say("A member of the staff says the first question of the feedback in Awadhi.");
  hand.tap("attract.start");
  open_prompts(gate);
  gate.shot("prompts");
  hand.tap("prompts.row.form/feedback/rating");
  hand.wait_for("voice.button");
  gate.shot("prompt-ready");
  hand.tap("voice.button");
  hand.wait_for("voice.left");
  std::this_thread::sleep_for(2s);  // somebody speaks
  hand.tap("voice.button");
  hand.tap("voice.keep");
  hand.wait_until("the next line", [&] { return hand.find("voice.button").has_value(); });
  CHECK(test::files_holding(gate.data(), "OpusHead").size() == 1);
  hand.tap("prompt.close");
  gate.shot("prompts-kept");
  hand.tap("bar.back");
  hand.tap("bar.back");
  hand.tap("staff.close");

  test::say("A visitor hears it; also after a restart.");
  const double before = question_heard(gate, sound);
  CHECK(before > 0.5);
  gate.restart();
  const double again = question_heard(gate, sound);
  CHECK(again > 0.5);

  test::say("It goes to the office, and comes back with the catalogue.");
  const fs::path out = folder.path() / "for the office";
  const auto exported = test::run({test::program("odop-kiosk"), "prompts", "export", out.string(),
                                   "--data", gate.data().string()});
  INFO(exported.out << exported.err);
  REQUIRE(exported.exit_code == 0);
  server.command({"catalogue", "import", out});
  server.command({"catalogue", "publish"});
  fs::remove_all(gate.data() / "prompts");
  gate.restart();
  hall.wait_for_release(2);
  const double everywhere = question_heard(gate, sound);
  CHECK(everywhere > 0.5);
  std::cout << "  tone: here=" << before << " after a restart=" << again
            << " from the catalogue=" << everywhere << std::endl;
  gate.stop();
  server.stop();
}
