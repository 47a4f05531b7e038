#include "shared/crypto/succession.h"

namespace odop::crypto {
namespace {

// Ids are UUIDs, so that no two pairs of them give the same bytes.
Bytes succession_message(std::string_view former, std::string_view device) {
  Bytes message = signing_domain("succession");
  message += former;
  message += ' ';
  message += device;
  return message;
}

}  // namespace

Bytes sign_succession(std::string_view former, std::string_view device, const SigningKey& key) {
  return key.sign(succession_message(former, device));
}

bool check_succession(std::string_view former, std::string_view device, BytesView signature,
                      BytesView former_public_key) {
  return verify(former_public_key, succession_message(former, device), signature);
}

}  // namespace odop::crypto
