// What kiosk and server say to each other, as plain values. Nothing here is polymorphic or holds a
// pointer. Sizes and caps stand beside the fields; the codec enforces them before it allocates.
// Order is (device, epoch, sequence), never wall clock.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace odop::wire {

inline constexpr std::uint32_t kProtocolVersion = 1;
inline constexpr std::size_t kMaxEnvelopeBytes = 64 * 1024;  // header, ciphertext, signature
inline constexpr std::size_t kMaxBatchEnvelopes = 100;       // a push
inline constexpr std::size_t kMaxBatchBytes = 512 * 1024;    // a push
inline constexpr std::size_t kSmallestBodyBytes = 512;       // first padding bucket
inline constexpr std::size_t kMaxManifestBytes = 2 * 1024;
inline constexpr std::size_t kHashBytes = 32;       // SHA-256
inline constexpr std::size_t kSignatureBytes = 64;  // Ed25519

// Spoken answers (design: at most 30 s, Opus, at most 96 kB).
inline constexpr std::size_t kMaxAttachments = 4;  // of a submission
inline constexpr std::uint32_t kMaxSpokenMs = 30'000;
inline constexpr std::size_t kMaxRecordingBytes = 96 * 1024;  // Ogg Opus, before padding
inline constexpr std::size_t kRecordingStepBytes = 4 * 1024;  // padded to a multiple (body.h)
// Sealed: a recording with its length, padded, and 48 bytes that crypto_box_seal adds.
inline constexpr std::size_t kMaxAttachmentBytes = kMaxRecordingBytes + kRecordingStepBytes + 48;

// ---- Submissions -----------------------------------------------------------------------------

enum class Kind : std::uint8_t {
  kEnquiry = 1,
  kRegistration = 2,
  kApplication = 3,
  kQuestion = 4,
  kProblem = 5,
  kFeedback = 6,
  kWithdrawal = 7,
  kAttendance = 8,
  kCorrection = 9,  // of an earlier submission, which it names
};

struct SealedAttachment {
  Bytes hash;              // SHA-256 of the sealed bytes
  std::uint32_t size = 0;  // of the sealed bytes, 1 to kMaxAttachmentBytes
};

// The clear part of a submission; no personal data.
struct EnvelopeHeader {
  std::uint16_t format_version = 1;
  std::string device_id;  // UUID
  Epoch epoch;
  Sequence sequence;
  Bytes previous;  // SHA-256 of the previous encoded envelope of this epoch; empty for the first
  std::string id;  // UUIDv7
  Kind kind = Kind::kEnquiry;
  std::string reference;  // digits; see shared/core/reference_number.h
  std::string form_id;    // at most 64 characters
  std::uint32_t form_version = 0;
  std::int64_t wall_ms = 0;  // Unix time by the kiosk's clock, which may be wrong
  std::string boot_id;       // UUID of this start of the machine
  std::int64_t mono_ms = 0;  // since boot
  std::string sealing_key_id;
  std::uint32_t padded_size = 0;              // of the body before sealing
  std::vector<SealedAttachment> attachments;  // at most kMaxAttachments
};

// What travels and rests. The device key signs header and ciphertext; it is sealed once, so that
// every retry sends the same bytes.
struct Envelope {
  Bytes header;      // encoded EnvelopeHeader
  Bytes ciphertext;  // crypto_box_seal of the padded body
  Bytes signature;   // Ed25519 over domain separator, header, ciphertext
};

struct ConsentRecord {
  std::string notice_id;
  std::uint32_t notice_version = 0;
  std::string language;            // of the text that was shown: hi, en, ur
  Bytes text_hash;                 // SHA-256 of the text that was shown
  std::vector<std::string> given;  // purposes agreed to
  std::vector<std::string> refused;
  std::int64_t wall_ms = 0;
};

// An answer that was spoken: the attachment holds an Ogg Opus file, padded and sealed.
struct SpokenAnswer {
  std::string field;              // of the form, at most 64 characters
  std::uint8_t attachment = 0;    // index into the header's attachments
  std::uint32_t duration_ms = 0;  // 1 to kMaxSpokenMs
};

