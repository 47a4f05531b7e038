// What a kiosk says to a server that was restored from a backup made before the kiosk enrolled:
// POST /v1/readmit with its token, answered by an EnrolAnswer. As JSON: to_json and from_json of
// json.h are defined for it.
#pragma once

#include "shared/wire/messages.h"

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
};

[[nodiscard]] Status check(const Readmission& message);

}  // namespace odop::wire
