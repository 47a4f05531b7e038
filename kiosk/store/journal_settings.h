// What the journal's sources share: its settings and attachments as rows. Internal to the room.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/store/sqlite.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odop::kiosk {

// What is held back for longer was held back under another clock, and is free.
inline constexpr std::int64_t kLongestHoldMs = 24LL * 60 * 60 * 1000;
inline constexpr std::string_view kFeedPositionSetting = "journal.feed_position";
// Stands in every backup, and in a database that was one until the outbox has brought it up to
// date: a cut in between must not let the kiosk go on from where the backup stood.
inline constexpr std::string_view kRestoredSetting = "journal.restored";

[[nodiscard]] Result<std::optional<std::string>> read_setting(const store::Connection& database,
                                                              std::string_view name);
[[nodiscard]] Status write_setting(store::Connection& database, std::string_view name,
                                   std::string_view value);

// An attachment of the submission with that envelope. 0: it is here already.
[[nodiscard]] Result<std::int64_t> add_attachment(store::Connection& database, BytesView hash,
                                                  BytesView sealed, BytesView envelope_hash);

}  // namespace odop::kiosk
