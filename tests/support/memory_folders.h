// Folders of tests in memory, for what opens and syncs thousands of files and asks nothing of a
// real disk.
#pragma once

namespace odop::test {

// From now on, for this process and its children, unless TMPDIR is set: where memory has a file
// system with enough room that a kiosk there does not find its disk full.
void use_memory_for_folders();

}  // namespace odop::test
