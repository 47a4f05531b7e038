// A kiosk in production lets nobody look inside.
#include "tests/support/kiosk_hand.h"
#include "tests/support/process.h"
#include "tests/support/server_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
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
  const auto refused = test::run(command, display);
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("production") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(inspect));
}
