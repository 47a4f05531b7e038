// The digits by which a kiosk and its office know each other (shared/crypto/fingerprint).
#pragma once

#include "kiosk/store/journal.h"
#include "shared/core/result.h"

#include <string>

namespace odop::kiosk {

struct KioskFingerprint {
  // Over both keys; while an answer is waited for, of the device's alone (the one that it asks to
  // become); empty: no key.
  std::string digits;
  bool asking = false;  // a request went out by stick, and no answer has come
};

// Errors: those of the journal.
[[nodiscard]] Result<KioskFingerprint> fingerprint_of(const Journal& journal);

}  // namespace odop::kiosk
