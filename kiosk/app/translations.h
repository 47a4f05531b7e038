// The words of the screens in every language, as they lie on the disk.
#pragma once

#include "shared/core/result.h"
#include "shared/text/words.h"

#include <array>
#include <filesystem>

namespace odop::kiosk::app {

// In the order of odop::Language.
using Translations = std::array<Words, 3>;

// FOLDER/hi.mo, en.mo, ur.mo. Errors: those of Words::load.
[[nodiscard]] Result<Translations> load_translations(const std::filesystem::path& folder);

}  // namespace odop::kiosk::app
