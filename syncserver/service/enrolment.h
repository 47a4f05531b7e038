// The one-time code that lets a kiosk in. An admin reads it out or types it over, so it is
// forgiving in spelling; only its hash is stored.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace odop::syncserver {

// A code waits this long for its kiosk (decision: long enough for a courier, short enough that a
// forgotten note is worthless soon).
inline constexpr std::chrono::days kEnrolmentCodeLife{14};

// "7K3M-Q9XT-B2RD": 12 characters of Crockford's base32 (no I, L, O, U), 60 bits of the kernel's
// randomness.
[[nodiscard]] std::string make_enrolment_code();

// What the store keeps of it: shared/crypto/enrolment.h.
[[nodiscard]] std::string enrolment_code_hash(std::string_view typed);

}  // namespace odop::syncserver
