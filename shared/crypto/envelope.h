// A submission from answers to what travels and rests: body padded and sealed to the server, header
// and ciphertext signed together by the device. The signature covers
// "odop:envelope" "\0" header ciphertext; the header carries its own length, so the border between
// the two cannot be moved.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/sign.h"
#include "shared/wire/messages.h"

namespace odop::crypto {

// Sets `sealing_key_id` and `padded_size` in the header, seals, signs. Calling it again for the
// same submission gives other bytes: keep what it returned, and send that. Errors: kTooLarge
// (answers, or envelope above kMaxEnvelopeBytes), kInvalidArgument (key).
[[nodiscard]] Result<wire::Envelope> seal_envelope(wire::EnvelopeHeader header,
                                                   const wire::SubmissionBody& body,
                                                   BytesView sealing_public_key,
                                                   const SigningKey& device_key);

// Errors: kBadSignature.
[[nodiscard]] Status verify_envelope(const wire::Envelope& envelope, BytesView device_public_key);

// Does not verify the device's signature; do that first.
// Errors: kBadSignature (another sealing key, changed bytes), kMalformed, kTooLarge, kUnsupported.
[[nodiscard]] Result<wire::SubmissionBody> open_envelope(const wire::Envelope& envelope,
                                                         const SealingKey& key);

// What the next envelope's `previous` holds and what verdicts name: SHA-256 of the encoded
// Envelope.
[[nodiscard]] Bytes envelope_hash(BytesView encoded_envelope);

}  // namespace odop::crypto
