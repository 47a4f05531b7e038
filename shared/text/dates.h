// Dates and times of day in India: UTC+05:30, no daylight saving. Digits are always 0-9.
// Pure, any thread (month names come from ICU, read once).
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/text/language.h"

#include <chrono>
#include <string>
#include <string_view>

namespace odop {

using Date = std::chrono::year_month_day;

// "2026-11-21", years 1900 to 2200, real days only. Errors: Malformed.
[[nodiscard]] Result<Date> parse_date(std::string_view iso);

[[nodiscard]] std::string iso_date(Date date);                 // 2026-11-21
[[nodiscard]] std::string short_date(Date date);               // 21-11-2026
[[nodiscard]] std::string long_date(Date date, Language);      // 21 नवंबर 2026
[[nodiscard]] std::string day_and_month(Date date, Language);  // 21 नवंबर
[[nodiscard]] std::string weekday(Date date, Language);        // शनिवार

// "21–23 नवंबर 2026", "28 नवंबर – 2 दिसंबर 2026", with both years when they differ.
[[nodiscard]] std::string date_range(Date from, Date to, Language language);

// The calendar day and the time of day ("14:05") of an instant, in India.
[[nodiscard]] Date india_date(WallTime instant);
[[nodiscard]] std::string india_time(WallTime instant);

// Whole days from `from` to `to`; negative when `to` is earlier.
[[nodiscard]] int days_between(Date from, Date to);
[[nodiscard]] Date add_days(Date date, int days);

}  // namespace odop
