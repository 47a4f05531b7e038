// How this kiosk runs, said a second time: FOLDER/mode holds one word, "production" or "test", so
// that a journal which is damaged or cannot be read takes nobody into a kiosk in production.
//
// It is written before the journal commits what the fleet's people said, so a cut in between leaves
// the two in disagreement, and then production counts (Journal::run_mode). Where neither says
// anything, a person who may write to the folder can: `echo test > FOLDER/mode`.
#pragma once

#include "shared/core/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace odop::kiosk {

enum class RunMode : std::uint8_t {
  kUnknown,  // counts as production
  kTest,     // may be looked into
  kProduction,
};

// "production", "test"; everything else, of a newer server too, is not known.
[[nodiscard]] RunMode run_mode_of(std::string_view word);

// nullopt: there is no such file. kUnknown: it cannot be read, or holds something else.
[[nodiscard]] std::optional<RunMode> read_run_mode(const std::filesystem::path& folder);
// Nothing when the file says so already. Errors: kDiskFull, kReadOnly, kIo; the old file stays.
[[nodiscard]] Status write_run_mode(const std::filesystem::path& folder, RunMode mode);

}  // namespace odop::kiosk
