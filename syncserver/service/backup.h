// Backups: a folder with the database, the media and packs, and (there or elsewhere) the keys, each
// file with its hash. A backup counts when it was read back whole; only then may kiosks forget what
// it covers.
//
// Whoever holds a copy of keys/records.db can read what was erased since. So `erase due` destroys
// the keys in the backups that it finds, a restore destroys those that a later list names, and the
// keys' copy is best kept apart (`keys_to`) and replaced by each new one.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

struct BackupSummary {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::string generation;
  // Of a restore: beside the backup stands that it was restored, see new_life.h.
  bool noted = true;
  // Submissions that are damaged and therefore not covered, see whole_part() in verify.h.
  std::vector<std::string> damaged{};
};

struct BackupPlaces {
  std::filesystem::path to;  // a folder that does not exist yet
  // Empty: to/keys; else another folder that does not exist yet, neither in the other nor around
  // it.
  std::filesystem::path keys_to;
};

// Opens the database file that was restored (the program chooses the store).
using StoreOpener = std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path&)>;

// The backups that were made of this folder and not taken back, oldest first. Errors: kCorrupt,
// kIo.
[[nodiscard]] Result<std::vector<BackupPlaces>> known_backups(const DataFolder& folder);

// May run beside a serving server. Afterwards the fleet's devices are told what is covered: what
// was copied, was read back, and is whole itself. Errors: kConflict (a target exists),
// kInvalidArgument (places inside each other or inside `folder`), kUnsupported (PostgreSQL: use
// pg_dump), kCorrupt (the copy could not be read back), kDiskFull, kIo. On error the targets are
// removed again.
[[nodiscard]] Result<BackupSummary> make_backup(Store& store, KeyStore& record_keys,
                                                const DataFolder& folder,
                                                const BackupPlaces& places, WallTime now);

// Into a folder that does not exist, is empty, or holds what an interrupted restore left: until the
// last step folder.unfinished() stands there and no program opens it. The database gets a new
// generation, so that kiosks push again what the backup does not cover, and its counters jump ahead
// of everything that was given out after the backup, by the lost life and by those that were
// restored from it before (new_life.h; a backup that cannot be written is restored all the same).
// What was erased since stays erased: the lists of the backup itself, of the backups that lie
// beside it, and of `erased_lists` are applied. Errors: kConflict (the folder holds something),
// kCorrupt (a file is missing or changed, or the keys are not those of this backup; nothing was
// restored), kNotFound (no backup there), kDiskFull, kIo.
[[nodiscard]] Result<BackupSummary> restore_backup(
    const BackupPlaces& from, const DataFolder& folder, const StoreOpener& open, Random& random,
    WallTime now, std::span<const std::filesystem::path> erased_lists = {});

// Destroys these in a backup: keys and content, and notes the new hashes of its files. Errors:
// kNotFound (it is not here), kCorrupt (it is damaged: nothing was changed), kDiskFull, kIo.
[[nodiscard]] Status forget_in_backup(const BackupPlaces& places, std::span<const Erased> erased,
                                      const StoreOpener& open);

}  // namespace odop::syncserver
