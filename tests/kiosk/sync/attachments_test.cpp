// Spoken answers from the kiosk's journal to the server, in virtual time.
#include "shared/core/random.h"
#include "tests/support/fake_server.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace odop::kiosk {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::SyncKiosk;

bool is_put(const HttpRequest& request) { return request.method == "PUT"; }

// A file of so many bytes that zstd and zero padding could not hide a mistake in.
Bytes sound(std::size_t bytes, std::uint64_t seed = 5) {
  SeededRandom random(seed);
  Bytes ogg = "OggS";
  while (ogg.size() < bytes) ogg.push_back(static_cast<char>(random.below(256)));
  return ogg;
}

struct World {
  FakeServer server;
  // Instead of the server's answer, when it returns one; called after the server has acted.
  std::function<std::optional<Result<HttpAnswer>>(const HttpRequest&)> after;
  // The same, before it has.
  std::function<std::optional<Result<HttpAnswer>>(const HttpRequest&)> before;
  ManualClock clock{WallTime{1'800'000'000'000ms}};
  std::size_t puts = 0;
  std::size_t bytes_up = 0;

  class Network final : public Transport {
   public:
    explicit Network(World& world) : world_(world) {}
    Result<HttpAnswer> send(const HttpRequest& request, BodySink* /*sink*/) override {
      if (is_put(request)) {
        ++world_.puts;
        world_.bytes_up += request.body.size();
      }
      if (world_.before) {
        if (auto instead = world_.before(request)) return *instead;
      }
      HttpAnswer answer = world_.server.handle(request);
      if (world_.after) {
        if (auto instead = world_.after(request)) return *instead;
      }
      return answer;
    }
    void cancel() override {}

   private:
    World& world_;
  };

  Network network{*this};
  SyncKiosk kiosk{network, clock, 7, server.add_kiosk()};

  World() { kiosk.turn(); }

  std::string speak(const std::map<std::string, Bytes>& spoken) {
    const auto kept = kiosk.submit("typed", spoken);
    REQUIRE(kept.has_value());
    return kept->reference;
  }
  [[nodiscard]] bool told(const std::string& reference) const {
    return std::ranges::count(kiosk.arrived, reference) == 1;
  }
  SubmissionState state(const std::string& reference) {
    return kiosk.journal().state_of(reference).value().value();
  }
};

