// One catalogue-N.db: reading it as it is shown, and building it in the staging folder.
// Threads: one at a time.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/file_system.h"
#include "shared/core/ids.h"
#include "shared/core/result.h"
#include "shared/store/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace odop::kiosk {

class CatalogueFile {
 public:
  // Opens immutable. Errors: kNotFound, kCorrupt (no catalogue), kUnsupported (newer schema).
  [[nodiscard]] static Result<CatalogueFile> open(const std::filesystem::path& file,
                                                  const FileSystem& files);

  [[nodiscard]] ReleaseNumber release() const { return release_; }
  [[nodiscard]] std::int64_t created_ms() const { return created_ms_; }

  // Everything but `stale`, take-downs and the indexes. Errors: kCorrupt (the digest over all rows
  // does not fit, or there is no product or district).
  [[nodiscard]] Result<Catalogue> load() const;
  // By kind, then id; each medium once for each kind.
  [[nodiscard]] Result<std::vector<StoredItem>> items() const;

 private:
  explicit CatalogueFile(store::Connection database) : database_(std::move(database)) {}
  [[nodiscard]] Result<Catalogue> load_from_records() const;

  store::Connection database_;
  ReleaseNumber release_;
  std::int64_t created_ms_ = 0;
  std::int64_t lean_version_ = 0;
  Bytes lean_digest_;
};

// Builds `file` (which is replaced) from `base_file` (empty = from nothing) and what changes, as
// CatalogueStore::stage_records describes. Not synced.
[[nodiscard]] Status build_catalogue_file(const std::filesystem::path& file,
                                          const std::filesystem::path& base_file,
                                          const StagedRecords& staged, const FileSystem& files);

}  // namespace odop::kiosk
