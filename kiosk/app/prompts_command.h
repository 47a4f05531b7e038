// `odop-kiosk prompts list|export`: what staff recorded on this kiosk, for the office. No window;
// the kiosk may run meanwhile.
#pragma once

namespace odop::kiosk::app {

[[nodiscard]] bool is_prompts_command(int argc, const char* const* argv);
// The exit status: 0 done, 1 failed or in part, 2 wrong arguments; one clear line on stderr.
[[nodiscard]] int run_prompts_command(int argc, const char* const* argv);

}  // namespace odop::kiosk::app
