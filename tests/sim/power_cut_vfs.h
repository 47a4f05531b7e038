// The SQLite VFS of a disk whose power fails (power_cut_disk.h): what is the disk's goes there,
// every other file to the VFS that was there before. Threads: whoever writes has waited for the
// last one.
#pragma once

#include "tests/sim/power_cut_disk.h"

namespace odop::test {

// Becomes SQLite's default until the end. `disk` lives until then.
void begin_power_cut_vfs(PowerCutDisk& disk);
void end_power_cut_vfs();

}  // namespace odop::test
