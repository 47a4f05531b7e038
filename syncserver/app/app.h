// The program odop-syncserver: reads its arguments and runs one command.
#pragma once

namespace odop::syncserver {

// Returns the exit code: 0 done, 1 failed (one line on stderr says why), 2 wrong arguments.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace odop::syncserver
