// An AtlasBackend without a screen: keeps the pages as bytes and counts the calls. For tests,
// benches and picture tools.
#pragma once

#include "kiosk/text/glyph_atlas.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace odop::typeset {

class MemoryAtlas : public AtlasBackend {
 public:
  void create_page(std::size_t page) override;
  void upload(std::size_t page, const AtlasRect& changed, const std::uint8_t* pixels) override;
  [[nodiscard]] std::uintptr_t texture(std::size_t page) const override { return page + 1; }

  // kAtlasPageSize squared bytes each; 255 is full ink.
  std::vector<std::vector<std::uint8_t>> pages;
  std::size_t uploads = 0;
};

}  // namespace odop::typeset
