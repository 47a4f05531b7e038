// Rows of the trust table that are about what answers calls, beside releases: receipts, late
// receipts in the feed, being let in again, answers that trickle, keys that were taken back.
#pragma once

#include "tests/kiosk/sync/trust/trust_world.h"

#include <vector>

namespace odop::kiosk {

[[nodiscard]] std::vector<Row> receipt_rows();
[[nodiscard]] std::vector<Row> slow_rows();
[[nodiscard]] std::vector<Row> revoked_rows();
[[nodiscard]] std::vector<Row> neighbour_rows();

}  // namespace odop::kiosk
