// The whole way of a kiosk's call: sockets, routes, the real service on SQLite; and kiosks that
// enrolled with it.
#pragma once

#include "shared/core/reference_number.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/http/http_server.h"
#include "syncserver/http/routes.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/sql_store.h"
#include "tests/shared/wire/samples.h"
#include "tests/support/raw_http.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

struct Enrolled {
  wire::EnrolAnswer identity;
  crypto::SigningKey key = crypto::SigningKey::generate();
};

class Site {
 public:
  explicit Site(http::RouteLimits limits = {}) : Site(nullptr, limits) {}
  // `same_keys`: another life of that site's server.
  explicit Site(const Site* same_keys, http::RouteLimits limits = {}) {
    const DataFolder data{folder_.path()};
    if (same_keys == nullptr) {
      REQUIRE(create_server_keys(data.keys(), clock_.wall()).has_value());
    } else {
      std::filesystem::copy(DataFolder{same_keys->folder_.path()}.keys(), data.keys(),
                            std::filesystem::copy_options::recursive);
    }
    keys_.emplace(load_server_keys(data.keys()).value());
    store_ = open_store(data.database().string()).value();
    REQUIRE(store_->set_generation(wire::samples::kGeneration).has_value());
    api_ = std::make_unique<KioskApi>(*store_, *keys_, clock_, random_, folder_.path());
    routes_ = std::make_unique<http::Routes>(*api_, clock_, limits);
    server_ = std::make_unique<http::HttpServer>(
        [this](const http::Call& call) { return routes_->handle(call); }, http::HttpSettings{});
    url_ = "http://127.0.0.1:" + std::to_string(server_->start().value());
  }

  // A body goes with everything but GET and HEAD.
  [[nodiscard]] test::RawAnswer send(const std::string& method, const std::string& target,
                                     const std::string& body, const std::string& token) const {
    const std::string line = token.empty() ? "" : "Authorization: Bearer " + token + "\r\n";
    test::RawHttp client{url_};
    if (method == "GET") return client.exchange("GET " + target + " HTTP/1.1\r\n" + line + "\r\n");
    return client.exchange(test::RawHttp::request(method, target, line, body));
  }
  [[nodiscard]] test::RawAnswer get(const std::string& target,
                                    const std::string& token = {}) const {
    return send("GET", target, {}, token);
  }
  [[nodiscard]] test::RawAnswer post(const std::string& target, const std::string& body,
                                     const std::string& token = {}) const {
    return send("POST", target, body, token);
  }
  [[nodiscard]] test::RawAnswer put(const std::string& target, const std::string& body,
                                    const std::string& token = {}) const {
    return send("PUT", target, body, token);
  }
  std::string new_code() {
    std::string code = make_enrolment_code();
    Kiosk kiosk;
    kiosk.name = "Hall 2";
    kiosk.venue = "expo-mart";
    kiosk.district = "gautam-buddha-nagar";
    kiosk.code_hash = enrolment_code_hash(code);
    kiosk.code_expires_ms = now_ms() + 60'000;
    number_ = store_->add_kiosk(kiosk).value();
    return code;
  }
  Enrolled enrol() {
    Enrolled kiosk;
    const wire::EnrolRequest request{new_code(), kiosk.key.public_key(), "boot"};
    const auto answer = post("/v1/enrol", wire::to_json(request));
    REQUIRE(answer.status == 200);
    kiosk.identity = wire::from_json<wire::EnrolAnswer>(answer.body).value();
    return kiosk;
  }
  void revoke() { REQUIRE(store_->revoke(number_, now_ms()).has_value()); }
  [[nodiscard]] std::int64_t now_ms() const { return clock_.wall().time_since_epoch().count(); }
  [[nodiscard]] WallTime now() const { return clock_.wall(); }

 private:
  test::TempFolder folder_;
  SystemClock clock_;
  SystemRandom random_;
  KioskNumber number_;
  std::optional<ServerKeys> keys_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<KioskApi> api_;
  std::unique_ptr<http::Routes> routes_;
  std::unique_ptr<http::HttpServer> server_;
  std::string url_;
};

inline Bytes push_body(const Enrolled& kiosk, std::uint64_t sequence, std::int64_t now_ms,
                       std::vector<wire::SealedAttachment> attachments = {}) {
  SeededRandom random{sequence};
  wire::EnvelopeHeader header = wire::samples::envelope_header();
  header.device_id = kiosk.identity.device_id;
  header.epoch = kiosk.identity.epoch;
  header.sequence = {sequence};
  header.previous.clear();
  header.attachments = std::move(attachments);
  header.kind = wire::Kind::kEnquiry;
  header.reference = make_reference(kiosk.identity.kiosk, header.sequence, random);
  header.wall_ms = now_ms;
  wire::PushRequest push;
  push.envelopes.push_back(
      wire::encode(crypto::seal_envelope(header, wire::samples::submission_body(),
                                         kiosk.identity.sealing_public_key, kiosk.key)
                       .value()));
  return wire::encode(push);
}

}  // namespace odop::syncserver
