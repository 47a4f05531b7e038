// A kiosk whose disk was copied, against the protocol in memory.
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::LoopbackTransport;
using test::SyncKiosk;

// Two kiosks from one disk.
struct Copied {
  Copied() {
    first.turn();
    before = first.submit("before").value().reference;
    first.turn();
    first.stop();
    second = std::make_unique<SyncKiosk>(first, network, 8, [](const auto&, const auto&) {});
    first.start();
    turn();
  }
  void turn() {
    first.run_for(2min);
    second->run_for(2min);
  }
  // Both give out the next sequence.
  void fork() {
    left = {first.submit("first").value().reference, second->submit("second").value().reference};
    turn();
    turn();
  }

  std::size_t asked() const {
    return static_cast<std::size_t>(std::ranges::count(network.log, "POST /v1/enrol"));
  }

  FakeServer server;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  bool eats = false;               // the answers to enrolments
  std::function<void()> on_enrol;  // while the next one is out
  LoopbackTransport network{[this](const HttpRequest& request) {
    if (request.path == "/v1/enrol" && on_enrol) std::exchange(on_enrol, nullptr)();
    auto answer = server.handle(request);
    return eats && request.path == "/v1/enrol" ? HttpAnswer{} : answer;
  }};
  SyncKiosk first{network, clock, 7, server.add_kiosk()};
  std::unique_ptr<SyncKiosk> second;
  std::string before;
  std::pair<std::string, std::string> left;
};

TEST_CASE("Both copies of a disk are told, and go on", "[kiosk][sync]") {
  Copied world;
  CHECK_FALSE(world.first.state.enrol_anew);
  world.fork();
  CHECK(world.server.rows().size() == 3);
  for (SyncKiosk* kiosk : {&world.first, world.second.get()}) {
    CHECK(kiosk->state.enrol_anew);
    CHECK(kiosk->state.link == Link::kOnline);
    CHECK(kiosk->state.queue == 0);
    kiosk->start();
    kiosk->turn();
    CHECK(kiosk->state.enrol_anew);
    REQUIRE(kiosk->submit("more").has_value());
    kiosk->turn();
    CHECK(kiosk->state.queue == 0);
  }
  CHECK(world.server.rows().size() == 5);
}

TEST_CASE("Enrolled anew, both are somebody else and hold what they were told", "[kiosk][sync]") {
  Copied world;
  world.fork();
  world.server.answer(world.before, "Yes.");
  world.first.enrol_anew(world.server.add_kiosk());
  world.second->enrol_anew(world.server.add_kiosk());
  world.turn();
  CHECK(world.first.state.kiosk_number == 2);
  CHECK(world.second->state.kiosk_number == 3);
  for (SyncKiosk* kiosk : {&world.first, world.second.get()}) {
    CHECK_FALSE(kiosk->state.enrol_anew);
    CHECK(kiosk->journal().state_of(world.before).value() == SubmissionState::kArrived);
    CHECK(kiosk->journal().answer(world.before).value().has_value());
    const auto kept = kiosk->submit("later");
    REQUIRE(kept.has_value());
    CHECK(kept->sequence == Sequence{1});
    kiosk->turn();
    CHECK(kiosk->journal().state_of(kept->reference).value() == SubmissionState::kArrived);
  }
  // Answers to what the old device left reach both, also those that are given later.
  world.server.answer(world.left.first, "Yes.");
  world.server.answer(world.left.second, "Yes.");
  world.turn();
  CHECK(world.first.journal().answer(world.left.first).value().has_value());
  CHECK(world.second->journal().answer(world.left.second).value().has_value());
}

