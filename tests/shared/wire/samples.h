// One of each message, with every field set, so that a forgotten field shows in the golden bytes.
// Changing a sample changes the golden data: add new ones instead.
#pragma once

#include "shared/core/bytes.h"
#include "shared/wire/bundle.h"
#include "shared/wire/messages.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"

#include <string>

namespace odop::wire::samples {

inline const std::string kDevice = "0192f0c8-1a2b-7c3d-8e4f-001122334455";
inline const std::string kGeneration = "0192f0c8-9999-7aaa-8bbb-ccddeeff0011";
inline constexpr std::int64_t kNow = 1'790'000'000'000;

// 32 bytes that look like a hash: seed, seed + 1 ...
inline Bytes hash(unsigned seed, std::size_t size = kHashBytes) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(seed + i));
  return bytes;
}

inline EnvelopeHeader envelope_header() {
  EnvelopeHeader m;
  m.device_id = kDevice;
  m.epoch = {2};
  m.sequence = {42};
  m.previous = hash(1);
  m.id = "0192f0c8-0000-7111-8222-333344445555";
  m.kind = Kind::kApplication;
  m.reference = "0170042836";
  m.form_id = "enquiry";
  m.form_version = 3;
  m.wall_ms = kNow;
  m.boot_id = "b00700b0-0000-4000-8000-000000000001";
  m.mono_ms = 123'456;
  m.sealing_key_id = "0123456789abcdef";
  m.padded_size = 1024;
  m.attachments = {{hash(9), 77'777}};
  return m;
}

inline Envelope envelope() { return {"header bytes", hash(3, 560), hash(7, kSignatureBytes)}; }

inline SubmissionBody submission_body() {
  SubmissionBody m;
  m.answers = R"({"name":"इत्र वाला","mobile":"+919876543210","note":"عطر"})";
  ConsentRecord consent;
  consent.notice_id = "enquiry-notice";
  consent.notice_version = 2;
  consent.language = "hi";
  consent.text_hash = hash(11);
  consent.given = {"contact"};
  consent.refused = {"newsletter", "survey"};
  consent.wall_ms = kNow - 5;
  m.consents = {consent};
  m.release_seen = {17};
  m.language = "ur";
  m.status_code = "04718293";
  m.status_secret = hash(90, 16);
  m.incomplete = true;
  m.spoken = {{"note", 0, 12'340}};
  return m;
}

inline PushRequest push_request() {
  PushRequest m;
  m.envelopes = {"first", "", "third"};
  return m;
}

inline BatchReceipt batch_receipt() {
  BatchReceipt m;
  m.device_id = kDevice;
  m.database_generation = kGeneration;
  m.server_ms = kNow;
  m.verdicts = {{{2}, {41}, hash(5), VerdictCode::kStored, "", 0},
                {{2}, {42}, hash(6), VerdictCode::kRetryAfter, "busy", 30}};
  m.covered_epoch = {1};
  m.covered_sequence = {40};
  return m;
}

inline AttachmentReceipt attachment_receipt() {
  return {kDevice, kGeneration, kNow, hash(8), AttachmentCode::kUnnamed, 4'096};
}

inline PackIndex pack_index() {
  PackIndex m;
  m.from = {6};
  m.to = {7};
  m.frame_size = 300;
  m.frame_plain_size = 1000;
  m.frame_hash = hash(1);
  m.items = {{"product/kannauj-attar", ItemKind::kRecord, 1000, {}},
             {"event/old", ItemKind::kRemoved, 0, {}},
             {to_hex(hash(2)), ItemKind::kThumbnail, 4000, hash(2)},
             {to_hex(hash(3)), ItemKind::kPicture, 60'000, hash(3)}};
  return m;
}

inline FeedEntry feed_entry() { return {{12}, FeedKind::kWithdrawal, "0170042836"}; }

inline SealedAnswer sealed_answer() { return {"0170042836", 2, hash(40, 16), hash(41, 568)}; }

inline SignedDocument signed_document() {
  return {"pointer", "0123456789abcdef", "{\"any\":\"bytes\"}", hash(50, kSignatureBytes)};
}

inline Certificate certificate() { return {"publisher", hash(60), kNow, kNow + 1'000'000}; }

inline Pointer pointer() {
  Pointer m;
  m.serial = 9;
  m.ring = "pilot";
  m.release = {7};
  m.manifest_hash = hash(70);
  m.percentage = 25;
  m.issued_ms = kNow;
  m.expires_ms = kNow + 86'400'000;
  m.taken_down = {"product/withdrawn"};
  return m;
}

inline Manifest manifest() {
  Manifest m;
  m.release = {7};
  m.previous = {6};
  m.created_ms = kNow;
  m.minimum_app = 2;
  m.content_digest = hash(80);
  m.records = 300;
  m.media = 250;
  m.packs = {{{0}, 9'000'000, hash(81), 60'000}, {{6}, 12'000, hash(82), 700}};
  return m;
}

inline Hello hello() {
  Hello m;
  m.protocol_max = 2;
  m.server_ms = kNow;
  m.database_generation = kGeneration;
  m.sealing_key_id = "0123456789abcdef";
  m.signing_key_id = "fedcba9876543210";
  return m;
}

inline EnrolRequest enrol_request() { return {"ABCD-EFGH-2345", hash(100), "boot-1"}; }

inline Readmission readmission() {
  return {kDevice, hash(100), {17}, {1}, "Gate 2", "awadh-shilp-gram", "lucknow", "all"};
}

inline Reconciliation reconciliation() {
  return {{{kDevice, {1}, {4}, hash(120)}, {kDevice, {2}, {1}, hash(121)}}};
}

inline RootSet root_set() { return {3, 2, {hash(112), hash(113), hash(114)}}; }

inline EnrolAnswer enrol_answer() {
  EnrolAnswer m;
  m.device_id = kDevice;
  m.kiosk = {17};
  m.epoch = {1};
  m.token = "secret-token";
  m.name = "हॉल 3";
  m.venue = "expo-mart";
  m.district = "gautam-buddha-nagar";
  m.ring = "all";
  m.sealing_public_key = hash(110);
  m.sealing_key_id = "0123456789abcdef";
  m.roots = {1, 1, {hash(111)}};
  m.server_certificate = signed_document();
  m.publisher_certificate = signed_document();
  return m;
}

inline Heartbeat heartbeat() {
  Heartbeat m;
  m.release_shown = {7};
  m.pointer_serial = 9;
  m.feed = {12};
  m.queue = 3;
  m.last_sequence = {42};
  m.epoch = {2};
  m.oldest_unsent_ms = kNow - 1;
  m.free_bytes = 5'000'000'000;
  m.wall_ms = kNow;
  m.app_version = "0.1.0";
  return m;
}

inline HeartbeatAnswer heartbeat_answer() {
  HeartbeatAnswer m;
  m.server_ms = kNow;
  m.database_generation = kGeneration;
  m.feed_head = {13};
  m.pointer = signed_document();
  m.manifest = signed_document();
  return m;
}

inline Answer answer() { return {"quoted", kNow, "kannauj", "₹ 1,200 प्रति किलो"}; }

inline FeedPage feed_page() { return {{signed_document()}, {12}, true}; }

// Calls `visit(name, message)` for each message that travels as cereal, or as JSON.
inline BundleIndex bundle_index() {
  BundleIndex m;
  m.device_id = kDevice;
  m.kiosk = {17};
  m.database_generation = kGeneration;
  m.made_ms = kNow;
  m.feed_head = {901};
  m.items = {{BundleItemKind::kReceipt, "", 4'711, hash(21)},
             {BundleItemKind::kFeedPage, "700", 90'000, hash(22)},
             {BundleItemKind::kPack, "18/17", 5'000'000'000, hash(23)}};
  return m;
}

inline CarriedEnrolRequest carried_enrol_request() {
  return {hash(31), "\u0939\u0949\u0932 2, east door", hash(32)};
}

inline CarriedEnrolAnswer carried_enrol_answer() { return {hash(33), hash(34, 700), hash(35)}; }

template <typename Visitor>
void each_binary(Visitor&& visit) {
  visit("envelope_header", envelope_header());
  visit("envelope", envelope());
  visit("submission_body", submission_body());
  visit("push_request", push_request());
  visit("batch_receipt", batch_receipt());
  visit("attachment_receipt", attachment_receipt());
  visit("pack_index", pack_index());
  visit("feed_entry", feed_entry());
  visit("sealed_answer", sealed_answer());
  visit("bundle_index", bundle_index());
  visit("carried_enrol_request", carried_enrol_request());
  visit("carried_enrol_answer", carried_enrol_answer());
}

template <typename Visitor>
void each_json(Visitor&& visit) {
  visit("signed_document", signed_document());
  visit("certificate", certificate());
  visit("pointer", pointer());
  visit("manifest", manifest());
  visit("hello", hello());
  visit("enrol_request", enrol_request());
  visit("readmission", readmission());
  visit("reconciliation", reconciliation());
  visit("root_set", root_set());
  visit("enrol_answer", enrol_answer());
  visit("heartbeat", heartbeat());
  visit("heartbeat_answer", heartbeat_answer());
  visit("answer", answer());
  visit("feed_page", feed_page());
}

}  // namespace odop::wire::samples
