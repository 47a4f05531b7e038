// Settings of the journal that a session keeps. Internal to the room.
#pragma once

#include <string_view>

namespace odop::kiosk {

// Of the server's database, as the journal keeps it.
inline constexpr std::string_view kGenerationSetting = "journal.generation";
// When the server named that generation, by its own clock, in Unix milliseconds.
inline constexpr std::string_view kGenerationTimeSetting = "sync.generation_ms";

}  // namespace odop::kiosk
