// Files that tests read, change and write whole.
#pragma once

#include "shared/core/bytes.h"

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>

namespace odop::test {

inline Bytes load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void save(const std::filesystem::path& file, BytesView bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace odop::test
