#include "shared/store/migration.h"

#include <cstddef>
#include <string>

namespace odop::store {

Result<std::vector<Migration>> plan_migrations(int current, std::span<const Migration> all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].number != static_cast<int>(i) + 1) {
      return fail(ErrorCode::kInternal, "migrations are not numbered 1, 2, 3 ...");
    }
  }
  if (current < 0 || current > static_cast<int>(all.size())) {
    return fail(ErrorCode::kUnsupported, "database schema " + std::to_string(current) +
                                             " is newer than this program's " +
                                             std::to_string(all.size()));
  }
  return std::vector<Migration>(all.begin() + current, all.end());
}

}  // namespace odop::store
