#include "shared/crypto/seal.h"

#include "shared/crypto/raw.h"

#include <sodium.h>

#include <utility>

namespace odop::crypto {

static_assert(kSealBytes == crypto_box_SEALBYTES);
static_assert(kSeedBytes == crypto_box_SEEDBYTES);

SealingKey SealingKey::generate() {
  SecretBytes seed{kSeedBytes};
  randombytes_buf(seed.data(), seed.size());
  return std::move(*from_seed(seed.view()));
}

Result<SealingKey> SealingKey::from_seed(BytesView seed) {
  if (seed.size() != kSeedBytes) return fail(ErrorCode::kInvalidArgument, "sealing seed");
  SealingKey key;
  key.seed_ = SecretBytes{seed};
  key.secret_ = SecretBytes{std::size_t{crypto_box_SECRETKEYBYTES}};
  key.public_key_.resize(crypto_box_PUBLICKEYBYTES);
  crypto_box_seed_keypair(raw(key.public_key_), key.secret_.data(), raw(seed));
  return key;
}

SecretBytes SealingKey::seed() const { return SecretBytes{seed_.view()}; }

Result<Bytes> seal(BytesView public_key, BytesView plain) {
  if (sodium_init() < 0) return fail(ErrorCode::kInternal, "libsodium");
  if (public_key.size() != crypto_box_PUBLICKEYBYTES) {
    return fail(ErrorCode::kInvalidArgument, "sealing key");
  }
  Bytes sealed(plain.size() + crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal(raw(sealed), raw(plain), plain.size(), raw(public_key)) != 0) {
    return fail(ErrorCode::kInvalidArgument, "sealing key");
  }
  return sealed;
}

Result<Bytes> open(const SealingKey& key, BytesView sealed) {
  if (sealed.size() < crypto_box_SEALBYTES) return fail(ErrorCode::kBadSignature, "sealed box");
  Bytes plain(sealed.size() - crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal_open(raw(plain), raw(sealed), sealed.size(), raw(key.public_key_),
                           key.secret_.data()) != 0) {
    return fail(ErrorCode::kBadSignature, "sealed box");
  }
  return plain;
}

Result<Bytes> seal_to_signer(BytesView signing_public_key, BytesView plain) {
  if (sodium_init() < 0) return fail(ErrorCode::kInternal, "libsodium");
  Bytes converted(crypto_scalarmult_curve25519_BYTES, '\0');
  if (signing_public_key.size() != crypto_sign_PUBLICKEYBYTES ||
      crypto_sign_ed25519_pk_to_curve25519(raw(converted), raw(signing_public_key)) != 0) {
    return fail(ErrorCode::kInvalidArgument, "signing key");
  }
  return seal(converted, plain);
}

Result<Bytes> open_as_signer(const SigningKey& key, BytesView sealed) {
  if (sealed.size() < crypto_box_SEALBYTES) return fail(ErrorCode::kBadSignature, "sealed box");
  Bytes converted(crypto_scalarmult_curve25519_BYTES, '\0');
  if (crypto_sign_ed25519_pk_to_curve25519(raw(converted), raw(key.public_key())) != 0) {
    return fail(ErrorCode::kInternal, "signing key");
  }
  SecretBytes secret{std::size_t{crypto_scalarmult_curve25519_BYTES}};
  const SecretBytes seed = key.seed();
  SecretBytes whole{std::size_t{crypto_sign_SECRETKEYBYTES}};
  Bytes ignored(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_seed_keypair(raw(ignored), whole.data(), seed.data());
  crypto_sign_ed25519_sk_to_curve25519(secret.data(), whole.data());
  Bytes plain(sealed.size() - crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal_open(raw(plain), raw(sealed), sealed.size(), raw(converted), secret.data()) !=
      0) {
    return fail(ErrorCode::kBadSignature, "sealed box");
  }
  return plain;
}

}  // namespace odop::crypto
