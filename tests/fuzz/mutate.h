// A seeded mutator: the same number gives the same bytes.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/random.h"

#include <vector>

namespace odop::fuzz {

// One of `seeds` with one to eight changes: bits, bytes, numbers that sizes break at, pieces cut
// out, doubled or taken from another seed, lengths of our own headers put right half of the time.
[[nodiscard]] Bytes mutated(const std::vector<Bytes>& seeds, Random& random);

}  // namespace odop::fuzz
