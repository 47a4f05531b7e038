// Which schema steps a database still needs. Pure: knows numbers, not databases. Both programs use
// it; each brings its own list, embedded at build time from <program>/store/schema/NNNN_name.sql.
#pragma once

#include "shared/core/result.h"

#include <span>
#include <string_view>
#include <vector>

namespace odop::store {

struct Migration {
  int number = 0;         // from 1, without gaps
  std::string_view name;  // file stem without the number
  std::string_view sql;   // one or more statements, applied in one transaction
};

// The steps above `current`, in order. `all` ascends from 1 without gaps (checked).
// Errors: kUnsupported when the database is newer than the program, kInternal when `all` has gaps.
[[nodiscard]] Result<std::vector<Migration>> plan_migrations(int current,
                                                             std::span<const Migration> all);

}  // namespace odop::store
