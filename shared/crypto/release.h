// Hashes of a release's content: what the publisher computes and the kiosk checks.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <string>
#include <vector>

namespace odop::crypto {

struct ContentEntry {
  wire::ItemKind kind = wire::ItemKind::kRecord;
  std::string id;  // "type/id" of a record; hex SHA-256 of a medium
  Bytes hash;      // SHA-256 of the item's bytes
};

// Manifest::content_digest. The order of `entries` does not matter; each (kind, id) occurs once.
[[nodiscard]] Bytes content_digest(std::vector<ContentEntry> entries);

// The offer of `manifest` that leads from `from`, or nullptr. Lives as long as the manifest does.
[[nodiscard]] const wire::PackOffer* find_offer(const wire::Manifest& manifest, ReleaseNumber from);

// An index as offered by a signed manifest. Errors: kBadSignature (hash or size), kMalformed
// (leads elsewhere), kTooLarge, kUnsupported.
[[nodiscard]] Result<wire::PackIndex> check_index(BytesView encoded_index,
                                                  const wire::PackOffer& offer,
                                                  const wire::Manifest& manifest);

// The frame of all records, as it was sent. Errors: kBadSignature (size or hash).
[[nodiscard]] Status check_frame(const wire::PackIndex& index, BytesView frame);

// The bytes of one medium. Errors: kBadSignature (size or hash).
[[nodiscard]] Status check_item(const wire::PackItem& item, BytesView bytes);

}  // namespace odop::crypto
