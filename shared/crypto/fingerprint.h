// What a kiosk and its admin compare at enrolment: sixteen digits over both keys. Whoever stands
// between them has other keys, and shows other digits on one side.
#pragma once

#include "shared/core/bytes.h"

#include <string>

namespace odop::crypto {

// "1234 5678 9012 3456": 53 bits of SHA-256 over both public keys (32 bytes each).
[[nodiscard]] std::string enrolment_fingerprint(BytesView device_public_key,
                                                BytesView server_public_key);

}  // namespace odop::crypto
