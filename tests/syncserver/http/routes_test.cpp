// The calls of the protocol, from socket to database and back: the real service on SQLite.
#include "syncserver/http/routes.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/trust.h"
#include "tests/syncserver/http/kiosk_site.h"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace odop;
using namespace odop::syncserver;
using test::RawAnswer;
namespace samples = odop::wire::samples;

namespace {

crypto::Trust trust_of(const Enrolled& kiosk) { return crypto::trust_of(kiosk.identity); }

}  // namespace

TEST_CASE("hello and health need no token", "[http][syncserver]") {
  const Site site;
  const auto hello = site.get("/v1/hello");
  CHECK(hello.status == 200);
  CHECK(wire::from_json<wire::Hello>(hello.body).value().database_generation ==
        samples::kGeneration);
  CHECK(site.get("/health").body == R"({"status":"ok"})");
  CHECK(site.get("/").status == 404);
  CHECK(site.get("/v1/hello/").status == 404);
  CHECK(site.post("/v1/hello", "{}").status == 405);
}

TEST_CASE("a kiosk enrols once with its code, and calls with its token", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  const std::string& token = kiosk.identity.token;

  const auto push = site.post("/v1/push", push_body(kiosk, 1, site.now_ms()), token);
  REQUIRE(push.status == 200);
  const auto document = wire::from_json<wire::SignedDocument>(push.body).value();
  const auto receipt =
      crypto::check_receipt(document, kiosk.identity.device_id, trust_of(kiosk), site.now());
  REQUIRE(receipt.has_value());
  REQUIRE(receipt->verdicts.size() == 1);
  CHECK(receipt->verdicts[0].code == wire::VerdictCode::kStored);

  wire::Heartbeat beat = samples::heartbeat();
  beat.wall_ms = site.now_ms();
  const auto answer = site.post("/v1/heartbeat", wire::to_json(beat), token);
  CHECK(answer.status == 200);
  CHECK(answer.body.size() < 600);
  CHECK(wire::from_json<wire::HeartbeatAnswer>(answer.body).has_value());
  const auto feed = site.get("/v1/feed?after=0", token);
  CHECK(feed.status == 200);
  CHECK(wire::from_json<wire::FeedPage>(feed.body).value().entries.empty());
  CHECK(site.get("/v1/answers/0170042836", token).status == 404);
}

TEST_CASE("only who holds this server's token for itself is let in again", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  const Enrolled other = site.enrol();
  wire::Readmission asked{.device_id = kiosk.identity.device_id,
                          .device_public_key = kiosk.key.public_key(),
                          .kiosk = kiosk.identity.kiosk,
                          .epoch = kiosk.identity.epoch,
                          .name = kiosk.identity.name,
                          .venue = kiosk.identity.venue,
                          .district = kiosk.identity.district,
                          .ring = kiosk.identity.ring};
  const auto status = [&](const std::string& token) {
    return site.post("/v1/readmit", wire::to_json(asked), token).status;
  };
  CHECK(status({}) == 401);
  CHECK(status(other.identity.token) == 401);
  CHECK(status("guess") == 401);
  CHECK(site.get("/v1/readmit", kiosk.identity.token).status == 405);
  CHECK(site.post("/v1/readmit", "{}", kiosk.identity.token).status == 400);
  // It is known: nothing changes, and the answer is that of its enrolment.
  const auto again = site.post("/v1/readmit", wire::to_json(asked), kiosk.identity.token);
  REQUIRE(again.status == 200);
  CHECK(wire::from_json<wire::EnrolAnswer>(again.body).value().device_id ==
        kiosk.identity.device_id);
  // Another's number is another's.
  asked.kiosk = other.identity.kiosk;
  CHECK(site.post("/v1/readmit", wire::to_json(asked), kiosk.identity.token).status == 409);
  // Who was revoked is not let in by this door (the newest of the two is `other`).
  site.revoke();
  asked.device_id = other.identity.device_id;
  CHECK(status(other.identity.token) == 403);
}

TEST_CASE("a code works once and a wrong one not at all", "[http][syncserver]") {
  Site site;
  const auto key = crypto::SigningKey::generate();
  const std::string code = site.new_code();
  CHECK(site.post("/v1/enrol", wire::to_json(wire::EnrolRequest{code, key.public_key(), "boot"}))
            .status == 200);
  const auto thief = crypto::SigningKey::generate();
  CHECK(site.post("/v1/enrol", wire::to_json(wire::EnrolRequest{code, thief.public_key(), "boot"}))
            .status == 401);
  CHECK(site.post("/v1/enrol",
                  wire::to_json(wire::EnrolRequest{"AAAA-BBBB-CCCC", key.public_key(), "boot"}))
            .status == 401);
  CHECK(site.post("/v1/enrol", "{}").status == 400);
  CHECK(site.get("/v1/enrol").status == 405);
}

