#include "kiosk/app/cleared_memory.h"

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>  // explicit_bzero, as glibc declares it

namespace odop::kiosk::app {
namespace {

// Deeper than any turn, frame or errand goes; threads of ours have 8 MiB.
constexpr std::size_t kDeepest = 256 * 1024;  // bytes

}  // namespace

[[gnu::noinline]] void clear_used_stack() {
  std::array<char, kDeepest> below;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  explicit_bzero(below.data(), below.size());
}

}  // namespace odop::kiosk::app

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// glibc's own, which it exports under these names for programs that replace the plain ones.
extern "C" {
void libc_free(void* block) noexcept __asm__("__libc_free");
void* libc_realloc(void* block, std::size_t size) noexcept __asm__("__libc_realloc");
}

namespace odop::kiosk::app {

void free_untouched(void* block) { libc_free(block); }

}  // namespace odop::kiosk::app

// Every library of the process calls these, and libstdc++'s operator delete does.
extern "C" void free(void* block) noexcept {
  if (block == nullptr) return;
  explicit_bzero(block, malloc_usable_size(block));
  libc_free(block);
}

// glibc's would leave the old block as it was.
extern "C" void* realloc(void* block, std::size_t size) noexcept {
  if (block == nullptr) return libc_realloc(block, size);
  const std::size_t held = malloc_usable_size(block);
  if (size == 0) {
    free(block);
    return nullptr;
  }
  if (size <= held) {
    explicit_bzero(static_cast<char*>(block) + size, held - size);
    // It stays where it is, or goes whole from pages of its own.
    return libc_realloc(block, size);
  }
  void* const larger = std::malloc(size);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, held);
  free(block);
  return larger;
}

#else

namespace odop::kiosk::app {

void free_untouched(void* block) { std::free(block); }

}  // namespace odop::kiosk::app

#endif
