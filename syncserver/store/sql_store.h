// The Store on SQLite or PostgreSQL.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <filesystem>
#include <memory>
#include <string>

namespace odop::syncserver {

// `address` is a file (made when it is missing) or "postgresql://...". Brings the schema up.
// Errors: kUnsupported (database newer than this program), kCorrupt, kReadOnly, kBusy, kIo.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const std::string& address);

// A consistent copy of a live SQLite database into `target`, which must not exist; synced to disk.
// PostgreSQL brings its own tools (pg_dump): kUnsupported. Errors: kConflict, kIo, kDiskFull.
[[nodiscard]] Status copy_database(const std::string& address, const std::filesystem::path& target);

}  // namespace odop::syncserver
