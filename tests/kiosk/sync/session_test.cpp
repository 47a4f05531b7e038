// A whole kiosk without a window against the protocol, in virtual time.
#include "kiosk/capture/answers.h"
#include "shared/wire/json.h"
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <span>
#include <string>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::LoopbackTransport;
using test::SyncKiosk;

struct World {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport network{[this](const HttpRequest& request) { return server.handle(request); }};
  SyncKiosk kiosk{network, clock, 7, server.add_kiosk()};
};

std::size_t count(const std::vector<std::string>& log, std::string_view start) {
  return static_cast<std::size_t>(
      std::ranges::count_if(log, [&](const std::string& line) { return line.starts_with(start); }));
}

TEST_CASE("A kiosk enrols once and remembers", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  CHECK(world.kiosk.state.enrolled);
  CHECK(world.kiosk.state.kiosk_name == "Kiosk 1");
  CHECK(world.kiosk.state.link == Link::kOnline);
  CHECK(world.network.log ==
        std::vector<std::string>{"GET /v1/hello", "POST /v1/enrol", "POST /v1/heartbeat"});
  world.kiosk.start();
  world.kiosk.turn();
  CHECK(count(world.network.log, "POST /v1/enrol") == 1);
  CHECK(world.kiosk.state.kiosk_name == "Kiosk 1");
}

TEST_CASE("A wrong code is not tried again", "[kiosk][sync]") {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  LoopbackTransport network{[&](const HttpRequest& request) { return server.handle(request); }};
  SyncKiosk kiosk{network, clock, 7, "GUESSED"};
  kiosk.run_for(1h);
  CHECK(count(network.log, "POST /v1/enrol") == 1);
  CHECK(kiosk.state.link == Link::kRefused);
  kiosk.send(EnrolWith{server.add_kiosk()});
  kiosk.turn();
  CHECK(kiosk.state.enrolled);
}

TEST_CASE("An eaten enrolment answer is asked for again", "[kiosk][sync][fault]") {
  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  bool eaten = false;
  LoopbackTransport network{[&](const HttpRequest& request) {
    auto answer = server.handle(request);
    if (request.path == "/v1/enrol" && !std::exchange(eaten, true)) {
      return HttpAnswer{502, "", "", {}};
    }
    return answer;
  }};
  SyncKiosk kiosk{network, clock, 7, server.add_kiosk()};
  kiosk.run_for(10s);
  CHECK(kiosk.state.enrolled);
}

TEST_CASE("A submission is sent at once and told as arrived", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  const auto kept = world.kiosk.submit("hello");
  REQUIRE(kept.has_value());
  world.kiosk.turn();
  REQUIRE(world.server.rows().size() == 1);
  CHECK(world.server.open(world.server.rows()[0]).answers == R"({"message":"hello"})");
  CHECK(world.kiosk.arrived == std::vector{kept->reference});
  CHECK(world.kiosk.state.queue == 0);
  CHECK(world.kiosk.journal().state_of(kept->reference).value() == SubmissionState::kArrived);
}

TEST_CASE("What was kept while the server was away arrives within seconds of its return",
          "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  world.network.down = true;
  const auto kept = world.kiosk.submit("offline");
  world.kiosk.run_for(30s);
  CHECK(world.kiosk.state.link == Link::kOffline);
  CHECK(world.kiosk.state.queue == 1);
  CHECK(world.kiosk.arrived.empty());
  world.network.down = false;
  world.kiosk.run_for(20s);
  CHECK(world.kiosk.arrived == std::vector{kept->reference});
  CHECK(world.server.rows().size() == 1);
}

TEST_CASE("After an outage a kiosk asks for answers at once", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  world.network.down = true;
  REQUIRE(world.kiosk.submit("offline").has_value());
  world.kiosk.run_for(20s);
  REQUIRE(world.kiosk.state.link == Link::kOffline);
  world.network.down = false;
  world.network.log.clear();
  world.kiosk.run_for(20s);
  REQUIRE(world.kiosk.state.queue == 0);
  // Not first in a minute: the push that went through is followed by the question what is new.
  CHECK(world.network.log == std::vector<std::string>{"POST /v1/push", "POST /v1/heartbeat"});
}

