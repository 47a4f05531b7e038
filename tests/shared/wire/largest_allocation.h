// The largest piece of memory that operator new was asked for in this thread since the last reset.
// Linking largest_allocation.cpp replaces the global operators of the program.
#pragma once

#include <cstddef>

namespace odop::support {

[[nodiscard]] std::size_t largest_allocation();
void reset_largest_allocation();

}  // namespace odop::support
