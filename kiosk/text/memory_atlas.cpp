#include "kiosk/text/memory_atlas.h"

#include <cstring>

namespace odop::typeset {

void MemoryAtlas::create_page(std::size_t page) {
  if (pages.size() <= page) {
    pages.resize(page + 1);
  }
  pages[page].assign(static_cast<std::size_t>(kAtlasPageSize) * kAtlasPageSize, 0);
}

void MemoryAtlas::upload(std::size_t page, const AtlasRect& changed, const std::uint8_t* pixels) {
  ++uploads;
  for (std::int32_t y = changed.y; y < changed.y + changed.height; ++y) {
    const auto at =
        static_cast<std::size_t>(y) * kAtlasPageSize + static_cast<std::size_t>(changed.x);
    std::memcpy(pages.at(page).data() + at, pixels + at, static_cast<std::size_t>(changed.width));
  }
}

}  // namespace odop::typeset
