#include "shared/wire/check.h"

#include "shared/wire/pack.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace odop::wire {
namespace {

constexpr std::int64_t kLastMs = 253'402'300'799'999;  // end of the year 9999
constexpr std::size_t kMaxAnswerCharacters = 2'000;
constexpr std::size_t kMaxPortalReferenceCharacters = 40;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Codes and names that programs give: visible ASCII.
bool is_code(std::string_view text, std::size_t longest) {
  return text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

bool is_name(std::string_view text, std::size_t longest) {
  return !text.empty() && is_code(text, longest);
}

bool is_hash(BytesView bytes) { return bytes.size() == kHashBytes; }

bool is_time(std::int64_t ms) { return ms >= 0 && ms <= kLastMs; }

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_reference(std::string_view text) {
  return !text.empty() && text.size() <= 20 && all_digits(text);
}

bool is_language(std::string_view text) { return text == "hi" || text == "en" || text == "ur"; }

bool is_record_id(std::string_view text) {
  std::string type;
  std::string name;
  return text.size() <= 200 && is_utf8(text) && split_record_id(text, type, name);
}

template <typename Range, typename Test>
bool all(const Range& range, Test test) {
  return std::all_of(range.begin(), range.end(), test);
}

template <typename E>
bool in_enum(E value, E first, E last) {
  return value >= first && value <= last;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

Status verdict(bool good, const char* what) {
  if (!good) return fail(ErrorCode::kMalformed, std::string{what} + " holds an impossible value");
  return {};
}

bool good_consent(const ConsentRecord& consent) {
  const auto purpose = [](const std::string& text) { return is_name(text, 64); };
  return is_name(consent.notice_id, 64) && is_language(consent.language) &&
         is_hash(consent.text_hash) && consent.given.size() <= 16 && consent.refused.size() <= 16 &&
         all(consent.given, purpose) && all(consent.refused, purpose) && is_time(consent.wall_ms);
}

bool good_verdict(const Verdict& verdict) {
  return is_hash(verdict.envelope_hash) && is_code(verdict.reason, 64) &&
         in_enum(verdict.code, VerdictCode::kStored, VerdictCode::kRejected);
}

bool good_spoken(const SpokenAnswer& spoken) {
  return is_name(spoken.field, 64) && spoken.attachment < kMaxAttachments &&
         spoken.duration_ms > 0 && spoken.duration_ms <= kMaxSpokenMs;
}

bool good_former(const std::string& device, const Bytes& signature) {
  if (device.empty()) return signature.empty();
  return is_uuid(device) && signature.size() == kSignatureBytes;
}

// No two elements with the same value of `key`.
template <typename Range, typename Key>
bool each_once(const Range& range, Key key) {
  for (auto one = range.begin(); one != range.end(); ++one) {
    const auto same = [&](const auto& other) { return other.*key == (*one).*key; };
    if (std::any_of(range.begin(), one, same)) return false;
  }
  return true;
}

bool good_item(const PackItem& item) {
  switch (item.kind) {
    case ItemKind::kRecord:
      return is_record_id(item.id) && item.hash.empty() && item.size <= kMaxRecordBytes;
    case ItemKind::kRemoved:
      return is_record_id(item.id) && item.hash.empty() && item.size == 0;
    case ItemKind::kThumbnail:
    case ItemKind::kPicture:
    case ItemKind::kAudio:
      return is_hex(item.id, 2 * kHashBytes) && to_hex(item.hash) == item.id &&
             item.size <= kMaxMediumBytes;
  }
  return false;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned lead = byte(i);
    std::size_t length = 1;
    std::uint32_t point = lead;
    if (lead >= 0x80) {
      length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
      if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length) return false;
      point = lead & (0x7FU >> length);
      for (std::size_t k = 1; k < length; ++k) {
        if ((byte(i + k) & 0xC0U) != 0x80U) return false;
        point = point << 6U | (byte(i + k) & 0x3FU);
      }
      if (length == 3 && (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))) return false;
      if (length == 4 && (point < 0x10000 || point > 0x10FFFF)) return false;
    }
    i += length;
  }
  return true;
}

Status check(const EnvelopeHeader& m) {
  if (m.format_version > 1) return fail(ErrorCode::kUnsupported, "envelope header is newer");
  const auto attachment = [](const SealedAttachment& a) {
    return is_hash(a.hash) && a.size > 0 && a.size <= kMaxAttachmentBytes;
  };
  return verdict(m.format_version == 1 && is_uuid(m.device_id) && m.epoch.value > 0 &&
                     m.sequence.value > 0 && (m.previous.empty() || is_hash(m.previous)) &&
                     is_uuid(m.id) && in_enum(m.kind, Kind::kEnquiry, Kind::kCorrection) &&
                     is_reference(m.reference) && is_name(m.form_id, 64) && is_time(m.wall_ms) &&
                     is_code(m.boot_id, 64) && m.mono_ms >= 0 && is_hex(m.sealing_key_id, 16) &&
                     m.padded_size <= kMaxEnvelopeBytes &&
                     m.attachments.size() <= kMaxAttachments && all(m.attachments, attachment) &&
                     each_once(m.attachments, &SealedAttachment::hash),
                 "envelope header");
}

