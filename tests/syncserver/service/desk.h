// A whole server without sockets, and kiosks that speak to it: the SQLite store and real keys in a
// temporary folder, three districts and the rule of each kind in the catalogue.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/reference_number.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/kiosk_api.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/service/submissions.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/sql_store.h"
#include "tests/support/temp_folder.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

// 24 November 2026, 06:00 UTC.
inline constexpr std::int64_t kDeskStart = 1'795'500'000'000;

inline constexpr const char* kEnquiryOfTwo =
    R"({"name":"Asha Canary","mobile":"+919876543210","email":"Asha@Example.org","country":"IN",)"
    R"("products":[{"product":"kannauj-attar","district":"kannauj","quantity":12,"unit":"piece"},)"
    R"({"product":"agra-marble","district":"agra","quantity":3,"unit":"piece"}],)"
    R"("message":"=1+1"})";
inline constexpr const char* kCode = "12345678";

inline CatalogueRecord record(const char* type, const char* id, const std::string& json) {
  return {type, id, json, to_hex(crypto::sha256(json))};
}

// A step that must work for the test to mean anything.
inline void must(const Status& status) {
  if (!status.has_value()) throw std::runtime_error(status.error().context);
}

class Desk {
 public:
  Desk()
      : keys((must(create_server_keys(data.keys(), clock.wall())),
              load_server_keys(data.keys()).value())),
        store(open_store(data.database().string()).value()),
        record_keys(open_key_store(data.record_keys()).value()),
        api(*store, keys, clock, random, folder.path()),
        opener(*store, *record_keys, keys, clock),
        submissions(*store, *record_keys, lookup_key(keys), clock) {
    std::filesystem::create_directories(data.media());
    std::filesystem::create_directories(data.releases());
    must(store->set_generation("0190a000-0000-7000-8000-000000000001"));
    const std::vector<CatalogueRecord> records = {
        record("district", "kannauj", R"({"name":{"hi":"कन्नौज","en":"Kannauj","ur":"قنوج"}})"),
        record("district", "agra", R"({"name":{"hi":"आगरा","en":"Agra","ur":"آگرہ"}})"),
        record("district", "lucknow", R"({"name":{"hi":"लखनऊ","en":"Lucknow","ur":"لکھنؤ"}})"),
        record("office", "diepc-kannauj", R"({"district":"kannauj"})"),
        record("office", "diepc-agra", R"({"district":"agra"})"),
        record("kind", "enquiry", R"({"due_days":14,"owner":"diepc"})"),
        record("kind", "withdrawal", R"({"due_days":3,"owner":"diepc"})")};
    must(store->edit_draft(records, {}, {}, kDeskStart));
  }

  // Opens until nothing waits.
  OpenStep open_all() {
    OpenStep sum;
    while (!store->unopened(1).value().empty()) {
      const OpenStep step = opener.open_next().value();
      sum.opened += step.opened;
      sum.quarantined += step.quarantined;
      sum.withdrawn += step.withdrawn;
    }
    return sum;
  }

  test::TempFolder folder;
  DataFolder data{folder.path()};
  ManualClock clock{WallTime(std::chrono::milliseconds(kDeskStart))};
  SeededRandom random{20261124};
  ServerKeys keys;
  std::unique_ptr<Store> store;
  std::unique_ptr<KeyStore> record_keys;
  KioskApi api;
  Opener opener;
  Submissions submissions;
};

class TestKiosk {
 public:
  TestKiosk(Desk& desk, const std::string& venue, const std::string& district)
      : TestKiosk(desk, venue, district, crypto::SigningKey::generate().seed()) {}
  TestKiosk(Desk& desk, const std::string& venue, const std::string& district,
            const crypto::SecretBytes& seed)
      : key(crypto::SigningKey::from_seed(seed.view()).value()), desk_(desk) {
    const std::string code = make_enrolment_code();
    Kiosk kiosk;
    kiosk.name = "Gate";
    kiosk.venue = venue;
    kiosk.district = district;
    kiosk.code_hash = enrolment_code_hash(code);
    kiosk.code_expires_ms = desk.clock.wall().time_since_epoch().count() + 1'000;
    const KioskNumber number = desk.store->add_kiosk(kiosk).value();
    identity = desk.api.enrol({code, key.public_key(), "boot"}).value();
    if (identity.kiosk != number) throw std::runtime_error("another kiosk's number");
  }

  [[nodiscard]] Caller caller() const { return desk_.api.authenticate(identity.token).value(); }

  struct Sent {
    Bytes envelope;
    std::string reference;
    std::vector<Bytes> attachments;  // sealed
  };

