// Histories against the real service and store, and the real catalogue from CSV to a kiosk.
#include "shared/bundle/writer.h"
#include "shared/crypto/enrolment.h"
#include "shared/wire/json.h"
#include "tests/sim/histories.h"
#include "tests/sim/service_server.h"
#include "tests/sim/stick_kiosk.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <iostream>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

void check_stored_once(ServiceServer& service, const std::vector<std::string>& references,
                       std::string_view what) {
  const auto stored = service.stored();
  std::size_t lost = 0;
  std::size_t duplicated = 0;
  for (const auto& reference : references) {
    const auto found = stored.find(reference);
    lost += found == stored.end() ? 1 : 0;
    duplicated += found != stored.end() && found->second > 1 ? 1 : 0;
  }
  std::cout << what << ": submissions=" << references.size() << " lost=" << lost
            << " duplicated=" << duplicated << '\n';
  CHECK(lost == 0);
  CHECK(duplicated == 0);
}

TEST_CASE("The real service takes everything exactly once", "[sim][fault]") {
  std::size_t hardships = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    ServiceServer service;
    service.max_piece = 8 * 1024;
    SimServer server = as_server(service);
    const HistoryOptions options{.seed = seed, .kiosks = 3, .steps = 60};
    const Outcome outcome = run_history(server, options);
    std::cout << "service " << line_of(options, outcome) << '\n';
    CHECK(outcome.submitted > 10);
    CHECK(outcome.faults() > 10);
    CHECK(outcome.spoken + outcome.withdrawals + outcome.answered > 3);
    CHECK(outcome.clean());
    hardships += outcome.expired + outcome.rolled_back + outcome.rotated + outcome.refused +
                 outcome.held_back + outcome.network.forged;
  }
  CHECK(hardships > 10);
}

// A restore brings back the publisher's key that was revoked since. Kiosks that heard of it believe
// it no more, and the newest number does not help; the office revokes it once more.
TEST_CASE("A key that was revoked stays so after a restore, until another one signs",
          "[sim][fault]") {
  ServiceServer service;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport network{
      [&](const kiosk::HttpRequest& request) { return service.handle(request); }};
  const auto publish = [&service](std::string_view name) {
    const std::string record = fmt::format(R"({{"name":{{"en":"{}"}}}})", name);
    return service.publish({{"district/agra", record}, {"product/marble", record}});
  };
  const auto first = publish("one");
  SyncKiosk kiosk{network, clock, 1, service.add_kiosk()};
  kiosk.run_for(1h);
  REQUIRE(kiosk.state.release.value == first);
  service.back_up();
  service.rotate_publisher();
  const auto second = publish("two");
  kiosk.run_for(1h);
  REQUIRE(kiosk.state.release.value == second);

  service.restore();
  const auto revoked = publish("three");
  REQUIRE(revoked > second);
  kiosk.run_for(1h);
  CHECK(kiosk.state.release.value == second);

  service.rotate_publisher();
  const auto last = publish("four");
  kiosk.run_for(1h);
  CHECK(kiosk.state.release.value == last);
  // And what a rollback and an expired pointer do to a kiosk that holds the newest.
  const auto before = service.roll_back();
  REQUIRE(before.has_value());
  CHECK(*before > last);
  kiosk.run_for(1h);
  CHECK(kiosk.state.release.value == *before);
  const auto now_ms = clock.wall().time_since_epoch().count();
  CHECK_FALSE(kiosk.store().load_newest(now_ms)->stale);
  service.expire_pointer();
  kiosk.run_for(1h);
  CHECK(kiosk.state.release.value == *before);
  CHECK(kiosk.store().load_newest(now_ms)->stale);
}

