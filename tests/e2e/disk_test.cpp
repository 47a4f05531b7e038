// The real kiosk on disks that fill up, cannot be written, belong to somebody else, or are ruined:
// it never goes blank, says what it cannot do before anybody types, loses nothing, and goes on by
// itself. Mounts file systems of its own: wants root, and says so where it is not.
#include "tests/e2e/buyer.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/small_disk.h"
#include "tests/support/stand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace odop;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::uint64_t kDiskMegabytes = 440;  // what a download leaves, the reserve, a catalogue

// A server with the real catalogue, and the code of one kiosk.
struct Office {
  explicit Office(const test::TempFolder& folder) : server(folder.path() / "server") {
    server.command({"init"});
    static_cast<void>(server.json({"catalogue", "import", ODOP_SOURCE_DIR "/assets/catalogue"}));
    static_cast<void>(server.json({"catalogue", "publish"}));
    code = server.json({"kiosk", "add", "--name", "kiosk", "--venue", "awadh-shilp-gram"})
               .at("code")
               .get<std::string>();
    server.start();
  }
  test::ServerHand server;
  std::string code;
};

void show_release(test::Stand& stand) {
  INFO(stand.err());
  stand.hand().wait_until(
      "release 1 is shown", [&] { return stand.release() == 1; }, 60s);
}

// From wherever the visitor is to the button that begins an enquiry.
void go_to_attar(test::KioskHand& hand) {
  if (hand.find("attract.start")) hand.tap("attract.start");
  if (!hand.find("home.search")) hand.tap("bar.home");
  hand.wait_for("home.search");
  hand.tap("district.kannauj");
  hand.tap("product.kannauj-attar");
  hand.wait_for("product.enquire");
}

void ruin(const fs::path& file) {
  if (fs::exists(file)) std::ofstream(file, std::ios::trunc) << std::string(20'000, '\xff');
}

}  // namespace

TEST_CASE("A kiosk on a full disk takes, sends and loses nothing", "[e2e][disk]") {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder.path() / "kiosk" / "data", kDiskMegabytes);
  if (!disk.mounted()) return;
  Office office(folder);
  test::Stand stand{folder.path(),
                    {.server = office.server.url(), .code = office.code, .language = "en"}};
  show_release(stand);
  auto& visitor = stand.hand();

  test::say("The disk is full. An enquiry is taken, and arrives.");
  disk.fill(0);
  std::vector<std::string> given;
  const auto enquire = [&](const char* mobile) {
    go_to_attar(visitor);
    visitor.tap("product.enquire");
    test::answer_enquiry(stand, {.name = "Asha", .mobile = mobile, .by_touch = false});
    given.push_back(test::digits_of(visitor.value("receipt.reference")));
  };
  const auto arrives = [&] {
    visitor.wait_until(
        "the receipt has arrived", [&] { return visitor.value("receipt.state") == "arrived"; },
        60s);
    visitor.tap("bar.home");
  };
  enquire("9876512340");
  arrives();
  CHECK_FALSE(fs::exists(stand.data() / "reserve"));

  test::say("One more with the network down, while the disk fills up again.");
  office.server.stop();
  enquire("9876512341");
  disk.fill(1 << 20);
  CHECK(visitor.value("receipt.state") == "kept");
  visitor.tap("bar.home");
  go_to_attar(visitor);
  stand.shot("full-product");
  visitor.tap("product.enquire");
  visitor.wait_for("closed.close");
  stand.shot("full-closed");
  visitor.tap("closed.close");
  CHECK(visitor.find("head.as_of")->at("label").get<std::string>().find("Nothing can be sent") !=
        std::string::npos);

  test::say("What was taken is sent all the same.");
  office.server.start();
  const auto listed = [&] { return office.server.json({"submissions", "list"}); };
  visitor.wait_until(
      "both are at the office", [&] { return listed().size() == 2; }, 90s);
  visitor.wait_until(
      "the kiosk knows it", [&] { return visitor.stats().at("queue") == 0; }, 60s);

  test::say("There is room again: the next visitor is not turned away.");
  disk.free_up();
  visitor.tap("product.enquire");
  test::answer_enquiry(stand, {.name = "Asha", .mobile = "9876512342", .by_touch = false});
  given.push_back(test::digits_of(visitor.value("receipt.reference")));
  arrives();
  std::size_t lost = 0;
  const auto all = listed();
  for (const std::string& reference : given) {
    std::size_t times = 0;
    for (const auto& one : all) {
      times += test::digits_of(one.at("reference").get<std::string>()) == reference ? 1 : 0;
    }
    lost += times == 1 ? 0 : 1;
  }
  std::cout << "given=" << given.size() << " lost=" << lost
            << " duplicated=" << all.size() - given.size() << "\n";
  CHECK(lost == 0);
  CHECK(all.size() == given.size());
  stand.stop();
}

