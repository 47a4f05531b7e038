// The same targets under libFuzzer (clang): ODOP_FUZZ_TARGET names one.
//   ODOP_FUZZ_TARGET=envelope build/fuzz/bin/odop-fuzz [CORPUS] [-max_total_time=60]
// ODOP_FUZZ_SEEDS=FOLDER writes the seeds there and ends, as a corpus to begin with.
#include "tests/fuzz/targets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

const odop::fuzz::Target& chosen() {
  static const odop::fuzz::Target target = [] {
    const char* name = std::getenv("ODOP_FUZZ_TARGET");
    auto all = odop::fuzz::targets();
    const auto found =
        std::ranges::find(all, std::string(name == nullptr ? "" : name), &odop::fuzz::Target::name);
    if (found == all.end()) {
      std::fprintf(stderr, "ODOP_FUZZ_TARGET is one of:\n");
      for (const auto& one : all) std::fprintf(stderr, "  %s\n", one.name.c_str());
      std::exit(2);
    }
    if (const char* folder = std::getenv("ODOP_FUZZ_SEEDS"); folder != nullptr) {
      for (std::size_t i = 0; i < found->seeds.size(); ++i) {
        std::ofstream(std::string(folder) + "/seed-" + std::to_string(i), std::ios::binary)
            << found->seeds[i];
      }
      std::exit(0);
    }
    return *found;
  }();
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  (void)chosen();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)chosen().take({reinterpret_cast<const char*>(data), size});
  return 0;
}
