#include "shared/crypto/pin.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace odop::crypto {
namespace {

constexpr unsigned long long kOps = 3;
constexpr std::size_t kMemory = 64 * 1024 * 1024;
static_assert(kMaxPinHashBytes == crypto_pwhash_STRBYTES);

}  // namespace

Result<std::string> hash_pin(std::string_view pin) {
  const bool digits =
      std::ranges::all_of(pin, [](char sign) { return sign >= '0' && sign <= '9'; });
  if (pin.size() != kStaffPinDigits || !digits) {
    return fail(ErrorCode::kInvalidArgument, "a PIN is six digits");
  }
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), pin.data(), pin.size(), kOps, kMemory) != 0) {
    return fail(ErrorCode::kBusy, "no memory for Argon2id");
  }
  return std::string(hash.data());
}

bool pin_fits(std::string_view pin, std::string_view hash) {
  if (hash.size() >= kMaxPinHashBytes) return false;
  std::array<char, crypto_pwhash_STRBYTES> padded{};
  std::memcpy(padded.data(), hash.data(), hash.size());
  return crypto_pwhash_str_verify(padded.data(), pin.data(), pin.size()) == 0;
}

}  // namespace odop::crypto
