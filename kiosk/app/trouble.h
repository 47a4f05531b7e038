// Why a kiosk's stores cannot be written, in the model's words. Reads the file system.
#pragma once

#include "kiosk/model/state.h"
#include "kiosk/store/journal.h"
#include "shared/core/error.h"

#include <filesystem>

namespace odop::kiosk::app {

// What `Journal::open` failed with, looked at more closely.
[[nodiscard]] Trouble trouble_of(const Error& why, const std::filesystem::path& folder);

// Of a journal that is open, or closed (`Journal::closed`), with its disk as it is now.
[[nodiscard]] Trouble trouble_of(const Journal& journal, const DiskState& disk,
                                 const std::filesystem::path& folder);

}  // namespace odop::kiosk::app
