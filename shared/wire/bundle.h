// Bundles (.odop): what travels by USB stick, in either direction, as the same bytes that the
// network carries. A courier is not trusted, so a bundle can be read and lost, but not changed:
//
//   head (112 bytes, fixed) | index | items, one after the other
//
// The head names the key that signed, and the signature covers the head before it and the index;
// the index gives the hash of each item. Nothing but the head is looked at before the signature has
// been checked (shared/bundle does that, as this room holds no keys), and no size is believed
// before it fits its cap and the file.
//
// Head: magic (8) | version u16le | direction u8 | 0 u8 | size of the index u32le | signer (32,
// Ed25519) | signature (64).
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::wire {

inline constexpr std::uint16_t kBundleVersion = 1;
inline constexpr std::size_t kBundleHeadBytes = 112;
inline constexpr std::size_t kBundleSignedHeadBytes = 48;  // those in front of the signature
inline constexpr std::size_t kMaxBundleIndexBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxBundleItems = 100'000;
// Whatever is held in memory as a whole; a page of the feed is the largest (base64 of 512 KiB).
inline constexpr std::uint64_t kMaxBundleItemBytes = 4ULL * 1024 * 1024;
inline constexpr std::uint64_t kMaxBundlePackBytes = 64ULL * 1024 * 1024 * 1024;

enum class BundleDirection : std::uint8_t {
  kEnrolment = 1,  // a kiosk that is not enrolled asks; signed by its own fresh key
  kUp = 2,         // kiosk to server; signed by the device's key
  kDown = 3,       // server to kiosk; signed by the server's key
  kFactory = 4,    // a release for kiosks that know no server yet; signed by the server's key
};

enum class BundleItemKind : std::uint8_t {
  kEnrolRequest = 1,    // CarriedEnrolRequest
  kEnrolAnswer = 2,     // CarriedEnrolAnswer
  kHeartbeat = 3,       // Heartbeat as JSON
  kEnvelope = 4,        // an encoded Envelope
  kAttachment = 5,      // sealed bytes; the name is the hash in hexadecimal
  kReceipt = 6,         // SignedDocument as JSON
  kFeedPage = 7,        // FeedPage as JSON; the name is the position after which it begins
  kPointer = 8,         // SignedDocument as JSON
  kManifest = 9,        // SignedDocument as JSON; the name is the release
  kPack = 10,           // a pack file, see pack.h; the name is RELEASE/FROM
  kCertificate = 11,    // SignedDocument as JSON; the name is the role (upwards: see readmission.h)
  kRootPublicKey = 12,  // 32 bytes; of a server with one root
  kRootSet = 13         // RootSet as JSON
};

struct BundleItem {
  BundleItemKind kind = BundleItemKind::kEnvelope;
  std::string name;  // visible ASCII, at most 80 bytes; may be empty
  std::uint64_t size = 0;
  Bytes hash;  // SHA-256 of its bytes
};

struct BundleIndex {
  // Whose bundle this is: the device that speaks (up) or is spoken to (down). Empty: nobody's own
  // (enrolment; a release for everybody).
  std::string device_id;
  KioskNumber kiosk;                // of that device; 0 = none
  std::string database_generation;  // down: of the server, else empty
  std::int64_t made_ms = 0;         // by the maker's clock
  FeedPosition feed_head;           // down: newest entry for this device
  std::vector<BundleItem> items;    // in the order of their bytes
};

struct BundleHead {
  BundleDirection direction = BundleDirection::kUp;
  std::uint32_t index_size = 0;
  Bytes signer;     // 32 bytes
  Bytes signature;  // 64 bytes
};

// The first kBundleSignedHeadBytes of the head, which are signed together with the index.
[[nodiscard]] Bytes encode_signed_head(const BundleHead& head);
[[nodiscard]] Bytes encode_bundle_head(const BundleHead& head);
// Errors: kMalformed (no bundle, or cut short), kUnsupported (newer version), kTooLarge (index).
[[nodiscard]] Result<BundleHead> decode_bundle_head(BytesView first_bytes);

// Index by codec.h: encode, decode<BundleIndex>. See check.h.
[[nodiscard]] Status check(const BundleIndex& message);

[[nodiscard]] bool is_pack(const BundleItem& item);
// Where item i begins, and at the end the size of the whole file. The caps of `check` keep the sum
// far below 2^64.
[[nodiscard]] std::vector<std::uint64_t> offsets_of(const BundleIndex& index,
                                                    std::uint64_t index_size);

// A kiosk that asks to be let in. The one-time code is not in it: whoever carries the stick could
// use it. `mac` proves that the kiosk knows the code and binds it to this very key
// (shared/crypto/enrolment.h).
struct CarriedEnrolRequest {
  Bytes device_public_key;  // Ed25519, 32 bytes
  std::string name;         // what people call the kiosk, at most 200 bytes; may be empty
  Bytes mac;                // 32 bytes
};

// EnrolAnswer as JSON, sealed to the device's key, so that the courier cannot read the token; `mac`
// proves that the answer comes from the server whose admin gave the code.
struct CarriedEnrolAnswer {
  Bytes device_public_key;  // whom it is for
  Bytes box;                // sealed
  Bytes mac;                // 32 bytes, over the JSON
};

[[nodiscard]] Status check(const CarriedEnrolRequest& message);
[[nodiscard]] Status check(const CarriedEnrolAnswer& message);

}  // namespace odop::wire
