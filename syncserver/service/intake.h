// Taking submissions in: what is genuine is stored as it came, and every envelope gets a verdict.
// Nothing is opened here (see opener.h). Signatures are checked in the caller's thread, before the
// one writer is asked: an envelope is genuine when its own signature fits, or when a genuine
// successor of the same device names its hash (decision and reason in the README).
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "syncserver/store/store.h"

#include <cstdint>
#include <vector>

namespace odop::syncserver {

struct Taken {
  std::vector<wire::Verdict> verdicts{};  // one for each envelope, in order
  // Of the caller: up to here its submissions are in a verified backup.
  Epoch covered_epoch{};
  Sequence covered_sequence{};
};

// Contract as KioskApi::push. Whether `caller` is revoked is asked of the store at the commit; of
// what `caller` says only its id and key count, which never change. Threads: any.
[[nodiscard]] Result<Taken> take_in(Store& store, const Device& caller,
                                    std::vector<Bytes> envelopes, std::int64_t now_ms);

}  // namespace odop::syncserver
