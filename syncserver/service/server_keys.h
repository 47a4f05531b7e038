// The server's own keys, each in a file of mode 0600 under DATA/keys:
//   root.key       Ed25519; vouches for the two below. Needed by `init` only: keep it off line.
//   publisher.key  Ed25519; signs pointers and manifests. Needed by `catalogue publish|rollback`.
//   server.key     Ed25519; signs receipts and feed entries. Needed by `serve`.
//   sealing.key    X25519; kiosks seal submissions to it.
// The public halves and both certificates lie beside them in public.json, so that `serve` runs
// without root and publisher keys.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

struct ServerKeys {
  Bytes root_public;
  std::optional<crypto::SigningKey> publisher;  // empty when its file is not here
  crypto::SigningKey server;
  crypto::SealingKey sealing;
  std::string sealing_key_id;  // crypto::key_id of the sealing public key
  wire::SignedDocument publisher_certificate;
  wire::SignedDocument server_certificate;
  // What else the root key signed: the certificates of earlier publishers, and revocations. The
  // fleet gets them and the present one with heartbeats.
  std::vector<wire::SignedDocument> other_certificates{};
};

// Of the publisher with this key id, present or earlier, revoked or not; nothing when there was
// none.
[[nodiscard]] std::optional<Bytes> publisher_public_key(const ServerKeys& keys,
                                                        std::string_view key_id);

// Certificates hold for ten years; a kiosk's clock may be a day off at its birth.
inline constexpr std::chrono::days kCertificateLife{3650};

// Makes all keys in `folder` (created 0700). Errors: kConflict when any of them is there already,
// kIo, kDiskFull.
[[nodiscard]] Status create_server_keys(const std::filesystem::path& folder, WallTime now);

// A new publisher key with a certificate of the root key, in place of the one that is there; with
// `revoke` the root takes its word for the old one back, for good. What the fleet gets to know is
// written before the old key goes. Errors: kNotFound (root.key is not here), kForbidden, kTooLarge
// (the fleet holds kMaxLaterCertificates beside those of its enrolment), kIo, kDiskFull.
[[nodiscard]] Status rotate_publisher(const std::filesystem::path& folder, WallTime now,
                                      bool revoke);

// Errors: kNotFound (not initialised), kForbidden (a key file can be read by others), kCorrupt.
[[nodiscard]] Result<ServerKeys> load_server_keys(const std::filesystem::path& folder);

}  // namespace odop::syncserver
