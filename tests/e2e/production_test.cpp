// A kiosk in production lets nobody look inside.
#include "tests/e2e/buyer.h"
#include "tests/support/kiosk_hand.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace odop;  // NOLINT(google-build-using-namespace): a test
using namespace std::chrono_literals;

TEST_CASE("A kiosk that goes into production closes its inspector and opens none",
          "[e2e][production]") {
  const test::TempFolder folder;
  test::ServerHand server{folder.path() / "server"};
  server.command({"init"});
  const auto added = server.json({"kiosk", "add", "--name", "gate", "--mode", "production"});
  server.start();
  const test::VirtualScreen screen{640, 400, folder.path(), "xvfb"};
  const std::string inspect = folder.path() / "inspect";
  const std::vector<std::string> display{"DISPLAY=" + screen.display()};
  std::vector<std::string> command{test::program("odop-kiosk"),
                                   "--data",
                                   folder.path() / "kiosk",
                                   "--window",
                                   "640x400",
                                   "--server",
                                   server.url(),
                                   "--inspect",
                                   inspect};
  {
    auto first = command;
    first.insert(first.end(), {"--enrol", added.at("code").get<std::string>()});
    test::Process kiosk{first, folder.path(), "kiosk", display};
    // Open until the kiosk has heard what it is.
    bool opened = false;
    for (int i = 0; i < 3'000 && kiosk.running(); ++i) {
      const bool there = std::filesystem::exists(inspect);
      opened = opened || there;
      if (opened && !there) break;
      std::this_thread::sleep_for(20ms);
    }
    INFO(kiosk.err());
    CHECK(opened);
    CHECK(kiosk.running());
    CHECK_FALSE(std::filesystem::exists(inspect));
    kiosk.stop_well();
  }
  const auto refused = [&] {
    const auto run = test::run(command, display);
    INFO(run.err);
    CHECK(run.exit_code == 1);
    CHECK(run.err.find("production") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(inspect));
  };
  refused();

  test::say("Its journal and all that would mend it are ruined: it belongs to nobody any more.");
  const std::filesystem::path data = folder.path() / "kiosk";
  const auto ruin_journal = [&] {
    for (const char* name :
         {"journal.db", "journal.db-wal", "journal.db-shm", "outbox.log", "journal.backup"}) {
      if (!std::filesystem::exists(data / name)) continue;
      std::ofstream(data / name, std::ios::trunc) << std::string(20'000, '\xff');
    }
  };
  ruin_journal();
  refused();

  test::say("What says so beside the journal is lost, too.");
  std::filesystem::remove(data / "mode");
  ruin_journal();
  refused();
  refused();  // also with the new journal, which is whole
}

TEST_CASE("What is wrong on the kiosk's command line ends it with 2 and is not remembered",
          "[e2e]") {
  const test::TempFolder folder;
  const auto start = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {test::program("odop-kiosk"), "--data", folder.path() / "kiosk"});
    return test::run(words, {"DISPLAY=:nowhere"});
  };
  const std::string authority = folder.path() / "ca.crt";
  std::ofstream(authority) << "-----BEGIN CERTIFICATE-----\n";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--server", "nonsense"},
        {"--server", "ftp://127.0.0.1"},
        {"--server", "http://127.0.0.1:99999"},
        {"--server", "http://127.0.0.1:9", "--ca", authority},
        {"--sticks", "media"},
        {"--enrol", "7K3M-9QXR"},
        {"--window", "0x0"},
        {"--colour", "red"}}) {
    const auto wrong = start(words);
    INFO(wrong.err);
    CHECK(wrong.exit_code == 2);
    CHECK(wrong.err.starts_with("odop-kiosk: "));
    CHECK(std::ranges::count(wrong.err, '\n') == 1);
    // The next start gets as far as a kiosk gets without a screen.
    const auto next = start({});
    INFO(next.err);
    CHECK(next.exit_code == 1);
    CHECK(next.err.find("wants") == std::string::npos);
    CHECK(next.err.find("screen") + next.err.find("display") != 2 * std::string::npos);
  }
}
