// What giving and taking bundles share. Internal to the room.
#pragma once

#include "kiosk/store/file_system.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/engine.h"
#include "shared/core/result.h"
#include "shared/crypto/sign.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// Made once, before the first enrolment. Errors: those of the journal.
[[nodiscard]] Result<crypto::SigningKey> device_key(Journal& journal);
// Which key belongs to a one-time code, see Journal::load_next_seed.
[[nodiscard]] std::string mark_of_code(std::string_view code);
// The key of the device that this kiosk becomes by the code; made once for it. Errors as above.
[[nodiscard]] Result<crypto::SigningKey> next_device_key(Journal& journal, std::string_view code);
// Whether this kiosk became who it is, or was, by this code: no server may make it another one by
// it, since a restored one would give the number of then a second time.
[[nodiscard]] bool used_before(const Journal& journal, std::string_view code);
// The setting that remembers it, with this code as the newest.
inline constexpr std::string_view kUsedCodesSetting = "enrol.used";
[[nodiscard]] std::string used_codes_with(const Journal& journal, std::string_view code);

// A device that this kiosk was, and its key.
struct FormerSelf {
  sync::FormerAsk ask;
  crypto::SigningKey key;
};
// Oldest first, from the first of which something waits here; those that are younger stand between
// it and who the kiosk is now. One whose key is gone is left out. Errors: those of the journal.
[[nodiscard]] Result<std::vector<FormerSelf>> former_selves(const Journal& journal);

// The code that is named now, else the one of last time; empty: none.
[[nodiscard]] Result<std::string> known_code(const BundleOrder& order, const Journal& journal);
[[nodiscard]] Result<sync::LocalState> local_state(const Journal& journal,
                                                   const std::filesystem::path& folder,
                                                   const FileSystem& files);
// Of the pointer that is held; 0 = none.
[[nodiscard]] std::uint64_t pointer_serial(const std::filesystem::path& folder,
                                           const FileSystem& files);

}  // namespace odop::kiosk
