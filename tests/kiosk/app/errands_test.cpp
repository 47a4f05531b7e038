#include "kiosk/app/errands.h"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <thread>

using odop::kiosk::app::Errands;

TEST_CASE("An errand works elsewhere and finishes here", "[kiosk][app]") {
  Errands errands({});
  std::string trail;
  std::thread::id worker;
  errands.run([&]() -> Errands::Finish {
    worker = std::this_thread::get_id();
    return [&] { trail += "a"; };
  });
  errands.run([&]() -> Errands::Finish { throw std::runtime_error("no memory"); });
  errands.run([&]() -> Errands::Finish { return nullptr; });
  errands.run([&]() -> Errands::Finish { return [&] { trail += "b"; }; });
  errands.settle();
  CHECK(trail == "ab");
  CHECK(worker != std::this_thread::get_id());
  CHECK_FALSE(errands.collect());
}
