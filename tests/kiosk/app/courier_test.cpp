// Sticks as the running kiosk meets them: a folder and a table of mounts stand for the system's,
// the program that carries is the real one.
#include "kiosk/app/courier.h"

#include "kiosk/model/update.h"
#include "shared/core/program.h"
#include "tests/kiosk/app/kiosk_parts.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk;       // NOLINT
using namespace odop::kiosk::app;  // NOLINT

namespace {

constexpr std::string_view kSafe = "rw,nosuid,nodev,noexec,relatime";

std::string mount_line(const std::string& folder, std::string_view options,
                       std::string_view of_file_system = "rw") {
  return "91 28 8:17 / " + folder + " " + std::string(options) + " shared:7 - vfat /dev/sdb1 " +
         std::string(of_file_system) + ",utf8\n";
}

constexpr std::string_view kOthers =
    "22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw\n"
    "23 22 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw\n"
    "no mount at all\n\n - - -\n24 22 0:5 /media\n";

// A kiosk whose sticks appear in a folder of the test.
struct Stand : KioskParts {
  Stand()
      : courier({.data = folder.path(),
                 .sticks = place / "media",
                 .mounts = place / "table/mounts",
                 .program = test::program("odop-kiosk"),
                 .before_bring = [this] { ++paused; },
                 .after_bring = [this] { ++resumed; }}) {
    std::filesystem::create_directories(place / "media");
    std::filesystem::create_directories(place / "table");
    tell_mounts("");
    DeskParts parts = desk_parts();
    parts.courier = &courier;
    desk.emplace(parts, Language::kEnglish, test::stand_catalogue());
    courier.start();
    ask(intent::Start{});
    ask(intent::OpenMaintenance{});
  }
  // As the kernel changes its table: at once.
  void tell_mounts(const std::string& lines) const {
    const std::string next = place / "table/next";
    std::ofstream(next) << kOthers << lines;
    std::filesystem::rename(next, place / "table/mounts");
  }
  void plug(std::string_view options = kSafe) const {
    std::filesystem::create_directories(place / "media/KEY");
    tell_mounts(mount_line(place / "media/KEY", options));
  }
  template <typename T>
  void ask(T intent) {
    desk->act({std::move(intent)});
  }
  bool until(const std::function<bool()>& enough) { return heard_until(*desk, enough); }
  [[nodiscard]] const StickFacts& stick() const { return desk->state().kiosk.stick; }
  // Until the task that was begun is over.
  [[nodiscard]] StickResult outcome() {
    REQUIRE(until([&] {
      return stick().doing == StickTask::kNone && stick().last.task != StickTask::kNone;
    }));
    return stick().last;
  }

  test::TempFolder place;
  std::atomic<int> paused = 0;
  std::atomic<int> resumed = 0;
  Courier courier;
  std::optional<Desk> desk;
};

}  // namespace

TEST_CASE("A stick is what is mounted below the folder, and how decides what it may do",
          "[kiosk][app][sticks]") {
  const auto found = [](const std::string& lines) {
    return find_stick(std::string(kOthers) + lines, "/media");
  };
  CHECK_FALSE(found("").has_value());
  CHECK_FALSE(found(mount_line("/media", kSafe)).has_value());  // the folder itself
  CHECK_FALSE(found(mount_line("/mediaeval/KEY", kSafe)).has_value());
  CHECK_FALSE(found(mount_line("/mnt/KEY", kSafe)).has_value());
  CHECK(found(mount_line("/media/KEY", kSafe)) == MountedStick{"/media/KEY", StickMount::kGood});
  CHECK(found(mount_line("/media/kiosk/MY\\040KEY", kSafe)) ==
        MountedStick{"/media/kiosk/MY KEY", StickMount::kGood});
  CHECK(find_stick(mount_line("/media/KEY", kSafe), "/media/").has_value());
  const auto how = [&](std::string_view options, std::string_view of_file_system = "rw") {
    return found(mount_line("/media/KEY", options, of_file_system)).value().mount;
  };
  CHECK(how("ro,nosuid,nodev,noexec") == StickMount::kReadOnly);
  CHECK(how(kSafe, "ro") == StickMount::kReadOnly);
  CHECK(how("rw,nodev,noexec") == StickMount::kUnsafe);
  CHECK(how("rw,nosuid,noexec") == StickMount::kUnsafe);
  CHECK(how("ro,nosuid,nodev") == StickMount::kUnsafe);
  CHECK(how("rw,nosuidx,nodev,noexec") == StickMount::kUnsafe);
  // The one that was plugged in last.
  CHECK(found(mount_line("/media/A", kSafe) + mount_line("/media/B", "rw")) ==
        MountedStick{"/media/B", StickMount::kUnsafe});
}

