// An event as iCalendar (RFC 5545), for a phone that reads it from a code picture. Pure.
#pragma once

#include "kiosk/model/catalogue.h"

#include <string>
#include <string_view>

namespace odop::kiosk {

// One VEVENT of whole days. Lines end in CRLF and are folded at 75 bytes between characters;
// commas, semicolons, backslashes and line ends in texts are escaped. `today` (YYYY-MM-DD) is its
// stamp. Empty when the event has no day.
[[nodiscard]] std::string calendar_entry(const Event& event, std::string_view title,
                                         std::string_view place, std::string_view today);

}  // namespace odop::kiosk
