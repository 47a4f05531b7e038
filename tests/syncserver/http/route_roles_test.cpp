// Each route of the server's table, asked by everybody: no token, one that is none, another
// kiosk's, a revoked kiosk's, one of this server's that it does not know (of a life that was lost),
// the kiosk's own. A route that is not expected here fails the test.
#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "syncserver/http/routes.h"
#include "tests/syncserver/http/kiosk_site.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace odop::syncserver {
namespace {

enum Role : std::size_t { kNobody, kGuess, kOther, kRevoked, kLost, kItself };
constexpr std::array<const char*, 6> kRoles = {
    "no token",          "a token that is none",    "another kiosk's token",
    "a revoked kiosk's", "of a life that was lost", "its own"};
using Expected = std::array<int, kRoles.size()>;

// What is asked is the kiosk's own, or the revoked one's when that asks, or the lost one's.
class Everybody {
 public:
  Everybody() {
    attachment_ = Bytes(5'000, 's');
    const Bytes push =
        push_body(itself_, 1, site_.now_ms(),
                  {{crypto::sha256(attachment_), static_cast<std::uint32_t>(attachment_.size())}});
    REQUIRE(site_.post("/v1/push", push, itself_.identity.token).status == 200);
    site_.revoke();  // the newest
  }

  [[nodiscard]] std::string token(Role role) const {
    switch (role) {
      case kNobody:
        return {};
      case kGuess:
        return std::string(64, 'a');
      case kOther:
        return other_.identity.token;
      case kRevoked:
        return revoked_.identity.token;
      case kLost:
        return lost_.identity.token;
      case kItself:
        break;
    }
    return itself_.identity.token;
  }
  [[nodiscard]] const Enrolled& about(Role role) const {
    if (role == kRevoked) return revoked_;
    return role == kLost ? lost_ : itself_;
  }
  // The route's path with something in its braces, and its query.
  [[nodiscard]] std::string target(const http::Route& route) const {
    std::string path{route.path};
    const auto open = path.find('{');
    if (open != std::string::npos) {
      const std::string name = path.substr(open, path.find('}') - open + 1);
      const std::map<std::string, std::string> names = {
          {"{sha256}", to_hex(crypto::sha256(attachment_))},
          {"{reference}", "0170042836"},
          {"{number}", "1"}};
      REQUIRE(names.contains(name));
      path.replace(open, name.size(), names.at(name));
    }
    const std::map<http::Does, std::string> queries = {{http::Does::kFeed, "?after=0"},
                                                       {http::Does::kPutAttachment, "?offset=0"},
                                                       {http::Does::kPack, "?from=0"}};
    const auto query = queries.find(route.does);
    return query == queries.end() ? path : path + query->second;
  }
  [[nodiscard]] Bytes body(const http::Route& route, Role role) {
    const wire::EnrolAnswer& identity = about(role).identity;
    switch (route.does) {
      case http::Does::kEnrol:
        return wire::to_json(wire::EnrolRequest{
            site_.new_code(), crypto::SigningKey::generate().public_key(), "boot"});
      case http::Does::kReadmit:
        return wire::to_json(wire::Readmission{.device_id = identity.device_id,
                                               .device_public_key = about(role).key.public_key(),
                                               .kiosk = identity.kiosk,
                                               .epoch = identity.epoch,
                                               .name = identity.name,
                                               .venue = identity.venue,
                                               .district = identity.district,
                                               .ring = identity.ring});
      case http::Does::kHeartbeat: {
        wire::Heartbeat beat = wire::samples::heartbeat();
        beat.wall_ms = site_.now_ms();
        return wire::to_json(beat);
      }
      case http::Does::kReconcile:
        return wire::to_json(wire::samples::reconciliation());
      case http::Does::kPush:
        return push_body(about(role), ++sequence_, site_.now_ms());
      case http::Does::kPutAttachment:
        return attachment_;
      default:
        return {};
    }
  }
  [[nodiscard]] test::RawAnswer ask(const http::Route& route, Role role) {
    return site_.send(std::string{route.method}, target(route), body(route, role), token(role));
  }
  [[nodiscard]] int status(const std::string& method, const std::string& path, Role role) const {
    return site_.send(method, path, {}, token(role)).status;
  }
  // The only verdict of a push's answer, which must be for whoever holds the token.
  [[nodiscard]] wire::Verdict verdict(const test::RawAnswer& answer, Role role) const {
    const Enrolled& asker = role == kOther ? other_ : about(role);
    const auto receipt = crypto::check_receipt(
        wire::from_json<wire::SignedDocument>(answer.body).value(), asker.identity.device_id,
        crypto::trust_of(asker.identity), site_.now());
    REQUIRE(receipt.has_value());
    REQUIRE(receipt->verdicts.size() == 1);
    return receipt->verdicts[0];
  }
  [[nodiscard]] wire::AttachmentReceipt piece(const test::RawAnswer& answer, Role role) const {
    const Enrolled& asker = role == kOther ? other_ : about(role);
    return crypto::check_attachment_receipt(
               wire::from_json<wire::SignedDocument>(answer.body).value(), asker.identity.device_id,
               crypto::trust_of(asker.identity), site_.now())
        .value();
  }

 private:
  // With a kiosk number that nobody has here.
  static Enrolled enrolled_later(Site& site) {
    for (int i = 0; i < 9; ++i) static_cast<void>(site.new_code());
    return site.enrol();
  }

  Site site_;
  Site lost_life_{&site_};
  Enrolled itself_ = site_.enrol();
  Enrolled other_ = site_.enrol();
  Enrolled lost_ = enrolled_later(lost_life_);
  Enrolled revoked_ = site_.enrol();
  Bytes attachment_;
  std::uint64_t sequence_ = 1;
};

// In the order of kRoles.
constexpr Expected kForAll = {200, 200, 200, 200, 200, 200};
constexpr Expected kNotThere = {404, 404, 404, 404, 404, 404};  // nothing was published
constexpr Expected kForDevices = {401, 401, 200, 403, 401, 200};

const std::map<std::string, Expected> kExpected = {
    {"GET /v1/hello", kForAll},
    {"GET /health", kForAll},
    {"POST /v1/enrol", kForAll},  // the code is what counts
    // Another kiosk's token lets nobody in as this one; one of a lost life does.
    {"POST /v1/readmit", {401, 401, 401, 403, 200, 200}},
    {"POST /v1/heartbeat", kForDevices},
    {"POST /v1/reconcile", kForDevices},
    {"POST /v1/push",
     {401, 401, 200, 200, 401, 200}},  // what is signed is taken; the verdict is below
    {"PUT /v1/attachments/{sha256}", kForDevices},
    {"GET /v1/attachments/{sha256}", kForDevices},
    {"GET /v1/feed", kForDevices},
    {"GET /v1/answers/{reference}", {401, 401, 404, 403, 401, 404}},
    {"GET /v1/releases/{number}/manifest", kNotThere},
    {"GET /v1/releases/{number}/pack", kNotThere},
    {"GET /v1/media/{sha256}", kNotThere},
};

std::string name_of(const http::Route& route) {
  return std::string{route.method} + ' ' + std::string{route.path};
}

}  // namespace

TEST_CASE("Each route answers each device as it must", "[http][syncserver]") {
  std::size_t calls = 0;
  for (const http::Route& route : http::kRoutes) {
    CAPTURE(name_of(route));
    REQUIRE(kExpected.contains(name_of(route)));  // a new route says here who may do what
    const Expected& expected = kExpected.at(name_of(route));
    for (const Role role : {kNobody, kGuess, kOther, kRevoked, kLost, kItself}) {
      CAPTURE(kRoles[role]);
      Everybody world;
      const auto said = world.ask(route, role);
      CHECK(said.status == expected[role]);
      ++calls;
      if (said.status != 200) continue;
      if (route.does == http::Does::kPush) {
        const auto code = world.verdict(said, role).code;
        CHECK(code ==
              (role == kRevoked ? wire::VerdictCode::kQuarantined : wire::VerdictCode::kStored));
      }
      if (route.does == http::Does::kPutAttachment || route.does == http::Does::kAskAttachment) {
        const auto receipt = world.piece(said, role);
        const bool puts = route.does == http::Does::kPutAttachment;
        CHECK(receipt.code == (role == kOther ? wire::AttachmentCode::kUnnamed
                               : puts         ? wire::AttachmentCode::kStored
                                              : wire::AttachmentCode::kPartial));
        if (role == kOther) CHECK(receipt.held == 0);
      }
    }
  }
  CHECK(kExpected.size() == http::kRoutes.size());
  std::printf("routes: %zu, roles: %zu, calls: %zu\n", http::kRoutes.size(), kRoles.size(), calls);
}

TEST_CASE("Other methods and paths of the table are nobody's", "[http][syncserver]") {
  const Everybody world;
  for (const http::Route& route : http::kRoutes) {
    const std::string path = world.target(route).substr(0, world.target(route).find('?'));
    for (const std::string method : {"GET", "POST", "PUT"}) {
      CAPTURE(method, path);
      const bool served = std::ranges::any_of(http::kRoutes, [&](const http::Route& other) {
        return other.path == route.path && other.method == method;
      });
      for (const Role role : {kNobody, kRevoked, kItself}) {
        if (!served) CHECK(world.status(method, path, role) == 405);
        CHECK(world.status(method, path + "/x", role) == 404);
        CHECK(world.status(method, path + "/", role) == 404);
      }
    }
  }
}

}  // namespace odop::syncserver
