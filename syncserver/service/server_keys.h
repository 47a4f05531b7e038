// The server's own keys, each in a file of mode 0600 under DATA/keys:
//   root.key       Ed25519; vouches for the two below. Needed by `init` and `keys rotate` only:
//   keep
//                  it off line. Of several roots (see root_keys.h) each has a file of its own.
//   publisher.key  Ed25519; signs pointers and manifests. Needed by `catalogue publish|rollback`.
//   server.key     Ed25519; signs receipts and feed entries. Needed by `serve`.
//   sealing.key    X25519; kiosks seal submissions to it.
// The public halves and both certificates lie beside them in public.json, so that `serve` runs
// without roots' and publisher's keys.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"
#include "syncserver/service/root_keys.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

struct ServerKeys {
  wire::RootSet roots;                          // in force
  std::optional<crypto::SigningKey> publisher;  // empty when its file is not here
  crypto::SigningKey server;
  crypto::SealingKey sealing;
  std::string sealing_key_id;  // crypto::key_id of the sealing public key
  wire::SignedDocument publisher_certificate;
  wire::SignedDocument server_certificate;
  // What else the roots signed that a kiosk must know: further signatures of these two, earlier
  // publishers' certificates, revocations, and the sets that led to the present one.
  std::vector<wire::SignedDocument> other_certificates{};
  // Publishers' that were vouched for by earlier roots: for reading old releases here, no more.
  std::vector<wire::SignedDocument> earlier_certificates{};

  // What the fleet gets with heartbeats and by stick: all of it, when there is more than the two.
  [[nodiscard]] std::vector<wire::SignedDocument> offered() const;
};

// Of the publisher with this key id, present or earlier, revoked or not; nothing when there was
// none.
[[nodiscard]] std::optional<Bytes> publisher_public_key(const ServerKeys& keys,
                                                        std::string_view key_id);

// Certificates hold for ten years; a kiosk's clock may be a day off at its birth.
inline constexpr std::chrono::days kCertificateLife{3650};

// Makes all keys in `folder` (created 0700). Errors: kConflict when any of them is there already,
// kInvalidArgument (a set of roots that cannot be), kIo, kDiskFull.
[[nodiscard]] Status create_server_keys(const std::filesystem::path& folder, WallTime now,
                                        RootPlan roots = {});

// A new publisher key with a certificate of the roots, in place of the one that is there; with
// `revoke` the roots take their word for the old one back, for good. What the fleet gets to know is
// written before the old key goes. `files`: see roots_at_hand. Errors: those of roots_at_hand,
// kTooLarge (the fleet holds kMaxLaterCertificates beside those of its enrolment), kIo, kDiskFull.
[[nodiscard]] Status rotate_publisher(const std::filesystem::path& folder, WallTime now,
                                      bool revoke,
                                      const std::vector<std::filesystem::path>& files = {});

// New root keys in place of all that there are, in files beside the others; the present ones sign
// them, and they vouch for the present publisher and server. Kiosks that were enrolled before
// follow by the signatures of both sets. Errors: as of rotate_publisher, kInvalidArgument.
[[nodiscard]] Status rotate_roots(const std::filesystem::path& folder, WallTime now, RootPlan next,
                                  const std::vector<std::filesystem::path>& files = {});

// Errors: kNotFound (not initialised), kForbidden (a key file can be read by others), kCorrupt.
[[nodiscard]] Result<ServerKeys> load_server_keys(const std::filesystem::path& folder);

}  // namespace odop::syncserver