Status check(const Envelope& m) {
  return verdict(
      !m.header.empty() && !m.ciphertext.empty() && m.signature.size() == kSignatureBytes,
      "envelope");
}

Status check(const SubmissionBody& m) {
  return verdict(is_utf8(m.answers) && m.consents.size() <= 16 && all(m.consents, good_consent) &&
                     is_language(m.language) && m.status_code.size() == 8 &&
                     all_digits(m.status_code) && m.status_secret.size() == 16 &&
                     m.spoken.size() <= kMaxAttachments && all(m.spoken, good_spoken) &&
                     each_once(m.spoken, &SpokenAnswer::field) &&
                     each_once(m.spoken, &SpokenAnswer::attachment),
                 "submission body");
}

Status check(const PushRequest& m) {
  if (m.protocol > kProtocolVersion) return fail(ErrorCode::kUnsupported, "push is newer");
  return verdict(m.protocol >= 1 && m.envelopes.size() <= kMaxBatchEnvelopes, "push");
}

Status check(const BatchReceipt& m) {
  return verdict(is_uuid(m.device_id) && is_uuid(m.database_generation) && is_time(m.server_ms) &&
                     m.verdicts.size() <= kMaxBatchEnvelopes && all(m.verdicts, good_verdict),
                 "batch receipt");
}

Status check(const AttachmentReceipt& m) {
  return verdict(is_uuid(m.device_id) && is_uuid(m.database_generation) && is_time(m.server_ms) &&
                     is_hash(m.hash) && m.held <= kMaxAttachmentBytes &&
                     in_enum(m.code, AttachmentCode::kPartial, AttachmentCode::kUnnamed),
                 "attachment receipt");
}

Status check(const PackIndex& m) {
  const bool ordered =
      std::is_sorted(m.items.begin(), m.items.end(),
                     [](const PackItem& a, const PackItem& b) { return a.kind < b.kind; });
  std::uint64_t plain = 0;  // cannot overflow: 200,000 items of at most 64 MiB
  for (const PackItem& item : m.items) {
    if (item.kind == ItemKind::kRecord && item.size <= kMaxRecordBytes) plain += item.size;
  }
  return verdict(m.to.value > m.from.value && m.frame_plain_size <= kMaxFramePlainBytes &&
                     m.frame_size <= kMaxFramePlainBytes && is_hash(m.frame_hash) &&
                     m.items.size() <= kMaxPackItems && ordered && all(m.items, good_item) &&
                     plain == m.frame_plain_size,
                 "pack index");
}

Status check(const FeedEntry& m) {
  return verdict(
      m.position.value > 0 && in_enum(m.kind, FeedKind::kAnswer, FeedKind::kConfiguration),
      "feed entry");
}

Status check(const SealedAnswer& m) {
  return verdict(
      is_reference(m.reference) && m.revision > 0 && m.salt.size() == 16 && !m.ciphertext.empty(),
      "sealed answer");
}

Status check(const SignedDocument& m) {
  return verdict(is_name(m.purpose, 32) && is_hex(m.key_id, 16) && !m.payload.empty() &&
                     m.signature.size() == kSignatureBytes,
                 "signed document");
}

Status check(const Certificate& m) {
  return verdict(is_name(m.role, 32) && m.public_key.size() == 32 && is_time(m.not_before_ms) &&
                     is_time(m.not_after_ms) && m.not_before_ms <= m.not_after_ms,
                 "certificate");
}

namespace {

bool is_document(const SignedDocument& document) { return check(document).has_value(); }

}  // namespace

Status check(const RootSet& m) {
  std::vector<Bytes> keys = m.keys;
  std::ranges::sort(keys);
  return verdict(m.version > 0 && m.threshold > 0 && m.threshold <= keys.size() &&
                     keys.size() <= kMaxRootKeys &&
                     all(keys, [](const Bytes& key) { return key.size() == 32; }) &&
                     std::ranges::adjacent_find(keys) == keys.end(),
                 "set of roots");
}

Status check(const Pointer& m) {
  return verdict(m.serial > 0 && is_name(m.ring, 64) && m.release.value > 0 &&
                     is_hash(m.manifest_hash) && m.percentage <= 100 && is_time(m.issued_ms) &&
                     is_time(m.expires_ms) && m.issued_ms <= m.expires_ms &&
                     all(m.taken_down, is_record_id),
                 "pointer");
}