TEST_CASE("A stick is seen when it is plugged in, and missed when it is pulled",
          "[kiosk][app][sticks]") {
  Stand stand;
  CHECK(stand.stick().mount == StickMount::kNone);
  stand.plug();
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kGood; }));
  CHECK(stand.stick().name == "KEY");
  stand.plug("ro,nosuid,nodev,noexec");
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kReadOnly; }));
  stand.plug("rw,relatime");
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kUnsafe; }));
  stand.tell_mounts("");
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kNone; }));
}

TEST_CASE("A kiosk that belongs to nobody takes its request along, with the code that was typed",
          "[kiosk][app][sticks]") {
  Stand stand;
  stand.plug();
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kGood; }));
  stand.ask(intent::TakeToStick{});
  stand.ask(intent::Edit{std::string(kCodeField), "4820K9Z1ABCD"});
  stand.ask(intent::GiveCode{});
  const StickResult asked = stand.outcome();
  CHECK(asked.problem.empty());
  CHECK(asked.request);
  std::size_t bundles = 0;
  for (const auto& entry : std::filesystem::directory_iterator(stand.place / "media/KEY")) {
    bundles += entry.path().extension() == ".odop" ? 1 : 0;
  }
  CHECK(bundles == 1);
  // The key was made by the other process; both sides can compare it now.
  CHECK(stand.desk->state().kiosk.asks_to_enrol);
  CHECK(stand.desk->state().kiosk.fingerprint.size() == 19);
  CHECK(stand.paused == 0);  // nothing came in

  stand.ask(intent::BringFromStick{});
  CHECK(stand.outcome().problem == "stick.nothing");
  CHECK(stand.paused == 1);
  CHECK(stand.resumed == 1);
}

TEST_CASE("A stick brings all but the catalogue that wants a newer program, and says so",
          "[kiosk][app][sticks]") {
  Stand stand;
  const test::ServerHand server{stand.place / "server"};
  server.command({"init"});
  server.command({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"});
  server.command({"catalogue", "publish", "--minimum-app", std::to_string(kProgramNumber + 1)});
  const auto added = server.json({"kiosk", "add", "--name", "gate", "--venue", "awadh-shilp-gram"});
  stand.plug();
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kGood; }));
  stand.ask(intent::TakeToStick{});
  stand.ask(intent::Edit{std::string(kCodeField), added.at("code").get<std::string>()});
  stand.ask(intent::GiveCode{});
  REQUIRE(stand.outcome().request);
  const std::string stick = stand.place / "media/KEY";
  CHECK(server.json({"bundle", "import", stick}).at("enrolled") == 1);
  server.command({"bundle", "export", stick});

  stand.ask(intent::BringFromStick{});
  const StickResult brought = stand.outcome();
  CHECK(brought.enrolled);
  CHECK_FALSE(brought.new_release);
  CHECK(brought.problem == "stick.old_program");
}

TEST_CASE("What is wrong with a stick is said by its name", "[kiosk][app][sticks]") {
  Stand stand;
  stand.plug();
  REQUIRE(stand.until([&] { return stand.stick().mount == StickMount::kGood; }));
  stand.desk->act({intent::TakeToStick{}});
  stand.ask(intent::Edit{std::string(kCodeField), "4820K9Z1ABCD"});
  stand.ask(intent::GiveCode{});
  CHECK(stand.outcome().request);
  for (const auto& entry : std::filesystem::directory_iterator(stand.place / "media/KEY")) {
    std::filesystem::remove(entry.path());
  }
  std::ofstream(stand.place / "media/KEY/broken.odop") << "no bundle";
  stand.ask(intent::BringFromStick{});
  CHECK(stand.outcome().problem == "stick.damaged");
  // Pulled while nobody looked: the folder is gone when the child opens it.
  std::filesystem::remove_all(stand.place / "media/KEY");
  stand.ask(intent::TakeToStick{});
  CHECK(stand.outcome().problem == "stick.pulled");
}
