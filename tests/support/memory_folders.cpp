#include "tests/support/memory_folders.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace odop::test {

void use_memory_for_folders() {
  constexpr const char* kPlace = "/dev/shm";
  constexpr std::uintmax_t kRoom = 2ULL * 1024 * 1024 * 1024;
  std::error_code error;
  const auto space = std::filesystem::space(kPlace, error);
  if (!error && space.available >= kRoom) ::setenv("TMPDIR", kPlace, 0);
}

}  // namespace odop::test