Status check(const Manifest& m) {
  const auto offer = [&](const PackOffer& o) {
    return o.from < m.release && is_hash(o.index_hash) && o.index_size <= kMaxPackIndexBytes &&
           o.size > o.index_size;
  };
  return verdict(m.release.value > 0 && m.previous < m.release && is_time(m.created_ms) &&
                     m.minimum_app > 0 && is_hash(m.content_digest) && m.records <= kMaxPackItems &&
                     m.media <= kMaxPackItems && m.packs.size() <= 9 && all(m.packs, offer),
                 "manifest");
}

Status check(const Hello& m) {
  return verdict(m.protocol_min >= 1 && m.protocol_min <= m.protocol_max && is_time(m.server_ms) &&
                     is_uuid(m.database_generation) && is_hex(m.sealing_key_id, 16) &&
                     is_hex(m.signing_key_id, 16) && m.max_batch_envelopes > 0 &&
                     m.max_batch_bytes > 0,
                 "hello");
}

Status check(const EnrolRequest& m) {
  return verdict(is_name(m.code, 128) && m.device_public_key.size() == 32 && is_code(m.boot_id, 64),
                 "enrolment request");
}

Status check(const Readmission& m) {
  return verdict(is_uuid(m.device_id) && m.device_public_key.size() == 32 && m.kiosk.value > 0 &&
                     m.epoch.value > 0 && is_utf8(m.name) && is_utf8(m.venue) &&
                     is_utf8(m.district) && is_name(m.ring, 64) &&
                     (m.proof.empty() || is_hash(m.proof)) &&
                     good_former(m.former_device, m.former_signature),
                 "readmission");
}

Status check(const Reconciliation& m) {
  return verdict(!m.given_up.empty() && m.given_up.size() <= kMaxBatchEnvelopes &&
                     all(m.given_up,
                         [](const GivenUp& one) {
                           return is_uuid(one.device_id) && one.epoch.value > 0 &&
                                  one.sequence.value > 0 && is_hash(one.envelope_hash);
                         }),
                 "reconciliation");
}

Status check(const EnrolAnswer& m) {
  return verdict(
      is_uuid(m.device_id) && m.kiosk.value > 0 && m.epoch.value > 0 && is_name(m.token, 256) &&
          is_utf8(m.name) && is_utf8(m.venue) && is_utf8(m.district) && is_name(m.ring, 64) &&
          m.sealing_public_key.size() == 32 && is_hex(m.sealing_key_id, 16) &&
          check(m.roots).has_value() && check(m.server_certificate).has_value() &&
          check(m.publisher_certificate).has_value() &&
          m.certificates.size() <= kMaxLaterCertificates && all(m.certificates, is_document),
      "enrolment answer");
}

Status check(const Heartbeat& m) {
  return verdict(is_time(m.oldest_unsent_ms) && is_time(m.wall_ms) && is_code(m.app_version, 64) &&
                     (m.audit_hash.empty() || m.audit_hash.size() == kHashBytes) &&
                     good_former(m.former_device, m.former_signature),
                 "heartbeat");
}

Status check(const AuditHead& m) {
  return verdict(m.number > 0 && m.hash.size() == kHashBytes, "head of the audit log");
}

Status check(const HeartbeatAnswer& m) {
  return verdict(is_time(m.server_ms) && is_uuid(m.database_generation) &&
                     (!m.pointer || check(*m.pointer).has_value()) &&
                     (!m.manifest || check(*m.manifest).has_value()) &&
                     (!m.audit_head || check(*m.audit_head).has_value()) &&
                     m.certificates.size() <= kMaxOfferedCertificates &&
                     all(m.certificates, is_document),
                 "heartbeat answer");
}

Status check(const Answer& m) {
  const auto step = [](const CaseStep& s) {
    return is_name(s.state, 32) && is_time(s.at_ms) && is_code(s.district, 64);
  };
  return verdict(is_name(m.state, 64) && is_time(m.at_ms) && is_utf8(m.district) &&
                     is_utf8(m.text) && characters(m.text) <= kMaxAnswerCharacters &&
                     is_code(m.path, 64) && is_utf8(m.portal_reference) &&
                     characters(m.portal_reference) <= kMaxPortalReferenceCharacters &&
                     m.steps.size() <= kMaxCaseSteps && all(m.steps, step),
                 "answer");
}

Status check(const FeedPage& m) {
  return verdict(m.entries.size() <= kMaxFeedPageEntries &&
                     all(m.entries, [](const SignedDocument& d) { return check(d).has_value(); }),
                 "feed page");
}

}  // namespace odop::wire
