#include "shared/wire/codec.h"

#include "shared/wire/bounded_archive.h"
#include "shared/wire/bundle.h"
#include "shared/wire/check.h"
#include "shared/wire/pack.h"

#include <array>
#include <exception>
#include <ostream>
#include <streambuf>
#include <string_view>

namespace odop {

template <typename Archive, typename Tag>
void serialize(Archive& archive, Number<Tag>& number) {
  archive(number.value);
}

namespace wire {
namespace {

// What cereal writes to, without ostringstream's copy.
class BytesSink final : public std::streambuf {
 public:
  explicit BytesSink(Bytes& out) : out_(out) {}

 protected:
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    out_.append(data, static_cast<std::size_t>(size));
    return size;
  }
  int_type overflow(int_type c) override {
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      out_.push_back(traits_type::to_char_type(c));
    }
    return traits_type::not_eof(c);
  }

 private:
  Bytes& out_;
};

// Enums travel as their number; whether it means anything is checked after decoding.
template <typename E>
struct Code {
  E& value;
};

template <typename Archive, typename E>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const Code<E>& code) {
  archive(static_cast<std::uint8_t>(code.value));
}

template <typename E>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, Code<E>& code) {
  std::uint8_t number = 0;
  archive(number);
  code.value = static_cast<E>(number);
}

Capped text(std::string& value, std::size_t cap) { return {value, cap}; }
Capped hash(Bytes& value) { return {value, kHashBytes}; }

}  // namespace

template <typename Archive>
void serialize(Archive& ar, SealedAttachment& m) {
  ar(hash(m.hash), m.size);
}

template <typename Archive>
void serialize(Archive& ar, EnvelopeHeader& m) {
  ar(m.format_version, text(m.device_id, 36), m.epoch, m.sequence, hash(m.previous), text(m.id, 36),
     Code<Kind>{m.kind}, text(m.reference, 20), text(m.form_id, 64), m.form_version, m.wall_ms,
     text(m.boot_id, 64), m.mono_ms, text(m.sealing_key_id, 16), m.padded_size,
     CappedList<SealedAttachment>{m.attachments, kMaxAttachments, 8});
}

template <typename Archive>
void serialize(Archive& ar, Envelope& m) {
  ar(Capped{m.header, 2 * 1024}, Capped{m.ciphertext, kMaxEnvelopeBytes},
     Capped{m.signature, kSignatureBytes});
}

template <typename Archive>
void serialize(Archive& ar, ConsentRecord& m) {
  ar(text(m.notice_id, 64), m.notice_version, text(m.language, 8), hash(m.text_hash),
     CappedStrings{m.given, 16, 64}, CappedStrings{m.refused, 16, 64}, m.wall_ms);
}

template <typename Archive>
void serialize(Archive& ar, SpokenAnswer& m) {
  ar(text(m.field, 64), m.attachment, m.duration_ms);
}

template <typename Archive>
void serialize(Archive& ar, SubmissionBody& m) {
  ar(text(m.answers, 32 * 1024), CappedList<ConsentRecord>{m.consents, 16, 32}, m.release_seen,
     text(m.language, 8), text(m.status_code, 8), Capped{m.status_secret, 16}, m.incomplete,
     CappedList<SpokenAnswer>{m.spoken, kMaxAttachments, 9});
}

template <typename Archive>
void serialize(Archive& ar, PushRequest& m) {
  ar(m.protocol, CappedStrings{m.envelopes, kMaxBatchEnvelopes, kMaxEnvelopeBytes});
}

template <typename Archive>
void serialize(Archive& ar, Verdict& m) {
  ar(m.epoch, m.sequence, hash(m.envelope_hash), Code<VerdictCode>{m.code}, text(m.reason, 64),
     m.retry_after_s);
}

template <typename Archive>
void serialize(Archive& ar, BatchReceipt& m) {
  ar(text(m.device_id, 36), text(m.database_generation, 36), m.server_ms,
     CappedList<Verdict>{m.verdicts, kMaxBatchEnvelopes, 29}, m.covered_epoch, m.covered_sequence);
}

