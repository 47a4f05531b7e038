// Settings of the journal that a session keeps. Internal to the room.
#pragma once

#include <string_view>

namespace odop::kiosk {

// When the server named the database generation that is noted, by its own clock, in Unix
// milliseconds.
inline constexpr std::string_view kGenerationTimeSetting = "sync.generation_ms";

}  // namespace odop::kiosk
