// A kiosk without a network hears by stick of new keys, too.
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "tests/sim/stick_office.h"

#include <catch2/catch.hpp>

#include <filesystem>

namespace odop::test {
namespace {

// The same office after its keys were changed.
struct LaterOffice {
  explicit LaterOffice(Office& before)
      : desk(before.desk),
        media(before.media),
        keys(syncserver::load_server_keys(desk.data.keys()).value()) {}
  void publish(const char* name) {
    syncserver::must(desk.store->edit_draft(
        std::vector{syncserver::record("product", "kannauj-attar",
                                       fmt::format(R"({{"name":{{"en":"{}"}}}})", name))},
        {}, {}, syncserver::kDeskStart));
    REQUIRE(publisher.publish(desk.clock.wall()).has_value());
  }

  syncserver::Desk& desk;
  syncserver::MediaFolder& media;
  syncserver::ServerKeys keys;
  syncserver::KioskApi api{*desk.store, keys, desk.clock, desk.random, desk.data.root};
  syncserver::Publisher publisher{*desk.store, keys, media, desk.data.root};
  syncserver::Bundles bundles{*desk.store, api, keys, desk.clock};
};

}  // namespace

TEST_CASE("New keys come by stick, and what they sign is shown", "[sim][bundle]") {
  Office office;
  office.publish(1);
  TempFolder stick;
  StickKiosk kiosk{office.desk.clock, 21};
  enrol(office, kiosk, stick.path());
  REQUIRE(kiosk.store().load(ReleaseNumber{1}, 0).has_value());
  const auto folder = office.desk.data.keys();
  const WallTime now = office.desk.clock.wall();

  SECTION("a new publisher, and the old one revoked") {
    syncserver::must(syncserver::rotate_publisher(folder, now, true));
  }
  SECTION("new roots, of which two must agree, and a new publisher by their word") {
    syncserver::must(syncserver::rotate_roots(folder, now, {3, 2}));
    syncserver::must(syncserver::rotate_publisher(folder, now, true));
  }
  LaterOffice later(office);
  office.desk.clock.advance(std::chrono::hours(24));
  later.publish("Attar 2");
  const std::string reference = kiosk.submit(syncserver::kEnquiryOfTwo);
  REQUIRE(kiosk.give(stick.path()).has_value());
  REQUIRE(later.bundles.take(stick.path()).has_value());
  REQUIRE(later.bundles.give(stick.path(), {}).has_value());
  const auto taken = kiosk.take(stick.path());
  REQUIRE(taken.has_value());
  CHECK(taken->trouble.empty());
  CHECK(taken->release == ReleaseNumber{2});
  CHECK(taken->arrived == std::vector<std::string>{reference});
  // Kept: a stick with a third release brings the same documents, and none of them is news.
  const auto held = kiosk.journal().setting("sync.certificates").value();
  office.desk.clock.advance(std::chrono::hours(24));
  later.publish("Attar 3");
  REQUIRE(kiosk.give(stick.path()).has_value());
  REQUIRE(later.bundles.take(stick.path()).has_value());
  REQUIRE(later.bundles.give(stick.path(), {}).has_value());
  CHECK(kiosk.take(stick.path())->release == ReleaseNumber{3});
  CHECK(kiosk.journal().setting("sync.certificates").value() == held);
}

TEST_CASE("A factory release of several roots is shown, and its server is believed later",
          "[sim][bundle]") {
  Office office;
  syncserver::must(
      syncserver::rotate_roots(office.desk.data.keys(), office.desk.clock.wall(), {3, 2}));
  LaterOffice later(office);
  later.publish("Attar 1");
  TempFolder package;
  const auto file = package.path() / "factory.odop";
  REQUIRE(later.bundles.give_factory(file).has_value());
  StickKiosk kiosk{office.desk.clock, 22};
  SeededRandom random(22);
  kiosk::BundleOrder order{kiosk.folder(), file, {}, {}, true};
  const auto shown = kiosk::take_bundles(order, office.desk.clock, random);
  REQUIRE(shown.has_value());
  CHECK(shown->release == ReleaseNumber{1});
  CHECK_FALSE(shown->enrolled);

  TempFolder stick;
  REQUIRE(kiosk.give(stick.path(), office.add_kiosk()).has_value());
  REQUIRE(later.bundles.take(stick.path()).has_value());
  later.publish("Attar 2");
  REQUIRE(later.bundles.give(stick.path(), {}).has_value());
  const auto enrolled = kiosk.take(stick.path());
  REQUIRE(enrolled.has_value());
  CHECK(enrolled->enrolled);
  CHECK(enrolled->release == ReleaseNumber{2});
  CHECK(kiosk.journal().identity().value()->roots == later.keys.roots);
}

}  // namespace odop::test
