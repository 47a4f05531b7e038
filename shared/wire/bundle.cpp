#include "shared/wire/bundle.h"

#include "shared/wire/check.h"
#include "shared/wire/messages.h"

#include <algorithm>
#include <cstring>

namespace odop::wire {
namespace {

// A byte above 127, CR LF and a control character, so that a copy in a text mode shows at once.
constexpr std::string_view kMagic = "\x8FODOP\r\n\x1A";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxNameBytes = 80;
constexpr std::size_t kMaxKioskNameBytes = 200;
constexpr std::int64_t kLastMs = 253'402'300'799'999;  // end of the year 9999

static_assert(kMagic.size() == 8);
static_assert(kMagic.size() + 2 + 1 + 1 + 4 + kKeyBytes == kBundleSignedHeadBytes);
static_assert(kBundleSignedHeadBytes + kSignatureBytes == kBundleHeadBytes);

bool is_visible(std::string_view text, std::size_t longest) {
  return text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

template <typename Integer>
void append_number(Bytes& out, Integer value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof bytes);
}

}  // namespace

Bytes encode_signed_head(const BundleHead& head) {
  Bytes out{kMagic};
  append_number(out, kBundleVersion);
  append_number(out, static_cast<std::uint8_t>(head.direction));
  append_number(out, std::uint8_t{0});
  append_number(out, head.index_size);
  return out.append(head.signer);
}

Bytes encode_bundle_head(const BundleHead& head) {
  return encode_signed_head(head).append(head.signature);
}

Result<BundleHead> decode_bundle_head(BytesView bytes) {
  if (bytes.size() < kBundleHeadBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return fail(ErrorCode::kMalformed, "this is no .odop bundle");
  }
  std::size_t at = kMagic.size();
  const auto take = [&](auto& value) {
    std::memcpy(&value, bytes.data() + at, sizeof value);
    at += sizeof value;
  };
  std::uint16_t version = 0;
  std::uint8_t direction = 0;
  std::uint8_t zero = 0;
  BundleHead head;
  take(version);
  take(direction);
  take(zero);
  take(head.index_size);
  if (version > kBundleVersion) {
    return fail(ErrorCode::kUnsupported, "the bundle was made by a newer program");
  }
  if (version == 0 || zero != 0 ||
      direction < static_cast<std::uint8_t>(BundleDirection::kEnrolment) ||
      direction > static_cast<std::uint8_t>(BundleDirection::kFactory)) {
    return fail(ErrorCode::kMalformed, "the bundle's head is damaged");
  }
  if (head.index_size > kMaxBundleIndexBytes)
    return fail(ErrorCode::kTooLarge, "the bundle's index is too large: it was damaged");
  head.direction = static_cast<BundleDirection>(direction);
  head.signer = bytes.substr(at, kKeyBytes);
  head.signature = bytes.substr(at + kKeyBytes, kSignatureBytes);
  return head;
}

bool is_pack(const BundleItem& item) { return item.kind == BundleItemKind::kPack; }

Status check(const BundleIndex& message) {
  const bool named = message.device_id.empty() || is_visible(message.device_id, 36);
  if (!named || !is_visible(message.database_generation, 36) || message.made_ms < 0 ||
      message.made_ms > kLastMs) {
    return fail(ErrorCode::kMalformed, "the bundle's index is damaged");
  }
  for (const BundleItem& item : message.items) {
    const bool known =
        item.kind >= BundleItemKind::kEnrolRequest && item.kind <= BundleItemKind::kRootSet;
    if (!known) return fail(ErrorCode::kUnsupported, "bundle item of a newer program");
    if (!is_visible(item.name, kMaxNameBytes) || item.hash.size() != kHashBytes) {
      return fail(ErrorCode::kMalformed, "bundle item");
    }
    if (item.size > (is_pack(item) ? kMaxBundlePackBytes : kMaxBundleItemBytes)) {
      return fail(ErrorCode::kTooLarge, "bundle item");
    }
  }
  return {};
}

std::vector<std::uint64_t> offsets_of(const BundleIndex& index, std::uint64_t index_size) {
  std::vector<std::uint64_t> offsets;
  offsets.reserve(index.items.size() + 1);
  offsets.push_back(kBundleHeadBytes + index_size);
  for (const BundleItem& item : index.items) offsets.push_back(offsets.back() + item.size);
  return offsets;
}

Status check(const CarriedEnrolRequest& message) {
  const bool good = message.device_public_key.size() == kKeyBytes &&
                    message.mac.size() == kHashBytes && message.name.size() <= kMaxKioskNameBytes &&
                    is_utf8(message.name);
  if (!good) return fail(ErrorCode::kMalformed, "enrolment request");
  return {};
}

Status check(const CarriedEnrolAnswer& message) {
  const bool good = message.device_public_key.size() == kKeyBytes &&
                    message.mac.size() == kHashBytes && !message.box.empty();
  if (!good) return fail(ErrorCode::kMalformed, "enrolment answer");
  return {};
}

}  // namespace odop::wire
