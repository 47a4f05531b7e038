// A spoken answer through desk, recorder, loudspeaker and journal: heard, sent, and nowhere on the
// disk in the clear.
#include "kiosk/media/recorder.h"
#include "kiosk/media/speaker.h"
#include "kiosk/model/update.h"
#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/pin.h"
#include "shared/sound/clip.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/kiosk/media/sound_system.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk;       // NOLINT
using namespace odop::kiosk::app;  // NOLINT

namespace {

// A voice that no other file holds.
std::vector<std::int16_t> canary() {
  std::vector<std::int16_t> out(static_cast<std::size_t>(sound::kSpeechRate) * 4);
  std::uint32_t seed = 20'261'121;
  for (std::size_t i = 0; i < out.size(); ++i) {
    seed = seed * 1664525U + 1013904223U;
    const double noise = static_cast<double>(seed >> 16U) / 65'536 - 0.5;
    const double at = static_cast<double>(i) / sound::kSpeechRate;
    out[i] = static_cast<std::int16_t>(7'000 * std::sin(6.2832 * 210 * at) + 2'000 * noise);
  }
  return out;
}

struct Stand : KioskParts {
  explicit Stand(const std::string& microphone = "mic",
                 Catalogue catalogue = test::stand_catalogue())
      : speaker({.device = "file", .voice = "/usr/bin/espeak-ng", .wake = {}}),
        recorder({.device = microphone}) {
    enrol();
    sounds.say(canary());
    DeskParts parts = desk_parts();
    parts.speaker = &speaker;
    parts.recorder = &recorder;
    desk.emplace(parts, Language::kHindi, std::move(catalogue));
    desk->after_first_frame();
    REQUIRE(until(
        [&] { return desk->state().kiosk.sound_told && desk->state().kiosk.microphone_told; }));
  }
  bool until(const std::function<bool()>& enough) { return heard_until(*desk, enough); }
  template <typename T>
  void ask(T intent) {
    desk->act({std::move(intent)});
  }
  [[nodiscard]] const Visit& visit() const { return desk->state().visit; }
  // Two seconds and more into the feedback's message.
  void speak() {
    ask(intent::Start{});
    ask(intent::StartForm{"feedback"});
    ask(intent::Choose{"rating", "good"});
    ask(intent::OpenVoice{"message"});
    ask(intent::StartSpeaking{});
    REQUIRE(until([&] { return visit().voice.elapsed_ms >= 2'000; }));
    CHECK(visit().voice.level > 3);
    ask(intent::StopSpeaking{});
    REQUIRE(until([&] { return visit().voice.stage == VoiceStage::kTaken; }));
  }
  // Every byte below the kiosk's folder.
  [[nodiscard]] std::string disk() const {
    std::string out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      out.append(std::istreambuf_iterator<char>(in), {});
    }
    return out;
  }

  test::SoundSystem sounds;
  media::Speaker speaker;
  media::Recorder recorder;
  std::optional<Desk> desk;
};

// How much of the samples from `from` on swings as the canary does, 0 to 1.
double share_of_canary(std::span<const std::int16_t> samples, int rate) {
  double in = 0;
  double across = 0;
  double all = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double at = 6.2832 * 210 * static_cast<double>(i) / rate;
    const double value = samples[i];
    in += value * std::sin(at);
    across += value * std::cos(at);
    all += value * value;
  }
  const auto count = static_cast<double>(samples.size());
  return all == 0 ? 0 : std::sqrt(2 * (in * in + across * across) / count / all);
}

// A member of the staff, and a visitor who listens to the first question of the feedback.
struct PromptStand : Stand {
  PromptStand() {
    const std::string hash = crypto::hash_pin("482719").value();
    REQUIRE(journal.set_setting(kStaffSetting, R"([{"name":"Sunita","pin":")" + hash + "\"}]")
                .has_value());
    mailbox.post(SyncState{});
    REQUIRE(until([&] { return desk->state().kiosk.has_staff; }));
  }
  void open_prompts(const std::string& tongue, const std::string& set) {
    ask(intent::End{});
    ask(intent::Start{});
    ask(intent::OpenMaintenance{});
    ask(intent::Edit{"helper.pin", "482719"});
    REQUIRE(until([&] { return desk->state().screen().id == ScreenId::kMaintenance; }));
    ask(intent::OpenPrompts{});
    ask(intent::Choose{"tongue", tongue});
    ask(intent::OpenPrompts{set});
  }
  void record(const std::string& key) {
    ask(intent::OpenVoice{key});
    ask(intent::StartSpeaking{});
    REQUIRE(until([&] { return visit().voice.elapsed_ms >= 1'500; }));
    ask(intent::StopSpeaking{});
    REQUIRE(until([&] { return visit().voice.stage == VoiceStage::kTaken; }));
    ask(intent::KeepSpoken{});
  }
  // What the loudspeaker is given for the question in a tongue; `spoken` says whether the voice of
  // the machine read it, which alone tells words.
  double question_in(const std::string& tongue, bool& spoken) {
    ask(intent::End{});
    ask(intent::Start{});
    ask(intent::StartForm{"feedback"});
    ui::Node node;
    node.id = "form.question";
    node.role = ui::Role::kHeading;
    node.label = "कैसा लगा आपको यहाँ";
    if (tongue != "hi") {
      ask(intent::Listen{});
      ask(intent::ShowTongues{});
      ask(intent::Choose{"tongue", tongue});
    } else {
      ask(intent::Listen{});
    }
    speaker.settle();
    const auto before = sounds.heard();
    desk->read_aloud({node});
    REQUIRE(until([&] { return !visit().reading.node.empty(); }));
    spoken = visit().reading.end > 0;
    REQUIRE(until([&] { return !visit().speaking; }));
    speaker.settle();
    // A device that is opened anew, for another rate, begins its file anew.
    const auto heard = sounds.heard();
    const bool goes_on =
        heard.size() >= before.size() && std::equal(before.begin(), before.end(), heard.begin());
    const auto said = std::span(heard).subspan(goes_on ? before.size() : 0);
    REQUIRE(said.size() > 10'000);
    return share_of_canary(said, 24'000);
  }
  [[nodiscard]] std::vector<std::filesystem::path> recordings() const {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "prompts")) {
      if (entry.path().extension() == ".opus") out.push_back(entry.path());
    }
    return out;
  }
};

// Whether any stretch of what was said stands in `bytes`.
bool holds_samples(const std::string& bytes) {
  const auto said = canary();
  constexpr std::size_t kStretch = 8;  // samples
  for (std::size_t at = 0; at + kStretch < said.size(); at += 160) {
    const std::string_view stretch(reinterpret_cast<const char*>(&said[at]), kStretch * 2);
    if (bytes.find(stretch) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("What is spoken is heard again, sent, and on the disk only sealed", "[kiosk][app]") {
  Stand stand;
  REQUIRE(stand.desk->state().kiosk.can_record);
  stand.speak();
  stand.ask(intent::PlaySpoken{});
  CHECK(stand.visit().playing != 0);
  REQUIRE(stand.until([&] { return stand.visit().playing == 0; }));
  CHECK(stand.sounds.heard().size() >= 2 * 24'000);
  CHECK(stand.sounds.loudness() > 500);
  // The search for it would find it.
  std::ifstream in(stand.sounds.spoken, std::ios::binary);
  REQUIRE(holds_samples(std::string{std::istreambuf_iterator<char>(in), {}}));

  stand.ask(intent::KeepSpoken{});
  REQUIRE(stand.visit().filling.stage == FormStage::kReview);
  stand.ask(intent::Send{});
  REQUIRE(stand.visit().receipt.has_value());
  CHECK(stand.visit().filling.spoken.empty());
  const std::string disk = stand.disk();
  CHECK(disk.size() > 6'000);  // the sealed recording is there
  CHECK_FALSE(holds_samples(disk));
  CHECK(disk.find("OpusHead") == std::string::npos);
  CHECK(disk.find("OggS") == std::string::npos);
}

TEST_CASE("Who goes while speaking leaves nothing, and the next one can speak", "[kiosk][app]") {
  Stand stand;
  stand.speak();
  stand.ask(intent::StartSpeaking{});  // anew
  REQUIRE(stand.until([&] { return stand.visit().voice.elapsed_ms >= 300; }));
  stand.ask(intent::End{});
  stand.recorder.settle();
  stand.desk->receive();
  CHECK(stand.visit().voice == VoiceWork{});
  const std::string disk = stand.disk();
  CHECK_FALSE(holds_samples(disk));
  CHECK(disk.find("OggS") == std::string::npos);
  stand.speak();
}

TEST_CASE("Without a microphone one types, and staff are told", "[kiosk][app]") {
  Stand stand("none-such");
  CHECK_FALSE(stand.desk->state().kiosk.can_record);
  stand.ask(intent::Start{});
  stand.ask(intent::StartForm{"feedback"});
  stand.ask(intent::Choose{"rating", "good"});
  stand.ask(intent::OpenVoice{"message"});
  CHECK(stand.visit().sheet == Sheet::kNone);
  stand.ask(intent::OpenMaintenance{});
  const ScreenView shown = stand.desk->view();
  const auto& rows = std::get<MaintenanceView>(shown.body).rows;
  CHECK(std::ranges::count_if(
            rows, [](const MaintenanceRow& row) { return row.icon == "mic" && !row.good; }) == 1);
}

TEST_CASE("A helper's PIN is checked against those that this kiosk knows", "[kiosk][app]") {
  Stand stand;
  CHECK_FALSE(stand.desk->state().kiosk.has_staff);
  const std::string hash = crypto::hash_pin("482719").value();
  REQUIRE(stand.journal.set_setting(kStaffSetting, R"([{"name":"Sunita","pin":")" + hash + "\"}]")
              .has_value());
  stand.mailbox.post(SyncState{});
  REQUIRE(stand.until([&] { return stand.desk->state().kiosk.has_staff; }));
  stand.ask(intent::Start{});
  stand.ask(intent::OpenHelper{});
  stand.ask(intent::Edit{"helper.pin", "482718"});
  REQUIRE(stand.until([&] { return !stand.visit().pin_checked; }));
  CHECK(stand.visit().helper.empty());
  CHECK(stand.visit().error == "helper.wrong");
  stand.ask(intent::Edit{"helper.pin", "482719"});
  REQUIRE(stand.until([&] { return !stand.visit().helper.empty(); }));
  CHECK(stand.visit().helper == "Sunita");
  CHECK(stand.disk().find("482719") == std::string::npos);
}

TEST_CASE("A recorded prompt is heard in the visitor's tongue, the rest is said by the voice",
          "[kiosk][app]") {
  const Bytes clip = sound::encode(canary()).value();
  const std::string hash = to_hex(crypto::sha256(clip));
  Catalogue catalogue = test::stand_catalogue();
  catalogue.prompts = {{"p1", "form/feedback/rating", "awa", hash},
                       {"p2", "form/feedback/rating/good", "awa", std::string(64, 'f')}};
  Stand stand("mic", std::move(catalogue));
  const auto file = stand.catalogues.media_path(hash);
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << clip;
  const auto made = [](std::string id, std::string label) {
    ui::Node node;
    node.id = std::move(id);
    node.role = ui::Role::kHeading;
    node.label = std::move(label);
    return node;
  };
  const ui::SemanticTree tree{made("form.question", "कैसा लगा"), made("form.question.hint", "चुनें"),
                              made("form.choice.rating.good", "अच्छा")};
  const auto listen = [&] {
    stand.ask(intent::Listen{});
    stand.desk->read_aloud(tree);
  };
  stand.ask(intent::Start{});
  stand.ask(intent::StartForm{"feedback"});
  listen();
  REQUIRE(stand.until([&] { return !stand.visit().reading.node.empty(); }));
  CHECK(stand.visit().reading.end > 0);  // the voice says it, in Hindi
  stand.ask(intent::ShowTongues{});
  stand.ask(intent::Choose{"tongue", "awa"});
  stand.desk->read_aloud(tree);
  REQUIRE(stand.until([&] { return !stand.visit().reading.node.empty(); }));
  CHECK(stand.visit().reading.node == "form.question");
  CHECK(stand.visit().reading.text == "कैसा लगा");
  CHECK(stand.visit().reading.end == 0);
  const auto began = std::chrono::steady_clock::now();
  // The help was in the recording; of the option there is none here.
  REQUIRE(stand.until([&] { return stand.visit().reading.node != "form.question"; }));
  CHECK(stand.visit().reading.node == "form.choice.rating.good");
  CHECK(stand.visit().reading.end > 0);
  CHECK(std::chrono::steady_clock::now() - began > std::chrono::milliseconds(3'500));
}

TEST_CASE("What staff record is what a visitor hears in the place of the machine's voice",
          "[kiosk][app][prompts]") {
  constexpr const char* kRating = "form/feedback/rating";
  PromptStand stand;
  bool spoken = false;
  CHECK(stand.question_in("hi", spoken) < 0.2);
  CHECK(spoken);
  CHECK_FALSE(std::filesystem::exists(stand.folder.path() / "prompts"));

  stand.open_prompts("hi", "feedback");
  stand.record(kRating);
  CHECK(stand.visit().voice.field == "form/feedback/rating/good");  // the next one
  REQUIRE(stand.desk->state().kiosk.prompts.size() == 1);
  REQUIRE(stand.recordings().size() == 1);
  CHECK(stand.question_in("hi", spoken) > 0.5);
  CHECK_FALSE(spoken);

  // Heard again on the page, and spoken anew: the old recording goes.
  stand.open_prompts("hi", "feedback");
  stand.ask(intent::OpenVoice{kRating});
  stand.ask(intent::PlaySpoken{});
  CHECK(stand.visit().prompt_sounds);
  REQUIRE(stand.until([&] { return !stand.visit().prompt_sounds; }));
  const auto first = stand.recordings();
  stand.record(kRating);
  REQUIRE(stand.recordings().size() == 1);

  // Another start of the kiosk knows it, and plays it.
  DeskParts parts = stand.desk_parts();
  parts.speaker = &stand.speaker;
  parts.recorder = &stand.recorder;
  stand.desk.emplace(parts, Language::kHindi, test::stand_catalogue());
  stand.desk->after_first_frame();
  REQUIRE(stand.until([&] { return stand.desk->state().kiosk.can_speak; }));
  REQUIRE(stand.desk->state().kiosk.prompts.size() == 1);
  CHECK(stand.question_in("hi", spoken) > 0.5);
  CHECK_FALSE(spoken);

  // One that is torn is not played: the machine says the words; the page says it is damaged.
  std::filesystem::resize_file(stand.recordings().front(), 1'000);
  CHECK(stand.question_in("hi", spoken) < 0.2);
  CHECK(spoken);
  stand.open_prompts("hi", "feedback");
  stand.ask(intent::OpenVoice{kRating});
  stand.ask(intent::PlaySpoken{});
  CHECK(stand.visit().voice.problem == "prompts.damaged");
  stand.ask(intent::ForgetSpoken{});
  CHECK(stand.desk->state().kiosk.prompts.empty());
  CHECK(stand.recordings().empty());
}

TEST_CASE("A take that is not kept leaves nothing, and a list of a newer program is left alone",
          "[kiosk][app][prompts]") {
  PromptStand stand;
  stand.open_prompts("bho", "feedback");
  stand.ask(intent::OpenVoice{"form/feedback/rating"});
  stand.ask(intent::StartSpeaking{});
  REQUIRE(stand.until([&] { return stand.visit().voice.elapsed_ms >= 1'000; }));
  stand.ask(intent::StopSpeaking{});
  REQUIRE(stand.until([&] { return stand.visit().voice.stage == VoiceStage::kTaken; }));
  stand.ask(intent::CloseSheet{});
  CHECK(stand.desk->state().kiosk.prompts.empty());
  CHECK(stand.disk().find("OggS") == std::string::npos);

  std::filesystem::create_directories(stand.folder.path() / "prompts");
  const auto list = stand.folder.path() / "prompts" / "prompts.json";
  std::ofstream(list) << R"({"version":9})";
  stand.desk.emplace(stand.desk_parts(), Language::kHindi, test::stand_catalogue());
  stand.desk->after_first_frame();
  CHECK(stand.desk->state().kiosk.prompts_problem == "prompts.newer");
  CHECK(test::read_file(list) == R"({"version":9})");
}

TEST_CASE("What staff recorded is exported as the office's import takes it",
          "[kiosk][app][prompts]") {
  PromptStand stand;
  const std::string data = stand.folder.path().string();
  const auto kiosk = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {test::program("odop-kiosk"), "prompts"});
    words.insert(words.end(), {"--data", data});
    return test::run(words);
  };
  const std::string out = (stand.folder.path() / "for the office").string();
  const auto nothing = kiosk({"export", out});
  CHECK(nothing.exit_code == 1);
  CHECK(nothing.err == "odop-kiosk: no prompts were recorded on this kiosk\n");
  CHECK(kiosk({"list", "--json"}).out == "[]\n");

  stand.open_prompts("awa", std::string(kScreensSet));
  stand.record("screen/home");
  stand.record("screen/list");
  REQUIRE(stand.desk->state().kiosk.prompts.size() == 2);
  // One was read from words that are others by now.
  auto store = must(PromptStore::open(stand.folder.path()));
  StoredPrompt old = store.all().front();
  old.key = "screen/events";
  old.text = "Other words";
  REQUIRE(store.keep(old, store.clip(old.medium).value()).has_value());

  const auto listed = kiosk({"list"});
  INFO(listed.out << listed.err);
  CHECK(listed.out.find("heard    screen/list") != std::string::npos);
  CHECK(listed.out.find("old      screen/events") != std::string::npos);
  const auto given = kiosk({"export", out, "--json"});
  INFO(given.out << given.err);
  CHECK(given.exit_code == 1);  // in part
  CHECK(given.err.find("1 whose words have changed") != std::string::npos);
  CHECK(given.out.find("\"prompts\":2") != std::string::npos);
  CHECK(std::filesystem::exists(std::filesystem::path(out) / "audio" / "screen.home.awa.opus"));
  const auto twice = kiosk({"export", out});
  CHECK(twice.exit_code == 2);
  CHECK(twice.err.find("empty folder") != std::string::npos);

  const test::TempFolder office;
  const auto server = [&](std::vector<std::string> words) {
    words.insert(words.begin(), test::program("odop-syncserver"));
    words.insert(words.end(), {"--data", office.path().string(), "--json"});
    return test::run(words);
  };
  REQUIRE(server({"init"}).exit_code == 0);
  const auto imported = server({"catalogue", "import", out});
  INFO(imported.out << imported.err);
  CHECK(imported.exit_code == 0);
  CHECK(imported.out.find("\"recordings\":2") != std::string::npos);
}
