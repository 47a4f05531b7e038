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

// ---- A server that was restored to before it let the kiosk in, also as what it was before ----

std::ptrdiff_t asked_to_be_let_in(const LoopbackTransport& network) {
  return std::ranges::count(network.log, "POST /v1/readmit");
}

// From device to device to device, with something spoken left as the first.
struct ThreeLives : Copied {
  ThreeLives() {
    spoken = first.submit("spoken", {{"name", Bytes("OggS") + Bytes(9'000, 'v')}})->reference;
    fork();
    first.enrol_anew(server.add_kiosk());
    first.run_for(2min);
    first.stop();
    third = std::make_unique<SyncKiosk>(first, network, 9, [](const auto&, const auto&) {});
    first.start();
    second_life = first.submit("second life").value().reference;
    static_cast<void>(third->submit("copy of the second life").value());
    third->stop();
    first.run_for(2min);
    third->start();
    third->run_for(4min);
    third->stop();
    first.run_for(4min);
    REQUIRE(first.state.enrol_anew);
    first.enrol_anew(server.add_kiosk());
    first.run_for(2min);
    REQUIRE(first.state.kiosk_number == 3);
    last = first.submit("third life").value().reference;
    first.run_for(2min);
    REQUIRE(first.state.queue == 0);
    server.forgets_kiosks = true;
    network.log.clear();
  }
  [[nodiscard]] bool has(const std::string& reference) const {
    return std::ranges::find(server.rows(), reference, &FakeServer::Row::reference) !=
           server.rows().end();
  }
  [[nodiscard]] bool all_here() const {
    return has(before) && has(left.first) && server.whole(spoken) && has(second_life) && has(last);
  }

  std::unique_ptr<SyncKiosk> third;
  std::string spoken, second_life, last;
};

TEST_CASE("A server that forgot who a kiosk is and was is told all of it, once",
          "[kiosk][sync][fault]") {
  ThreeLives world;
  SECTION("at once") {}
  SECTION("by a program that is killed again and again meanwhile") {
    world.server.restore();
    for (int i = 0; i < 6; ++i) {
      world.network.down = i % 2 == 0;
      world.first.turn();
      world.first.start();
    }
    world.network.down = false;
    world.network.log.clear();
  }
  world.server.restore();
  REQUIRE(world.server.rows().empty());
  world.first.run_for(10min);
  CHECK(world.all_here());
  CHECK(world.first.state.queue == 0);
  CHECK(world.first.state.link == Link::kOnline);
  CHECK(world.first.journal().state_of(world.spoken).value() == SubmissionState::kArrived);
  // As who it is; then who it was twice, by what it heard of this life and by the restored one.
  CHECK(asked_to_be_let_in(world.network) <= 5);
  const auto asked = asked_to_be_let_in(world.network);
  world.first.run_for(3h);
  CHECK(asked_to_be_let_in(world.network) == asked);
}

TEST_CASE("A former device that is refused does not make this one think so", "[kiosk][sync]") {
  ThreeLives world;
  const auto formers = world.first.journal().formers().value();
  REQUIRE(formers.size() == 2);
  world.server.revoke(formers[0].identity.device_id);
  world.server.restore();
  world.first.run_for(10min);
  CHECK(world.first.state.link == Link::kOnline);
  CHECK(world.has(world.second_life));
  CHECK(world.has(world.last));
  // What it left waits, and is offered once an hour.
  CHECK_FALSE(world.has(world.before));
  CHECK(world.first.state.queue > 0);
  world.network.log.clear();
  world.first.run_for(3h);
  CHECK(world.first.state.link == Link::kOnline);
  CHECK(asked_to_be_let_in(world.network) <= 2 * 4);
  CHECK(std::ranges::count(world.network.log, "POST /v1/push") <= 2 * 4);
}

TEST_CASE("What was put off as of an unknown device goes up when that one is known",
          "[kiosk][sync]") {
  ThreeLives world;
  // A server from before the question; it lets in the present device all the same.
  const auto formers = world.first.journal().formers().value();
  bool older = true;
  LoopbackTransport line{[&](const HttpRequest& request) {
    const bool former = std::ranges::any_of(
        formers, [&](const auto& one) { return one.identity.token == request.token; });
    if (older && former) return HttpAnswer{404, "application/json", "{}", {}};
    return world.server.handle(request);
  }};
  world.first.stop();
  SyncKiosk kiosk(world.first, line, 10, [](const auto&, const auto&) {});
  world.server.restore();
  kiosk.run_for(30min);
  CHECK(world.has(world.last));
  CHECK_FALSE(world.has(world.before));
  older = false;
  kiosk.run_for(90min);
  CHECK(world.all_here());
  CHECK(kiosk.state.queue == 0);
}

TEST_CASE("The server hears how far a former device had come", "[kiosk][sync]") {
  ThreeLives world;
  world.server.hold_back = {world.before, world.left.first};
  world.server.restore();
  CHECK(world.server.never_came().empty());
  world.first.run_for(10min);
  CHECK(world.server.whole(world.spoken));
  const auto missing = world.server.never_came();
  CHECK(missing.contains({1, 1}));
  CHECK(missing.contains({1, 3}));
  CHECK_FALSE(missing.contains({1, 2}));
}

TEST_CASE("A code that this kiosk has used is no code any more", "[kiosk][sync]") {
  Copied world;
  world.fork();
  const std::string code = world.server.add_kiosk();
  world.first.enrol_anew(code);
  world.first.run_for(2min);
  REQUIRE(world.first.state.kiosk_number == 2);
  world.first.stop();
  SyncKiosk copy(world.first, world.network, 9, [](const auto&, const auto&) {});
  world.first.start();
  REQUIRE(world.first.submit("one").has_value());
  REQUIRE(copy.submit("another").has_value());
  for (int i = 0; i < 2; ++i) {
    world.first.run_for(2min);
    copy.run_for(2min);
  }
  REQUIRE(world.first.state.enrol_anew);
  const auto asked = world.asked();
  world.first.enrol_anew(code);
  world.first.run_for(2min);
  CHECK(world.first.state.code_refused);
  CHECK(world.asked() == asked);
  world.first.enrol_anew(world.server.add_kiosk());
  world.first.run_for(2min);
  CHECK(world.first.state.kiosk_number == 3);
}

}  // namespace
}  // namespace odop::kiosk