template <typename Archive>
void serialize(Archive& ar, AttachmentReceipt& m) {
  ar(text(m.device_id, 36), text(m.database_generation, 36), m.server_ms, hash(m.hash),
     Code<AttachmentCode>{m.code}, m.held);
}

template <typename Archive>
void serialize(Archive& ar, PackItem& m) {
  ar(text(m.id, 200), Code<ItemKind>{m.kind}, m.size, hash(m.hash));
}

template <typename Archive>
void serialize(Archive& ar, PackIndex& m) {
  ar(m.from, m.to, m.frame_size, m.frame_plain_size, hash(m.frame_hash),
     CappedList<PackItem>{m.items, kMaxPackItems, 17});
}

template <typename Archive>
void serialize(Archive& ar, FeedEntry& m) {
  ar(m.position, Code<FeedKind>{m.kind}, Capped{m.payload, 64 * 1024});
}

template <typename Archive>
void serialize(Archive& ar, SealedAnswer& m) {
  ar(text(m.reference, 20), m.revision, Capped{m.salt, 16}, Capped{m.ciphertext, 32 * 1024});
}

template <typename Archive>
void serialize(Archive& ar, BundleItem& m) {
  ar(Code<BundleItemKind>{m.kind}, text(m.name, 80), m.size, hash(m.hash));
}

template <typename Archive>
void serialize(Archive& ar, BundleIndex& m) {
  ar(text(m.device_id, 36), m.kiosk, text(m.database_generation, 36), m.made_ms, m.feed_head,
     CappedList<BundleItem>{m.items, kMaxBundleItems, 17});
}

template <typename Archive>
void serialize(Archive& ar, CarriedEnrolRequest& m) {
  ar(hash(m.device_public_key), text(m.name, 200), hash(m.mac));
}

template <typename Archive>
void serialize(Archive& ar, CarriedEnrolAnswer& m) {
  ar(hash(m.device_public_key), Capped{m.box, 16 * 1024}, hash(m.mac));
}

