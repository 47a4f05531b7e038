// Ed25519 signatures, always with a domain: a signature made for one purpose says nothing for
// another. Public keys have 32 bytes, signatures 64, seeds 32.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/secret.h"
#include "shared/wire/messages.h"

#include <string>
#include <string_view>

namespace odop::crypto {

inline constexpr std::size_t kPublicKeyBytes = 32;
inline constexpr std::size_t kSeedBytes = 32;

// First 16 hex digits of SHA-256 of the public key (signing or sealing).
[[nodiscard]] std::string key_id(BytesView public_key);

// Immutable after construction, so any thread may sign with it.
class SigningKey {
 public:
  [[nodiscard]] static SigningKey generate();
  // Errors: kInvalidArgument (not 32 bytes).
  [[nodiscard]] static Result<SigningKey> from_seed(BytesView seed);

  [[nodiscard]] SecretBytes seed() const;  // 32 bytes; all that must be kept
  [[nodiscard]] const Bytes& public_key() const { return public_key_; }
  [[nodiscard]] const std::string& id() const { return id_; }  // key_id of the public key
  // 64 bytes over exactly `message`. The caller puts the domain in front.
  [[nodiscard]] Bytes sign(BytesView message) const;

 private:
  SigningKey() = default;
  SecretBytes secret_;
  Bytes public_key_;
  std::string id_;
};

// False also for keys and signatures of a wrong length.
[[nodiscard]] bool verify(BytesView public_key, BytesView message, BytesView signature);

// "odop:" purpose "\0": what goes in front of everything that is signed.
[[nodiscard]] Bytes signing_domain(std::string_view purpose);

// Purposes in use: certificate, pointer, manifest, receipt, feed.
[[nodiscard]] wire::SignedDocument sign_document(std::string_view purpose, Bytes payload,
                                                 const SigningKey& key);

// Whether `document` is for `purpose`, names this key, and carries its signature.
// Errors: kBadSignature.
[[nodiscard]] Status verify_document(const wire::SignedDocument& document, std::string_view purpose,
                                     BytesView public_key);

}  // namespace odop::crypto
