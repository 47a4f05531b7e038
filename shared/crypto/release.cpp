#include "shared/crypto/release.h"

#include "shared/crypto/digest.h"
#include "shared/wire/pack.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace odop::crypto {

Bytes content_digest(std::vector<ContentEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const ContentEntry& a, const ContentEntry& b) {
    return std::tie(a.kind, a.id) < std::tie(b.kind, b.id);
  });
  Sha256 digest;
  for (const ContentEntry& entry : entries) {
    // Kind, length of the id, id, hash: no two lists of entries give the same bytes.
    Bytes line(1, static_cast<char>(entry.kind));
    for (unsigned shift = 0; shift < 32; shift += 8) {
      line.push_back(static_cast<char>(entry.id.size() >> shift & 0xFFU));
    }
    digest.update(line.append(entry.id).append(entry.hash));
  }
  return digest.finish();
}

const wire::PackOffer* find_offer(const wire::Manifest& manifest, ReleaseNumber from) {
  const auto found = std::find_if(manifest.packs.begin(), manifest.packs.end(),
                                  [&](const wire::PackOffer& offer) { return offer.from == from; });
  return found == manifest.packs.end() ? nullptr : &*found;
}

Result<wire::PackIndex> check_index(BytesView encoded_index, const wire::PackOffer& offer,
                                    const wire::Manifest& manifest) {
  if (encoded_index.size() != offer.index_size || sha256(encoded_index) != offer.index_hash) {
    return fail(ErrorCode::kBadSignature, "pack index is not the one that the manifest names");
  }
  auto index = wire::decode_index(encoded_index);
  if (!index) return index;
  if (index->from != offer.from || index->to != manifest.release) {
    return fail(ErrorCode::kMalformed, "pack leads elsewhere");
  }
  return index;
}

Status check_frame(const wire::PackIndex& index, BytesView frame) {
  if (frame.size() != index.frame_size || sha256(frame) != index.frame_hash) {
    return fail(ErrorCode::kBadSignature, "the records of a pack");
  }
  return {};
}

Status check_item(const wire::PackItem& item, BytesView bytes) {
  if (bytes.size() != item.size || sha256(bytes) != item.hash) {
    return fail(ErrorCode::kBadSignature, "pack item " + item.id);
  }
  return {};
}

}  // namespace odop::crypto
