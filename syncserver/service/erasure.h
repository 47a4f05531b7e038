// Destruction, a year after a withdrawal: until then the law has data and logs kept (DPDP Rules
// 2025, rule 8(3)), hidden from everybody.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "syncserver/service/backup.h"
#include "syncserver/service/data_folder.h"
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
  std::vector<std::string> backups_cleaned{};  // folders from which it is gone too
  // Folders of backups that are not here, or are damaged: when one is restored, the list of a later
  // backup beside it, or `--erased`, keeps it out.
  std::vector<std::string> backups_left{};
};

// Destroys the key of everything whose time is over, and forgets it (Store::erase). First its name
// is in the list of what was erased (erasure_list.h), then its key goes: whatever cuts this off,
// nothing readable is left, and the next run ends the work. Then the log of the database is
// emptied, and the same is done in every backup that `backup` made and that is still there. With
// `preview` nothing is changed.
[[nodiscard]] Result<ErasureReport> erase_due(Store& store, KeyStore& record_keys,
                                              const DataFolder& folder, const StoreOpener& open,
                                              WallTime now, bool preview);

}  // namespace odop::syncserver
