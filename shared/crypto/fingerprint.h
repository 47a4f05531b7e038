// What a kiosk and its admin compare at enrolment: sixteen digits over both keys. Whoever stands
// between them has other keys, and shows other digits on one side. Both sides show this one form.
#pragma once

#include "shared/core/bytes.h"

#include <string>

namespace odop::crypto {

// "1234 5678 9012 3456": 53 bits of SHA-256 over both public keys (32 bytes each).
[[nodiscard]] std::string enrolment_fingerprint(BytesView device_public_key,
                                                BytesView server_public_key);

// The same of the device's key alone: what can be compared while a request to be enrolled is on its
// way by stick, when the kiosk knows no server yet. Never equal to the one above.
[[nodiscard]] std::string request_fingerprint(BytesView device_public_key);

}  // namespace odop::crypto
