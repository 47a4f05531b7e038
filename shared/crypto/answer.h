// Answers that a kiosk may hold and cannot read: the key comes from the reference and the status
// code, both of which only the asker's receipt has. Argon2id makes each guess of the eight digits
// cost 64 MiB and about a fifth of a second; reference and revision are bound as associated data,
// so that an answer cannot be passed off as another's.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/secret.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace odop::crypto {

inline constexpr std::size_t kAnswerSaltBytes = 16;
inline constexpr unsigned long long kAnswerOps = 3;
inline constexpr std::size_t kAnswerMemoryBytes = 64 * 1024 * 1024;

using AnswerKey = SecretBytes;  // 32 bytes

// `reference` as plain digits, `status_code` as 8 digits. Blocks for about 0.2 s and takes 64 MiB:
// call it off the UI thread. Errors: kInvalidArgument (salt), kBusy (no memory).
[[nodiscard]] Result<AnswerKey> derive_answer_key(std::string_view reference,
                                                  std::string_view status_code, BytesView salt);

// `revision` counts the answers to one reference from 1; a kiosk shows the highest.
// Errors: kTooLarge (text above 2,000 characters), kBusy.
[[nodiscard]] Result<wire::SealedAnswer> seal_answer(const wire::Answer& answer,
                                                     std::string_view reference,
                                                     std::uint32_t revision,
                                                     std::string_view status_code);

// Errors: kUnauthorized (wrong code or reference, or changed bytes), kMalformed, kBusy.
[[nodiscard]] Result<wire::Answer> open_answer(const wire::SealedAnswer& sealed,
                                               std::string_view reference,
                                               std::string_view status_code);

}  // namespace odop::crypto
