// The way of a kiosk that never has a network, from its own screen: the request goes out by stick,
// the answer comes in with a catalogue, an enquiry goes out and its receipt comes back. The model,
// the desk and both programs are the real ones; a folder and a table stand for the system's mounts.
#include "kiosk/app/courier.h"
#include "kiosk/model/update.h"
#include "shared/core/reference_number.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/app/commands.h"

#include <filesystem>
#include <fstream>

namespace odop::test {
namespace {

using namespace kiosk;       // NOLINT: a test of that room
using namespace kiosk::app;  // NOLINT
using nlohmann::json;

// A kiosk that runs, and the stick that goes to and fro.
struct Running : KioskParts {
  Running()
      : courier({.data = folder.path(),
                 .sticks = place / "media",
                 .mounts = place / "table/mounts",
                 .program = program("odop-kiosk")}) {
    std::filesystem::create_directories(stick());
    std::filesystem::create_directories(place / "table");
    DeskParts parts = desk_parts();
    parts.courier = &courier;
    desk.emplace(parts, Language::kEnglish, Catalogue{});
    courier.start();
  }
  [[nodiscard]] std::string stick() const { return place / "media/KEY"; }
  void tell_mounts(const std::string& lines) const {
    std::ofstream(place / "table/next") << lines;
    std::filesystem::rename(place / "table/next", place / "table/mounts");
  }
  // Maintenance is opened, the stick plugged in, one button pressed, and all closed again.
  template <typename T>
  StickResult carry(T button) {
    ask(intent::Start{});
    ask(intent::OpenMaintenance{});
    tell_mounts("91 28 8:17 / " + stick() + " rw,nosuid,nodev,noexec - vfat /dev/sdb1 rw\n");
    REQUIRE(until([&] { return facts().mount == StickMount::kGood; }));
    ask(std::move(button));
    if (desk->state().visit.sheet == Sheet::kCode) {
      ask(intent::Edit{std::string(kCodeField), code});
      ask(intent::GiveCode{});
    }
    REQUIRE(until([&] {
      return facts().doing == StickTask::kNone && facts().last.task != StickTask::kNone;
    }));
    StickResult result = facts().last;
    tell_mounts("");
    REQUIRE(until([&] { return facts().mount == StickMount::kNone; }));
    ask(intent::End{});
    return result;
  }
  template <typename T>
  void ask(T intent) {
    desk->act({std::move(intent)});
  }
  template <typename Enough>
  bool until(const Enough& enough) {
    return heard_until(*desk, enough);
  }
  [[nodiscard]] const StickFacts& facts() const { return desk->state().kiosk.stick; }

  TempFolder place;
  std::string code;
  Courier courier;
  std::optional<Desk> desk;
};

}  // namespace

TEST_CASE("A kiosk without a network lives by its stick, from its own screen", "[e2e][sticks]") {
  TempFolder folder;
  const Commands server{folder / "server"};
  static_cast<void>(server.json({"init"}));
  static_cast<void>(
      server.json({"catalogue", "import", std::string(ODOP_SOURCE_DIR) + "/assets/catalogue"}));
  const json published = server.json({"catalogue", "publish"});
  const json added = server.json({"kiosk", "add", "--name", "Gate", "--venue", "awadh-shilp-gram"});
  Running kiosk;
  kiosk.code = added.at("code");
  const auto office = [&] {
    static_cast<void>(server.json({"bundle", "import", kiosk.stick()}));
    static_cast<void>(server.json({"bundle", "export", kiosk.stick()}));
  };

  CHECK(kiosk.carry(intent::TakeToStick{}).request);
  const State& state = kiosk.desk->state();
  const auto listed = [&](const char* name) {
    return server.json({"kiosk", "list"}).at(0).at(name).get<std::string>();
  };
  office();
  CHECK(state.kiosk.fingerprint == listed("request_fingerprint"));

  const StickResult enrolled = kiosk.carry(intent::BringFromStick{});
  CHECK(enrolled.problem.empty());
  CHECK(enrolled.enrolled);
  CHECK(enrolled.new_release);
  CHECK(state.kiosk.number.value == added.at("kiosk").get<std::uint64_t>());
  CHECK_FALSE(state.kiosk.asks_to_enrol);
  CHECK(state.kiosk.fingerprint == listed("fingerprint"));
  // The running kiosk shows it, since nobody is here any more.
  REQUIRE(kiosk.until([&] {
    return kiosk.desk->catalogue().release.value == published.at("release").get<std::uint64_t>();
  }));

  kiosk.ask(intent::Start{});
  kiosk.ask(intent::StartForm{"feedback"});
  kiosk.ask(intent::Choose{"rating", "good"});
  for (int i = 0; i < 8 && state.visit.filling.stage == FormStage::kQuestion; ++i) {
    kiosk.ask(intent::Next{});
  }
  kiosk.ask(intent::Send{});
  REQUIRE(state.visit.receipt.has_value());
  const std::string reference = state.visit.receipt->reference;
  CHECK(state.visit.receipt->state == ReceiptState::kKept);
  CHECK(state.kiosk.sync.queue == 1);
  kiosk.ask(intent::End{});

  CHECK(kiosk.carry(intent::TakeToStick{}).submissions == 1);
  office();
  const StickResult arrived = kiosk.carry(intent::BringFromStick{});
  CHECK(arrived.arrived == 1);
  CHECK(state.kiosk.sync.queue == 0);
  CHECK(kiosk.journal.state_of(*parse_reference(reference)).value() == SubmissionState::kArrived);
  CHECK(server.json({"submissions", "list"}).size() == 1);
}

}  // namespace odop::test
