#include "shared/crypto/trust.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <utility>

namespace odop::crypto {
namespace {

constexpr std::string_view kCertificatePurpose = "certificate";
constexpr std::string_view kPointerPurpose = "pointer";
constexpr std::string_view kManifestPurpose = "manifest";
constexpr std::string_view kReceiptPurpose = "receipt";
constexpr std::string_view kAttachmentPurpose = "attachment";
constexpr std::string_view kFeedPurpose = "feed";
constexpr std::string_view kAuditPurpose = "audit";

// Signer known for the role and signature over exactly these bytes; only then is anything decoded.
Result<CheckedCertificate> check_signed(const wire::SignedDocument& document,
                                        std::string_view purpose, std::string_view role,
                                        const Trust& trust, WallTime now) {
  auto signer = find_signer(document.key_id, role, trust, now);
  if (!signer) return signer;
  const Status verified = verify_document(document, purpose, signer->certificate.public_key);
  if (!verified) return fail(verified.error());
  return signer;
}

bool same_bytes(const wire::SignedDocument& a, const wire::SignedDocument& b) {
  return a.payload == b.payload && a.signature == b.signature && a.key_id == b.key_id &&
         a.purpose == b.purpose;
}

// What the root signed, of any role. A signature that fits stays one that fits.
Result<wire::Certificate> vouched_for(const wire::SignedDocument& document, const Trust& trust) {
  constexpr std::size_t kMost = wire::kMaxLaterCertificates + 8;  // an engine holds two more
  const auto known = std::ranges::find_if(trust.vouched, [&](const VouchedFor& one) {
    return one.root_public_key == trust.root_public_key && same_bytes(one.document, document);
  });
  if (known != trust.vouched.end()) return known->certificate;
  const Status verified = verify_document(document, kCertificatePurpose, trust.root_public_key);
  if (!verified) return fail(verified.error());
  auto certificate = wire::from_json<wire::Certificate>(document.payload);
  if (!certificate) return certificate;
  if (trust.vouched.size() >= kMost) trust.vouched.erase(trust.vouched.begin());
  trust.vouched.push_back({trust.root_public_key, document, *certificate});
  return certificate;
}

bool dated_within(std::int64_t ms, const wire::Certificate& certificate) {
  return ms >= certificate.not_before_ms && ms <= certificate.not_after_ms;
}

}  // namespace

std::int64_t judged_time_ms(const Trust& trust, WallTime now) {
  return std::max<std::int64_t>(now.time_since_epoch().count(), trust.time_floor_ms);
}

Result<CheckedCertificate> check_certificate(const wire::SignedDocument& document,
                                             std::string_view role, const Trust& trust,
                                             WallTime now) {
  auto certificate = vouched_for(document, trust);
  if (!certificate) return fail(std::move(certificate.error()));
  if (certificate->role != role) {
    return fail(ErrorCode::kBadSignature, "key is certified for another role");
  }
  CheckedCertificate checked;
  checked.expired = judged_time_ms(trust, now) > certificate->not_after_ms;
  checked.certificate = std::move(*certificate);
  return checked;
}

Result<CheckedCertificate> find_signer(std::string_view key_id_wanted, std::string_view role,
                                       const Trust& trust, WallTime now) {
  // A key may have been certified again, for longer: the one that is valid longest counts.
  Result<CheckedCertificate> best = fail(ErrorCode::kBadSignature, "signer is not certified");
  for (const wire::SignedDocument& document : trust.certificates) {
    const auto revoked = check_certificate(document, kRevokedRole, trust, now);
    if (revoked && key_id(revoked->certificate.public_key) == key_id_wanted) {
      return fail(ErrorCode::kBadSignature, "signer is revoked");
    }
    auto checked = check_certificate(document, role, trust, now);
    if (!checked || key_id(checked->certificate.public_key) != key_id_wanted) continue;
    if (!best || best->certificate.not_after_ms < checked->certificate.not_after_ms) {
      best = std::move(checked);
    }
  }
  return best;
}

Result<CheckedPointer> check_pointer(const wire::SignedDocument& document, const Trust& trust,
                                     WallTime now) {
  const auto signer = check_signed(document, kPointerPurpose, kPublisherRole, trust, now);
  if (!signer) return fail(signer.error());
  auto pointer = wire::from_json<wire::Pointer>(document.payload);
  if (!pointer) return fail(std::move(pointer.error()));
  if (!dated_within(pointer->issued_ms, signer->certificate)) {
    return fail(ErrorCode::kBadSignature, "pointer is dated outside its certificate");
  }
  if (pointer->ring != trust.ring && pointer->ring != "all") {
    return fail(ErrorCode::kBadSignature, "pointer of another ring");
  }
  if (pointer->serial < trust.pointer_serial) {
    return fail(ErrorCode::kStale, "pointer serial below the one held");
  }
  CheckedPointer checked;
  checked.known = pointer->serial == trust.pointer_serial;
  if (checked.known && !trust.pointer_hash.empty() &&
      sha256(document.payload) != trust.pointer_hash) {
    return fail(ErrorCode::kStale, "another pointer under the serial held");
  }
  if (pointer->release < trust.release) {
    return fail(ErrorCode::kStale, "pointer names a release below the one held");
  }
  checked.expired = signer->expired || judged_time_ms(trust, now) > pointer->expires_ms;
  checked.pointer = std::move(*pointer);
  return checked;
}

Result<wire::Manifest> check_manifest(const wire::SignedDocument& document,
                                      const wire::Pointer& pointer, const Trust& trust,
                                      WallTime now) {
  if (document.payload.size() > wire::kMaxManifestBytes) {
    return fail(ErrorCode::kTooLarge, "manifest");
  }
  const auto signer = check_signed(document, kManifestPurpose, kPublisherRole, trust, now);
  if (!signer) return fail(signer.error());
  if (sha256(document.payload) != pointer.manifest_hash) {
    return fail(ErrorCode::kBadSignature, "manifest is not the one that the pointer names");
  }
  auto manifest = wire::from_json<wire::Manifest>(document.payload);
  if (!manifest) return manifest;
  if (manifest->release != pointer.release) {
    return fail(ErrorCode::kBadSignature, "manifest of another release");
  }
  return manifest;
}

Result<wire::BatchReceipt> check_receipt(const wire::SignedDocument& document,
                                         std::string_view device_id, const Trust& trust,
                                         WallTime now) {
  const auto signer = check_signed(document, kReceiptPurpose, kServerRole, trust, now);
  if (!signer) return fail(signer.error());
  auto receipt = wire::decode<wire::BatchReceipt>(document.payload);
  if (!receipt) return receipt;
  if (receipt->device_id != device_id) {
    return fail(ErrorCode::kBadSignature, "receipt of another device");
  }
  return receipt;
}

Result<wire::AttachmentReceipt> check_attachment_receipt(const wire::SignedDocument& document,
                                                         std::string_view device_id,
                                                         const Trust& trust, WallTime now) {
  const auto signer = check_signed(document, kAttachmentPurpose, kServerRole, trust, now);
  if (!signer) return fail(signer.error());
  auto receipt = wire::decode<wire::AttachmentReceipt>(document.payload);
  if (!receipt) return receipt;
  if (receipt->device_id != device_id) {
    return fail(ErrorCode::kBadSignature, "receipt of another device");
  }
  return receipt;
}

Result<wire::FeedEntry> check_feed_entry(const wire::SignedDocument& document, const Trust& trust,
                                         WallTime now) {
  const auto signer = check_signed(document, kFeedPurpose, kServerRole, trust, now);
  if (!signer) return fail(signer.error());
  return wire::decode<wire::FeedEntry>(document.payload);
}

Result<wire::AuditHead> check_audit_head(const wire::SignedDocument& document, const Trust& trust,
                                         WallTime now) {
  const auto signer = check_signed(document, kAuditPurpose, kServerRole, trust, now);
  if (!signer) return fail(signer.error());
  return wire::from_json<wire::AuditHead>(document.payload);
}

std::vector<wire::SignedDocument> new_certificates(const Trust& trust,
                                                   const std::vector<wire::SignedDocument>& offered,
                                                   WallTime now) {
  constexpr std::size_t kOfEnrolment = 2;
  std::vector<wire::SignedDocument> added;
  for (const wire::SignedDocument& document : offered) {
    const auto same = [&document](const wire::SignedDocument& held) {
      return held.payload == document.payload;
    };
    const std::size_t held = trust.certificates.size() + added.size();
    if (held >= kOfEnrolment + wire::kMaxLaterCertificates) break;
    if (std::ranges::any_of(trust.certificates, same) || std::ranges::any_of(added, same)) continue;
    if (check_certificate(document, kPublisherRole, trust, now) ||
        check_certificate(document, kRevokedRole, trust, now)) {
      added.push_back(document);
    }
  }
  return added;
}

Trust accept(Trust trust, const wire::SignedDocument& document, const wire::Pointer& pointer) {
  trust.pointer_serial = pointer.serial;
  trust.pointer_hash = sha256(document.payload);
  trust.release = std::max(trust.release, pointer.release);
  trust.time_floor_ms = std::max(trust.time_floor_ms, pointer.issued_ms);
  return trust;
}

bool in_rollout(const wire::Pointer& pointer, std::string_view device_id) {
  if (pointer.percentage >= 100) return true;
  const Bytes hash =
      sha256(Bytes{"odop:rollout"}.append(1, '\0').append(device_id).append(1, '\0').append(
          std::to_string(pointer.release.value)));
  // 16 bits are enough: the bias of 65536 mod 100 is under one in a thousand.
  const auto number = static_cast<unsigned>(static_cast<unsigned char>(hash[0])) << 8U |
                      static_cast<unsigned>(static_cast<unsigned char>(hash[1]));
  return number % 100 < pointer.percentage;
}

}  // namespace odop::crypto
