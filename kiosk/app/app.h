// The program: window, frame loop, and everything it is wired of.
#pragma once

#include "kiosk/app/options.h"

namespace odop::kiosk::app {

// Runs until it is told to stop (SIGTERM, SIGINT, closed window). Returns the exit status: 0, or 1
// after one line on stderr.
[[nodiscard]] int run(const Options& options, const char* program);

}  // namespace odop::kiosk::app
