// Taking submissions in: what is genuine is stored as it came, and every envelope gets a verdict.
// Nothing is opened here (see opener.h). Signatures are checked in the caller's thread, before the
// one writer is asked.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "syncserver/store/store.h"

#include <cstdint>
#include <span>
#include <vector>

namespace odop::syncserver {

// Contract as KioskApi::push. Threads: any.
[[nodiscard]] Result<std::vector<wire::Verdict>> take_in(Store& store, const Device& caller,
                                                         std::span<const Bytes> envelopes,
                                                         std::int64_t now_ms);

}  // namespace odop::syncserver