TEST_CASE("A server that cannot prove itself is one clear state", "[kiosk][sync][fault]") {
  // What the transport says about a wrong certificate.
  class Untrusted final : public Transport {
   public:
    Result<HttpAnswer> send(const HttpRequest& /*request*/, BodySink* /*sink*/) override {
      ++calls;
      return fail(ErrorCode::kForbidden, "certificate");
    }
    void cancel() override {}
    int calls = 0;
  };
  Untrusted network;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  SyncKiosk kiosk{network, clock, 7, "CODE"};
  kiosk.run_for(30s);
  CHECK(kiosk.state.link == Link::kRefused);
  CHECK(kiosk.state.trouble == "forbidden");
  CHECK_FALSE(kiosk.state.enrolled);
  CHECK(network.calls >= 3);  // it may be mended any moment
}

TEST_CASE("Nothing changed is one small heartbeat", "[kiosk][sync]") {
  World world;
  world.server.publish(
      {{"district/agra", R"({"name":{"en":"Agra"}})"}, {"product/a", R"({"name":{"en":"A"}})"}},
      {});
  world.kiosk.turn();
  world.network.log.clear();
  world.kiosk.run_for(67s);
  CHECK(world.network.log == std::vector<std::string>{"POST /v1/heartbeat"});
  const std::string answer = wire::to_json(*world.server.last_heartbeat_answer);
  CHECK(answer.size() < 600);
}

TEST_CASE("A login page is not a success", "[kiosk][sync][fault]") {
  World world;
  world.kiosk.turn();
  LoopbackTransport& network = world.network;
  bool captive = true;
  LoopbackTransport hotel{[&](const HttpRequest& request) {
    if (captive) return HttpAnswer{200, "text/html", "<html>please log in</html>", {}};
    return world.server.handle(request);
  }};
  SyncKiosk guest{hotel, world.clock, 8, world.server.add_kiosk()};
  guest.run_for(1min);
  CHECK_FALSE(guest.state.enrolled);
  CHECK(guest.state.link == Link::kCaptive);
  captive = false;
  guest.run_for(5min);
  REQUIRE(guest.state.enrolled);
  captive = true;
  const auto kept = guest.submit("x");
  guest.run_for(5min);
  CHECK(guest.arrived.empty());
  CHECK(guest.journal().state_of(kept->reference).value() == SubmissionState::kKept);
  captive = false;
  guest.run_for(5min);
  CHECK(guest.arrived == std::vector{kept->reference});
  CHECK(network.log.size() == 3);
}

TEST_CASE("A receipt of a stranger counts for nothing", "[kiosk][sync][fault]") {
  World world;
  world.kiosk.turn();
  world.server.mutation.foreign_key = true;
  const auto kept = world.kiosk.submit("x");
  world.kiosk.run_for(1min);
  CHECK(world.kiosk.arrived.empty());
  world.server.mutation.foreign_key = false;
  world.kiosk.run_for(5min);
  CHECK(world.kiosk.arrived == std::vector{kept->reference});
  CHECK(world.server.rows().size() == 1);
}

TEST_CASE("Batches shrink when they are too large and grow again", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  world.network.down = true;
  for (int i = 0; i < 40; ++i) REQUIRE(world.kiosk.submit(std::to_string(i)).has_value());
  world.network.down = false;
  world.server.max_batch = 6;
  world.network.log.clear();
  world.kiosk.run_for(1min);
  CHECK(world.server.rows().size() == 40);
  CHECK(world.kiosk.state.queue == 0);
  CHECK(count(world.network.log, "POST /v1/push") < 25);
}

TEST_CASE("One that the server will not have yet does not block the rest", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  world.network.down = true;
  const auto first = world.kiosk.submit("first");
  const auto second = world.kiosk.submit("second");
  world.server.hold_back.insert(first->reference);
  world.network.down = false;
  world.kiosk.run_for(20s);
  CHECK(world.kiosk.arrived == std::vector{second->reference});
  world.server.hold_back.clear();
  const std::size_t pushes = count(world.network.log, "POST /v1/push");
  world.kiosk.run_for(2min);
  CHECK(world.kiosk.arrived.size() == 2);
  CHECK(count(world.network.log, "POST /v1/push") == pushes + 1);
}

