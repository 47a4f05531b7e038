// Destruction, a year after a withdrawal: until then the law has data and logs kept (DPDP Rules
// 2025, rule 8(3)), hidden from everybody.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace odop::syncserver {

inline constexpr std::chrono::days kKeepAfterWithdrawal{365};

struct ErasureReport {
  std::vector<std::string> references{};  // what was destroyed, or would be; withdrawals too
  bool done = false;
};

// Destroys the key of everything whose time is over, and forgets it (Store::erase). The key goes
// first: whatever cuts this off, nothing readable is left, and the next run ends the work. With
// `preview` nothing is changed. Backups of the key store hold the keys until they are replaced.
[[nodiscard]] Result<ErasureReport> erase_due(Store& store, KeyStore& record_keys, WallTime now,
                                              bool preview);

}  // namespace odop::syncserver
