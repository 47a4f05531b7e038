#include "kiosk/app/heap.h"

#include "kiosk/app/cleared_memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace odop::kiosk::app {
namespace {

constexpr int kReserve = 64 * 1024 * 1024;  // bytes of addresses; what is not touched costs nothing
constexpr std::uintptr_t kLargePage = 2 * 1024 * 1024;  // bytes
constexpr int kOwnPagesFrom = 128 * 1024;   // bytes; glibc's own default, which it raises by itself
constexpr int kTrimFrom = 4 * 1024 * 1024;  // bytes at the heap's end
constexpr int kUsualPad = 1024 * 1024;      // bytes by which the heap grows later
constexpr int kMostOwnPages = 65'536;       // blocks; glibc's own default

std::uintptr_t heap_end() { return reinterpret_cast<std::uintptr_t>(sbrk(0)); }

}  // namespace

void begin_with_large_pages() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TOP_PAD, kReserve);
  mallopt(M_TRIM_THRESHOLD, kReserve * 2);
  const std::uintptr_t before = heap_end();
  // More than the heap has left: it grows, by the reserve.
  // (volatile: a compiler may leave out a block that nobody uses.)
  void* volatile block = std::malloc(kLargePage);
  free_untouched(block);
  const std::uintptr_t after = heap_end();
  const std::uintptr_t first = (before + kLargePage - 1) / kLargePage * kLargePage;
  if (after <= first) return;
  // A kernel without large pages refuses, and nothing is lost.
  auto* const reserve = reinterpret_cast<void*>(first);  // NOLINT(performance-no-int-to-ptr)
  (void)madvise(reserve, after - first, MADV_HUGEPAGE);
  mallopt(M_TOP_PAD, kUsualPad);
}

void give_back_large_blocks() {
  mallopt(M_MMAP_MAX, kMostOwnPages);
  mallopt(M_MMAP_THRESHOLD, kOwnPagesFrom);
  mallopt(M_TRIM_THRESHOLD, kTrimFrom);
}

}  // namespace odop::kiosk::app
