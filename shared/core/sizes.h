// Sizes of memory, computed as sizes and not as int: "64 * kKiB".
#pragma once

#include <cstddef>

namespace odop {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

}  // namespace odop
