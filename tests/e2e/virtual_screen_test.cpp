// The screens that the kiosks of these tests stand on.
#include "tests/support/kiosk_hand.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace odop;  // NOLINT(google-build-using-namespace): a test

TEST_CASE("Screens that start at the same moment are different ones", "[e2e][support]") {
  constexpr std::size_t kScreens = 8;
  const test::TempFolder folder;
  std::vector<std::future<std::unique_ptr<test::VirtualScreen>>> starting;
  for (std::size_t i = 0; i < kScreens; ++i) {
    starting.push_back(std::async(std::launch::async, [&folder, i] {
      return std::make_unique<test::VirtualScreen>(320, 240, folder.path(),
                                                   "screen-" + std::to_string(i));
    }));
  }
  std::vector<std::unique_ptr<test::VirtualScreen>> screens;
  std::set<std::string> displays;
  for (auto& screen : starting) {
    screens.push_back(screen.get());
    displays.insert(screens.back()->display());
  }
  CHECK(displays.size() == kScreens);
}
