#include "kiosk/media/speaker.h"
#include "kiosk/model/update.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk;       // NOLINT
using namespace odop::kiosk::app;  // NOLINT

namespace {

ui::SemanticTree page() {
  const auto made = [](std::string id, ui::Role role, std::string label) {
    ui::Node node;
    node.id = std::move(id);
    node.role = role;
    node.label = std::move(label);
    return node;
  };
  return {made("head.title", ui::Role::kHeading, "कन्नौज"),
          made("form.question", ui::Role::kHeading, "आपका नाम क्या है"),
          made("bar.home", ui::Role::kButton, "पहला पन्ना")};
}

// A kiosk with the loudspeaker of this name; "file" swallows what it plays.
struct Stand : KioskParts {
  explicit Stand(const std::string& device, const print::Printer* printer = nullptr)
      : speaker({.device = (prepare(), device), .voice = "/usr/bin/espeak-ng", .wake = {}}) {
    DeskParts parts = desk_parts();
    parts.speaker = &speaker;
    parts.printer = printer;
    desk.emplace(parts, Language::kHindi, test::stand_catalogue());
    desk->after_first_frame();
    until([&] { return desk->state().kiosk.sound_told; });
  }
  ~Stand() { unsetenv("ALSA_CONFIG_PATH"); }
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;

  void prepare() {
    std::ofstream(folder.path() / "asoundrc")
        << "pcm.file { type file slave.pcm \"null\" file \"/dev/null\" format \"raw\" }\n"
           "pcm.null { type null }\n";
    setenv("ALSA_CONFIG_PATH", (folder.path() / "asoundrc").c_str(), 1);
  }
  bool until(const std::function<bool()>& enough) { return heard_until(*desk, enough); }
  template <typename T>
  void ask(T intent) {
    desk->act({std::move(intent)});
    desk->read_aloud(page());
  }
  [[nodiscard]] const Visit& visit() const { return desk->state().visit; }

  media::Speaker speaker;
  std::optional<Desk> desk;
};

}  // namespace

TEST_CASE("A screen is read word by word, and another screen silences it", "[kiosk][app]") {
  Stand stand("file");
  REQUIRE(stand.desk->state().kiosk.can_speak);
  stand.ask(intent::Start{});
  stand.ask(intent::Listen{});
  CHECK(stand.visit().speaking);
  REQUIRE(stand.until([&] { return stand.visit().reading.node == "head.title"; }));
  CHECK(stand.visit().reading.text == "कन्नौज");
  REQUIRE(stand.until([&] { return stand.visit().reading.node == "form.question"; }));
  stand.ask(intent::OpenSearch{});
  CHECK_FALSE(stand.visit().speaking);
  CHECK(stand.visit().reading.text.empty());
  stand.speaker.settle();
  stand.desk->receive();
  CHECK(stand.visit().reading.node.empty());
}

TEST_CASE("Reading ends by itself; a question is read alone; the volume goes with the visitor",
          "[kiosk][app]") {
  Stand stand("file");
  stand.ask(intent::Start{});
  stand.ask(intent::Listen{std::string(kQuestionPart)});
  REQUIRE(stand.until([&] { return !stand.visit().reading.node.empty(); }));
  CHECK(stand.visit().reading.node == "form.question");
  for (int i = 0; i < 9; ++i) stand.ask(intent::ChangeVolume{1});
  CHECK(stand.visit().volume == kVolumeSteps);
  CHECK(stand.visit().speaking);
  CHECK(stand.until([&] { return !stand.visit().speaking; }));
  stand.ask(intent::Listen{});
  stand.ask(intent::End{});
  CHECK(stand.visit() == initial_state(stand.desk->state().kiosk).visit);
  CHECK(stand.visit().volume == kFirstVolume);
}

TEST_CASE("Without a loudspeaker there is nothing to listen with, and all else works",
          "[kiosk][app]") {
  Stand stand("none-such");
  CHECK(stand.desk->state().kiosk.sound_told);
  CHECK_FALSE(stand.desk->state().kiosk.can_speak);
  stand.ask(intent::Start{});
  CHECK_FALSE(stand.desk->view().bar.can_listen);
  stand.ask(intent::Listen{});
  CHECK_FALSE(stand.visit().speaking);
  // The staff's page says so, once.
  stand.ask(intent::OpenMaintenance{});
  const ScreenView shown = stand.desk->view();
  const auto& page = std::get<MaintenanceView>(shown.body);
  CHECK(std::ranges::count_if(page.rows, [](const MaintenanceRow& row) {
          return row.icon == "listen" && !row.good;
        }) == 1);
}

TEST_CASE("A printer that does not answer is told in words", "[kiosk][app]") {
  const auto printer = print::Printer::at("ipp://127.0.0.1:1/ipp/print");
  REQUIRE(printer.has_value());
  Stand stand("file", &*printer);
  const auto server = crypto::SealingKey::generate();
  const auto device = crypto::SigningKey::generate();
  const auto seed = device.seed();
  REQUIRE(stand.journal.save_device_seed(std::span(seed.data(), seed.size())).has_value());
  REQUIRE(stand.journal.adopt_identity(test::identity_of(server)).has_value());
  SyncState enrolled;
  enrolled.enrolled = true;
  enrolled.kiosk_number = test::identity_of(server).kiosk.value;
  stand.mailbox.post(enrolled);
  stand.desk->receive();
  stand.ask(intent::Start{});
  stand.ask(intent::OpenProduct{"kannauj-attar"});
  stand.ask(intent::StartEnquiry{"kannauj-attar"});
  stand.ask(intent::Edit{"form.field.mobile", "9415207123"});
  for (int i = 0; i < 10 && stand.visit().filling.stage != FormStage::kConsent; ++i) {
    stand.ask(intent::Next{});
  }
  for (const auto& consent : stand.visit().filling.form->consents) {
    stand.ask(intent::ToggleConsent{consent.purpose});
  }
  stand.ask(intent::Send{});
  REQUIRE(stand.visit().receipt.has_value());
  const auto label = [&] {
    const ScreenView shown = stand.desk->view();
    return std::get<ReceiptView>(shown.body).print;
  };
  const Words& words = stand.words.at(index(Language::kHindi));
  CHECK(label() == words.get("receipt.print"));
  stand.ask(intent::PrintReceipt{});
  CHECK(label() == words.get("receipt.printing"));
  CHECK(stand.until([&] { return stand.visit().receipt->print == PrintState::kFailed; }));
  CHECK(label() == words.get("receipt.print_failed"));
}