TEST_CASE("A revoked kiosk may still deliver what visitors left", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  world.server.revoke(world.kiosk.journal().identity().value()->device_id);
  world.kiosk.run_for(2min);
  CHECK(world.kiosk.state.link == Link::kRefused);
  const auto kept = world.kiosk.submit("late");
  world.kiosk.turn();
  CHECK(world.server.rows().size() == 1);
  CHECK(world.kiosk.journal().state_of(kept->reference).value() == SubmissionState::kQuarantined);
  CHECK(world.kiosk.state.link == Link::kRefused);
}

TEST_CASE("A restored server gets again what its backup lacks", "[kiosk][sync][fault]") {
  World world;
  world.kiosk.turn();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(world.kiosk.submit(std::to_string(i)).has_value());
    world.kiosk.turn();
    if (i == 1) world.server.back_up();
  }
  REQUIRE(world.server.rows().size() == 5);
  world.server.restore();
  CHECK(world.server.rows().size() == 2);
  world.kiosk.run_for(2min);
  CHECK(world.server.rows().size() == 5);
  CHECK(world.kiosk.state.queue == 0);
}

TEST_CASE("Answers come down the feed and open offline", "[kiosk][sync]") {
  World world;
  LoopbackTransport other_network{
      [&](const HttpRequest& request) { return world.server.handle(request); }};
  SyncKiosk second{other_network, world.clock, 9, world.server.add_kiosk()};
  world.kiosk.turn();
  second.turn();
  std::vector<Kept> kept;
  kept.reserve(5);
  for (int i = 0; i < 5; ++i) kept.push_back(world.kiosk.submit(std::to_string(i)).value());
  world.kiosk.turn();
  for (const Kept& one : kept) world.server.answer(one.reference, "Yes, " + one.reference);
  second.run_for(70s);
  other_network.down = true;
  const Answers answers(second.journal());
  for (const Kept& one : kept) {
    const auto answer = answers.lookup(one.reference, one.status_code);
    REQUIRE(answer.has_value());
    CHECK(answer->text == "Yes, " + one.reference);
  }
  other_network.down = false;
  other_network.log.clear();
  second.run_for(70s);
  CHECK(count(other_network.log, "GET /v1/feed") == 0);
}

TEST_CASE("A kiosk hears from the fleet's people that it is in production", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  CHECK_FALSE(world.kiosk.state.production);
  world.server.configure(R"({"mode":"production"})");
  world.kiosk.run_for(70s);
  CHECK(world.kiosk.state.production);
  // And remembers it, also without a server.
  world.network.down = true;
  world.kiosk.start();
  world.kiosk.turn();
  CHECK(world.kiosk.state.production);
  world.network.down = false;
  world.server.configure(R"({"mode":"test"})");
  world.kiosk.run_for(70s);
  CHECK_FALSE(world.kiosk.state.production);
}

// A visitor's words that a backup covered, so that the kiosk gave them up; the next receipt said
// so.
Kept given_up(World& world) {
  world.server.back_up();  // the older one: it holds nothing
  const auto kept = world.kiosk.submit("first");
  world.kiosk.turn();
  world.server.back_up();
  REQUIRE(world.kiosk.submit("second").has_value());
  world.kiosk.turn();
  CHECK(world.kiosk.journal().state_of(kept->reference).value() == SubmissionState::kArrived);
  return kept.value();
}

