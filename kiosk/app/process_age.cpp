#include "kiosk/app/process_age.h"

#include <unistd.h>

#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

namespace odop::kiosk::app {

std::optional<std::uint64_t> start_ticks(std::string_view stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  stat.remove_prefix(name_end + 1);
  // Behind the name (field 2) one blank stands before each field.
  constexpr int kStartField = 22;
  for (int field = 2; field < kStartField; ++field) {
    const auto blank = stat.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    stat.remove_prefix(blank + 1);
  }
  std::uint64_t ticks = 0;
  const auto read = std::from_chars(stat.data(), stat.data() + stat.size(), ticks);
  if (read.ec != std::errc{}) return std::nullopt;
  return ticks;
}

std::optional<double> process_age_ms() {
  std::ifstream file("/proc/self/stat");
  const std::string stat{std::istreambuf_iterator<char>{file}, {}};
  const auto ticks = start_ticks(stat);
  const long per_second = sysconf(_SC_CLK_TCK);
  timespec now{};
  if (!ticks || per_second <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return std::nullopt;
  const double started_ms = static_cast<double>(*ticks) * 1e3 / static_cast<double>(per_second);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6 -
         started_ms;
}

}  // namespace odop::kiosk::app
