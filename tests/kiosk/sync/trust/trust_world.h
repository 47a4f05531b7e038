// A kiosk, its server, and an attacker between them. Two of the three roots that the kiosk was
// enrolled with must agree.
#pragma once

#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/support/fake_server.h"
#include "tests/support/loopback_transport.h"
#include "tests/support/sync_kiosk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::kiosk {

using namespace std::chrono_literals;
using test::FakeServer;
using test::LoopbackTransport;
using test::Medium;
using test::SyncKiosk;

inline constexpr std::uint64_t kHeldRelease = 2;
inline constexpr std::uint64_t kNextRelease = 3;
inline constexpr std::int64_t kStart = 1'800'000'000'000;
inline constexpr std::int64_t kDecadeMs = 315'360'000'000;

inline Bytes noise(std::uint64_t seed, std::size_t size) {
  SeededRandom random(seed);
  Bytes bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

inline std::map<std::string, std::string> records_of(const std::string& name) {
  return {
      {"district/agra", R"({"name":{"en":"Agra"}})"},
      {"product/a", fmt::format(R"({{"districts":["agra"],"name":{{"en":"{}"}},"picture":"{}"}})",
                                name, to_hex(crypto::sha256(noise(1, 50'000))))}};
}

// A line that may be slow, in virtual time: it keeps the promise of the real transport (tests of
// http_transport) that a call ends at its deadline, however slowly the answer comes.
class SlowLine final : public Transport {
 public:
  SlowLine(LoopbackTransport& network, ManualClock& clock) : network_(network), clock_(clock) {}

  // Of the answer that the network is about to give. 0: all at once, and so is each later one.
  void trickle(const HttpRequest& request, const HttpAnswer& answer, std::uint64_t bytes_per_s) {
    const auto needed = std::chrono::seconds(answer.body.size() / bytes_per_s + 1);
    takes_ = std::min<std::chrono::milliseconds>(needed, request.deadline);
    if (needed <= request.deadline) return;
    late_ = true;
    const auto whole_s = std::chrono::duration_cast<std::chrono::seconds>(request.deadline).count();
    network_.cut_after = bytes_per_s * static_cast<std::uint64_t>(whole_s);
  }
  Result<HttpAnswer> send(const HttpRequest& request, BodySink* sink) override {
    takes_ = {};
    late_ = false;
    Result<HttpAnswer> answer = network_.send(request, sink);
    network_.cut_after = SIZE_MAX;
    clock_.advance(takes_);
    if (late_) return fail(ErrorCode::kTimeout, "the answer trickles");
    return answer;
  }
  void cancel() override { network_.cancel(); }

 private:
  LoopbackTransport& network_;
  ManualClock& clock_;
  std::chrono::milliseconds takes_{};
  bool late_ = false;
};

// What an attacker may use.
struct World {
  FakeServer server;
  ManualClock clock{WallTime{std::chrono::milliseconds(kStart)}};
  std::function<void(World&, const HttpRequest&, HttpAnswer&)> office;  // keys that changed hands
  std::function<void(World&, const HttpRequest&, HttpAnswer&)> attack;  // after all of it
  crypto::SigningKey second_root = crypto::SigningKey::generate();
  crypto::SigningKey third_root = crypto::SigningKey::generate();
  LoopbackTransport network{[this](const HttpRequest& request) {
    HttpAnswer answer = server.handle(request);
    if (request.path == "/v1/enrol" && answer.status == 200) answer.body = with_roots(answer.body);
    if (office) office(*this, request, answer);
    if (attack) attack(*this, request, answer);
    return answer;
  }};
  SlowLine line{network, clock};
  SyncKiosk kiosk{line, clock, 7, server.add_kiosk()};
  crypto::SigningKey stranger = crypto::SigningKey::generate();
  crypto::SigningKey successor = crypto::SigningKey::generate();  // see take_back
  wire::EnrolAnswer neighbour = another_kiosk();                  // what another one was told
  std::vector<wire::HeartbeatAnswer> past;  // answers that brought releases 1 and 2
  int blows = 0;                            // answers that were changed

  World() {
    attack = [](World& world, const HttpRequest& request, const HttpAnswer& answer) {
      if (request.path != "/v1/heartbeat") return;
      auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body);
      if (heartbeat && heartbeat->pointer) world.past.push_back(*heartbeat);
    };
    for (std::uint64_t release = 1; release <= kHeldRelease; ++release) {
      server.publish(records_of(fmt::format("Release {}", release)),
                     {{wire::ItemKind::kPicture, noise(release, 50'000)}, picture()});
      kiosk.run_for(2min);
    }
    REQUIRE(kiosk.state.release == ReleaseNumber{kHeldRelease});
    REQUIRE(past.size() == kHeldRelease);
    attack = nullptr;
  }
  static Medium picture() { return {wire::ItemKind::kPicture, noise(1, 50'000)}; }

  [[nodiscard]] wire::SignedDocument certify(const crypto::SigningKey& by, std::string role,
                                             const crypto::SigningKey& key) const {
    return crypto::sign_document(
        "certificate",
        wire::to_json(wire::Certificate{std::move(role), key.public_key(), kStart - kDecadeMs,
                                        kStart + kDecadeMs}),
        by);
  }
  // By the two of the roots that must agree.
  [[nodiscard]] std::vector<wire::SignedDocument> certify_by_roots(
      const std::string& role, const crypto::SigningKey& key) const {
    return {certify(server.root_key(), role, key), certify(second_root, role, key)};
  }
  [[nodiscard]] wire::RootSet roots() const {
    return {
        1, 2, {server.root_key().public_key(), second_root.public_key(), third_root.public_key()}};
  }
  [[nodiscard]] wire::EnrolAnswer another_kiosk() {
    HttpRequest request;
    request.method = "POST";
    request.path = "/v1/enrol";
    const crypto::SigningKey key = crypto::SigningKey::generate();
    request.body = wire::to_json(wire::EnrolRequest{server.add_kiosk(), key.public_key(), "boot"});
    return wire::from_json<wire::EnrolAnswer>(with_roots(server.handle(request).body)).value();
  }
  [[nodiscard]] std::string with_roots(const std::string& body) const {
    auto identity = wire::from_json<wire::EnrolAnswer>(body).value();
    identity.roots = roots();
    for (const wire::SignedDocument* one :
         {&identity.server_certificate, &identity.publisher_certificate}) {
      identity.certificates.push_back(
          crypto::sign_document("certificate", Bytes(one->payload), second_root));
    }
    return wire::to_json(identity);
  }
  [[nodiscard]] std::string shown(std::int64_t now_ms) const {
    const auto catalogue = kiosk.store().load_newest(now_ms);
    if (!catalogue.has_value() || catalogue->product("a") == nullptr) return "nothing";
    return catalogue->product("a")->name.in(1) + (catalogue->stale ? ", stale" : "");
  }
};

using Change = std::function<void(World&, wire::HeartbeatAnswer&)>;
using Attack = std::function<void(World&, const HttpRequest&, HttpAnswer&)>;

// Changes every heartbeat's answer that brings a pointer.
inline Attack on_heartbeat(Change change) {
  return
      [change = std::move(change)](World& world, const HttpRequest& request, HttpAnswer& answer) {
        if (request.path != "/v1/heartbeat" || answer.status != 200) return;
        auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
        if (!heartbeat.pointer) return;
        ++world.blows;
        change(world, heartbeat);
        answer.body = wire::to_json(heartbeat);
      };
}

// The roots vouch for another key in this role and take their word for the one before back. The
// kiosk has heard it when this returns; from now on the office signs with the other key.
inline void take_back(World& world, const std::string& role) {
  const bool publishes = role == "publisher";
  auto said = world.certify_by_roots(role, world.successor);
  for (auto& word : world.certify_by_roots(
           "revoked", publishes ? world.server.publisher_key() : world.server.server_key())) {
    said.push_back(std::move(word));
  }
  world.office = [said, publishes](World& w, const HttpRequest& request, HttpAnswer& answer) {
    if (answer.status != 200) return;
    const auto sign_anew = [&w](wire::SignedDocument& document) {
      document = crypto::sign_document(document.purpose, Bytes(document.payload), w.successor);
    };
    if (request.path == "/v1/push" && !publishes) {
      auto receipt = wire::from_json<wire::SignedDocument>(answer.body).value();
      sign_anew(receipt);
      answer.body = wire::to_json(receipt);
    }
    if (request.path != "/v1/heartbeat") return;
    auto heartbeat = wire::from_json<wire::HeartbeatAnswer>(answer.body).value();
    const auto named = wire::from_json<wire::Heartbeat>(request.body).value().certificates_mark;
    if (named != crypto::mark_of(said)) heartbeat.certificates = said;
    if (publishes && heartbeat.pointer) sign_anew(*heartbeat.pointer);
    if (publishes && heartbeat.manifest) sign_anew(*heartbeat.manifest);
    answer.body = wire::to_json(heartbeat);
  };
  world.kiosk.run_for(3min);
}

struct Row {
  const char* name;
  Attack attack;
  enum class Target { kRelease, kReceipt } target = Target::kRelease;
  const char* trouble = "bad_signature";               // as the maintenance screen tells it
  std::function<void(World&)> before = [](World&) {};  // what happened when nobody attacked yet
};

// Runs the attack for half an hour; true when it gained nothing.
inline bool is_refused(const Row& row) {
  INFO(row.name);
  World world;
  bool refused = false;
  row.before(world);
  const auto identity = world.kiosk.journal().identity().value();
  world.server.publish(records_of("Release 3"),
                       {{wire::ItemKind::kPicture, noise(3, 50'000)}, World::picture()});
  const std::string before = world.shown(kStart);
  const Kept kept = world.kiosk.submit("hello").value();
  world.attack = row.attack;
  const std::size_t calls_before = world.network.log.size();
  std::string trouble;
  for (int minute = 0; minute < 30; ++minute) {
    world.kiosk.run_for(1min);
    if (!world.kiosk.state.trouble.empty()) trouble = world.kiosk.state.trouble;
    if (world.shown(kStart) != before) break;
  }
  CHECK(world.blows > 0);
  // Nor does he make it call without a pause: about ten a minute at most, of any row.
  CHECK(world.network.log.size() - calls_before < 600);
  CHECK(trouble == row.trouble);
  const auto state = world.kiosk.journal().state_of(kept.reference).value();
  if (row.target == Row::Target::kRelease) {
    CHECK(world.kiosk.state.release == ReleaseNumber{kHeldRelease});
    CHECK(world.shown(kStart) == "Release 2");
    refused = world.shown(kStart) == "Release 2";
  } else {
    CHECK(state == SubmissionState::kKept);
    refused = state == SubmissionState::kKept;
  }
  CHECK(world.kiosk.journal().identity().value()->token == identity->token);
  CHECK(world.kiosk.journal().identity().value()->device_id == identity->device_id);
  // No scar: when the attacker is gone, everything goes on.
  world.attack = nullptr;
  world.kiosk.run_for(30min);
  CHECK(world.kiosk.state.release == ReleaseNumber{kNextRelease});
  CHECK(world.shown(kStart) == "Release 3");
  CHECK(world.kiosk.journal().state_of(kept.reference).value() == SubmissionState::kArrived);
  return refused;
}

}  // namespace odop::kiosk
