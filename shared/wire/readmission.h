// What a kiosk says to a server that was restored from a backup made before the kiosk enrolled:
// POST /v1/readmit with its token, answered by an EnrolAnswer. By stick the token does not travel:
// there it lies in a SignedDocument of this purpose, signed by the device's key, and `proof` shows
// that the kiosk knows its token (shared/crypto/enrolment.h). As JSON: to_json and from_json of
// json.h are defined for it.
#pragma once

#include "shared/wire/messages.h"

#include <string_view>

namespace odop::wire {

struct Readmission {
  std::string device_id;    // as in its EnrolAnswer, and so on
  Bytes device_public_key;  // Ed25519
  KioskNumber kiosk;
  Epoch epoch;
  std::string name;
  std::string venue;
  std::string district;
  std::string ring;
  Bytes proof{};  // 32 bytes; by stick alone
};

// Purpose of its document, and name of that item of a bundle.
inline constexpr std::string_view kReadmissionPurpose = "readmission";

[[nodiscard]] Status check(const Readmission& message);

}  // namespace odop::wire
