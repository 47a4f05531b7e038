// A publisher's key in the place of another, and what the fleet believes afterwards.
#include "shared/crypto/fingerprint.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/verify.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

#include <filesystem>

namespace odop::syncserver {

namespace {

class KeyDesk : public Desk {
 public:
  KeyDesk() {
    must(store->edit_draft(std::vector{record("product", "kannauj-attar", R"({"name":{}})")}, {},
                           {}, kDeskStart));
    if (!publish(keys).has_value()) throw std::runtime_error("no release");
  }
  Result<Published> publish(const ServerKeys& with) {
    return Publisher(*store, with, media, data.root).publish(clock.wall());
  }
  // What a kiosk believes that enrolled with these keys.
  static crypto::Trust trust_of(const ServerKeys& with) {
    crypto::Trust trust;
    trust.root_public_key = with.root_public;
    trust.certificates = {with.server_certificate, with.publisher_certificate};
    return trust;
  }

  MediaFolder media{data.media()};
};

}  // namespace

TEST_CASE("A rotated publisher is believed by old and new kiosks, a revoked one by none",
          "[syncserver][keys]") {
  const bool revoke = GENERATE(false, true);
  KeyDesk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  crypto::Trust old_kiosk = KeyDesk::trust_of(desk.keys);
  const wire::HeartbeatAnswer before = desk.api.heartbeat(kiosk.caller(), {}).value();
  CHECK(before.certificates.empty());

  must(rotate_publisher(desk.data.keys(), desk.clock.wall(), revoke));
  const ServerKeys rotated = load_server_keys(desk.data.keys()).value();
  REQUIRE(rotated.publisher.has_value());
  CHECK(rotated.publisher->id() != desk.keys.publisher->id());
  CHECK(rotated.server.id() == desk.keys.server.id());
  CHECK(rotated.root_public == desk.keys.root_public);
  Publisher publisher(*desk.store, rotated, desk.media, desk.data.root);
  CHECK(publisher.sign_anew(desk.clock.wall()).value() == ReleaseNumber{1});
  CHECK(verify_all(*desk.store, *desk.record_keys, rotated, desk.data).value().problems.empty());

  KioskApi api(*desk.store, rotated, desk.clock, desk.random, desk.data.root);
  wire::Heartbeat heartbeat;
  heartbeat.pointer_serial = 1;
  const auto answer = api.heartbeat(kiosk.caller(), heartbeat).value();
  REQUIRE(answer.pointer.has_value());
  REQUIRE(answer.manifest.has_value());
  // A kiosk that enrolled before the rotation cannot believe the new key until it is told.
  CHECK_FALSE(crypto::check_pointer(*answer.pointer, old_kiosk, desk.clock.wall()).has_value());
  for (crypto::Trust trust : {old_kiosk, KeyDesk::trust_of(rotated)}) {
    const auto fresh = crypto::new_certificates(trust, answer.certificates, desk.clock.wall());
    CHECK(fresh.size() == (revoke ? 2U : 1U));
    trust.certificates.insert(trust.certificates.end(), fresh.begin(), fresh.end());
    const auto pointer = crypto::check_pointer(*answer.pointer, trust, desk.clock.wall());
    REQUIRE(pointer.has_value());
    CHECK(crypto::check_manifest(*answer.manifest, pointer->pointer, trust, desk.clock.wall())
              .has_value());
    CHECK(crypto::check_pointer(*before.pointer, trust, desk.clock.wall()).has_value() == !revoke);
    // Told once.
    heartbeat.certificates = static_cast<std::uint32_t>(fresh.size());
    CHECK(api.heartbeat(kiosk.caller(), heartbeat).value().certificates.empty());
    heartbeat.certificates = 0;
  }
  // The same content under the new key is no new release.
  CHECK_FALSE(desk.publish(rotated).value().changed);
}

TEST_CASE("Without the root key nothing is rotated", "[syncserver][keys]") {
  KeyDesk desk;
  std::filesystem::remove(desk.data.keys() / "root.key");
  CHECK(rotate_publisher(desk.data.keys(), desk.clock.wall(), false).error().code ==
        ErrorCode::kNotFound);
  CHECK(load_server_keys(desk.data.keys()).value().publisher->id() == desk.keys.publisher->id());
}

TEST_CASE("Both sides show the same fingerprint, and another with any other key",
          "[syncserver][keys]") {
  const auto device = crypto::SigningKey::generate().public_key();
  const auto server = crypto::SigningKey::generate().public_key();
  const std::string shown = crypto::enrolment_fingerprint(device, server);
  CHECK(shown.size() == 19);
  CHECK(shown == crypto::enrolment_fingerprint(device, server));
  CHECK(shown != crypto::enrolment_fingerprint(server, device));
  CHECK(shown != crypto::request_fingerprint(device));
  CHECK(crypto::request_fingerprint(device) != crypto::request_fingerprint(server));
  CHECK(shown !=
        crypto::enrolment_fingerprint(device, crypto::SigningKey::generate().public_key()));
  CHECK(shown !=
        crypto::enrolment_fingerprint(crypto::SigningKey::generate().public_key(), server));
  CHECK(shown.find_first_not_of("0123456789 ") == std::string::npos);
}

}  // namespace odop::syncserver