// The sealed part.
struct SubmissionBody {
  std::string answers;                  // JSON object: field -> value; at most 32 KiB
  std::vector<ConsentRecord> consents;  // at most 16
  ReleaseNumber release_seen;
  std::string language;     // of the visitor: hi, en, ur
  std::string status_code;  // 8 digits, as spoken
  Bytes status_secret;      // 16 bytes, as in the QR
  bool incomplete = false;  // left unfinished and sent all the same
  // At most kMaxAttachments, each field and each attachment once. A field may be in `answers` too.
  std::vector<SpokenAnswer> spoken;
};

// ---- Push ------------------------------------------------------------------------------------

enum class VerdictCode : std::uint8_t {
  kStored = 1,
  kDuplicate = 2,    // the very same bytes were there already
  kQuarantined = 3,  // kept and looked at by a person: fork, revoked device, unreadable
  kRetryAfter = 4,   // not stored; try again after `retry_after_s`
  kRejected = 5,     // never will be stored; `reason` says why
};

// Reason of what is stored, and some of its recordings are not here.
inline constexpr std::string_view kRecordingsAwaited = "recordings";

struct Verdict {
  Epoch epoch;
  Sequence sequence;
  Bytes envelope_hash;  // SHA-256 of the encoded envelope
  VerdictCode code = VerdictCode::kRetryAfter;
  std::string reason;  // short code: fork, revoked, signature, unknown_device, too_large ...
  std::uint32_t retry_after_s = 0;
};

struct PushRequest {
  std::uint32_t protocol = kProtocolVersion;
  std::vector<Bytes> envelopes;  // encoded Envelope, at most kMaxBatchEnvelopes
};

// The server's word for a batch; travels signed (SignedDocument), so that a stick can carry it.
struct BatchReceipt {
  std::string device_id;
  std::string database_generation;  // UUID; a restored server has a new one
  std::int64_t server_ms = 0;
  std::vector<Verdict> verdicts;
  Epoch covered_epoch;        // a verified backup covers all up to here;
  Sequence covered_sequence;  // only then may the kiosk delete
};

// ---- Attachments -----------------------------------------------------------------------------

enum class AttachmentCode : std::uint8_t {
  kPartial = 1,  // `held` bytes are here; go on from there
  kStored = 2,   // whole, of the right hash, on the server's disk; or no longer wanted (erased)
  kUnnamed = 3,  // no envelope that names it is here: push that first
};

// The server's word for one sealed attachment, for each piece of it; travels signed
// (SignedDocument, purpose "attachment").
struct AttachmentReceipt {
  std::string device_id;
  std::string database_generation;  // UUID; a restored server has a new one
  std::int64_t server_ms = 0;
  Bytes hash;  // of the sealed bytes
  AttachmentCode code = AttachmentCode::kPartial;
  std::uint32_t held = 0;  // bytes from the beginning that are here
};

// ---- Signed documents ------------------------------------------------------------------------

// Exact bytes with a signature over "odop:" purpose "\0" payload.
struct SignedDocument {
  std::string purpose;  // certificate, root, pointer, manifest, receipt, attachment, feed, audit
  std::string key_id;   // first 16 hex digits of SHA-256 of the public key
  Bytes payload;
  Bytes signature;
};

inline constexpr std::size_t kMaxRootKeys = 8;

// Which root keys speak, and how many of them must say the same: one signature each, over the very
// same payload, each in a document of its own. The next set is a document of purpose "root" that
// so many of this set signed, and so many of the next as that one asks for.
struct RootSet {
  std::uint64_t version = 1;
  std::uint32_t threshold = 1;
  std::vector<Bytes> keys;  // Ed25519, each once, at most kMaxRootKeys

  friend bool operator==(const RootSet&, const RootSet&) = default;
};
// Written as its key alone, as it was before there could be several.
[[nodiscard]] inline bool is_lone_root(const RootSet& set) {
  return set.version == 1 && set.threshold == 1 && set.keys.size() == 1;
}

// The roots vouch for another key, or say that they do so no more.
struct Certificate {
  std::string role;  // publisher, server; revoked: whatever this key signed is believed no longer
  Bytes public_key;  // Ed25519, 32 bytes
  std::int64_t not_before_ms = 0;
  std::int64_t not_after_ms = 0;
};

