// Settings of the journal that a session keeps. Internal to the room.
#pragma once

#include "kiosk/store/journal.h"
#include "shared/wire/messages.h"

#include <string_view>
#include <vector>

namespace odop::kiosk {

// What the roots said since the enrolment, as it was judged then.
[[nodiscard]] std::vector<wire::SignedDocument> certificates_heard(const Journal& journal);

// When the server named the database generation that is noted, by its own clock, in Unix
// milliseconds.
inline constexpr std::string_view kGenerationTimeSetting = "sync.generation_ms";

}  // namespace odop::kiosk
