// Releases on their way to a kiosk: ranges, cuts, damage, switch, roll-back attempts.
#include "shared/core/program.h"
#include "shared/crypto/digest.h"
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::LoopbackTransport;
using test::Medium;
using test::SyncKiosk;

struct Content {
  std::map<std::string, std::string> records{{"district/agra", R"({"name":{"en":"Agra"}})"}};
  std::vector<Medium> media;

  void product(const std::string& id, const std::string& name, const Bytes& picture = {}) {
    std::string hash;
    if (!picture.empty()) {
      hash = to_hex(crypto::sha256(picture));
      media.push_back({wire::ItemKind::kPicture, picture});
    }
    records["product/" + id] =
        fmt::format(R"({{"districts":["agra"],"name":{{"en":"{}"}},"picture":"{}"}})", name, hash);
  }
};

Bytes picture_of(int seed, std::size_t size = 60'000) {
  SeededRandom random(static_cast<std::uint64_t>(seed));
  Bytes bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

struct World {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport network{[this](const HttpRequest& request) { return server.handle(request); }};
  SyncKiosk kiosk{network, clock, 7, server.add_kiosk()};

  Catalogue shown() {
    auto catalogue = kiosk.store().load_newest(clock.wall().time_since_epoch().count());
    REQUIRE(catalogue.has_value());
    return *catalogue;
  }
};

TEST_CASE("A first release takes few requests", "[kiosk][sync]") {
  World world;
  Content content;
  for (int i = 0; i < 40; ++i) {
    content.product(fmt::format("p{:02}", i), fmt::format("Product {}", i), picture_of(i));
  }
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  CHECK(world.kiosk.catalogue_ready.release == ReleaseNumber{1});
  CHECK(world.kiosk.state.release == ReleaseNumber{1});
  CHECK(world.network.log.size() == 5);  // hello, enrol, heartbeat, index, the rest
  const Catalogue catalogue = world.shown();
  CHECK(catalogue.products.size() == 40);
  for (const Product& product : catalogue.products) {
    CHECK(world.kiosk.store().has_medium(product.picture));
  }
  CHECK(std::filesystem::is_empty(world.kiosk.store().staging_folder()));
}

TEST_CASE("A disk that failed when the program started keeps no release from coming",
          "[kiosk][sync][fault]") {
  World world;
  Content content;
  content.product("p01", "Attar");
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  REQUIRE(world.kiosk.state.release == ReleaseNumber{1});
  // The list of releases cannot be opened, and is there again a moment later.
  world.kiosk.stop();
  const std::filesystem::path list = world.kiosk.folder() / "releases.db";
  const std::filesystem::path aside = world.kiosk.folder() / "aside.db";
  std::filesystem::rename(list, aside);
  std::filesystem::create_directory(list);
  world.kiosk.start();
  std::filesystem::remove(list);
  std::filesystem::rename(aside, list);

  content.product("p02", "Itr");
  world.server.publish(content.records, content.media);
  world.kiosk.run_for(10min);
  CHECK(world.kiosk.state.release == ReleaseNumber{2});
  CHECK(world.shown().product("p02") != nullptr);
}

TEST_CASE("A release for a newer program waits, and both sides know", "[kiosk][sync]") {
  World world;
  Content content;
  content.product("p01", "Attar");
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  REQUIRE(world.kiosk.state.release == ReleaseNumber{1});
  CHECK(world.kiosk.state.waiting == ReleaseNumber{0});

  content.product("p02", "Itr");
  world.server.minimum_app = kProgramNumber + 1;
  world.server.publish(content.records, content.media);
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.state.release == ReleaseNumber{1});
  CHECK(world.kiosk.state.waiting == ReleaseNumber{2});
  CHECK(world.kiosk.state.waiting_program == kProgramNumber + 1);
  CHECK(world.shown().product("p02") == nullptr);
  REQUIRE(world.server.last_heartbeat.has_value());
  CHECK(world.server.last_heartbeat->app_number == kProgramNumber);

  // The office publishes something that it can show.
  world.server.minimum_app = kProgramNumber;
  world.server.publish(content.records, content.media);
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.state.release == ReleaseNumber{3});
  CHECK(world.kiosk.state.waiting == ReleaseNumber{0});
  CHECK(world.kiosk.state.waiting_program == 0);
}

