// How long ago the kernel started this process; what was spent before main (loading libraries) is
// in it. For the promise about the first frame.
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace odop::kiosk::app {

// When a process started, in ticks (USER_HZ) since boot, from the text of its /proc/PID/stat: the
// 22nd field of proc(5). The second, the program's name, may hold blanks and parentheses.
[[nodiscard]] std::optional<std::uint64_t> start_ticks(std::string_view stat);

// Age of this process. The kernel tells the start in ticks of 10 ms, rounded down, so the age is up
// to 10 ms too large and never too small. None when /proc cannot be read.
[[nodiscard]] std::optional<double> process_age_ms();

}  // namespace odop::kiosk::app
