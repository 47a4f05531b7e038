#include "shared/bundle/taking_apart.h"

#include "shared/bundle/signature.h"
#include "shared/core/result.h"
#include "shared/wire/bundle.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <sodium.h>

#include <cstring>
#include <string>
#include <utility>

namespace odop::bundle {
namespace {

template <typename Integer>
void put(Bytes& out, Integer value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof bytes);
}

// At most 80 bytes, see wire::check.
void put_text(Bytes& out, std::string_view text) {
  put(out, static_cast<std::uint8_t>(text.size()));
  out.append(text);
}

// OpenSSL's SHA-256 is faster, and opens files and takes locks when it is first used.
Bytes sha256(BytesView bytes) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return {reinterpret_cast<const char*>(hash), sizeof hash};
}

template <typename T>
bool is_json(BytesView bytes) {
  return wire::from_json<T>(bytes).has_value();
}

// Taken apart here once, so that what would harm its reader harms this process.
bool has_form(wire::BundleItemKind kind, BytesView bytes) {
  switch (kind) {
    case wire::BundleItemKind::kEnrolRequest:
      return wire::decode<wire::CarriedEnrolRequest>(bytes).has_value();
    case wire::BundleItemKind::kEnrolAnswer:
      return wire::decode<wire::CarriedEnrolAnswer>(bytes).has_value();
    case wire::BundleItemKind::kHeartbeat:
      return is_json<wire::Heartbeat>(bytes);
    case wire::BundleItemKind::kEnvelope: {
      const auto envelope = wire::decode<wire::Envelope>(bytes);
      return envelope && wire::decode<wire::EnvelopeHeader>(envelope->header).has_value();
    }
    case wire::BundleItemKind::kFeedPage:
      return is_json<wire::FeedPage>(bytes);
    case wire::BundleItemKind::kReceipt:
    case wire::BundleItemKind::kPointer:
    case wire::BundleItemKind::kManifest:
    case wire::BundleItemKind::kCertificate:
      return is_json<wire::SignedDocument>(bytes);
    case wire::BundleItemKind::kRootPublicKey:
      return bytes.size() == crypto_sign_PUBLICKEYBYTES;
    case wire::BundleItemKind::kRootSet:
      return is_json<wire::RootSet>(bytes);
    case wire::BundleItemKind::kAttachment:  // sealed
    case wire::BundleItemKind::kPack:
      return true;
  }
  return false;
}

Status take_items(const ConfinedEnd& end, const wire::BundleIndex& index,
                  std::uint64_t index_size) {
  const auto offsets = wire::offsets_of(index, index_size);
  for (std::size_t i = 0; i < index.items.size(); ++i) {
    const wire::BundleItem& item = index.items[i];
    Bytes frame;
    if (wire::is_pack(item)) {
      put(frame, offsets[i]);
      put(frame, item.size);
      put_text(frame, item.name);
      if (!end.send(static_cast<std::uint8_t>(Tag::kPack), frame)) return {};
      continue;
    }
    put(frame, static_cast<std::uint8_t>(item.kind));
    put_text(frame, item.name);
    Bytes bytes(static_cast<std::size_t>(item.size), '\0');
    if (!end.read_at(offsets[i], bytes.data(), bytes.size())) {
      return fail(ErrorCode::kIo, "the bundle cannot be read to its end");
    }
    const bool good = sha256(bytes) == item.hash && has_form(item.kind, bytes);
    if (good) frame.append(bytes);
    if (!end.send(static_cast<std::uint8_t>(good ? Tag::kItem : Tag::kDamaged), frame)) return {};
  }
  static_cast<void>(end.send(static_cast<std::uint8_t>(Tag::kEnd), {}));
  return {};
}

Status take_all(const ConfinedEnd& end, std::uint64_t file_size) {
  Bytes first(wire::kBundleHeadBytes, '\0');
  if (file_size < first.size() || !end.read_at(0, first.data(), first.size())) {
    return fail(ErrorCode::kMalformed, "this is no .odop bundle, or it was cut short");
  }
  auto head = wire::decode_bundle_head(first);
  if (!head) return fail(std::move(head.error()));
  if (head->index_size > file_size - wire::kBundleHeadBytes) {
    return fail(ErrorCode::kMalformed, "the bundle was cut short; copy it again");
  }
  Bytes encoded(head->index_size, '\0');
  if (!end.read_at(wire::kBundleHeadBytes, encoded.data(), encoded.size())) {
    return fail(ErrorCode::kIo, "the bundle cannot be read");
  }
  if (!head_fits(*head, encoded)) {
    return fail(ErrorCode::kBadSignature, "the bundle's signature does not fit; it was changed");
  }
  Bytes told;
  put(told, static_cast<std::uint8_t>(head->direction));
  told.append(head->signer);
  if (!end.send(static_cast<std::uint8_t>(Tag::kHead), told) || end.await() != kGoOn) return {};

  const auto index = wire::decode<wire::BundleIndex>(encoded);
  if (!index) return fail(index.error());
  if (wire::offsets_of(*index, encoded.size()).back() != file_size) {
    return fail(ErrorCode::kMalformed, "the bundle was cut short; copy it again");
  }
  Bytes facts;
  put(facts, index->kiosk.value);
  put(facts, index->made_ms);
  put(facts, index->feed_head.value);
  put_text(facts, index->device_id);
  put_text(facts, index->database_generation);
  if (!end.send(static_cast<std::uint8_t>(Tag::kFacts), facts)) return {};
  return take_items(end, *index, encoded.size());
}

}  // namespace

void take_apart(const ConfinedEnd& end, std::uint64_t file_size) {
  const Status taken = take_all(end, file_size);
  if (taken) return;
  Bytes frame;
  put(frame, static_cast<std::uint8_t>(taken.error().code));
  frame.append(taken.error().context);
  static_cast<void>(end.send(static_cast<std::uint8_t>(Tag::kError), frame));
}

}  // namespace odop::bundle
