#include "shared/crypto/fingerprint.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/sign.h"

#include <cstdint>

namespace odop::crypto {
namespace {

std::string sixteen_digits(BytesView text) {
  constexpr std::uint64_t kSixteenDigits = 10'000'000'000'000'000;
  constexpr std::size_t kGroup = 4;
  const Bytes hash = sha256(text);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = number << 8U | static_cast<unsigned char>(hash[i]);
  }
  std::string digits = std::to_string(number % kSixteenDigits);
  digits.insert(0, 4 * kGroup - digits.size(), '0');
  std::string grouped;
  for (std::size_t at = 0; at < digits.size(); at += kGroup) {
    if (at != 0) grouped += ' ';
    grouped += digits.substr(at, kGroup);
  }
  return grouped;
}

}  // namespace

std::string enrolment_fingerprint(BytesView device_public_key, BytesView server_public_key) {
  Bytes text = signing_domain("fingerprint");
  text += device_public_key;
  text += server_public_key;
  return sixteen_digits(text);
}

std::string request_fingerprint(BytesView device_public_key) {
  Bytes text = signing_domain("request-fingerprint");
  text += device_public_key;
  return sixteen_digits(text);
}

}  // namespace odop::crypto
