#include "shared/crypto/envelope.h"

#include "shared/crypto/digest.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"

#include <utility>

namespace odop::crypto {
namespace {

constexpr std::string_view kPurpose = "envelope";

Bytes signed_bytes(const wire::Envelope& envelope) {
  Bytes bytes = signing_domain(kPurpose);
  bytes.reserve(bytes.size() + envelope.header.size() + envelope.ciphertext.size());
  return bytes.append(envelope.header).append(envelope.ciphertext);
}

}  // namespace

Result<wire::Envelope> seal_envelope(wire::EnvelopeHeader header, const wire::SubmissionBody& body,
                                     BytesView sealing_public_key, const SigningKey& device_key) {
  auto padded = wire::pad_body(body);
  if (!padded) return fail(std::move(padded.error()));
  header.padded_size = static_cast<std::uint32_t>(padded->size());
  header.sealing_key_id = key_id(sealing_public_key);
  auto ciphertext = seal(sealing_public_key, *padded);
  wipe(*padded);
  if (!ciphertext) return fail(std::move(ciphertext.error()));

  wire::Envelope envelope;
  envelope.header = wire::encode(header);
  envelope.ciphertext = std::move(*ciphertext);
  envelope.signature = device_key.sign(signed_bytes(envelope));
  return envelope;
}

Status verify_envelope(const wire::Envelope& envelope, BytesView device_public_key) {
  if (!verify(device_public_key, signed_bytes(envelope), envelope.signature)) {
    return fail(ErrorCode::kBadSignature, "envelope");
  }
  return {};
}

Result<wire::SubmissionBody> open_envelope(const wire::Envelope& envelope, const SealingKey& key) {
  const auto header = wire::decode<wire::EnvelopeHeader>(envelope.header);
  if (!header) return fail(header.error());
  if (header->sealing_key_id != key.id()) {
    return fail(ErrorCode::kBadSignature, "envelope sealed for another key");
  }
  auto padded = open(key, envelope.ciphertext);
  if (!padded) return fail(std::move(padded.error()));
  if (padded->size() != header->padded_size) {
    wipe(*padded);
    return fail(ErrorCode::kMalformed, "header and body differ in size");
  }
  auto body = wire::unpad_body(*padded);
  wipe(*padded);
  return body;
}

Bytes envelope_hash(BytesView encoded_envelope) { return sha256(encoded_envelope); }

}  // namespace odop::crypto