TEST_CASE("What waits as the old device goes up as the new one, recordings too", "[kiosk][sync]") {
  Copied world;
  world.fork();
  world.server.hold_back.insert(world.before);  // no effect: it is there
  world.network.down = true;
  const auto spoken = world.first.submit("spoken", {{"name", Bytes("OggS") + Bytes(9'000, 'v')}});
  REQUIRE(spoken.has_value());
  world.server.max_batch = 0;  // nothing is taken while it enrols
  world.network.down = false;
  world.first.enrol_anew(world.server.add_kiosk());
  world.first.turn();
  CHECK(world.first.state.kiosk_number == 2);
  CHECK(world.first.journal().state_of(spoken->reference).value() == SubmissionState::kKept);
  world.server.max_batch = wire::kMaxBatchEnvelopes;
  world.first.run_for(3h);
  CHECK(world.first.journal().state_of(spoken->reference).value() == SubmissionState::kArrived);
  CHECK(world.server.whole(spoken->reference));
  CHECK(world.first.state.queue == 0);
}

TEST_CASE("An eaten answer is asked for again, also by the next start", "[kiosk][sync][fault]") {
  Copied world;
  world.fork();
  world.eats = true;
  world.first.enrol_anew(world.server.add_kiosk());
  world.first.run_for(10s);
  CHECK(world.first.state.kiosk_number == 1);
  CHECK(world.first.state.enrol_anew);
  world.first.start();
  world.first.run_for(10s);
  CHECK(world.first.state.kiosk_number == 1);
  REQUIRE(world.first.submit("meanwhile").has_value());
  world.eats = false;
  world.first.run_for(10min);
  CHECK(world.first.state.kiosk_number == 2);
  CHECK(world.first.state.queue == 0);
  CHECK_FALSE(world.first.state.code_refused);
}

TEST_CASE("A code is left alone by a kiosk that was not told, and told when it is no good",
          "[kiosk][sync]") {
  Copied world;
  const std::string code = world.server.add_kiosk();
  world.first.send(EnrolWith{code});
  world.first.run_for(5min);
  CHECK(world.first.state.kiosk_number == 1);
  CHECK(world.asked() == 1);  // its own, long ago
  world.fork();
  // It was kept in mind, and is used when the server says so.
  CHECK(world.first.state.kiosk_number == 2);
  // A code of another kiosk's.
  world.second->enrol_anew(code);
  world.second->run_for(2min);
  CHECK(world.second->state.kiosk_number == 1);
  CHECK(world.second->state.code_refused);
  CHECK(world.second->state.link == Link::kOnline);
  world.second->enrol_anew(world.server.add_kiosk());
  world.second->run_for(2min);
  CHECK(world.second->state.kiosk_number == 3);
  CHECK_FALSE(world.second->state.code_refused);
}

// Seed 700143: the key of the second code was taken for the device of the first.
TEST_CASE("A code that is typed while another one is out does not take its place",
          "[kiosk][sync][fault]") {
  Copied world;
  world.fork();
  SyncKiosk& kiosk = world.first;
  world.on_enrol = [&] { kiosk.send(EnrolWith{world.server.add_kiosk()}); };
  kiosk.enrol_anew(world.server.add_kiosk());
  kiosk.run_for(2min);
  CHECK(kiosk.state.kiosk_number == 2);
  const auto kept = kiosk.submit("later");
  REQUIRE(kept.has_value());
  kiosk.run_for(2min);
  CHECK(kiosk.journal().state_of(kept->reference).value() == SubmissionState::kArrived);
}

TEST_CASE("A server that this kiosk does not know makes no other kiosk of it", "[kiosk][sync]") {
  Copied world;
  world.fork();
  FakeServer stranger;
  const std::string code = stranger.add_kiosk();
  static_cast<void>(stranger.add_kiosk());
  LoopbackTransport line{[&](const HttpRequest& request) {
    return request.path == "/v1/enrol" ? stranger.handle(request) : world.server.handle(request);
  }};
  world.first.stop();
  SyncKiosk fooled(world.first, line, 9, [](const auto&, const auto&) {});
  fooled.enrol_anew(code);
  fooled.run_for(5min);
  CHECK(fooled.journal().next_slot()->device == world.second->journal().next_slot()->device);
  CHECK(fooled.state.enrol_anew);
}

}  // namespace
}  // namespace odop::kiosk
