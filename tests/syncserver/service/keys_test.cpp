// A publisher's key in the place of another, and what the fleet believes afterwards.
#include "shared/crypto/fingerprint.h"
#include "shared/crypto/trust.h"
#include "shared/wire/json.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/verify.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

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
    trust.roots = with.roots;
    trust.certificates = with.other_certificates;
    trust.certificates.push_back(with.server_certificate);
    trust.certificates.push_back(with.publisher_certificate);
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
  CHECK(rotated.roots == desk.keys.roots);
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
  const std::size_t news = revoke ? 2 : 1;
  for (auto [trust, fresh_count] :
       {std::pair{old_kiosk, news}, std::pair{KeyDesk::trust_of(rotated), std::size_t{0}}}) {
    const auto fresh = crypto::new_certificates(trust, answer.certificates, desk.clock.wall());
    CHECK(fresh.size() == fresh_count);
    trust.certificates.insert(trust.certificates.end(), fresh.begin(), fresh.end());
    const auto pointer = crypto::check_pointer(*answer.pointer, trust, desk.clock.wall());
    REQUIRE(pointer.has_value());
    CHECK(crypto::check_manifest(*answer.manifest, pointer->pointer, trust, desk.clock.wall())
              .has_value());
    CHECK(crypto::check_pointer(*before.pointer, trust, desk.clock.wall()).has_value() == !revoke);
  }
  // Told once.
  heartbeat.certificates_mark = crypto::mark_of(answer.certificates);
  CHECK(api.heartbeat(kiosk.caller(), heartbeat).value().certificates.empty());
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

TEST_CASE("Of several roots as many must be at hand as must agree", "[syncserver][keys]") {
  test::TempFolder place;
  const fs::path folder = place.path() / "keys";
  const WallTime now{std::chrono::milliseconds(kDeskStart)};
  CHECK(create_server_keys(folder, now, {2, 3}).error().code == ErrorCode::kInvalidArgument);
  CHECK(create_server_keys(folder, now, {9, 2}).error().code == ErrorCode::kInvalidArgument);
  must(create_server_keys(folder, now, {3, 2}));
  const ServerKeys keys = load_server_keys(folder).value();
  CHECK(keys.roots.keys.size() == 3);
  CHECK(keys.roots.threshold == 2);
  CHECK_FALSE(fs::exists(folder / "root.key"));
  const crypto::Trust trust = KeyDesk::trust_of(keys);
  CHECK(crypto::check_certificate(keys.server_certificate, crypto::kServerRole, trust, now)
            .has_value());
  crypto::Trust alone = trust;
  alone.certificates.clear();
  CHECK_FALSE(crypto::check_certificate(keys.server_certificate, crypto::kServerRole, alone, now)
                  .has_value());

  // The holders bring their keys on sticks.
  const fs::path stick = place.path() / "stick";
  fs::create_directory(stick);
  std::vector<fs::path> brought;
  for (const char* name : {"root-1.1.key", "root-1.2.key", "root-1.3.key"}) {
    brought.push_back(stick / name);
    fs::rename(folder / name, brought.back());
  }
  const auto rotated = [&](const std::vector<fs::path>& files) {
    const Status status = rotate_publisher(folder, now, true, files);
    return status.has_value() ? std::string("done") : status.error().context;
  };
  CHECK(rotated({}).find("2 of 3 root keys must agree, and none is here") == 0);
  CHECK(rotated({brought[1]}).find("only 1 of them") != std::string::npos);
  CHECK(rotated({brought[1], brought[1]}).find("only 1 of them") != std::string::npos);
  CHECK(rotated({brought[1], stick / "nothing.key"}).find("nothing.key") != std::string::npos);
  CHECK(rotated({brought[1], folder / "server.key"}).find("another root's key") !=
        std::string::npos);
  CHECK(load_server_keys(folder).value().publisher->id() == keys.publisher->id());
  CHECK(rotated({brought[2], brought[0]}) == "done");

  const ServerKeys after = load_server_keys(folder).value();
  auto told = trust;
  const auto fresh = crypto::new_certificates(told, after.offered(), now);
  told.certificates.insert(told.certificates.end(), fresh.begin(), fresh.end());
  CHECK(crypto::find_signer(after.publisher->id(), crypto::kPublisherRole, told, now).has_value());
  CHECK_FALSE(
      crypto::find_signer(keys.publisher->id(), crypto::kPublisherRole, told, now).has_value());
}

TEST_CASE("The fleet follows from one set of roots to the next, and to the one after",
          "[syncserver][keys]") {
  KeyDesk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const fs::path folder = desk.data.keys();
  const crypto::Trust first = KeyDesk::trust_of(desk.keys);
  must(rotate_publisher(folder, desk.clock.wall(), true));
  must(rotate_roots(folder, desk.clock.wall(), {3, 2}));
  const ServerKeys second = load_server_keys(folder).value();
  CHECK(second.roots.version == 2);
  CHECK(second.roots.keys.size() == 3);
  // One key was enough to come here; it is not for going on.
  CHECK(rotate_roots(folder, desk.clock.wall(), {1, 1}, {folder / "root.key"}).error().code ==
        ErrorCode::kCorrupt);
  fs::rename(folder / "root-2.1.key", folder / "kept-elsewhere");
  must(rotate_roots(folder, desk.clock.wall(), {1, 1}));
  const ServerKeys third = load_server_keys(folder).value();
  CHECK(third.roots.version == 3);
  CHECK(third.publisher->id() == second.publisher->id());
  CHECK(third.server.id() == desk.keys.server.id());
  CHECK(fs::exists(folder / "root-3.1.key"));

  Publisher publisher(*desk.store, third, desk.media, desk.data.root);
  CHECK(publisher.sign_anew(desk.clock.wall()).value() == ReleaseNumber{1});
  CHECK(verify_all(*desk.store, *desk.record_keys, third, desk.data).value().problems.empty());
  KioskApi api(*desk.store, third, desk.clock, desk.random, desk.data.root);
  const auto answer = api.heartbeat(kiosk.caller(), {}).value();
  REQUIRE(answer.pointer.has_value());
  const auto now = desk.clock.wall();
  for (const ServerKeys* since :
       std::initializer_list<const ServerKeys*>{&desk.keys, &second, &third}) {
    crypto::Trust trust = KeyDesk::trust_of(*since);
    const auto fresh = crypto::new_certificates(trust, answer.certificates, now);
    trust.certificates.insert(trust.certificates.end(), fresh.begin(), fresh.end());
    CHECK(crypto::roots_in_force(trust) == third.roots);
    CHECK(crypto::check_pointer(*answer.pointer, trust, now).has_value());
    CHECK(crypto::find_signer(third.server.id(), crypto::kServerRole, trust, now).has_value());
    // The first publisher was vouched for by the first root alone.
    CHECK_FALSE(crypto::find_signer(desk.keys.publisher->id(), crypto::kPublisherRole, trust, now)
                    .has_value());
    // Nothing of it is news a second time.
    CHECK(crypto::new_certificates(trust, answer.certificates, now).empty());
  }
  // What was not told of the new roots changes nothing for the old ones.
  CHECK(crypto::roots_in_force(first) == desk.keys.roots);
  wire::Heartbeat told;
  told.pointer_serial = 2;
  told.certificates_mark = crypto::mark_of(answer.certificates);
  CHECK(api.heartbeat(kiosk.caller(), told).value().certificates.empty());
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
