#include "syncserver/service/kiosk_api.h"

#include "shared/crypto/enrolment.h"
#include "shared/crypto/succession.h"
#include "shared/wire/json.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

using wire::VerdictCode;

TEST_CASE("an enrolment code works once, however it is typed", "[syncserver][service]") {
  Desk desk;
  const std::string code = make_enrolment_code();
  Kiosk kiosk;
  kiosk.venue = "shilp-gram";
  kiosk.code_hash = enrolment_code_hash(code);
  kiosk.code_expires_ms = kDeskStart + 1'000;
  REQUIRE(desk.store->add_kiosk(kiosk).has_value());
  std::string typed = " ";
  for (const char c : code) {
    if (c != '-') typed.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    if (c == '0') typed.back() = 'o';
    if (c == '1') typed.back() = 'l';
  }
  const auto key = crypto::SigningKey::generate();

  CHECK(desk.api.enrol({typed, "short", "boot"}).error().code == ErrorCode::kInvalidArgument);
  CHECK(desk.api.enrol({"0000-0000-0000", key.public_key(), "boot"}).error().code ==
        ErrorCode::kUnauthorized);
  const auto answer = desk.api.enrol({typed, key.public_key(), "boot"});
  REQUIRE(answer.has_value());
  CHECK(answer->venue == "shilp-gram");
  CHECK(answer->sealing_public_key == desk.keys.sealing.public_key());
  const auto thief = crypto::SigningKey::generate();
  CHECK(desk.api.enrol({typed, thief.public_key(), "boot"}).error().code ==
        ErrorCode::kUnauthorized);

  const auto caller = desk.api.authenticate(answer->token);
  REQUIRE(caller.has_value());
  CHECK(caller->device.id == answer->device_id);
  CHECK_FALSE(caller->revoked);
  CHECK(desk.api.authenticate(answer->token + "0").error().code == ErrorCode::kUnauthorized);
  CHECK(desk.api.authenticate("").error().code == ErrorCode::kUnauthorized);
}

TEST_CASE("a request to enrol that comes twice or late changes nothing", "[syncserver][service]") {
  Desk desk;
  const auto new_code = [&desk] {
    std::string code = make_enrolment_code();
    Kiosk kiosk;
    kiosk.code_hash = enrolment_code_hash(code);
    kiosk.code_expires_ms = kDeskStart + 1'000'000;
    REQUIRE(desk.store->add_kiosk(kiosk).has_value());
    return code;
  };
  const auto key = crypto::SigningKey::generate();
  const wire::EnrolRequest request{new_code(), key.public_key(), "boot"};
  const auto first = desk.api.enrol(request);
  REQUIRE(first.has_value());

  // The answer was lost, or the request came twice: the very same answer, and its token works.
  const auto repeated = desk.api.enrol(request);
  REQUIRE(repeated.has_value());
  CHECK(wire::to_json(*repeated) == wire::to_json(*first));
  const auto caller = desk.api.authenticate(first->token);
  REQUIRE(caller.has_value());
  CHECK(caller->device.id == first->device_id);

  // Once the device was heard of, a copy of the request is worth nothing and harms nobody.
  REQUIRE(desk.api.heartbeat(*caller, {}).has_value());
  CHECK(desk.api.enrol(request).error().code == ErrorCode::kUnauthorized);
  CHECK(desk.api.heartbeat(desk.api.authenticate(first->token).value(), {}).has_value());

  // Another device has another token.
  const auto other = desk.api.enrol({new_code(), key.public_key(), "boot"});
  REQUIRE(other.has_value());
  CHECK(other->token != first->token);
}

TEST_CASE("a push is stored once and its bad envelopes do not hold up the good",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto first = kiosk.enquiry();
  const auto second = kiosk.enquiry();
  Bytes forged = second.envelope;
  forged.back() = static_cast<char>(forged.back() ^ 1);

  const auto verdicts = kiosk.push({first.envelope, forged, "no envelope", second.envelope});

  REQUIRE(verdicts.size() == 4);
  CHECK(verdicts[0].code == VerdictCode::kStored);
  CHECK(verdicts[0].envelope_hash == crypto::envelope_hash(first.envelope));
  CHECK(verdicts[0].sequence == Sequence{1});
  CHECK(verdicts[1].code == VerdictCode::kRejected);
  CHECK(verdicts[1].reason == "signature");
  CHECK(verdicts[2].code == VerdictCode::kRejected);
  CHECK(verdicts[2].reason == "malformed");
  CHECK(verdicts[3].code == VerdictCode::kStored);

  const auto again = kiosk.push({second.envelope, first.envelope});
  CHECK(again[0].code == VerdictCode::kDuplicate);
  CHECK(again[1].code == VerdictCode::kDuplicate);
  CHECK(desk.store->unopened(10).value().size() == 2);
}