// What to show. Kiosks refuse a serial lower than the one they hold.
struct Pointer {
  std::uint64_t serial = 0;
  std::string ring;  // all, pilot ...
  ReleaseNumber release;
  Bytes manifest_hash;  // SHA-256 of the manifest's payload
  std::uint32_t percentage = 100;
  std::int64_t issued_ms = 0;
  std::int64_t expires_ms = 0;
  std::vector<std::string> taken_down;  // "type/id", hidden at once
};

struct PackOffer {
  ReleaseNumber from;  // 0 = complete
  std::uint64_t size = 0;
  Bytes index_hash;  // SHA-256 of the encoded index
  std::uint64_t index_size = 0;
};

// One release, unchangeable.
struct Manifest {
  ReleaseNumber release;
  ReleaseNumber previous;
  std::int64_t created_ms = 0;
  std::uint32_t minimum_app = 1;  // the lowest odop::kProgramNumber that can show it
  Bytes content_digest;           // SHA-256 over sorted (kind, id, hash) of all records and media
  std::uint64_t records = 0;
  std::uint64_t media = 0;
  std::vector<PackOffer> packs;  // at most 9
};

// ---- Packs -----------------------------------------------------------------------------------

enum class ItemKind : std::uint8_t {
  kRecord = 1,     // inside the zstd frame
  kRemoved = 2,    // record that is no more; no bytes
  kThumbnail = 3,  // media follow the frame, in index order
  kPicture = 4,
  kAudio = 5,
};

struct PackItem {
  std::string id;  // "type/id" of a record; hex SHA-256 of a medium
  ItemKind kind = ItemKind::kRecord;
  std::uint64_t size = 0;
  Bytes hash;  // SHA-256 of a medium's bytes; empty for records, whom frame_hash covers
};

// File layout: u32le length of what follows, the encoded index as a zstd frame, zstd frame of the
// records one after the other (in index order), media as they are.
struct PackIndex {
  ReleaseNumber from;
  ReleaseNumber to;
  std::uint64_t frame_size = 0;        // compressed
  std::uint64_t frame_plain_size = 0;  // at most 256 MiB
  Bytes frame_hash;                    // SHA-256 of the frame as it is sent
  std::vector<PackItem> items;         // at most 200,000
};

// A catalogue record: JSON object of its fields in all languages, NFC, keys sorted.
struct Record {
  std::string type;  // district, product, family ...
  std::string id;    // slug
  std::string json;
};

// ---- Control messages (JSON) -----------------------------------------------------------------

struct Hello {
  std::uint32_t protocol_min = 1;
  std::uint32_t protocol_max = 1;
  std::int64_t server_ms = 0;
  std::string database_generation;
  std::string sealing_key_id;
  std::string signing_key_id;
  std::uint64_t max_batch_envelopes = kMaxBatchEnvelopes;
  std::uint64_t max_batch_bytes = kMaxBatchBytes;
};

struct EnrolRequest {
  std::string code;         // one-time, from `kiosk add`
  Bytes device_public_key;  // Ed25519
  std::string boot_id;
};

struct EnrolAnswer {
  std::string device_id;
  KioskNumber kiosk;
  Epoch epoch;
  std::string token;     // bearer
  std::string name;      // of the kiosk
  std::string venue;     // venue id
  std::string district;  // district id of the venue
  std::string ring;
  Bytes sealing_public_key;  // X25519
  std::string sealing_key_id;
  RootSet roots;
  SignedDocument server_certificate;
  SignedDocument publisher_certificate;
  // What else the roots signed: further signatures of these two, other keys, revocations.
  std::vector<SignedDocument> certificates{};
};

