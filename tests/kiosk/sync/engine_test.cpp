// The engine alone: values in, values out, no disk and no network.
#include "kiosk/sync/engine.h"

#include "shared/crypto/digest.h"

#include <catch2/catch.hpp>

#include <optional>

namespace odop::kiosk::sync {
namespace {

using namespace std::chrono_literals;

EngineMemory enrolled_memory() {
  EngineMemory memory;
  memory.identity.emplace();
  memory.identity->device_id = "018f0000-0000-7000-8000-000000000001";
  memory.identity->token = "token";
  memory.identity->epoch = Epoch{1};
  memory.generation = "018f0000-0000-7000-8000-0000000000a1";
  memory.local.disk.accepts = true;
  return memory;
}

Now at(MonoTime mono) { return {mono, WallTime{1'800'000'000'000ms + mono}}; }

const Send* sent(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const auto* send = std::get_if<Send>(&action)) return send;
  }
  return nullptr;
}

TEST_CASE("Back-off grows by half from one second to five minutes", "[kiosk][sync]") {
  const EngineSettings settings;
  double bound = next_retry_bound_ms(0, settings);
  CHECK(bound == 1000);
  CHECK(next_retry_bound_ms(bound, settings) == 1500);
  for (int i = 0; i < 40; ++i) bound = next_retry_bound_ms(bound, settings);
  CHECK(bound == 300'000);
}

TEST_CASE("Without identity and code the engine sleeps", "[kiosk][sync]") {
  SeededRandom random(1);
  Engine engine({}, {}, random);
  const auto actions = engine.step(at(0ms), std::nullopt);
  CHECK(sent(actions) == nullptr);
  CHECK(engine.wake_at() >= 1h);
}

TEST_CASE("A kiosk with nothing to say sends a heartbeat a minute", "[kiosk][sync]") {
  SeededRandom random(1);
  Engine engine({}, enrolled_memory(), random);
  MonoTime now{0};
  int heartbeats = 0;
  for (; now < 10min; now = std::max(engine.wake_at(), now + 1ms)) {
    auto actions = engine.step(at(now), std::nullopt);
    while (const Send* send = sent(actions)) {
      CHECK(send->request.path == "/v1/heartbeat");
      CHECK(send->request.token == "token");
      ++heartbeats;
      actions = engine.step(
          at(now), Answered{HttpAnswer{200,
                                       "application/json",
                                       R"({"server_ms":1800000000000,"database_generation":)"
                                       R"("018f0000-0000-7000-8000-0000000000a1",)"
                                       R"("feed_head":0})",
                                       {}}});
      CHECK(engine.state().trouble.empty());
    }
  }
  CHECK(heartbeats >= 9);
  CHECK(heartbeats <= 12);
}

TEST_CASE("Waiting times are spread over the whole bound and never end", "[kiosk][sync]") {
  SeededRandom random(5);
  Engine engine({}, enrolled_memory(), random);
  MonoTime now{0};
  MonoTime longest{0};
  MonoTime shortest{1h};
  for (int i = 0; i < 200; ++i) {
    auto actions = engine.step(at(now), std::nullopt);
    REQUIRE(sent(actions) != nullptr);
    static_cast<void>(engine.step(at(now), Answered{fail(ErrorCode::kOffline, "no network")}));
    CHECK(engine.state().link == Link::kOffline);
    const MonoTime wait = engine.wake_at() - now;
    CHECK(wait <= 5min);
    if (i > 30) longest = std::max(longest, wait);
    if (i > 30) shortest = std::min(shortest, wait);
    now = engine.wake_at();
  }
  CHECK(longest > 4min);
  CHECK(shortest < 30s);
}

TEST_CASE("Retry-After is kept, also by a fresh submission", "[kiosk][sync]") {
  SeededRandom random(5);
  auto memory = enrolled_memory();
  memory.local.queue.pending = 1;
  Engine engine({}, memory, random);
  auto actions = engine.step(at(0ms), std::nullopt);
  REQUIRE(std::holds_alternative<LoadPending>(actions.back()));
  PendingSubmission pending{Epoch{1}, Sequence{1}, "r", "envelope", {}};
  pending.hash = crypto::sha256(pending.envelope);
  actions = engine.step(at(0ms), PendingLoaded{std::vector{pending}, {}});
  REQUIRE(sent(actions) != nullptr);
  CHECK(sent(actions)->request.path == "/v1/push");
  static_cast<void>(engine.step(at(0ms), Answered{HttpAnswer{503, "", "", 40}}));
  actions = engine.step(at(1s), ToWorker{SubmissionKept{}});
  CHECK_FALSE(engine.awaiting());
  actions = engine.step(at(39s), std::nullopt);
  CHECK_FALSE(engine.awaiting());
  actions = engine.step(at(40s), std::nullopt);
  CHECK(engine.awaiting());
}

TEST_CASE("What rotted on the disk is not sent and does not block the rest", "[kiosk][sync]") {
  SeededRandom random(5);
  auto memory = enrolled_memory();
  memory.local.queue.pending = 2;
  Engine engine({}, memory, random);
  static_cast<void>(engine.step(at(0ms), std::nullopt));
  PendingSubmission rotten{Epoch{1}, Sequence{1}, "r1", "rotten", Bytes(32, 'x')};
  PendingSubmission good{Epoch{1}, Sequence{2}, "r2", "good", crypto::sha256("good")};
  auto actions = engine.step(at(0ms), PendingLoaded{std::vector{rotten, good}, {}});
  REQUIRE(std::holds_alternative<HoldBack>(actions.back()));
  CHECK(std::get<HoldBack>(actions.back()).hashes == std::vector{rotten.hash});
  actions = engine.step(at(0ms), Stored{{}, memory.local, {}, {}});
  REQUIRE(sent(actions) != nullptr);
  CHECK(sent(actions)->request.body.find("good") != Bytes::npos);
  CHECK(sent(actions)->request.body.find("rotten") == Bytes::npos);
}

}  // namespace
}  // namespace odop::kiosk::sync