TEST_CASE("A kiosk on a read-only disk shows its crafts and takes nothing, until it can again",
          "[e2e][disk]") {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder.path() / "kiosk" / "data", kDiskMegabytes);
  if (!disk.mounted()) return;
  Office office(folder);
  test::Stand stand{folder.path(),
                    {.server = office.server.url(), .code = office.code, .language = "hi"}};
  show_release(stand);
  auto& visitor = stand.hand();
  stand.stop();
  REQUIRE(disk.read_only(true));
  stand.restart();
  show_release(stand);
  go_to_attar(visitor);
  stand.shot("read-only-product");
  visitor.tap("product.enquire");
  visitor.wait_for("closed.close");
  stand.shot("read-only-closed");
  visitor.tap("closed.close");

  test::say("It is mounted for writing again, and nobody restarts anything.");
  REQUIRE(disk.read_only(false));
  visitor.wait_until(
      "the kiosk takes enquiries",
      [&] {
        return visitor.find("head.as_of")->at("label").get<std::string>().find("नहीं") ==
               std::string::npos;
      },
      60s);
  visitor.tap("product.enquire");
  test::answer_enquiry(stand, {.name = "Asha", .mobile = "9876512340", .by_touch = false});
  visitor.wait_until(
      "it has arrived", [&] { return visitor.value("receipt.state") == "arrived"; }, 60s);
  stand.stop();
}

TEST_CASE("A kiosk whose catalogue and journal are ruined is there, and says so", "[e2e][disk]") {
  const test::TempFolder folder;
  Office office(folder);
  test::Stand stand{folder.path(),
                    {.server = office.server.url(), .code = office.code, .language = "en"}};
  show_release(stand);
  stand.stop();
  for (const char* name :
       {"journal.db", "journal.db-wal", "journal.db-shm", "outbox.log", "journal.backup"}) {
    ruin(stand.data() / name);
  }
  stand.restart();
  auto& visitor = stand.hand();
  test::say("It belongs to nobody any more, and shows the crafts.");
  show_release(stand);
  INFO(stand.err());
  CHECK(stand.err().find("enrol this kiosk anew") != std::string::npos);
  go_to_attar(visitor);
  visitor.tap("product.enquire");
  visitor.wait_for("closed.close");
  stand.stop();

  test::say("The catalogue, too: an empty stand, and no end of the program.");
  office.server.stop();
  ruin(stand.data() / "catalogue-1.db");
  stand.restart();
  visitor.wait_for("attract.waiting");
  stand.shot("ruined-attract");
  CHECK(stand.release() == 0);
  stand.stop();
}

TEST_CASE("A folder of another user's: a page in three languages, until it is given back",
          "[e2e][disk]") {
  if (::geteuid() != 0) {
    std::cout << "left out: running a kiosk as another user wants root\n";
    return;
  }
  const test::TempFolder folder;
  const fs::path data = folder.path() / "data";
  const fs::path inspect = folder.path() / "run" / "inspect";
  fs::create_directories(data);
  fs::create_directories(inspect.parent_path());
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(data, fs::perms(0700));
  constexpr uid_t kNobody = 65534;
  REQUIRE(::chown(inspect.parent_path().c_str(), kNobody, kNobody) == 0);
  const test::VirtualScreen screen{1080, 1920, folder.path(), "xvfb"};
  const std::vector<std::string> command{"setpriv",
                                         "--reuid=65534",
                                         "--regid=65534",
                                         "--clear-groups",
                                         test::program("odop-kiosk"),
                                         "--data",
                                         data,
                                         "--window",
                                         "1080x1920",
                                         "--panel-mm",
                                         "398x707.6",
                                         "--inspect",
                                         inspect};
  const std::vector<std::string> environment{"DISPLAY=" + screen.display(),
                                             "HOME=" + inspect.parent_path().string()};

  test::say("Nobody can tell whether it is in production: it is not looked into.");
  const auto refused = test::run(command, environment);
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("not in production") != std::string::npos);
  CHECK_FALSE(fs::exists(inspect));

  test::say("Its owner says that it is there for tests, and lets that be read.");
  std::ofstream(data / "mode") << "test\n";
  fs::permissions(data, fs::perms(0755));
  test::Process kiosk{command, folder.path(), "kiosk", environment};
  const test::KioskHand visitor{screen.display(), 1080, 1920, inspect};
  INFO(kiosk.err());
  visitor.wait_for("closed.hi", 30s);
  CHECK(visitor.find("closed.en").has_value());
  CHECK(visitor.find("closed.ur").has_value());
  CHECK_FALSE(visitor.find("attract.start").has_value());
  if (const char* shots = std::getenv("ODOP_SHOTS")) {
    visitor.screenshot(fs::path(inspect.parent_path()) / "page.png");
    fs::copy_file(inspect.parent_path() / "page.png", fs::path(shots) / "not-ours-page.png",
                  fs::copy_options::overwrite_existing);
  }
  REQUIRE(::chown(data.c_str(), kNobody, kNobody) == 0);
  visitor.wait_for("attract.waiting", 60s);
  kiosk.stop_well();
}