TEST_CASE("every call of a device asks for its token", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  for (const std::string& token :
       {std::string{}, std::string{"wrong"}, std::string(300, 'x'), kiosk.identity.token + "0"}) {
    CHECK(site.post("/v1/push", push_body(kiosk, 1, site.now_ms()), token).status == 401);
    CHECK(site.post("/v1/heartbeat", wire::to_json(samples::heartbeat()), token).status == 401);
    CHECK(site.post("/v1/reconcile", wire::to_json(samples::reconciliation()), token).status ==
          401);
    CHECK(site.get("/v1/feed?after=0", token).status == 401);
    CHECK(site.get("/v1/answers/0170042836", token).status == 401);
  }
}

TEST_CASE("a revoked device may push into quarantine and nothing else", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  site.revoke();
  const std::string& token = kiosk.identity.token;
  const auto push = site.post("/v1/push", push_body(kiosk, 1, site.now_ms()), token);
  REQUIRE(push.status == 200);
  const auto receipt =
      crypto::check_receipt(wire::from_json<wire::SignedDocument>(push.body).value(),
                            kiosk.identity.device_id, trust_of(kiosk), site.now());
  CHECK(receipt.value().verdicts.at(0).code == wire::VerdictCode::kQuarantined);
  CHECK(site.post("/v1/heartbeat", wire::to_json(samples::heartbeat()), token).status == 403);
  CHECK(site.post("/v1/reconcile", wire::to_json(samples::reconciliation()), token).status == 403);
  CHECK(site.get("/v1/feed?after=0", token).status == 403);
  CHECK(site.get("/v1/answers/0170042836", token).status == 403);
  // Nor does it hear what would be wrong with its calls.
  CHECK(site.post("/v1/heartbeat", "", token).status == 403);
  CHECK(site.post("/v1/heartbeat", "[]", token).status == 403);
  CHECK(site.get("/v1/feed", token).status == 403);
  CHECK(site.get("/v1/answers/abc", token).status == 403);
  CHECK(site.get("/v1/attachments/abc", token).status == 403);
}

TEST_CASE("malformed bodies and queries are refused without detail", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  const std::string& token = kiosk.identity.token;
  const auto bad = site.post("/v1/push", "not cereal", token);
  CHECK(bad.status == 400);
  CHECK(bad.body == R"({"error":"malformed"})");
  CHECK(site.post("/v1/push", "", token).status == 400);
  CHECK(site.post("/v1/heartbeat", "[]", token).status == 400);
  CHECK(site.post("/v1/reconcile", R"({"given_up":[]})", token).status == 400);
  CHECK(site.post("/v1/reconcile", wire::to_json(samples::reconciliation()), token).status == 200);
  CHECK(site.get("/v1/reconcile", token).status == 405);
  for (const char* target :
       {"/v1/feed", "/v1/feed?after=", "/v1/feed?after=-1", "/v1/feed?after=1&x=2", "/v1/feed?x=1",
        "/v1/feed?after=99999999999999999999"}) {
    CAPTURE(target);
    CHECK(site.get(target, token).status == 400);
  }
  for (const char* target : {"/v1/answers/", "/v1/answers/abc", "/v1/answers/1/2"}) {
    CAPTURE(target);
    CHECK(site.get(target, token).status == 404);
  }
  CHECK(site.get("/v1/push", token).status == 405);
  CHECK(site.post("/v1/feed?after=0", "", token).status == 405);
}

TEST_CASE("releases and media that are not there are not found", "[http][syncserver]") {
  const Site site;
  CHECK(site.get("/v1/releases/1/manifest").status == 404);
  CHECK(site.get("/v1/releases/1/pack?from=0").status == 404);
  CHECK(site.get("/v1/releases/1/pack").status == 400);
  CHECK(site.get("/v1/releases/x/manifest").status == 404);
  CHECK(site.get("/v1/releases/1/../../etc/passwd").status == 404);
  CHECK(site.get("/v1/media/" + std::string(64, 'a')).status == 404);
  CHECK(site.get("/v1/media/../../keys/server.key").status == 404);
}

TEST_CASE("too many calls and guesses are put off with a time", "[http][syncserver]") {
  http::RouteLimits limits;
  limits.device = {0.1, 2, 2};
  limits.answers = {0.1, 1, 2};
  limits.guesses = {0.1, 3, 2};
  Site site{limits};
  const Enrolled kiosk = site.enrol();
  const std::string& token = kiosk.identity.token;
  CHECK(site.get("/v1/answers/0170042836", token).status == 404);
  CHECK(site.get("/v1/answers/0170042836", token).status == 429);
  const auto put_off = site.get("/v1/feed?after=0", token);
  CHECK(put_off.status == 429);
  CHECK(put_off.headers.find("Retry-After: 10") != std::string::npos);

  for (int i = 0; i < 3; ++i) CHECK(site.get("/v1/feed?after=0", "guess").status == 401);
  CHECK(site.get("/v1/feed?after=0", "guess").status == 429);
  CHECK(site.get("/v1/hello").status == 200);
}

