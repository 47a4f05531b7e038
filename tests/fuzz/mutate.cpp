#include "tests/fuzz/mutate.h"

#include "shared/wire/codec.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace odop::fuzz {

namespace {

void change(Bytes& bytes, const Bytes& donor, Random& random) {
  if (bytes.empty()) bytes.push_back('\0');
  const std::size_t at = random.below(bytes.size());
  switch (random.below(9)) {
    case 0:
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1U << random.below(8));
      break;
    case 1:
      bytes[at] = static_cast<char>(random.below(256));
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3: {
      constexpr std::uint32_t kEdges[] = {0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF};
      const std::uint32_t edge = kEdges[random.below(std::size(kEdges))];
      std::memcpy(bytes.data() + at, &edge, std::min<std::size_t>(4, bytes.size() - at));
      break;
    }
    case 4:
      bytes.erase(at, 1 + random.below(16));
      break;
    case 5:
      bytes.insert(at, bytes.substr(at, 1 + random.below(64)));
      break;
    case 6:
      if (!donor.empty()) {
        bytes.insert(at, donor.substr(random.below(donor.size()), 1 + random.below(64)));
      }
      break;
    case 7: {  // what texts break at
      static constexpr const char* kWords[] = {"\"", "\\u0000",  "{",    "[",
                                               "}",  "\xC0\x80", "-1",   "1e999",
                                               ",",  "%",        "\r\n", "\xF4\x90\x80\x80"};
      bytes.insert(at, kWords[random.below(std::size(kWords))]);
      break;
    }
    default:
      bytes.insert(at, 1 + random.below(32), static_cast<char>(random.below(256)));
  }
}

}  // namespace

Bytes mutated(const std::vector<Bytes>& seeds, Random& random) {
  Bytes bytes = seeds[random.below(seeds.size())];
  const Bytes& donor = seeds[random.below(seeds.size())];
  const std::uint64_t changes = 1 + random.below(8);
  for (std::uint64_t i = 0; i < changes; ++i) change(bytes, donor, random);
  if (bytes.size() >= wire::kCodecHeaderBytes && random.below(2) == 0 && bytes.starts_with("OD")) {
    const auto length = static_cast<std::uint32_t>(bytes.size() - wire::kCodecHeaderBytes);
    std::memcpy(bytes.data() + 6, &length, sizeof length);
  }
  return bytes;
}

}  // namespace odop::fuzz