TEST_CASE("The real catalogue reaches a kiosk whole", "[sim]") {
  ServiceServer service;
  const std::size_t records =
      service.import_and_publish(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  CHECK(records > 75 + 122);
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport network{
      [&](const kiosk::HttpRequest& request) { return service.handle(request); }};
  SyncKiosk kiosk{network, clock, 1, service.add_kiosk()};
  kiosk.turn();
  const auto catalogue = kiosk.store().load_newest(clock.wall().time_since_epoch().count());
  REQUIRE(catalogue.has_value());
  CHECK(catalogue->release == ReleaseNumber{1});
  CHECK(catalogue->districts.size() == 75);
  CHECK(catalogue->products.size() == 122);
  CHECK(catalogue->families.size() == 7);
  CHECK(catalogue->offices.size() == 75);
  CHECK_FALSE(catalogue->stale);
  CHECK_FALSE(catalogue->notices.empty());
  CHECK_FALSE(catalogue->kinds.empty());
  CHECK_FALSE(catalogue->units.empty());
  CHECK_FALSE(catalogue->countries.empty());
  CHECK_FALSE(catalogue->events.empty());
  CHECK_FALSE(catalogue->venues.empty());
  auto stories = kiosk.store().stories(catalogue->release);
  REQUIRE(stories.has_value());
  for (const kiosk::Product& product : catalogue->products) {
    INFO(product.id);
    CHECK_FALSE(product.name.by_language[0].empty());
    CHECK_FALSE(product.name.by_language[1].empty());
    CHECK_FALSE(product.name.by_language[2].empty());
    const auto story = stories->read(product.id);
    REQUIRE(story.has_value());
    CHECK_FALSE(story->description.by_language[0].empty());
    CHECK(catalogue->family(product.family) != nullptr);
    CHECK_FALSE(product.drawing.empty());
    REQUIRE_FALSE(product.districts.empty());
    for (const std::string& district : product.districts) {
      CHECK(catalogue->district(district) != nullptr);
    }
  }
  for (const kiosk::District& district : catalogue->districts) {
    INFO(district.id);
    CHECK_FALSE(district.name.by_language[2].empty());
    CHECK_FALSE(district.division.by_language[0].empty());
    CHECK(catalogue->office_of(district.id) != nullptr);
    CHECK_FALSE(district.neighbours.empty());
    for (const std::string& neighbour : district.neighbours) {
      CHECK(catalogue->district(neighbour) != nullptr);
    }
  }
  CHECK(catalogue->district("kannauj") != nullptr);
  CHECK(catalogue->product("kannauj-attar") != nullptr);
}

// A server that is restored to before it let a kiosk in, with the kiosk's number in the backup or
// not.
TEST_CASE("A kiosk that a restored server does not know is let in again, and loses nothing",
          "[sim][fault]") {
  for (const bool number_is_known : {true, false}) {
    INFO(number_is_known);
    ServiceServer service;
    ManualClock clock{WallTime{1'800'000'000'000ms}};
    LoopbackTransport network{
        [&](const kiosk::HttpRequest& request) { return service.handle(request); }};
    std::string code;
    if (number_is_known) code = service.add_kiosk();
    service.back_up();
    if (!number_is_known) code = service.add_kiosk();
    SyncKiosk kiosk{network, clock, 1, code};
    std::vector<std::string> references;
    const auto submit = [&] {
      references.push_back(
          kiosk.submit(fmt::format("Number {}", references.size())).value().reference);
    };
    kiosk.turn();
    for (int i = 0; i < 3; ++i) submit();
    kiosk.run_for(1h);
    REQUIRE(kiosk.arrived.size() == 3);

    service.restore();
    REQUIRE(service.stored().empty());
    submit();
    kiosk.run_for(1h);

    check_stored_once(service, references, "readmitted");
    CHECK(kiosk.state.link == kiosk::Link::kOnline);
    CHECK(kiosk.state.queue == 0);
    // Nobody else becomes this kiosk with its old code.
    SyncKiosk other{network, clock, 2, code};
    other.run_for(1h);
    CHECK_FALSE(other.state.enrolled);
  }
}

TEST_CASE("A kiosk that speaks by stick alone is let in again, too", "[sim][fault][bundle]") {
  ServiceServer service;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  TempFolder stick;
  StickKiosk kiosk{clock, 1};
  const auto round = [&] {
    const auto given = kiosk.give(stick.path());
    INFO((given ? std::string() : given.error().context));
    REQUIRE(given.has_value());
    service.take_stick(stick.path());
    service.give_stick(stick.path());
    const auto taken = kiosk.take(stick.path());
    INFO((taken ? std::string() : taken.error().context));
    REQUIRE(taken.has_value());
    CHECK(taken->trouble.empty());
  };
  service.back_up();
  REQUIRE(kiosk.give(stick.path(), service.add_kiosk()).has_value());
  service.take_stick(stick.path());
  service.give_stick(stick.path());
  REQUIRE(kiosk.take(stick.path())->enrolled);
  std::vector<std::string> references;
  references.reserve(4);
  for (int i = 0; i < 3; ++i) references.push_back(kiosk.submit(R"({"message":"Number"})"));
  round();
  CHECK(kiosk.state_of(references[2]) == kiosk::SubmissionState::kArrived);

  service.restore();
  REQUIRE(service.stored().empty());
  references.push_back(kiosk.submit(R"({"message":"Number"})"));
  round();  // the kiosk hears of the restored server, and has it all waiting again
  CHECK(kiosk.state_of(references[3]) == kiosk::SubmissionState::kArrived);
  round();
  check_stored_once(service, references, "readmitted by stick");
  for (const auto& reference : references) {
    CHECK(kiosk.state_of(reference) == kiosk::SubmissionState::kArrived);
  }

  // Whoever does not know the token is nobody, whatever else it knows of the kiosk.
  auto identity = kiosk.journal().identity().value().value();
  identity.token = "guessed";
  const auto forger = crypto::SigningKey::generate();
  bundle::NewBundle forged;
  forged.facts.device_id = identity.device_id;
  forged.items.push_back({wire::BundleItemKind::kCertificate,
                          std::string(wire::kReadmissionPurpose),
                          wire::to_json(crypto::carried_readmission(identity, forger)),
                          {}});
  forged.items.push_back(
      {wire::BundleItemKind::kHeartbeat, "", wire::to_json(wire::Heartbeat{}), {}});
  const auto file = stick / "forged.odop";
  REQUIRE(bundle::write_bundle(file, forged, forger).has_value());
  const auto taken = service.taken(file);
  REQUIRE(taken.size() == 1);
  REQUIRE(taken[0].problem.has_value());
  CHECK(taken[0].problem->code == ErrorCode::kUnauthorized);
}

}  // namespace
}  // namespace odop::test