TEST_CASE("an attachment is put in pieces, by its own kiosk", "[http][syncserver]") {
  Site site;
  const Enrolled kiosk = site.enrol();
  const std::string& token = kiosk.identity.token;
  const Bytes sealed = Bytes("\0\r\n\r\nGET ", 9) + Bytes(40'000, 's');
  const Bytes hash = crypto::sha256(sealed);
  const std::string target = "/v1/attachments/" + to_hex(hash);
  const auto said = [&](const RawAnswer& answer) {
    REQUIRE(answer.status == 200);
    const auto receipt =
        crypto::check_attachment_receipt(wire::from_json<wire::SignedDocument>(answer.body).value(),
                                         kiosk.identity.device_id, trust_of(kiosk), site.now());
    REQUIRE(receipt.has_value());
    CHECK(receipt->hash == hash);
    CHECK(receipt->database_generation == samples::kGeneration);
    return std::pair(receipt->code, receipt->held);
  };
  CHECK(said(site.put(target + "?offset=0", sealed, token)).first ==
        wire::AttachmentCode::kUnnamed);
  const Bytes push =
      push_body(kiosk, 1, site.now_ms(), {{hash, static_cast<std::uint32_t>(sealed.size())}});
  REQUIRE(site.post("/v1/push", push, token).status == 200);
  CHECK(said(site.get(target, token)) == std::pair(wire::AttachmentCode::kPartial, 0U));
  CHECK(said(site.put(target + "?offset=0", sealed.substr(0, 30'000), token)).second == 30'000);
  CHECK(said(site.put(target + "?offset=9", sealed.substr(9), token)).second == 30'000);
  CHECK(said(site.get(target, token)).second == 30'000);

  SECTION("hostile calls change nothing") {
    const Enrolled other = site.enrol();
    CHECK(site.put(target + "?offset=30000", sealed.substr(30'000)).status == 401);
    CHECK(site.put(target + "?offset=30000", sealed.substr(30'000), token + "x").status == 401);
    CHECK(site.get(target).status == 401);
    const auto foreign =
        site.put(target + "?offset=30000", sealed.substr(30'000), other.identity.token);
    REQUIRE(foreign.status == 200);
    const auto receipt = crypto::check_attachment_receipt(
        wire::from_json<wire::SignedDocument>(foreign.body).value(), other.identity.device_id,
        trust_of(other), site.now());
    CHECK(receipt.value().code == wire::AttachmentCode::kUnnamed);
    CHECK(receipt.value().held == 0);

    for (const char* query : {"", "?offset=", "?offset=-1", "?offset=x", "?offset=1&offset=2",
                              "?at=0", "?offset=99999999999999999999"}) {
      CAPTURE(query);
      CHECK(site.put(target + query, sealed.substr(30'000), token).status == 400);
    }
    CHECK(site.put(target + "?offset=99999999", "x", token).status == 413);
    CHECK(site.put(target + "?offset=30000", sealed, token).status == 413);
    CHECK(site.put(target + "?offset=30000", Bytes(wire::kMaxAttachmentBytes + 1, 'x'), token)
              .status == 413);
    CHECK(site.put(target + "?offset=30000", Bytes(600 * 1024, 'x'), token).status == 413);
    CHECK(site.put(target + "?offset=30000", "small", token).status == 400);
    CHECK(site.put("/v1/attachments/?offset=0", sealed, token).status == 404);
    CHECK(site.put("/v1/attachments/../push?offset=0", sealed, token).status == 404);
    CHECK(site.put(target + "/x?offset=0", sealed, token).status == 404);
    CHECK(site.post(target + "?offset=30000", sealed.substr(30'000), token).status == 405);
    CHECK(site.put("/v1/push", push, token).status == 405);
    CHECK(site.put("/v1/hello", "{}").status == 405);
    CHECK(said(site.get(target, token)).second == 30'000);
  }
  SECTION("a revoked kiosk's are refused") {
    site.revoke();
    CHECK(site.put(target + "?offset=30000", sealed.substr(30'000), token).status == 403);
    CHECK(site.get(target, token).status == 403);
    return;
  }
  CHECK(said(site.put(target + "?offset=30000", sealed.substr(30'000), token)).first ==
        wire::AttachmentCode::kStored);
  CHECK(said(site.get(target, token)).first == wire::AttachmentCode::kStored);
}

TEST_CASE("pieces of recordings have a bucket of their own", "[http][syncserver]") {
  http::RouteLimits limits;
  limits.attachments = {0.1, 2, 2};
  Site site{limits};
  const Enrolled kiosk = site.enrol();
  const std::string target = "/v1/attachments/" + std::string(64, 'a');
  CHECK(site.get(target, kiosk.identity.token).status == 200);
  CHECK(site.get(target, kiosk.identity.token).status == 200);
  const auto put_off = site.put(target + "?offset=0", "x", kiosk.identity.token);
  CHECK(put_off.status == 429);
  CHECK(put_off.headers.find("Retry-After: 10") != std::string::npos);
  CHECK(site.get("/v1/feed?after=0", kiosk.identity.token).status == 200);
}
