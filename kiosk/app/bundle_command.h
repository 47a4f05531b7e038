// odop-kiosk bundle export|import FILE --data DIR: the stick, without a window.
#pragma once

namespace odop::kiosk::app {

// Whether the command line begins with `bundle`.
[[nodiscard]] bool is_bundle_command(int argc, const char* const* argv);

// Exit status: 0 done, 1 failed, 2 wrong arguments; one clear line on stderr for the last two.
int run_bundle_command(int argc, const char* const* argv);

}  // namespace odop::kiosk::app
