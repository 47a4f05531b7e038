#include "shared/crypto/sign.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/raw.h"

#include <sodium.h>

#include <cstring>
#include <utility>

namespace odop::crypto {

static_assert(kPublicKeyBytes == crypto_sign_PUBLICKEYBYTES);
static_assert(kSeedBytes == crypto_sign_SEEDBYTES);
static_assert(wire::kSignatureBytes == crypto_sign_BYTES);

std::string key_id(BytesView public_key) { return to_hex(sha256(public_key)).substr(0, 16); }

SigningKey SigningKey::generate() {
  SigningKey key;
  key.secret_ = SecretBytes{std::size_t{crypto_sign_SECRETKEYBYTES}};
  key.public_key_.resize(kPublicKeyBytes);
  crypto_sign_keypair(raw(key.public_key_), key.secret_.data());
  key.id_ = key_id(key.public_key_);
  return key;
}

Result<SigningKey> SigningKey::from_seed(BytesView seed) {
  if (seed.size() != kSeedBytes) return fail(ErrorCode::kInvalidArgument, "signing seed");
  SigningKey key;
  key.secret_ = SecretBytes{std::size_t{crypto_sign_SECRETKEYBYTES}};
  key.public_key_.resize(kPublicKeyBytes);
  crypto_sign_seed_keypair(raw(key.public_key_), key.secret_.data(), raw(seed));
  key.id_ = key_id(key.public_key_);
  return key;
}

SecretBytes SigningKey::seed() const {
  SecretBytes seed{kSeedBytes};
  crypto_sign_ed25519_sk_to_seed(seed.data(), secret_.data());
  return seed;
}

Bytes SigningKey::sign(BytesView message) const {
  Bytes signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(raw(signature), nullptr, raw(message), message.size(), secret_.data());
  return signature;
}

bool verify(BytesView public_key, BytesView message, BytesView signature) {
  return public_key.size() == kPublicKeyBytes && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(raw(signature), raw(message), message.size(),
                                     raw(public_key)) == 0;
}

Bytes signing_domain(std::string_view purpose) {
  Bytes domain{"odop:"};
  domain.append(purpose);
  domain.push_back('\0');
  return domain;
}

wire::SignedDocument sign_document(std::string_view purpose, Bytes payload, const SigningKey& key) {
  wire::SignedDocument document;
  document.purpose = purpose;
  document.key_id = key.id();
  document.signature = key.sign(signing_domain(purpose).append(payload));
  document.payload = std::move(payload);
  return document;
}

Status verify_document(const wire::SignedDocument& document, std::string_view purpose,
                       BytesView public_key) {
  if (document.purpose != purpose) {
    return fail(ErrorCode::kBadSignature, "signed for another purpose");
  }
  if (document.key_id != key_id(public_key)) {
    return fail(ErrorCode::kBadSignature, "signed by another key");
  }
  if (!verify(public_key, signing_domain(purpose).append(document.payload), document.signature)) {
    return fail(ErrorCode::kBadSignature, "signature does not fit");
  }
  return {};
}

}  // namespace odop::crypto