  // The next submission of this kiosk, sealed and signed.
  Sent make(wire::Kind kind, const std::string& form, const std::string& answers) {
    return make_at(++sequence_, kind, form, answers, desk_.keys.sealing.public_key());
  }
  Sent enquiry() { return make(wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo); }
  // An enquiry whose header names these, the first as spoken, whatever they are.
  Sent make_naming(const std::vector<Bytes>& sealed) {
    named_ = sealed;
    Sent sent = enquiry();
    named_.clear();
    return sent;
  }
  Sent withdrawal(const std::string& reference, const std::string& code) {
    return make(wire::Kind::kWithdrawal, "withdrawal",
                R"({"reference":")" + reference + R"(","status_code":")" + code + R"("})");
  }
  // As a restored disk or a broken program would.
  Sent make_at(std::uint64_t sequence, wire::Kind kind, const std::string& form,
               const std::string& answers, const Bytes& sealing_key) {
    wire::EnvelopeHeader header;
    header.device_id = identity.device_id;
    header.epoch = identity.epoch;
    header.sequence = Sequence{sequence};
    header.previous = previous_;
    header.id = make_uuid7(desk_.clock.wall(), desk_.random);
    header.kind = kind;
    header.reference = make_reference(identity.kiosk, header.sequence, desk_.random);
    header.form_id = form;
    header.form_version = form_version;
    header.wall_ms = kDeskStart;
    header.boot_id = "boot";
    wire::SubmissionBody body;
    body.answers = answers;
    body.language = "hi";
    body.status_code = kCode;
    body.status_secret = Bytes(16, 's');
    if (!purposes.empty()) {
      wire::ConsentRecord consent;
      consent.notice_id = form;
      consent.notice_version = notice_version;
      consent.language = "hi";
      consent.text_hash = Bytes(32, 'h');
      consent.given = purposes;
      consent.wall_ms = kDeskStart;
      body.consents.push_back(consent);
    }
    Sent sent;
    for (const Bytes& sealed : named_) {
      header.attachments.push_back(
          {crypto::sha256(sealed), static_cast<std::uint32_t>(sealed.size())});
      if (body.spoken.empty()) body.spoken.push_back({"message", 0, 4'000});
      sent.attachments.push_back(sealed);
    }
    for (const auto& [field, ogg] : named_.empty() ? spoken : Spoken{}) {
      Bytes sealed = crypto::seal(sealing_key, wire::pad_recording(ogg).value()).value();
      header.attachments.push_back(
          {crypto::sha256(sealed), static_cast<std::uint32_t>(sealed.size())});
      body.spoken.push_back({field, static_cast<std::uint8_t>(sent.attachments.size()), 4'000});
      sent.attachments.push_back(std::move(sealed));
    }
    sent.reference = header.reference;
    sent.envelope = wire::encode(crypto::seal_envelope(header, body, sealing_key, key).value());
    previous_ = crypto::envelope_hash(sent.envelope);
    return sent;
  }

  // The next submission names this one as the one before it.
  void follow(const Bytes& envelope) { previous_ = crypto::envelope_hash(envelope); }

  // Verdicts of a receipt whose signature was checked.
  std::vector<wire::Verdict> push(const std::vector<Bytes>& envelopes) {
    return push_as(caller(), envelopes);
  }

  std::vector<wire::Verdict> push_as(const Caller& who, const std::vector<Bytes>& envelopes) {
    const auto document = desk_.api.push(who, {wire::kProtocolVersion, envelopes}).value();
    must(crypto::verify_document(document, "receipt", desk_.keys.server.public_key()));
    const auto receipt = wire::decode<wire::BatchReceipt>(document.payload).value();
    if (receipt.device_id != identity.device_id) throw std::runtime_error("another's receipt");
    return receipt.verdicts;
  }

  // The server's word for a piece, signature checked.
  Result<wire::AttachmentReceipt> attach(const Bytes& sealed, std::uint64_t offset,
                                         BytesView piece) {
    const auto document = desk_.api.attach(caller(), to_hex(crypto::sha256(sealed)), offset, piece);
    if (!document.has_value()) return fail(document.error());
    must(crypto::verify_document(*document, "attachment", desk_.keys.server.public_key()));
    return wire::decode<wire::AttachmentReceipt>(document->payload);
  }
  // All of them at once.
  void attach_all(const Sent& sent) {
    for (const Bytes& sealed : sent.attachments) {
      if (attach(sealed, 0, sealed).value().code != wire::AttachmentCode::kStored) {
        throw std::runtime_error("attachment was not stored");
      }
    }
  }

  // Entries of the feed, signatures checked.
  std::vector<wire::FeedEntry> feed(FeedPosition after = {}) {
    std::vector<wire::FeedEntry> entries;
    const auto page = desk_.api.feed(caller(), after).value();
    for (const auto& document : page.entries) {
      must(crypto::verify_document(document, "feed", desk_.keys.server.public_key()));
      entries.push_back(wire::decode<wire::FeedEntry>(document.payload).value());
    }
    return entries;
  }

  using Spoken = std::vector<std::pair<std::string, Bytes>>;
  Spoken spoken{};                      // field and Ogg, of what comes next
  std::vector<std::string> purposes{};  // that whoever fills a form agrees to
  std::uint32_t notice_version = 1;     // of the notice that told of them
  std::uint32_t form_version = 1;       // of what comes next
  crypto::SigningKey key;
  wire::EnrolAnswer identity;

 private:
  Desk& desk_;
  std::uint64_t sequence_ = 0;
  Bytes previous_;
  std::vector<Bytes> named_;
};

}  // namespace odop::syncserver