namespace {

// What differs from message to message: magic, and the most bytes and list elements that one has.
template <typename T>
struct Format;
template <>
struct Format<EnvelopeHeader> {
  static constexpr std::string_view kMagic = "ODhd";
  static constexpr std::size_t kMaxBytes = 2 * 1024;
  static constexpr std::size_t kMaxElements = 4;
};
template <>
struct Format<Envelope> {
  static constexpr std::string_view kMagic = "ODen";
  static constexpr std::size_t kMaxBytes = kMaxEnvelopeBytes;
  static constexpr std::size_t kMaxElements = 0;
};
template <>
struct Format<SubmissionBody> {
  static constexpr std::string_view kMagic = "ODsb";
  static constexpr std::size_t kMaxBytes = 96 * 1024;
  static constexpr std::size_t kMaxElements = 16 + 2 * 16 * 16 + kMaxAttachments;
};
template <>
struct Format<PushRequest> {
  static constexpr std::string_view kMagic = "ODpu";
  static constexpr std::size_t kMaxBytes = kMaxBatchBytes;
  static constexpr std::size_t kMaxElements = kMaxBatchEnvelopes;
};
template <>
struct Format<BatchReceipt> {
  static constexpr std::string_view kMagic = "ODre";
  static constexpr std::size_t kMaxBytes = 32 * 1024;
  static constexpr std::size_t kMaxElements = kMaxBatchEnvelopes;
};
template <>
struct Format<AttachmentReceipt> {
  static constexpr std::string_view kMagic = "ODar";
  static constexpr std::size_t kMaxBytes = 256;
  static constexpr std::size_t kMaxElements = 0;
};
template <>
struct Format<PackIndex> {
  static constexpr std::string_view kMagic = "ODpi";
  static constexpr std::size_t kMaxBytes = kMaxPackIndexBytes;
  static constexpr std::size_t kMaxElements = kMaxPackItems;
};
template <>
struct Format<FeedEntry> {
  static constexpr std::string_view kMagic = "ODfe";
  static constexpr std::size_t kMaxBytes = 65 * 1024;
  static constexpr std::size_t kMaxElements = 0;
};
template <>
struct Format<SealedAnswer> {
  static constexpr std::string_view kMagic = "ODan";
  static constexpr std::size_t kMaxBytes = 33 * 1024;
  static constexpr std::size_t kMaxElements = 0;
};
template <>
struct Format<BundleIndex> {
  static constexpr std::string_view kMagic = "ODbi";
  static constexpr std::size_t kMaxBytes = kMaxBundleIndexBytes;
  static constexpr std::size_t kMaxElements = kMaxBundleItems;
};
template <>
struct Format<CarriedEnrolRequest> {
  static constexpr std::string_view kMagic = "ODer";
  static constexpr std::size_t kMaxBytes = 1024;
  static constexpr std::size_t kMaxElements = 0;
};
template <>
struct Format<CarriedEnrolAnswer> {
  static constexpr std::string_view kMagic = "ODea";
  static constexpr std::size_t kMaxBytes = 17 * 1024;
  static constexpr std::size_t kMaxElements = 0;
};

template <typename Integer>
void put(Bytes& out, std::size_t at, Integer value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

template <typename Integer>
Integer get(BytesView bytes, std::size_t at) {
  Integer value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

template <typename T>
Bytes encode(const T& message) {
  Bytes out;
  out.reserve(512);
  out.append(Format<T>::kMagic);
  out.resize(kCodecHeaderBytes);
  {
    BytesSink sink{out};
    std::ostream stream{&sink};
    cereal::PortableBinaryOutputArchive archive{
        stream, cereal::PortableBinaryOutputArchive::Options::LittleEndian()};
    archive(message);
  }
  put(out, 4, kCodecVersion);
  put(out, 6, static_cast<std::uint32_t>(out.size() - kCodecHeaderBytes));
  return out;
}

template <typename T>
Result<T> decode(BytesView bytes) {
  const std::string name{Format<T>::kMagic};
  if (bytes.size() > Format<T>::kMaxBytes) return fail(ErrorCode::kTooLarge, name);
  if (bytes.size() < kCodecHeaderBytes || bytes.substr(0, 4) != Format<T>::kMagic) {
    return fail(ErrorCode::kMalformed, name + ": other magic");
  }
  const auto version = get<std::uint16_t>(bytes, 4);
  if (version > kCodecVersion) return fail(ErrorCode::kUnsupported, name + ": newer version");
  if (version == 0 || get<std::uint32_t>(bytes, 6) != bytes.size() - kCodecHeaderBytes) {
    return fail(ErrorCode::kMalformed, name + ": header and size do not fit");
  }
  T message;
  try {
    BoundedInputArchive archive{bytes.substr(kCodecHeaderBytes), Format<T>::kMaxElements};
    archive(message);
    if (archive.remaining() != 0) return fail(ErrorCode::kMalformed, name + ": bytes left over");
  } catch (const std::exception& e) {
    return fail(ErrorCode::kMalformed, name + ": " + e.what());
  }
  const Status checked = check(message);
  if (!checked) return fail(checked.error());
  return message;
}

template Bytes encode(const EnvelopeHeader&);
template Bytes encode(const Envelope&);
template Bytes encode(const SubmissionBody&);
template Bytes encode(const PushRequest&);
template Bytes encode(const BatchReceipt&);
template Bytes encode(const AttachmentReceipt&);
template Bytes encode(const PackIndex&);
template Bytes encode(const FeedEntry&);
template Bytes encode(const SealedAnswer&);
template Bytes encode(const BundleIndex&);
template Bytes encode(const CarriedEnrolRequest&);
template Bytes encode(const CarriedEnrolAnswer&);
template Result<EnvelopeHeader> decode(BytesView);
template Result<Envelope> decode(BytesView);
template Result<SubmissionBody> decode(BytesView);
template Result<PushRequest> decode(BytesView);
template Result<BatchReceipt> decode(BytesView);
template Result<AttachmentReceipt> decode(BytesView);
template Result<PackIndex> decode(BytesView);
template Result<FeedEntry> decode(BytesView);
template Result<SealedAnswer> decode(BytesView);
template Result<BundleIndex> decode(BytesView);
template Result<CarriedEnrolRequest> decode(BytesView);
template Result<CarriedEnrolAnswer> decode(BytesView);

}  // namespace wire
}  // namespace odop
