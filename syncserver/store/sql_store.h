// The Store on SQLite or PostgreSQL.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <memory>
#include <string>

namespace odop::syncserver {

// `address` is a file (made when it is missing) or "postgresql://...". Brings the schema up.
// Errors: kUnsupported (database newer than this program), kCorrupt, kReadOnly, kBusy, kIo.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const std::string& address);

}  // namespace odop::syncserver
