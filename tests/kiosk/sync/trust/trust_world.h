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

// What an attacker may use.
struct World {
  FakeServer server;
  ManualClock clock{WallTime{std::chrono::milliseconds(kStart)}};
  std::function<void(World&, const HttpRequest&, HttpAnswer&)> attack;
  crypto::SigningKey second_root = crypto::SigningKey::generate();
  crypto::SigningKey third_root = crypto::SigningKey::generate();
  LoopbackTransport network{[this](const HttpRequest& request) {
    HttpAnswer answer = server.handle(request);
    if (request.path == "/v1/enrol" && answer.status == 200) answer.body = with_roots(answer.body);
    if (attack) attack(*this, request, answer);
    return answer;
  }};
  SyncKiosk kiosk{network, clock, 7, server.add_kiosk()};
  crypto::SigningKey stranger = crypto::SigningKey::generate();
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

struct Row {
  const char* name;
  Attack attack;
  enum class Target { kRelease, kReceipt } target = Target::kRelease;
  const char* trouble = "bad_signature";  // as the maintenance screen tells it
};

// Runs the attack for half an hour; true when it gained nothing.
inline bool is_refused(const Row& row) {
  INFO(row.name);
  World world;
  bool refused = false;
  world.server.publish(records_of("Release 3"),
                       {{wire::ItemKind::kPicture, noise(3, 50'000)}, World::picture()});
  const std::string before = world.shown(kStart);
  const Kept kept = world.kiosk.submit("hello").value();
  world.attack = row.attack;
  std::string trouble;
  for (int minute = 0; minute < 30; ++minute) {
    world.kiosk.run_for(1min);
    if (!world.kiosk.state.trouble.empty()) trouble = world.kiosk.state.trouble;
    if (world.shown(kStart) != before) break;
  }
  CHECK(world.blows > 0);
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
  // No scar: when the attacker is gone, everything goes on.
  world.attack = nullptr;
  world.kiosk.run_for(30min);
  CHECK(world.kiosk.state.release == ReleaseNumber{kNextRelease});
  CHECK(world.shown(kStart) == "Release 3");
  CHECK(world.kiosk.journal().state_of(kept.reference).value() == SubmissionState::kArrived);
  return refused;
}

}  // namespace odop::kiosk
