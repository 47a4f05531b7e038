// Personal PINs of the staff, kept as Argon2id only. Six digits can be guessed by whoever has the
// hash and a day; so a PIN guards nothing but the word that somebody helped. Any thread.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace odop::crypto {

inline constexpr std::size_t kStaffPinDigits = 6;
inline constexpr std::size_t kMaxPinHashBytes = 128;  // crypto_pwhash_STRBYTES

// Takes 64 MiB and about a fifth of a second. Errors: kInvalidArgument (not six digits), kBusy (no
// memory).
[[nodiscard]] Result<std::string> hash_pin(std::string_view pin);

// As slow. False also for a hash that is none.
[[nodiscard]] bool pin_fits(std::string_view pin, std::string_view hash);

}  // namespace odop::crypto
