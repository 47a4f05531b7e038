// What was destroyed, as a list that outlives the database: a backup that is older than the erasure
// still holds it, so the list lies beside the data and in every later backup, and is applied to
// whatever is restored. It names envelopes, and nobody can read from it what they held.
#pragma once

#include "shared/core/result.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <filesystem>
#include <span>
#include <vector>

namespace odop::syncserver {

// Of a data folder or of a backup.
[[nodiscard]] inline std::filesystem::path erasure_list(const std::filesystem::path& folder) {
  return folder / "erased.list";
}

// Adds to the file; durable when it returns. Errors: kDiskFull, kIo.
[[nodiscard]] Status append_erased(const std::filesystem::path& file,
                                   std::span<const Erased> erased);
// Each once; a file that is not there is an empty list. A last line that was cut off is passed
// over: nothing was destroyed before its line was whole. Errors: kCorrupt, kTooLarge, kIo.
[[nodiscard]] Result<std::vector<Erased>> read_erased(const std::filesystem::path& file);

// Destroys the keys of all of these, forgets them and empties the log. What the store never had is
// remembered as erased, so that no kiosk brings it back.
[[nodiscard]] Status forget_all(Store& store, KeyStore& record_keys,
                                std::span<const Erased> erased);

}  // namespace odop::syncserver