TEST_CASE("The next release brings only what changed", "[kiosk][sync]") {
  World world;
  Content content;
  for (int i = 0; i < 20; ++i) {
    content.product(fmt::format("p{:02}", i), fmt::format("Product {}", i), picture_of(i));
  }
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  content.product("p03", "Changed", picture_of(103));
  std::erase_if(content.media, [](const Medium& medium) { return medium.bytes == picture_of(3); });
  content.records.erase("product/p07");
  std::erase_if(content.media, [](const Medium& medium) { return medium.bytes == picture_of(7); });
  world.server.publish(content.records, content.media);
  world.network.bytes_down = 0;
  world.network.log.clear();
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.state.release == ReleaseNumber{2});
  CHECK(world.network.bytes_down < 70'000);
  const Catalogue catalogue = world.shown();
  CHECK(catalogue.product("p03")->name.in(1) == "Changed");
  CHECK(catalogue.product("p07") == nullptr);
  CHECK(catalogue.products.size() == 19);
}

TEST_CASE("A kiosk that was away for long fetches only the ranges it lacks", "[kiosk][sync]") {
  World world;
  Content content;
  for (int i = 0; i < 20; ++i) {
    content.product(fmt::format("p{:02}", i), fmt::format("Product {}", i), picture_of(i, 200'000));
  }
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  for (int release = 2; release <= 12; ++release) {
    content.product("p19", fmt::format("Version {}", release));
    world.server.publish(content.records, content.media);
  }
  content.product("p20", "New", picture_of(120, 200'000));
  world.server.publish(content.records, content.media);
  world.network.bytes_down = 0;
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.state.release == ReleaseNumber{13});
  CHECK(world.network.bytes_down < 400'000);
  CHECK(world.shown().product("p20") != nullptr);
}

TEST_CASE("A transfer that is cut anywhere goes on where it stopped", "[kiosk][sync][fault]") {
  for (const std::size_t cut : {1UL, 100UL, 59'000UL, 60'000UL, 61'000UL, 150'000UL, 290'000UL}) {
    World world;
    Content content;
    for (int i = 0; i < 5; ++i) content.product(fmt::format("p{}", i), "P", picture_of(i));
    world.server.publish(content.records, content.media);
    world.network.cut_after = cut;
    world.network.bytes_down = 0;
    world.kiosk.turn();
    INFO("cut after " << cut);
    CHECK(world.kiosk.state.release == ReleaseNumber{0});
    // Also over a restart: nothing half is believed.
    if (cut > 60'000) world.kiosk.start();
    world.kiosk.run_for(1min);
    CHECK(world.kiosk.state.release == ReleaseNumber{1});
    CHECK(world.shown().products.size() == 5);
  }
}

TEST_CASE("A damaged medium never goes live", "[kiosk][sync][fault]") {
  World world;
  Content content;
  content.product("a", "A", picture_of(1));
  content.product("b", "B", picture_of(2));
  world.server.publish(content.records, content.media);
  world.server.broken_media = to_hex(crypto::sha256(picture_of(2)));
  world.kiosk.run_for(10min);
  CHECK(world.kiosk.state.release == ReleaseNumber{0});
  CHECK(world.kiosk.state.trouble == "bad_signature");
  world.server.broken_media.clear();
  world.kiosk.run_for(10min);
  CHECK(world.kiosk.state.release == ReleaseNumber{1});
}

TEST_CASE("A submission does not wait for a download", "[kiosk][sync]") {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  Content content;
  for (int i = 0; i < 10; ++i) content.product(fmt::format("p{}", i), "P", picture_of(i));
  server.publish(content.records, content.media);
  // The visitor sends while the pack comes.
  SyncKiosk* self = nullptr;
  std::optional<Kept> kept;
  LoopbackTransport network{[&](const HttpRequest& request) {
    if (request.range && request.range->first > 0 && !kept) kept = self->submit("now").value();
    return server.handle(request);
  }};
  SyncKiosk kiosk{network, clock, 8, server.add_kiosk()};
  self = &kiosk;
  kiosk.turn();
  REQUIRE(network.log.size() == 7);
  CHECK(network.log[4].find("/pack") != std::string::npos);
  CHECK(network.log[5] == "POST /v1/push");
  CHECK(network.log[6].find("/pack") != std::string::npos);
  CHECK(kiosk.arrived == std::vector{kept->reference});
  CHECK(kiosk.state.release == ReleaseNumber{1});
}

TEST_CASE("An older pointer is refused, also one that is signed", "[kiosk][sync][fault]") {
  World world;
  Content content;
  content.product("a", "Old");
  world.server.publish(content.records, content.media);
  FakeServer& server = world.server;
  HttpAnswer old_answer;
  bool record = true;
  bool replay = false;
  LoopbackTransport network{[&](const HttpRequest& request) {
    if (request.path != "/v1/heartbeat") return server.handle(request);
    if (replay) return old_answer;
    HttpAnswer answer = server.handle(request);
    if (std::exchange(record, false)) old_answer = answer;
    return answer;
  }};
  SyncKiosk kiosk{network, world.clock, 9, server.add_kiosk()};
  kiosk.turn();
  CHECK(kiosk.state.release == ReleaseNumber{1});
  content.product("a", "New");
  server.publish(content.records, content.media);
  kiosk.run_for(70s);
  CHECK(kiosk.state.release == ReleaseNumber{2});
  replay = true;
  kiosk.run_for(5min);
  CHECK(kiosk.state.release == ReleaseNumber{2});
  CHECK(kiosk.state.trouble == "stale");
  CHECK(kiosk.store().load_newest(0)->product("a")->name.in(1) == "New");
}

TEST_CASE("A take-down hides at once, without a new release", "[kiosk][sync]") {
  World world;
  Content content;
  content.product("a", "A");
  content.product("b", "B");
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  CHECK(world.shown().products.size() == 2);
  world.kiosk.catalogue_ready = {};
  world.server.repoint({"product/b"}, world.server.now_ms + 86'400'000);
  world.network.log.clear();
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.catalogue_ready.release == ReleaseNumber{1});
  CHECK(world.shown().product("b") == nullptr);
  CHECK(std::ranges::none_of(world.network.log, [](const std::string& line) {
    return line.find("/pack") != std::string::npos;
  }));
}

TEST_CASE("A release that does not fit the disk waits", "[kiosk][sync][fault]") {
  World world;
  Content content;
  content.product("a", "A", picture_of(1));
  world.kiosk.settings.keep_free_bytes = 1ULL << 60;
  world.kiosk.start();
  world.server.publish(content.records, content.media);
  world.kiosk.run_for(5min);
  CHECK(world.kiosk.state.release == ReleaseNumber{0});
  CHECK(world.kiosk.state.trouble == "disk_full");
  world.kiosk.settings.keep_free_bytes = 0;
  world.kiosk.start();
  world.kiosk.run_for(5min);
  CHECK(world.kiosk.state.release == ReleaseNumber{1});
}

TEST_CASE("A damaged release on the disk is fetched anew", "[kiosk][sync][fault]") {
  World world;
  Content content;
  content.product("a", "A product with a long enough name");
  world.server.publish(content.records, content.media);
  world.kiosk.turn();
  std::filesystem::resize_file(world.kiosk.folder() / "catalogue-1.db", 5000);
  CHECK(world.shown().release == ReleaseNumber{0});
  world.kiosk.run_for(2min);
  CHECK(world.shown().release == ReleaseNumber{1});
}

}  // namespace
}  // namespace odop::kiosk
