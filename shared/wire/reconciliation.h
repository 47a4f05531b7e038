// What a kiosk asks a server that was restored: POST /v1/reconcile with its token. Submissions that
// a backup covered are here no more, and the backup that was restored may be an older one. The
// answer is a signed BatchReceipt with a verdict (duplicate) for each that is there whole, its
// recordings too; of the others it says nothing. As JSON: to_json and from_json of json.h are
// defined for it.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"

#include <string>
#include <vector>

namespace odop::wire {

struct GivenUp {
  std::string device_id;  // whose it was: the kiosk's own, now or before it enrolled anew
  Epoch epoch;
  Sequence sequence;
  Bytes envelope_hash;  // SHA-256 of the encoded envelope
};

struct Reconciliation {
  std::vector<GivenUp> given_up;  // 1 to kMaxBatchEnvelopes
};

[[nodiscard]] Status check(const Reconciliation& message);

}  // namespace odop::wire
