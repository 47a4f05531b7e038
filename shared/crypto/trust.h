// What a kiosk believes, and why. The roots (a set of keys pinned at enrolment, of which so many
// must agree) vouch for keys by role: a publisher signs pointers and manifests, a server signs
// receipts and feed entries. One set of roots hands over to the next; what only an earlier set
// vouched for is believed no more. Everything here is pure: the caller hands in the time and stores
// what was accepted.
//
// Time: a kiosk's clock may be years off. So nothing is refused because of the kiosk's own clock;
// expiry is a flag. What is refused is refused by signed facts alone: a lower serial, a lower
// release, a document dated outside its certificate's validity. `now` below the floor counts as the
// floor.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::crypto {

inline constexpr std::string_view kPublisherRole = "publisher";
inline constexpr std::string_view kServerRole = "server";
// A certificate of this role takes the roots' word for its key back, for every role and for good.
inline constexpr std::string_view kRevokedRole = "revoked";

// A document of which it was seen that this root signed it.
struct SeenSignature {
  Bytes root_public_key;
  wire::SignedDocument document;
};

struct Trust {
  wire::RootSet roots;  // pinned; those in force follow from `certificates`
  // What roots signed, as delivered: certificates, and sets of roots. Judged at each use.
  std::vector<wire::SignedDocument> certificates;
  std::string ring = "all";          // of this kiosk
  std::uint64_t pointer_serial = 0;  // highest accepted; 0 = none yet
  Bytes pointer_hash;                // SHA-256 of that pointer's payload; empty = not remembered
  ReleaseNumber release;             // highest that an accepted pointer named
  std::int64_t time_floor_ms = 0;    // latest of build time and last signed time, Unix
  // By exact bytes: each feed entry would check the roots' signatures anew otherwise. Filled by
  // what reads it, so a Trust belongs to one thread at a time.
  mutable std::vector<SeenSignature> seen{};
};

// The time to judge expiry by: `now`, or the floor when the clock is behind it.
[[nodiscard]] std::int64_t judged_time_ms(const Trust& trust, WallTime now);

// What a kiosk with this identity believes, and with what the roots said `later`. The rest is
// unset.
[[nodiscard]] Trust trust_of(const wire::EnrolAnswer& identity,
                             const std::vector<wire::SignedDocument>& later = {});

// The last set that the pinned one leads to, step by step: each is signed by as many of the one
// before as that one asks for, and by as many of its own.
[[nodiscard]] wire::RootSet roots_in_force(const Trust& trust);

struct CheckedCertificate {
  wire::Certificate certificate;
  bool expired = false;  // by judged time; still believed
};

// `document` counts beside those that are held. Errors: kBadSignature (fewer roots than must agree
// signed it, or another role), kMalformed.
[[nodiscard]] Result<CheckedCertificate> check_certificate(const wire::SignedDocument& document,
                                                           std::string_view role,
                                                           const Trust& trust, WallTime now);

// A certificate for `role` with this key id among `trust.certificates`.
// Errors: kBadSignature (none; or the key is revoked).
[[nodiscard]] Result<CheckedCertificate> find_signer(std::string_view key_id, std::string_view role,
                                                     const Trust& trust, WallTime now);

struct CheckedPointer {
  wire::Pointer pointer;
  bool expired = false;  // pointer or certificate, by judged time: show and mark as stale
  bool known = false;    // the very pointer that is held already
};

// Errors: kBadSignature (signature, signer, role, another ring, or dated outside the certificate),
// kStale (lower serial; same serial with other content; a release below the one held),
// kMalformed.
[[nodiscard]] Result<CheckedPointer> check_pointer(const wire::SignedDocument& document,
                                                   const Trust& trust, WallTime now);

// The manifest which `pointer` names, and no other.
// Errors: kBadSignature (signature, signer, hash or release of another pointer), kMalformed,
// kTooLarge (above kMaxManifestBytes).
[[nodiscard]] Result<wire::Manifest> check_manifest(const wire::SignedDocument& document,
                                                    const wire::Pointer& pointer,
                                                    const Trust& trust, WallTime now);

// A server's receipt or feed entry for `device_id`. Errors: kBadSignature (also: for another
// device), kMalformed, kUnsupported.
[[nodiscard]] Result<wire::BatchReceipt> check_receipt(const wire::SignedDocument& document,
                                                       std::string_view device_id,
                                                       const Trust& trust, WallTime now);
[[nodiscard]] Result<wire::AttachmentReceipt> check_attachment_receipt(
    const wire::SignedDocument& document, std::string_view device_id, const Trust& trust,
    WallTime now);
[[nodiscard]] Result<wire::FeedEntry> check_feed_entry(const wire::SignedDocument& document,
                                                       const Trust& trust, WallTime now);

// A head of the server's audit log. Errors: kBadSignature, kMalformed.
[[nodiscard]] Result<wire::AuditHead> check_audit_head(const wire::SignedDocument& document,
                                                       const Trust& trust, WallTime now);

// Those of `offered` that are not held and that a set of roots which is or comes into force signed,
// when as many roots agree as must: certificates, revocations, and the sets themselves. As many as
// there is room for beside the two of the enrolment (kMaxLaterCertificates); what is held never
// goes away.
[[nodiscard]] std::vector<wire::SignedDocument> new_certificates(
    const Trust& trust, const std::vector<wire::SignedDocument>& offered, WallTime now);

// Whether each of them is held, byte for byte.
[[nodiscard]] bool holds_all(const Trust& trust, const std::vector<wire::SignedDocument>& offered);

// Names a list of documents by their signatures, so that it need not travel again. Who names one
// must hold all of it: a list whose payloads were changed on their way has the same name. 0: the
// empty one, and no other.
[[nodiscard]] std::uint32_t mark_of(const std::vector<wire::SignedDocument>& documents);

// Trust after `pointer` was accepted and stored: serial, hash, release and time floor move up.
[[nodiscard]] Trust accept(Trust trust, const wire::SignedDocument& document,
                           const wire::Pointer& pointer);

// Whether a rollout of `pointer.percentage` reaches this kiosk. The same kiosks come first as the
// percentage grows, others first with each release.
[[nodiscard]] bool in_rollout(const wire::Pointer& pointer, std::string_view device_id);

}  // namespace odop::crypto
