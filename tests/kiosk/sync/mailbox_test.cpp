#include "kiosk/sync/mailbox.h"

#include <catch2/catch.hpp>

#include <thread>

namespace odop::kiosk {
namespace {

TEST_CASE("Values cross in order and each post wakes the UI", "[kiosk][sync]") {
  int woken = 0;
  Mailbox mailbox([&] { ++woken; });
  mailbox.post(Arrived{{"1"}});
  mailbox.post(CatalogueReady{ReleaseNumber{2}});
  CHECK(woken == 2);
  const auto values = mailbox.drain();
  REQUIRE(values.size() == 2);
  CHECK(std::get<Arrived>(values[0]).references.front() == "1");
  CHECK(std::get<CatalogueReady>(values[1]).release == ReleaseNumber{2});
  CHECK(mailbox.drain().empty());
}

TEST_CASE("The worker wakes for what the UI sends and for the end", "[kiosk][sync]") {
  Mailbox mailbox;
  CHECK_FALSE(mailbox.pending());
  std::thread ui([&] { mailbox.send(TryNow{}); });
  mailbox.wait(std::chrono::hours(1));
  ui.join();
  CHECK(mailbox.pending());
  CHECK(mailbox.take().size() == 1);
  CHECK_FALSE(mailbox.pending());

  std::thread closer([&] { mailbox.close(); });
  mailbox.wait(std::chrono::hours(1));
  closer.join();
  CHECK(mailbox.closed());
}

}  // namespace
}  // namespace odop::kiosk
