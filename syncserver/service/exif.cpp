#include "syncserver/service/exif.h"

#include <cstddef>
#include <cstdint>

namespace odop::syncserver {

namespace {

// Reads within bounds only; beyond them everything is 0.
class Reader {
 public:
  explicit Reader(BytesView bytes) : bytes_(bytes) {}
  bool little = false;

  [[nodiscard]] std::uint32_t byte(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }
  [[nodiscard]] std::uint32_t u16(std::size_t at) const {
    return little ? byte(at) | byte(at + 1) << 8 : byte(at) << 8 | byte(at + 1);
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const {
    return little ? u16(at) | u16(at + 2) << 16 : u16(at) << 16 | u16(at + 2);
  }

 private:
  BytesView bytes_;
};

int orientation_in(BytesView tiff) {
  Reader reader(tiff);
  if (tiff.size() < 8) return 1;
  reader.little = tiff.starts_with("II");
  if (!reader.little && !tiff.starts_with("MM")) return 1;
  const std::size_t directory = reader.u32(4);
  const std::size_t entries = reader.u16(directory);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.size()) return 1;
    if (reader.u16(entry) != 0x0112) continue;
    const auto value = static_cast<int>(reader.u16(entry + 8));
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

}  // namespace

int exif_orientation(BytesView jpeg) {
  const Reader reader(jpeg);
  std::size_t at = 2;  // behind the start marker
  while (at + 4 <= jpeg.size() && reader.byte(at) == 0xFF) {
    const std::uint32_t marker = reader.byte(at + 1);
    const std::size_t length = reader.u16(at + 2);  // with its own two bytes
    if (marker == 0xDA || length < 2 || at + 2 + length > jpeg.size()) return 1;
    const BytesView segment = jpeg.substr(at + 4, length - 2);
    constexpr BytesView kExif{"Exif\0\0", 6};
    if (marker == 0xE1 && segment.starts_with(kExif)) {
      return orientation_in(segment.substr(kExif.size()));
    }
    at += 2 + length;
  }
  return 1;
}

}  // namespace odop::syncserver
