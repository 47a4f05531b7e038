// What a kiosk says to a server that was restored from a backup made before the kiosk enrolled:
// POST /v1/readmit with its token, answered by an EnrolAnswer. By stick the token does not travel:
// there it lies in a SignedDocument of this purpose, signed by the device's key, and `proof` shows
// that the kiosk knows its token (shared/crypto/enrolment.h). As JSON: to_json and from_json of
// json.h are defined for it.
#pragma once

#include "shared/wire/messages.h"

#include <string_view>

namespace odop::wire {

// A kiosk that enrolled anew says it of each device that it was, too, by that one's token, while
// something of it is not covered; then the last three fields follow. They came later, are left out
// when empty, and no proof covers them: the signature is that of the device before.
struct Readmission {
  std::string device_id;    // as in its EnrolAnswer, and so on
  Bytes device_public_key;  // Ed25519
  KioskNumber kiosk;
  Epoch epoch;
  std::string name;
  std::string venue;
  std::string district;
  std::string ring;
  Bytes proof{};                // 32 bytes; by stick alone
  Sequence last_sequence{};     // highest that it gave out in this epoch
  std::string former_device{};  // what its kiosk was before it
  Bytes former_signature{};     // 64 bytes; see shared/crypto/succession.h
};

// Purpose of its document, and name of that item of a bundle.
inline constexpr std::string_view kReadmissionPurpose = "readmission";
// Reason of the verdict that puts an envelope off because its device is not known.
inline constexpr std::string_view kUnknownDevice = "unknown_device";

[[nodiscard]] Status check(const Readmission& message);

}  // namespace odop::wire
