#include "syncserver/service/lookup.h"

#include "shared/crypto/secret.h"
#include "shared/text/sound.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>

namespace odop::syncserver {

namespace {

Bytes hmac_sha256(BytesView key, BytesView message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(message.data());
  [[maybe_unused]] const unsigned char* done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text, message.size(), out.data(),
           &size);
  assert(done != nullptr);
  return {out.begin(), out.begin() + size};
}

}  // namespace

Bytes lookup_key(const ServerKeys& keys) {
  const crypto::SecretBytes seed = keys.sealing.seed();
  return hmac_sha256(seed.view(), "odop:lookup");
}

std::string name_lookup(std::string_view name, std::string_view district) {
  std::string key = sound_of(name);
  if (!key.empty()) key.append(1, '\n').append(district);
  return key;
}

Bytes lookup_mac(BytesView key, std::string_view field, std::string_view value) {
  // The zero byte keeps the border between name and value where it is.
  Bytes message;
  message.reserve(field.size() + 1 + value.size());
  message.append(field).append(1, '\0').append(value);
  Bytes mac = hmac_sha256(key, message);
  wipe(message);
  return mac;
}

}  // namespace odop::syncserver