struct Heartbeat {
  ReleaseNumber release_shown;
  std::uint64_t pointer_serial = 0;
  FeedPosition feed;        // last entry applied
  std::uint64_t queue = 0;  // submissions without verdict
  Sequence last_sequence;   // highest ever given out in this epoch
  Epoch epoch;
  std::int64_t oldest_unsent_ms = 0;  // wall clock; 0 = none
  std::uint64_t free_bytes = 0;
  std::int64_t wall_ms = 0;
  std::string app_version;
  // What follows is left out of the JSON when it is 0 or empty.
  std::uint64_t audit_number{};       // highest head of the server's audit log that came here
  Bytes audit_hash{};                 // of that head
  std::uint32_t certificates_mark{};  // crypto::mark_of the last list that came; 0 = none
  std::uint32_t app_number{};         // odop::kProgramNumber of the kiosk; 0 = the first
  // Of a kiosk that enrolled anew (its disk was copied): which device it was, and that one's
  // signature over which it is now (shared/crypto/succession.h).
  std::string former_device{};
  Bytes former_signature{};
};

// The newest entry of the server's audit log. Signed by the server, purpose "audit"; kiosks hold
// the highest that they saw and name it, so that a log which was cut shorter shows.
struct AuditHead {
  std::uint64_t number = 0;
  Bytes hash;  // of the entry, 32 bytes
};

// Documents of the roots that a kiosk holds beside the two of its enrolment: a set of two of three
// takes eight of them for a change of all its keys.
inline constexpr std::size_t kMaxLaterCertificates = 64;
inline constexpr std::size_t kMaxOfferedCertificates = kMaxLaterCertificates + 2;

// Under 600 bytes when nothing changed: pointer and manifest only when they differ from what the
// heartbeat named.
struct HeartbeatAnswer {
  std::int64_t server_ms = 0;
  std::string database_generation;
  FeedPosition feed_head;  // highest entry for this device
  std::optional<SignedDocument> pointer;
  std::optional<SignedDocument> manifest;
  // When the heartbeat named another, and no pointer goes along.
  std::optional<SignedDocument> audit_head{};
  // All that the roots signed, when that is more than two documents and the heartbeat named another
  // list: sets of roots, certificates, and revocations.
  std::vector<SignedDocument> certificates{};
};

enum class FeedKind : std::uint8_t {
  kAnswer = 1,         // payload: SealedAnswer
  kReceipt = 2,        // payload: SignedDocument of a BatchReceipt (late verdicts)
  kWithdrawal = 3,     // payload: reference; wipe every copy
  kConfiguration = 4,  // payload: a JSON object; a kiosk passes over what it does not know
};

// Key of a configuration: the id of a device whose disk was copied or put back, which must be
// enrolled anew. The value says whom it means, so that the entry says nothing to any other.
inline constexpr const char* kEnrolAnew = "enrol_anew";

struct FeedEntry {
  FeedPosition position;
  FeedKind kind = FeedKind::kAnswer;
  Bytes payload;
};

// Readable by whoever has reference and status code, nobody else (Argon2id, XChaCha20-Poly1305).
struct SealedAnswer {
  std::string reference;
  std::uint32_t revision = 0;  // the higher replaces the lower
  Bytes salt;                  // 16 bytes
  Bytes ciphertext;            // nonce and box of a padded Answer as JSON
};

// A state that a case came to.
struct CaseStep {
  std::string state;  // at most 32 bytes; the catalogue's record case_state/PATH.STATE describes it
  std::int64_t at_ms = 0;
  std::string district;  // whose case, at most 64 bytes; empty = the state's cell
};

inline constexpr std::size_t kMaxCaseSteps = 24;

struct Answer {
  std::string state;  // received, assigned, contacted, quoted, answered, closed ...
  std::int64_t at_ms = 0;
  std::string district;  // who speaks; empty = all
  std::string text;      // at most 2,000 characters
  // What follows is empty from a server that knew no paths, and is left out of the JSON then.
  // A timeline draws the records case_state of this path in their order, and marks those that
  // `steps` names.
  std::string path{};              // id of a form or of a kind, at most 64 bytes
  std::string portal_reference{};  // of the scheme's portal, at most 40 visible characters
  std::vector<CaseStep> steps{};   // oldest first, the newest kMaxCaseSteps; of all districts
};

inline constexpr std::size_t kMaxFeedPageEntries = 200;

struct FeedPage {
  std::vector<SignedDocument> entries;  // payload: encoded FeedEntry; at most kMaxFeedPageEntries
  FeedPosition next;
  bool more = false;
};

}  // namespace odop::wire