TEST_CASE("A spoken answer follows its envelope, and then it has arrived", "[kiosk][sync]") {
  World world;
  const auto reference = world.speak({{"name", sound(3'000)}, {"note", sound(90'000)}});
  std::vector<bool> told_at_put;
  world.after = [&](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) told_at_put.push_back(world.state(reference) == SubmissionState::kArrived);
    return std::nullopt;
  };
  world.kiosk.turn();
  REQUIRE(world.server.rows().size() == 1);
  CHECK(world.server.recording(world.server.rows()[0], "name") == sound(3'000));
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(90'000));
  CHECK(told_at_put == std::vector{false, false});
  CHECK(world.told(reference));
  CHECK(world.state(reference) == SubmissionState::kArrived);
  CHECK(world.kiosk.state.queue == 0);
  CHECK(world.puts == 2);
}

TEST_CASE("While a recording is missing the receipt says kept", "[kiosk][sync][fault]") {
  World world;
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) return fail(ErrorCode::kOffline, "cut");
    return std::nullopt;
  };
  const auto reference = world.speak({{"name", sound(3'000)}});
  const auto plain = world.kiosk.submit("typed alone");
  world.kiosk.run_for(1min);
  CHECK(world.server.rows().size() == 2);
  CHECK_FALSE(world.told(reference));
  CHECK(world.told(plain->reference));  // not blocked by it
  CHECK(world.kiosk.state.queue == 1);
  REQUIRE(world.server.last_heartbeat.has_value());
  world.kiosk.run_for(2min);
  CHECK(world.server.last_heartbeat->queue == 1);
  CHECK(world.server.last_heartbeat->oldest_unsent_ms > 0);
  world.before = {};
  world.kiosk.run_for(6min);
  CHECK(world.told(reference));
  CHECK(world.puts < 60);  // no storm
}

TEST_CASE("A slow line gets a recording through in pieces, and goes on where it was",
          "[kiosk][sync][fault]") {
  World world;
  // More than 10,000 bytes never arrive before the deadline.
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request) && request.body.size() > 10'000) return fail(ErrorCode::kTimeout, "slow");
    return std::nullopt;
  };
  const auto reference = world.speak({{"note", sound(60'000)}});
  std::size_t restarts = 0;
  for (int minute = 0; minute < 60 && !world.told(reference); ++minute) {
    world.kiosk.run_for(1min);
    if (minute % 3 == 0 && ++restarts > 0) world.kiosk.start();
  }
  CHECK(world.told(reference));
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(60'000));
}

TEST_CASE("A server that takes small pieces only gets small ones", "[kiosk][sync]") {
  World world;
  world.server.max_piece = 5'000;
  const auto reference = world.speak({{"note", sound(40'000)}});
  world.kiosk.turn();
  CHECK(world.told(reference));
  CHECK(world.puts < 40);
}

TEST_CASE("An eaten answer does no harm", "[kiosk][sync][fault]") {
  World world;
  world.server.max_piece = 20'000;
  int eaten = 0;
  world.after = [&](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request) && ++eaten % 2 == 1) return fail(ErrorCode::kOffline, "eaten");
    return std::nullopt;
  };
  const auto reference = world.speak({{"note", sound(80'000)}});
  world.kiosk.run_for(30min);
  CHECK(world.told(reference));
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(80'000));
  // Each piece goes twice, and so does each that was too large at first.
  CHECK(world.bytes_up < 6 * 80'000);
}

TEST_CASE("A captive portal's 200 is no success", "[kiosk][sync][fault]") {
  World world;
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) return HttpAnswer{200, "text/html", "<html>Welcome</html>", {}};
    return std::nullopt;
  };
  const auto reference = world.speak({{"name", sound(3'000)}});
  world.kiosk.turn();
  CHECK_FALSE(world.told(reference));
  CHECK(world.kiosk.state.link == Link::kCaptive);
  world.before = {};
  world.kiosk.run_for(10min);
  CHECK(world.told(reference));
}

TEST_CASE("A receipt that nobody vouched for, or for something else, moves nothing",
          "[kiosk][sync][fault]") {
  World world;
  const auto reference = world.speak({{"name", sound(3'000)}});
  world.before = [&](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    world.server.mutation.foreign_key = is_put(request);
    return std::nullopt;
  };
  world.kiosk.run_for(1min);
  CHECK_FALSE(world.told(reference));
  world.before = {};
  world.server.mutation.foreign_key = false;

  // The server's true word for one attachment, played back for another.
  const auto other = world.speak({{"name", sound(4'000)}});
  std::optional<HttpAnswer> first;
  std::string first_path;
  world.before = [&](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (!is_put(request)) return std::nullopt;
    if (!first) {
      first = world.server.handle(request);
      first_path = request.path;
      return *first;
    }
    if (request.path != first_path) return *first;
    return std::nullopt;
  };
  world.kiosk.run_for(20min);
  REQUIRE(first.has_value());
  CHECK(world.told(reference));
  CHECK_FALSE(world.told(other));
}

TEST_CASE("A restored server is sent the recordings again", "[kiosk][sync][fault]") {
  World world;
  world.server.back_up();
  const auto reference = world.speak({{"note", sound(30'000)}});
  world.kiosk.turn();
  REQUIRE(world.told(reference));
  world.server.restore();
  REQUIRE(world.server.rows().empty());
  world.kiosk.run_for(5min);
  REQUIRE(world.server.rows().size() == 1);
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(30'000));
  CHECK(world.state(reference) == SubmissionState::kArrived);
}

TEST_CASE("What a backup holds without its recording is not dropped", "[kiosk][sync][fault]") {
  World world;
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) return fail(ErrorCode::kOffline, "cut");
    return std::nullopt;
  };
  const auto reference = world.speak({{"note", sound(30'000)}});
  world.kiosk.run_for(1min);
  REQUIRE(world.server.rows().size() == 1);
  world.server.back_up();  // the envelope alone
  world.before = {};
  world.kiosk.run_for(10min);
  REQUIRE(world.told(reference));
  REQUIRE(world.kiosk.submit("brings the coverage").has_value());
  world.kiosk.turn();
  world.server.restore();
  world.kiosk.run_for(10min);
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(30'000));
  // Now both are covered, and nothing of them stays on the kiosk.
  world.server.back_up();
  REQUIRE(world.kiosk.submit("brings it again").has_value());
  world.kiosk.turn();
  world.server.restore();
  world.kiosk.run_for(10min);
  CHECK(world.server.recording(world.server.rows()[0], "note") == sound(30'000));
  CHECK(world.state(reference) == SubmissionState::kArrived);
}

TEST_CASE("A server that lost the envelope is sent that first", "[kiosk][sync][fault]") {
  World world;
  int lost = 0;
  world.after = [&](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    // Committed in memory only: gone before the recording comes, under the same generation.
    if (request.path == "/v1/push" && lost++ == 0) world.server.forget_rows();
    return std::nullopt;
  };
  const auto reference = world.speak({{"note", sound(3'000)}});
  world.kiosk.run_for(5min);
  CHECK(world.told(reference));
  CHECK(world.server.rows().size() == 1);
}

TEST_CASE("A recording that rots on the disk blocks nothing", "[kiosk][sync][fault]") {
  World world;
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) return fail(ErrorCode::kOffline, "cut");
    return std::nullopt;
  };
  const auto rotten = world.speak({{"note", sound(3'000)}});
  world.kiosk.turn();
  {
    auto database =
        store::Connection::open(world.kiosk.folder() / "journal.db", store::OpenMode::kReadWrite);
    REQUIRE(database.has_value());
    REQUIRE(database->run("UPDATE attachment SET bytes=zeroblob(length(bytes))").value() == 1);
  }
  world.before = {};
  const auto good = world.speak({{"note", sound(4'000)}});
  world.kiosk.run_for(10min);
  CHECK(world.told(good));
  CHECK_FALSE(world.told(rotten));
  CHECK(world.state(rotten) == SubmissionState::kKept);
}

TEST_CASE("A revoked kiosk's envelopes go, its recordings are refused without a storm",
          "[kiosk][sync][fault]") {
  World world;
  world.before = [](const HttpRequest& request) -> std::optional<Result<HttpAnswer>> {
    if (is_put(request)) return HttpAnswer{403, "application/json", "{}", {}};
    return std::nullopt;
  };
  const auto reference = world.speak({{"note", sound(3'000)}});
  world.kiosk.run_for(1h);
  CHECK(world.server.rows().size() == 1);
  CHECK_FALSE(world.told(reference));
  CHECK(world.kiosk.state.link == Link::kRefused);
  CHECK(world.puts < 40);
}

}  // namespace
}  // namespace odop::kiosk
