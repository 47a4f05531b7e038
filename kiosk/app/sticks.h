// Which USB stick is plugged in, and what it may be used for: read from the kernel's table of
// mounts (proc(5), /proc/PID/mountinfo). Pure; any thread.
#pragma once

#include "kiosk/model/state.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::app {

struct MountedStick {
  std::filesystem::path folder;
  StickMount mount = StickMount::kUnsafe;
  friend bool operator==(const MountedStick&, const MountedStick&) = default;
};

// What is mounted below `folder`, the last one of the table (the one that was plugged in last).
// nosuid, nodev and noexec are demanded for both ways; reading then takes ro and rw, writing rw
// alone, of the mount and of its file system. `mountinfo` is the whole table; a line that is none
// is passed over.
[[nodiscard]] std::optional<MountedStick> find_stick(std::string_view mountinfo,
                                                     const std::filesystem::path& folder);

}  // namespace odop::kiosk::app
