#include "shared/text/dates.h"

#include <fmt/format.h>
#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>
#include <unicode/utypes.h>

#include <array>
#include <cstddef>
#include <vector>

namespace odop {
namespace {

constexpr std::chrono::minutes kIndiaOffset{330};
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2200;

struct Names {
  std::array<std::string, 12> months;
  std::array<std::string, 7> weekdays;  // Sunday first
};

Names read_names(const char* locale) {
  Names names;
  UErrorCode status = U_ZERO_ERROR;
  const icu::DateFormatSymbols symbols{icu::Locale(locale), status};
  if (U_FAILURE(status) != 0) return names;
  int32_t count = 0;
  const icu::UnicodeString* months = symbols.getMonths(count);
  for (std::size_t i = 0; i < names.months.size() && static_cast<int32_t>(i) < count; ++i) {
    months[i].toUTF8String(names.months.at(i));
  }
  const icu::UnicodeString* days = symbols.getWeekdays(count);  // position 0 is unused
  for (std::size_t i = 0; i < names.weekdays.size() && static_cast<int32_t>(i) + 1 < count; ++i) {
    days[i + 1].toUTF8String(names.weekdays.at(i));
  }
  return names;
}

const Names& names_of(Language language) {
  static const std::array<Names, 3> names{read_names("hi_IN"), read_names("en_IN"),
                                          read_names("ur_IN")};
  return names.at(index(language));
}

unsigned day(Date date) { return static_cast<unsigned>(date.day()); }
unsigned month(Date date) { return static_cast<unsigned>(date.month()); }
int year(Date date) { return static_cast<int>(date.year()); }

bool read_digits(std::string_view text, int& value) {
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return true;
}

}  // namespace

Result<Date> parse_date(std::string_view iso) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-' || !read_digits(iso.substr(0, 4), y) ||
      !read_digits(iso.substr(5, 2), m) || !read_digits(iso.substr(8, 2), d)) {
    return fail(ErrorCode::kMalformed, "not a date of the form YYYY-MM-DD");
  }
  const Date date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(m)},
                  std::chrono::day{static_cast<unsigned>(d)}};
  if (!date.ok() || y < kFirstYear || y > kLastYear) {
    return fail(ErrorCode::kMalformed, "no such day");
  }
  return date;
}

std::string iso_date(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", year(date), month(date), day(date));
}

std::string short_date(Date date) {
  return fmt::format("{:02}-{:02}-{:04}", day(date), month(date), year(date));
}

std::string day_and_month(Date date, Language language) {
  return fmt::format("{} {}", day(date), names_of(language).months.at(month(date) - 1));
}

std::string long_date(Date date, Language language) {
  return fmt::format("{} {}", day_and_month(date, language), year(date));
}

std::string weekday(Date date, Language language) {
  const std::chrono::weekday which{std::chrono::sys_days{date}};
  return names_of(language).weekdays.at(which.c_encoding());
}

std::string date_range(Date from, Date to, Language language) {
  if (from == to) return long_date(from, language);
  if (from.year() != to.year()) {
    return fmt::format("{} – {}", long_date(from, language), long_date(to, language));
  }
  if (from.month() != to.month()) {
    return fmt::format("{} – {}", day_and_month(from, language), long_date(to, language));
  }
  return fmt::format("{}–{}", day(from), long_date(to, language));
}

Date india_date(WallTime instant) {
  return Date{std::chrono::floor<std::chrono::days>(instant + kIndiaOffset)};
}

std::string india_time(WallTime instant) {
  const WallTime local = instant + kIndiaOffset;
  const auto minutes = std::chrono::floor<std::chrono::minutes>(
      local - std::chrono::floor<std::chrono::days>(local));
  return fmt::format("{:02}:{:02}", minutes.count() / 60, minutes.count() % 60);
}

int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days{to} - std::chrono::sys_days{from}).count());
}

Date add_days(Date date, int days) {
  return Date{std::chrono::sys_days{date} + std::chrono::days{days}};
}

}  // namespace odop
