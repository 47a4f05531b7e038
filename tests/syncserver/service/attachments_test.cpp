// Spoken answers on the server: taken piece by piece, opened, listened to, erased.
#include "syncserver/service/attachments.h"

#include "shared/crypto/trust.h"
#include "syncserver/service/erasure.h"
#include "tests/syncserver/service/form_desk.h"

namespace odop::syncserver {

namespace {

using wire::AttachmentCode;

const Bytes kVoice = "OggS canary of a voice" + Bytes(9'000, 'v');

class SpokenDesk : public Desk {
 public:
  SpokenDesk() { kiosk.spoken = {{"message", kVoice}, {"name", "OggS a name"}}; }

  TestKiosk::Sent pushed() {
    auto sent = kiosk.enquiry();
    kiosk.push({sent.envelope});
    return sent;
  }
  std::string state_of(const std::string& reference, std::size_t at) {
    return submissions.show(reference).value().at(0).recordings.at(at).state;
  }

  TestKiosk kiosk{*this, "shilp-gram", "lucknow"};
};

}  // namespace

TEST_CASE("a spoken answer is taken, opened and heard", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  CHECK(desk.open_all().opened == 1);
  // The case stands at once; what was said is on its way.
  const auto shown = desk.submissions.show(sent.reference).value().at(0);
  CHECK(shown.cases.size() == 2);
  REQUIRE(shown.recordings.size() == 2);
  CHECK(shown.recordings[0].field == "message");
  CHECK(shown.recordings[0].duration_ms == 4'000);
  CHECK(shown.recordings[0].state == "on its way");
  CHECK(desk.submissions.recording(sent.reference, "message").error().code == ErrorCode::kConflict);

  desk.kiosk.attach_all(sent);
  CHECK(desk.state_of(sent.reference, 0) == "not opened yet");
  CHECK(desk.opener.open_next().value().recordings == 2);
  CHECK(desk.opener.open_next().value().recordings == 0);
  CHECK(desk.state_of(sent.reference, 0) == "here");
  CHECK(desk.submissions.recording(sent.reference, "message").value() == kVoice);
  CHECK(desk.submissions.recording(sent.reference, "name", "agra").value() == "OggS a name");
  CHECK(desk.submissions.recording(sent.reference, "name", "lucknow").error().code ==
        ErrorCode::kNotFound);
  CHECK(desk.submissions.recording(sent.reference, "email").error().code == ErrorCode::kNotFound);
}

TEST_CASE("what was spoken lies under the submission's own key", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  desk.kiosk.attach_all(sent);
  desk.open_all();
  REQUIRE(desk.opener.open_next().value().recordings == 2);
  const Submission stored = desk.store->submissions({}).value().at(0);
  const Attachment attachment = desk.store->attachments_of(stored.id).value().at(0);
  const Bytes body = desk.store->attachment_body(attachment).value();
  CHECK(body.find("canary") == Bytes::npos);
  CHECK_FALSE(crypto::open(desk.keys.sealing, body).has_value());
  REQUIRE(desk.record_keys->destroy(to_hex(stored.hash)).has_value());
  CHECK_FALSE(desk.submissions.recording(sent.reference, "message").has_value());
}

TEST_CASE("a kiosk hears what of its given-up submissions is here whole", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  const auto header =
      wire::decode<wire::EnvelopeHeader>(wire::decode<wire::Envelope>(sent.envelope)->header);
  const wire::GivenUp one{header->device_id, header->epoch, header->sequence,
                          crypto::sha256(sent.envelope)};
  const auto asked = [&](wire::GivenUp given_up) {
    const Caller caller = desk.api.authenticate(desk.kiosk.identity.token).value();
    const auto document = desk.api.reconcile(caller, {{std::move(given_up)}}).value();
    return crypto::check_receipt(document, desk.kiosk.identity.device_id,
                                 crypto::trust_of(desk.kiosk.identity), desk.clock.wall())
        .value();
  };
  CHECK(asked(one).verdicts.empty());  // its recordings are on their way
  desk.kiosk.attach_all(sent);
  const auto receipt = asked(one);
  REQUIRE(receipt.verdicts.size() == 1);
  CHECK(receipt.verdicts[0].code == wire::VerdictCode::kDuplicate);
  CHECK(receipt.verdicts[0].envelope_hash == one.envelope_hash);
  CHECK(receipt.database_generation == desk.store->generation().value());
  // Another one in its place is not it.
  wire::GivenUp other = one;
  other.envelope_hash[0] ^= 1;
  CHECK(asked(other).verdicts.empty());
  other = one;
  ++other.sequence.value;
  CHECK(asked(other).verdicts.empty());
  // Nor does a revoked kiosk hear anything.
  Caller caller = desk.api.authenticate(desk.kiosk.identity.token).value();
  caller.revoked = true;
  CHECK(desk.api.reconcile(caller, {{one}}).error().code == ErrorCode::kForbidden);
}

TEST_CASE("pieces are taken where the server's part ends", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  const Bytes& sealed = sent.attachments[0];
  const auto size = static_cast<std::uint32_t>(sealed.size());
  const BytesView all = sealed;
  const auto said = [&](std::uint64_t offset, BytesView piece) {
    const auto receipt = desk.kiosk.attach(sealed, offset, piece).value();
    CHECK(receipt.device_id == desk.kiosk.identity.device_id);
    CHECK(receipt.hash == crypto::sha256(sealed));
    return std::pair(receipt.code, receipt.held);
  };
  const auto partial = [](std::uint32_t held) { return std::pair(AttachmentCode::kPartial, held); };

  CHECK(said(0, {}) == partial(0));
  CHECK(said(2'000, all.substr(2'000, 2'000)) == partial(0));  // not there yet
  CHECK(said(0, all.substr(0, 2'000)) == partial(2'000));
  CHECK(said(0, all.substr(0, 2'000)) == partial(2'000));  // its answer was eaten
  CHECK(said(0, all) == partial(2'000));
  CHECK(said(2'000, all.substr(2'000, 3'000)) == partial(5'000));
  CHECK(said(0, {}) == partial(5'000));
  CHECK(said(5'000, all.substr(5'000)) == std::pair(AttachmentCode::kStored, size));
  CHECK(said(0, all) == std::pair(AttachmentCode::kStored, size));
  desk.open_all();
  desk.opener.open_next().value();
  CHECK(desk.submissions.recording(sent.reference, "message").value() == kVoice);
}

TEST_CASE("bytes of another hash are dropped, and the right ones taken", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  const Bytes& sealed = sent.attachments[0];
  Bytes wrong = sealed;
  wrong[100] ^= 1;
  CHECK(desk.kiosk.attach(sealed, 0, wrong).value().code == AttachmentCode::kPartial);
  CHECK(desk.kiosk.attach(sealed, 0, wrong).value().held == 0);
  CHECK(desk.kiosk.attach(sealed, 0, BytesView(wrong).substr(0, 4'000)).value().held == 4'000);
  const auto ended = desk.kiosk.attach(sealed, 4'000, BytesView(sealed).substr(4'000)).value();
  CHECK(ended.code == AttachmentCode::kPartial);
  CHECK(ended.held == 0);
  CHECK(desk.kiosk.attach(sealed, 0, sealed).value().code == AttachmentCode::kStored);
}

TEST_CASE("only what an own envelope names is taken, and no more of it", "[syncserver][service]") {
  SpokenDesk desk;
  auto sent = desk.kiosk.enquiry();
  const Bytes& sealed = sent.attachments[0];
  CHECK(desk.kiosk.attach(sealed, 0, sealed).value().code == AttachmentCode::kUnnamed);
  desk.kiosk.push({sent.envelope});
  TestKiosk other(desk, "expo-mart", "agra");
  CHECK(other.attach(sealed, 0, sealed).value().code == AttachmentCode::kUnnamed);
  CHECK(desk.kiosk.attach(sealed, 0, sealed + "x").error().code == ErrorCode::kTooLarge);
  CHECK(desk.kiosk.attach(sealed, sealed.size() + 1, "").error().code == ErrorCode::kTooLarge);
  CHECK(
      desk.kiosk.attach(sealed, 0, BytesView(sealed).substr(0, kSmallestPiece - 1)).error().code ==
      ErrorCode::kInvalidArgument);
  for (const std::string& hex : {std::string{}, std::string(63, 'a'), std::string(64, 'A'),
                                 std::string(64, 'g'), std::string("../../keys/server.key")}) {
    CHECK(desk.api.attach(desk.kiosk.caller(), hex, 0, "x").error().code == ErrorCode::kNotFound);
  }
  CHECK(desk.kiosk.attach(sealed, 0, sealed).value().code == AttachmentCode::kStored);
}

TEST_CASE("a revoked kiosk attaches nothing; enrolled anew it does", "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  REQUIRE(desk.store->revoke(desk.kiosk.identity.kiosk, kDeskStart).has_value());
  CHECK(desk.kiosk.attach(sent.attachments[0], 0, sent.attachments[0]).error().code ==
        ErrorCode::kForbidden);
  // The same machine, with the same key, under another number.
  TestKiosk anew(desk, "shilp-gram", "lucknow", desk.kiosk.key.seed());
  anew.attach_all(sent);
  desk.open_all();
  desk.opener.open_next().value();
  CHECK(desk.submissions.recording(sent.reference, "message").value() == kVoice);
}

TEST_CASE("a recording that nobody can open is kept apart", "[syncserver][service]") {
  SpokenDesk desk;
  // Sealed rightly, and no padded recording inside.
  const Bytes junk = crypto::seal(desk.keys.sealing.public_key(), Bytes(4'096, 'j')).value();
  const Bytes foreign =
      crypto::seal(crypto::SealingKey::generate().public_key(), Bytes(4'096, 'j')).value();
  for (const Bytes& sealed : {junk, foreign}) {
    const auto sent = desk.kiosk.make_naming({sealed});
    desk.kiosk.push({sent.envelope});
    desk.kiosk.attach_all(sent);
    desk.open_all();
    CHECK(desk.opener.open_next().value().quarantined == 1);
    CHECK(desk.state_of(sent.reference, 0) == "unreadable");
    CHECK(desk.submissions.recording(sent.reference, "message").error().code ==
          ErrorCode::kCorrupt);
    CHECK(desk.store->alarms(1).value().at(0).kind == "unreadable");
    const auto id = desk.submissions.show(sent.reference).value().at(0).id;
    const Attachment kept = desk.store->attachments_of(id).value().at(0);
    CHECK(desk.store->attachment_body(kept).value() == sealed);
  }
}

TEST_CASE("an envelope that names other attachments than its body is kept apart",
          "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.kiosk.make_naming({Bytes(100, 'a'), Bytes(100, 'b')});  // one is spoken
  desk.kiosk.push({sent.envelope});
  desk.open_all();
  const auto shown = desk.submissions.show(sent.reference).value().at(0);
  CHECK(shown.state == "quarantined");
  CHECK(shown.reason == "attachments");
}

TEST_CASE("what never comes is called missing after a week, and taken when it comes",
          "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  desk.open_all();
  desk.clock.advance(kAttachmentPatience - std::chrono::hours(1));
  desk.opener.open_next().value();
  CHECK(desk.state_of(sent.reference, 0) == "on its way");
  desk.clock.advance(std::chrono::hours(2));
  desk.opener.open_next().value();
  CHECK(desk.state_of(sent.reference, 0) == "missing");
  CHECK(desk.store->alarms(10).value().at(0).kind == "recording_missing");
  desk.kiosk.attach_all(sent);
  desk.opener.open_next().value();
  CHECK(desk.submissions.recording(sent.reference, "message").value() == kVoice);
}

TEST_CASE("a withdrawal hides what was spoken, and its erasure destroys it",
          "[syncserver][service]") {
  SpokenDesk desk;
  const auto sent = desk.pushed();
  desk.kiosk.attach(sent.attachments[0], 0, sent.attachments[0]).value();
  desk.open_all();
  desk.kiosk.spoken.clear();
  desk.kiosk.push({desk.kiosk.withdrawal(sent.reference, kCode).envelope});
  CHECK(desk.open_all().withdrawn == 1);
  CHECK(desk.submissions.recording(sent.reference, "message").error().code ==
        ErrorCode::kForbidden);
  CHECK(desk.submissions.show(sent.reference).value().at(0).recordings.empty());
  // The kiosk that still holds the other one gets rid of it, before the erasure and after.
  CHECK(desk.kiosk.attach(sent.attachments[1], 0, sent.attachments[1]).value().code ==
        AttachmentCode::kStored);
  CHECK(desk.opener.open_next().value().recordings == 0);

  desk.clock.advance(kKeepAfterWithdrawal + std::chrono::hours(24));
  const auto open = [](const std::filesystem::path& file) { return open_store(file.string()); };
  CHECK(erase_due(*desk.store, *desk.record_keys, desk.data, open, desk.clock.wall(), false)
            .value()
            .done);
  const auto id = desk.store->submissions({.with_restricted = true}).value().at(0).id;
  const auto all = desk.store->attachments_of(id).value();
  REQUIRE(all.size() == 2);
  for (const Attachment& attachment : all) {
    CHECK(attachment.state == AttachmentState::kErased);
    CHECK(desk.store->attachment_body(attachment).value().empty());
  }
  CHECK(desk.kiosk.attach(sent.attachments[1], 0, sent.attachments[1]).value().code ==
        AttachmentCode::kStored);
  CHECK(desk.opener.open_next().value().recordings == 0);
}

TEST_CASE("a form takes a voice where it says so, and nowhere else", "[syncserver][service]") {
  FormDesk desk;
  json answers = good("registration");
  answers.erase("name");
  desk.kiosk.spoken = {{"name", "OggS I am Asha"}};
  CHECK(desk.opened("registration", answers).state == "opened");
  desk.kiosk.spoken = {{"mobile", "OggS nine eight"}};
  const auto refused = desk.opened("registration", good("registration"));
  CHECK(refused.state == "quarantined");
  CHECK(refused.reason == "answers: mobile: form.error.not_fitting");
}

}  // namespace odop::syncserver
