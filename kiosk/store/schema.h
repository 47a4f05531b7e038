// The schemas of this room's databases, embedded from schema/*/NNNN_name.sql. A released file is
// never edited; a change is a new file.
#pragma once

#include "shared/store/migration.h"

#include <span>

namespace odop::kiosk {

[[nodiscard]] std::span<const store::Migration> journal_schema();
[[nodiscard]] std::span<const store::Migration> releases_schema();
[[nodiscard]] std::span<const store::Migration> catalogue_schema();

}  // namespace odop::kiosk
