#include "kiosk/app/cleared_memory.h"

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>  // explicit_bzero, as glibc declares it
#include <new>

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

namespace {

void* taken(void* block) {
  if (block == nullptr) throw std::bad_alloc{};
  return block;
}

void give_back(void* block) noexcept {
  if (block == nullptr) return;
  explicit_bzero(block, malloc_usable_size(block));
  std::free(block);
}

}  // namespace

// The forms for arrays and for callers who want no exception call these.
void* operator new(std::size_t size) { return taken(std::malloc(size == 0 ? 1 : size)); }

void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return taken(std::aligned_alloc(step, (size + step - 1) / step * step));
}

void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t /*alignment*/) noexcept { give_back(block); }
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  give_back(block);
}

#endif