TEST_CASE("what may be taken later is put off, not rejected", "[syncserver][service]") {
  Desk desk;
  Desk elsewhere;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const TestKiosk namesake(elsewhere, "shilp-gram", "lucknow");  // the same seed gives the same id
  TestKiosk stranger(elsewhere, "shilp-gram", "lucknow");
  // A newer program's: the version behind the magic.
  const auto own = kiosk.enquiry();
  constexpr std::size_t kVersionAt = 4;
  Bytes newer = own.envelope;
  newer[kVersionAt] = static_cast<char>(newer[kVersionAt] + 1);
  const auto verdicts = kiosk.push({stranger.enquiry().envelope, newer, own.envelope});
  REQUIRE(verdicts.size() == 3);
  CHECK(verdicts[0].code == VerdictCode::kRetryAfter);
  CHECK(verdicts[0].reason == "unknown_device");
  CHECK(verdicts[0].retry_after_s == 3'600);
  CHECK(verdicts[1].code == VerdictCode::kRetryAfter);
  CHECK(verdicts[1].reason == "unsupported");
  CHECK(verdicts[2].code == VerdictCode::kStored);
}

TEST_CASE("a batch beyond the caps is refused whole", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const Bytes good = kiosk.enquiry().envelope;
  const auto code = [&](std::vector<Bytes> envelopes) {
    return desk.api.push(kiosk.caller(), {wire::kProtocolVersion, std::move(envelopes)})
        .error()
        .code;
  };
  CHECK(code({}) == ErrorCode::kMalformed);
  CHECK(code(std::vector<Bytes>(wire::kMaxBatchEnvelopes + 1, good)) == ErrorCode::kTooLarge);
  CHECK(code({good, Bytes(wire::kMaxBatchBytes, 'x')}) == ErrorCode::kTooLarge);
  CHECK(desk.api.push(kiosk.caller(), {2, {good}}).error().code == ErrorCode::kUnsupported);
  CHECK(desk.store->unopened(10).value().empty());
}

TEST_CASE("two envelopes under one sequence are a fork: both kept, an alarm raised",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto one = kiosk.enquiry();
  const auto other = kiosk.make_at(1, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                   desk.keys.sealing.public_key());
  CHECK(kiosk.push({one.envelope})[0].code == VerdictCode::kStored);

  const auto verdict = kiosk.push({other.envelope})[0];

  CHECK(verdict.code == VerdictCode::kQuarantined);
  CHECK(verdict.reason == "fork");
  CHECK(desk.store->alarms(1).value().at(0).kind == "fork");
  const auto both = desk.submissions.list({.state = "quarantined"}).value();
  REQUIRE(both.size() == 2);
  CHECK(both[0].reason == "fork");
  CHECK(both[1].reason == "fork");
}

TEST_CASE("a revoked kiosk may push into quarantine and do nothing else", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  REQUIRE(desk.store->revoke(kiosk.identity.kiosk, kDeskStart).has_value());

  const auto verdict = kiosk.push({kiosk.enquiry().envelope})[0];

  CHECK(verdict.code == VerdictCode::kQuarantined);
  CHECK(verdict.reason == "revoked");
  CHECK(desk.store->alarms(1).value().at(0).kind == "revoked_push");
  const Caller caller = kiosk.caller();
  CHECK(caller.revoked);
  CHECK(desk.api.heartbeat(caller, {}).error().code == ErrorCode::kForbidden);
  CHECK(desk.api.feed(caller, {}).error().code == ErrorCode::kForbidden);
  CHECK(desk.api.answer(caller, "0010001001").error().code == ErrorCode::kForbidden);
}

TEST_CASE("a push that is known from memory still learns of a revocation",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto pusher = [&] {
    auto caller = desk.api.authenticate_push(kiosk.identity.token);
    REQUIRE(caller.has_value());
    return std::move(*caller);
  };
  const auto first_verdict = [&] { return kiosk.push_as(pusher(), {kiosk.enquiry().envelope})[0]; };
  CHECK(first_verdict().code == VerdictCode::kStored);
  REQUIRE(desk.store->revoke(kiosk.identity.kiosk, kDeskStart).has_value());

  CHECK_FALSE(pusher().revoked);  // not a second old
  CHECK(first_verdict().code == VerdictCode::kQuarantined);

  desk.clock.advance(kPusherAge);
  CHECK(pusher().revoked);
  CHECK(desk.api.authenticate_push("").error().code == ErrorCode::kUnauthorized);
  CHECK(desk.api.authenticate_push("unknown").error().code == ErrorCode::kUnauthorized);
}

TEST_CASE("a kiosk that enrolled anew brings what it kept before", "[syncserver][service]") {
  Desk desk;
  TestKiosk former(desk, "shilp-gram", "lucknow");
  TestKiosk present(desk, "shilp-gram", "lucknow");
  const auto old = former.enquiry();
  const auto fresh = present.enquiry();

  const auto verdicts = present.push({old.envelope, fresh.envelope});

  CHECK(verdicts[0].code == VerdictCode::kStored);
  CHECK(verdicts[1].code == VerdictCode::kStored);
  CHECK(former.push({old.envelope})[0].code == VerdictCode::kDuplicate);
  const auto waiting = desk.store->unopened(10).value();
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].device != waiting[1].device);
}

