// Sealed boxes (X25519, XSalsa20-Poly1305; libsodium's crypto_box_seal): whoever has the public key
// can close one, only the secret key opens it, the closer included. A box says nothing about who
// closed it; see envelope.h for that.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/sign.h"

#include <cstddef>
#include <string>

namespace odop::crypto {

inline constexpr std::size_t kSealBytes = 48;  // what sealing adds

// Immutable after construction, so any thread may open with it.
class SealingKey {
 public:
  [[nodiscard]] static SealingKey generate();
  // Errors: kInvalidArgument (not 32 bytes).
  [[nodiscard]] static Result<SealingKey> from_seed(BytesView seed);

  [[nodiscard]] SecretBytes seed() const;  // 32 bytes; all that must be kept
  [[nodiscard]] const Bytes& public_key() const { return public_key_; }
  [[nodiscard]] std::string id() const { return key_id(public_key_); }

 private:
  friend Result<Bytes> open(const SealingKey& key, BytesView sealed);
  SealingKey() = default;
  SecretBytes seed_;
  SecretBytes secret_;
  Bytes public_key_;
};

// Errors: kInvalidArgument (no usable public key).
[[nodiscard]] Result<Bytes> seal(BytesView public_key, BytesView plain);

// Errors: kBadSignature (changed on the way, or sealed for another key).
[[nodiscard]] Result<Bytes> open(const SealingKey& key, BytesView sealed);

// Sealed to whoever holds an Ed25519 key: libsodium's conversion of that key to X25519, for a kiosk
// that has no other key yet. Errors as for `seal` and `open`.
[[nodiscard]] Result<Bytes> seal_to_signer(BytesView signing_public_key, BytesView plain);
[[nodiscard]] Result<Bytes> open_as_signer(const SigningKey& key, BytesView sealed);

}  // namespace odop::crypto
