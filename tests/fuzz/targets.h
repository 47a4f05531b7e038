// Every decoder of bytes from outside, as a function that may refuse but must not fall. One list
// for the mutator of the default run and for libFuzzer.
#pragma once

#include "shared/core/bytes.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace odop::fuzz {

struct Target {
  std::string name;
  std::vector<Bytes> seeds;             // what it takes gladly: golden bytes, shipped files
  std::function<bool(BytesView)> take;  // whether it was accepted; throws when a promise is broken
  // Of one piece.
  std::size_t most_memory = std::size_t{64} * 1024 * 1024;
};

// All of them, in the same order at each call.
[[nodiscard]] std::vector<Target> targets();

}  // namespace odop::fuzz