TEST_CASE("a device that a kiosk was is let in by its own token, and its line by its own key",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk first(desk, "shilp-gram", "lucknow");
  TestKiosk second(desk, "shilp-gram", "lucknow");
  TestKiosk stranger(desk, "shilp-gram", "lucknow");
  const std::string& was = first.identity.device_id;
  const std::string& is = second.identity.device_id;
  auto said = crypto::readmission_of(second.identity, second.key.public_key());
  const auto former = [&] { return desk.store->device(is).value()->former; };
  said.last_sequence = Sequence{5};
  said.former_device = was;
  said.former_signature = crypto::sign_succession(was, is, stranger.key);
  CHECK(desk.api.readmit(stranger.identity.token, said).error().code == ErrorCode::kUnauthorized);
  CHECK(desk.store->device(is).value()->state.last_sequence == Sequence{});
  // Its own token, and a line that nobody signed who was that device: it is let in, and no more.
  REQUIRE(desk.api.readmit(second.identity.token, said).has_value());
  CHECK(former().empty());
  said.former_device = "018f0000-0000-7000-8000-00000000000f";
  REQUIRE(desk.api.readmit(second.identity.token, said).has_value());
  CHECK(former().empty());
  said.former_device = was;
  said.former_signature = crypto::sign_succession(was, is, first.key);
  const auto known = desk.api.readmit(second.identity.token, said);
  REQUIRE(known.has_value());
  CHECK(known->device_id == is);
  CHECK(former() == was);
  CHECK(desk.store->device(is).value()->state.last_sequence == Sequence{5});
}

TEST_CASE("a heartbeat with nothing new is short and the fleet knows of it",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto signed_json = [&](const char* purpose) {
    return wire::to_json(crypto::sign_document(purpose, "payload", *desk.keys.publisher));
  };
  Release release;
  release.number = ReleaseNumber{1};
  release.manifest = signed_json("manifest");
  const StoredPointer pointer{
      .serial = 7, .ring = "all", .release = ReleaseNumber{1}, .document = signed_json("pointer")};
  REQUIRE(desk.store->publish(release, {}, std::vector{pointer}).has_value());

  wire::Heartbeat beat;
  beat.wall_ms = kDeskStart + 5'000;
  beat.queue = 3;
  const auto first = desk.api.heartbeat(kiosk.caller(), beat).value();
  REQUIRE(first.pointer.has_value());
  REQUIRE(first.manifest.has_value());
  CHECK(first.manifest->purpose == "manifest");

  beat.pointer_serial = 7;
  beat.release_shown = ReleaseNumber{1};
  const auto second = desk.api.heartbeat(kiosk.caller(), beat).value();
  CHECK_FALSE(second.pointer.has_value());
  CHECK_FALSE(second.manifest.has_value());
  CHECK(wire::to_json(second).size() < 600);

  const FleetState state = desk.store->fleet().value().at(0).device.state;
  CHECK(state.queue == 3);
  CHECK(state.clock_offset_ms == 5'000);
  CHECK(state.release_shown == ReleaseNumber{1});
}

TEST_CASE("files are served by what the database names, nothing else", "[syncserver][service]") {
  Desk desk;
  CHECK(desk.api.manifest(ReleaseNumber{1}).error().code == ErrorCode::kNotFound);
  CHECK(desk.api.pack(ReleaseNumber{1}, {}).error().code == ErrorCode::kNotFound);
  CHECK(desk.api.medium("../../keys/server.key").error().code == ErrorCode::kNotFound);
  CHECK(desk.api.medium(std::string(64, 'a')).error().code == ErrorCode::kNotFound);
  const Medium gone{
      .hash = std::string(64, 'b'), .kind = 4, .size = 9, .content_type = "image/webp"};
  REQUIRE(desk.store->edit_draft({}, {}, std::vector{gone}, kDeskStart).has_value());
  CHECK(desk.api.medium(gone.hash).error().code == ErrorCode::kCorrupt);
}

}  // namespace odop::syncserver
