#include "shared/crypto/trust.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

namespace odop::crypto {
namespace {

constexpr std::string_view kCertificatePurpose = "certificate";
constexpr std::string_view kRootPurpose = "root";
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

// A signature that fits stays one that fits.
bool is_signed_by(const wire::SignedDocument& document, std::string_view purpose,
                  const Bytes& root_public_key, const Trust& trust) {
  constexpr std::size_t kMost = wire::kMaxOfferedCertificates + 8;  // an engine holds two more
  const auto seen = std::ranges::find_if(trust.seen, [&](const SeenSignature& one) {
    return one.root_public_key == root_public_key && same_bytes(one.document, document);
  });
  if (seen != trust.seen.end()) return document.purpose == purpose;
  if (!verify_document(document, purpose, root_public_key)) return false;
  if (trust.seen.size() >= kMost) trust.seen.erase(trust.seen.begin());
  trust.seen.push_back({root_public_key, document});
  return true;
}

// One of the set, each counted once, however often it signed.
bool is_signed_by_any(const wire::SignedDocument& document, std::string_view purpose,
                      const wire::RootSet& roots, const Trust& trust) {
  return std::ranges::any_of(
      roots.keys, [&](const Bytes& key) { return is_signed_by(document, purpose, key, trust); });
}

// As many of the set as it asks for signed this payload, in `document` or in what is held.
bool agree(const wire::SignedDocument& document, std::string_view purpose,
           const wire::RootSet& roots, const Trust& trust) {
  const auto signed_here = [&](const Bytes& key) {
    const auto fits = [&](const wire::SignedDocument& one) {
      return one.payload == document.payload && is_signed_by(one, purpose, key, trust);
    };
    return fits(document) || std::ranges::any_of(trust.certificates, fits);
  };
  const auto signers = std::ranges::count_if(roots.keys, signed_here);
  return roots.threshold > 0 && signers >= static_cast<std::ptrdiff_t>(roots.threshold);
}

// What the roots in force say, of any role.
Result<wire::Certificate> vouched_for(const wire::SignedDocument& document,
                                      const wire::RootSet& roots, const Trust& trust) {
  if (!agree(document, kCertificatePurpose, roots, trust)) {
    return fail(ErrorCode::kBadSignature, "too few of the roots vouch for the key");
  }
  return wire::from_json<wire::Certificate>(document.payload);
}

Result<CheckedCertificate> of_role(const wire::SignedDocument& document, std::string_view role,
                                   const wire::RootSet& roots, const Trust& trust, WallTime now) {
  auto certificate = vouched_for(document, roots, trust);
  if (!certificate) return fail(std::move(certificate.error()));
  if (certificate->role != role) {
    return fail(ErrorCode::kBadSignature, "key is certified for another role");
  }
  CheckedCertificate checked;
  checked.expired = judged_time_ms(trust, now) > certificate->not_after_ms;
  checked.certificate = std::move(*certificate);
  return checked;
}

// The set after `roots`, if `document` is one of its signatures.
std::optional<wire::RootSet> next_roots(const wire::SignedDocument& document,
                                        const wire::RootSet& roots, const Trust& trust) {
  if (!agree(document, kRootPurpose, roots, trust)) return std::nullopt;
  auto next = wire::from_json<wire::RootSet>(document.payload);
  if (!next || next->version != roots.version + 1) return std::nullopt;
  if (!agree(document, kRootPurpose, *next, trust)) return std::nullopt;
  return std::move(*next);
}

bool dated_within(std::int64_t ms, const wire::Certificate& certificate) {
  return ms >= certificate.not_before_ms && ms <= certificate.not_after_ms;
}

}  // namespace

std::int64_t judged_time_ms(const Trust& trust, WallTime now) {
  return std::max<std::int64_t>(now.time_since_epoch().count(), trust.time_floor_ms);
}

Trust trust_of(const wire::EnrolAnswer& identity, const std::vector<wire::SignedDocument>& later) {
  Trust trust;
  trust.roots = identity.roots;
  trust.certificates = {identity.server_certificate, identity.publisher_certificate};
  std::ranges::copy(identity.certificates, std::back_inserter(trust.certificates));
  std::ranges::copy(later, std::back_inserter(trust.certificates));
  return trust;
}

wire::RootSet roots_in_force(const Trust& trust) {
  wire::RootSet roots = trust.roots;
  const auto steps_on = [&](const wire::SignedDocument& document) {
    auto next = next_roots(document, roots, trust);
    if (next) roots = std::move(*next);
    return next.has_value();
  };
  // Each step raises the version, and each version is another document.
  while (std::ranges::any_of(trust.certificates, steps_on)) continue;
  return roots;
}

Result<CheckedCertificate> check_certificate(const wire::SignedDocument& document,
                                             std::string_view role, const Trust& trust,
                                             WallTime now) {
  return of_role(document, role, roots_in_force(trust), trust, now);
}

Result<CheckedCertificate> find_signer(std::string_view key_id_wanted, std::string_view role,
                                       const Trust& trust, WallTime now) {
  const wire::RootSet roots = roots_in_force(trust);
  // A key may have been certified again, for longer: the one that is valid longest counts.
  Result<CheckedCertificate> best = fail(ErrorCode::kBadSignature, "signer is not certified");
  for (const wire::SignedDocument& document : trust.certificates) {
    const auto revoked = of_role(document, kRevokedRole, roots, trust, now);
    if (revoked && key_id(revoked->certificate.public_key) == key_id_wanted) {
      return fail(ErrorCode::kBadSignature, "signer is revoked");
    }
    auto checked = of_role(document, role, roots, trust, now);
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
  // Judged together, because several must agree, and because one set of roots leads to the next.
  Trust with = trust;
  std::vector<wire::SignedDocument> fresh;
  for (const wire::SignedDocument& document : offered) {
    const auto same = [&](const wire::SignedDocument& held) { return same_bytes(held, document); };
    if (std::ranges::any_of(with.certificates, same)) continue;
    with.certificates.push_back(document);
    fresh.push_back(document);
  }
  std::vector<wire::RootSet> sets = {with.roots};
  const auto steps_on = [&](const wire::SignedDocument& document) {
    auto next = next_roots(document, sets.back(), with);
    if (next) sets.push_back(std::move(*next));
    return next.has_value();
  };
  while (std::ranges::any_of(with.certificates, steps_on)) continue;

  const auto leads_on = [&](const wire::SignedDocument& document) {
    for (std::size_t i = 0; i + 1 < sets.size(); ++i) {
      if (next_roots(document, sets[i], with) != sets[i + 1]) continue;
      return is_signed_by_any(document, kRootPurpose, sets[i], with) ||
             is_signed_by_any(document, kRootPurpose, sets[i + 1], with);
    }
    return false;
  };
  const auto is_said_by_roots = [&](const wire::SignedDocument& document) {
    const auto knows = [&](std::string_view role) {
      return of_role(document, role, sets.back(), with, now).has_value();
    };
    return is_signed_by_any(document, kCertificatePurpose, sets.back(), with) &&
           (knows(kPublisherRole) || knows(kServerRole) || knows(kRevokedRole));
  };
  std::vector<wire::SignedDocument> added;
  for (wire::SignedDocument& document : fresh) {
    const std::size_t held = trust.certificates.size() + added.size();
    if (held >= wire::kMaxOfferedCertificates) break;
    if (leads_on(document) || is_said_by_roots(document)) added.push_back(std::move(document));
  }
  return added;
}

bool holds_all(const Trust& trust, const std::vector<wire::SignedDocument>& offered) {
  return std::ranges::all_of(offered, [&](const wire::SignedDocument& document) {
    return std::ranges::any_of(trust.certificates, [&](const wire::SignedDocument& held) {
      return same_bytes(held, document);
    });
  });
}

std::uint32_t mark_of(const std::vector<wire::SignedDocument>& documents) {
  if (documents.empty()) return 0;
  Bytes all;
  for (const wire::SignedDocument& document : documents) all += document.signature;
  const Bytes hash = sha256(all);
  std::uint32_t mark = 0;
  for (std::size_t i = 0; i < sizeof(mark); ++i) {
    mark = mark << 8 | static_cast<std::uint8_t>(hash[i]);
  }
  return std::max<std::uint32_t>(mark, 1);
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
