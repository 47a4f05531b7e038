#include "shared/crypto/answer.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/raw.h"
#include "shared/wire/check.h"
#include "shared/wire/json.h"

#include <sodium.h>

#include <string>
#include <utility>

namespace odop::crypto {
namespace {

static_assert(kAnswerSaltBytes == crypto_pwhash_SALTBYTES);

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
// Answers of one bucket look alike: "received" and a refusal have the same length.
constexpr std::size_t kSmallestAnswer = 512;

Bytes bound_to(std::string_view reference, std::uint32_t revision) {
  return Bytes{"odop:answer"}.append(1, '\0').append(reference).append(1, '\0').append(
      std::to_string(revision));
}

// A mark and zero bytes up to the next power of two (ISO/IEC 7816-4).
Bytes padded(Bytes text) {
  std::size_t size = kSmallestAnswer;
  while (size < text.size() + 1) size *= 2;
  text.reserve(size);
  text.push_back('\x80');
  text.resize(size, '\0');
  return text;
}

bool remove_padding(Bytes& text) {
  const auto mark = text.find_last_not_of('\0');
  if (mark == Bytes::npos || text[mark] != '\x80') return false;
  text.resize(mark);
  return true;
}

}  // namespace

Result<AnswerKey> derive_answer_key(std::string_view reference, std::string_view status_code,
                                    BytesView salt) {
  if (salt.size() != kAnswerSaltBytes) return fail(ErrorCode::kInvalidArgument, "answer salt");
  SecretBytes key{std::size_t{crypto_aead_xchacha20poly1305_ietf_KEYBYTES}};
  Bytes password;
  password.reserve(reference.size() + 1 + status_code.size());
  password.append(reference).append(1, '\0').append(status_code);
  const int failed =
      crypto_pwhash(key.data(), key.size(), password.data(), password.size(), raw(salt), kAnswerOps,
                    kAnswerMemoryBytes, crypto_pwhash_ALG_ARGON2ID13);
  wipe(password);
  if (failed != 0) return fail(ErrorCode::kBusy, "no memory for Argon2id");
  return key;
}

Result<wire::SealedAnswer> seal_answer(const wire::Answer& answer, std::string_view reference,
                                       std::uint32_t revision, std::string_view status_code) {
  if (const Status checked = wire::check(answer); !checked) {
    return fail(ErrorCode::kTooLarge, "answer beyond its limits");
  }
  wire::SealedAnswer sealed;
  sealed.reference = reference;
  sealed.revision = revision;
  sealed.salt = random_bytes(kAnswerSaltBytes);
  const auto key = derive_answer_key(reference, status_code, sealed.salt);
  if (!key) return fail(key.error());

  Bytes plain = padded(wire::to_json(answer));
  const Bytes bound = bound_to(reference, revision);
  sealed.ciphertext = random_bytes(kNonceBytes);
  sealed.ciphertext.resize(kNonceBytes + plain.size() + kTagBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed.ciphertext) + kNonceBytes, nullptr,
                                             raw(plain), plain.size(), raw(bound), bound.size(),
                                             nullptr, raw(sealed.ciphertext), key->data());
  wipe(plain);
  return sealed;
}

Result<wire::Answer> open_answer(const wire::SealedAnswer& sealed, std::string_view reference,
                                 std::string_view status_code) {
  if (sealed.ciphertext.size() < kNonceBytes + kTagBytes) {
    return fail(ErrorCode::kMalformed, "sealed answer cut short");
  }
  const auto key = derive_answer_key(reference, status_code, sealed.salt);
  if (!key) return fail(key.error());
  const Bytes bound = bound_to(reference, sealed.revision);
  const BytesView box = BytesView{sealed.ciphertext}.substr(kNonceBytes);
  Bytes plain(box.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          raw(plain), nullptr, nullptr, raw(box), box.size(), raw(bound), bound.size(),
          raw(BytesView{sealed.ciphertext}), key->data()) != 0) {
    return fail(ErrorCode::kUnauthorized, "reference and code do not open this answer");
  }
  if (!remove_padding(plain)) {
    wipe(plain);
    return fail(ErrorCode::kMalformed, "answer padding");
  }
  auto answer = wire::from_json<wire::Answer>(plain);
  wipe(plain);
  return answer;
}

}  // namespace odop::crypto
