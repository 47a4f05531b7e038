// How the heap takes memory from the kernel.
// Threads: main, as told at each.
#pragma once

namespace odop::kiosk::app {

// Until give_back_large_blocks(): one heap in pages of 2 MB where the kernel has them, for blocks
// of any size. A start then takes some 5,600 of 17,600 page faults less (measured on a virtual
// machine: 70 to 100 ms of the first frame). Call before any thread is there.
void begin_with_large_pages();

// From now on a large block has pages of its own, which go back when it is freed: otherwise decoded
// pictures and catalogues leave holes in the heap that stay. Call once the first frame is shown.
void give_back_large_blocks();

}  // namespace odop::kiosk::app