TEST_CASE("A server restored from an older backup is asked for what was given up",
          "[kiosk][sync][fault]") {
  World world;
  world.kiosk.turn();
  const auto state = [&](const Kept& kept) {
    return world.kiosk.journal().state_of(kept.reference).value();
  };
  const Kept first = given_up(world);

  SECTION("it has it: told as arrived, after one question") {
    world.server.restore();
    world.kiosk.run_for(2min);
    CHECK(state(first) == SubmissionState::kArrived);
    CHECK(count(world.network.log, "POST /v1/reconcile") == 1);
    CHECK(world.kiosk.state.unconfirmed == 0);
    CHECK(world.server.rows().size() == 2);
  }
  SECTION("it lost it: never again told as arrived") {
    REQUIRE(world.server.restore_older());
    world.kiosk.run_for(2min);
    CHECK(state(first) == SubmissionState::kUnconfirmed);
    CHECK(world.kiosk.state.unconfirmed == 1);
    CHECK(world.server.rows().size() == 1);  // what was still here came again
    CHECK(world.server.never_came().contains({1, 1}));
    CHECK(count(world.network.log, "POST /v1/reconcile") == 1);
    // Asked again now and then, and after a start; a copy from elsewhere may have come.
    world.kiosk.run_for(13h);
    CHECK(count(world.network.log, "POST /v1/reconcile") == 3);
    world.kiosk.start();
    world.kiosk.run_for(2min);
    CHECK(count(world.network.log, "POST /v1/reconcile") == 4);
    CHECK(state(first) == SubmissionState::kUnconfirmed);
  }
  SECTION("a server from before this question changes nothing, and is left alone") {
    world.server.knows_reconciliation = false;
    world.server.restore();
    world.kiosk.run_for(2min);
    CHECK(state(first) == SubmissionState::kUnconfirmed);
    CHECK(world.kiosk.state.link == Link::kOnline);
    CHECK(count(world.network.log, "POST /v1/reconcile") == 1);
  }
  SECTION("many are asked for page by page, each once") {
    std::vector<Kept> kept;
    kept.reserve(249);
    for (int i = 0; i < 249; ++i) kept.push_back(world.kiosk.submit("more").value());
    world.kiosk.turn();
    world.server.back_up();
    REQUIRE(world.kiosk.submit("last").has_value());
    world.kiosk.turn();
    world.server.restore();
    world.kiosk.run_for(2min);
    CHECK(count(world.network.log, "POST /v1/reconcile") == 3);
    CHECK(world.kiosk.state.unconfirmed == 0);
    CHECK(std::ranges::all_of(
        kept, [&](const Kept& one) { return state(one) == SubmissionState::kArrived; }));
  }
}

AnswerAsked asked_of(const SyncKiosk& kiosk) {
  for (const FromWorker& value : kiosk.told) {
    if (const auto* asked = std::get_if<AnswerAsked>(&value)) return *asked;
  }
  FAIL("nobody told what came of the question");
  return {};
}

TEST_CASE("An answer that is not here can be asked for", "[kiosk][sync]") {
  World world;
  world.kiosk.turn();
  const auto kept = world.kiosk.submit("x");
  world.kiosk.turn();
  world.server.answer(kept->reference, "Here", false);
  world.kiosk.told.clear();
  world.kiosk.send(AskAnswer{kept->reference});
  world.kiosk.turn();
  CHECK(Answers(world.kiosk.journal()).lookup(kept->reference, kept->status_code)->text == "Here");
  CHECK(asked_of(world.kiosk).found);

  world.kiosk.told.clear();
  world.kiosk.send(AskAnswer{"0000000000"});
  world.kiosk.turn();
  CHECK_FALSE(asked_of(world.kiosk).found);
  CHECK(asked_of(world.kiosk).reached);

  world.network.down = true;
  world.kiosk.told.clear();
  world.kiosk.send(AskAnswer{"0000000000"});
  world.kiosk.turn();
  CHECK_FALSE(asked_of(world.kiosk).reached);
}

TEST_CASE("A clock that jumps by ten years disturbs nothing", "[kiosk][sync][fault]") {
  World world;
  world.kiosk.turn();
  constexpr auto kTenYears = std::chrono::hours(24 * 3652);
  std::size_t arrived = 0;
  for (const auto jump : {kTenYears, -2 * kTenYears, kTenYears}) {
    world.clock.set_wall(world.clock.wall() + jump);
    REQUIRE(world.kiosk.submit("x").has_value());
    world.kiosk.run_for(2min);
    CHECK(world.kiosk.arrived.size() == ++arrived);
  }
}

}  // namespace
}  // namespace odop::kiosk
