#include "syncserver/service/enrolment.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/enrolment.h"

#include <cstddef>

namespace odop::syncserver {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeCharacters = 12;
constexpr std::size_t kGroup = 4;

}  // namespace

std::string make_enrolment_code() {
  std::string code;
  const Bytes random = crypto::random_bytes(kCodeCharacters);
  for (std::size_t i = 0; i < kCodeCharacters; ++i) {
    if (i > 0 && i % kGroup == 0) code.push_back('-');
    // 256 is a multiple of 32, so that no character is likelier than another.
    code.push_back(kAlphabet[static_cast<unsigned char>(random[i]) % kAlphabet.size()]);
  }
  return code;
}

std::string enrolment_code_hash(std::string_view typed) {
  return crypto::enrolment_code_hash(typed);
}

}  // namespace odop::syncserver
