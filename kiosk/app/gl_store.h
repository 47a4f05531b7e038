// Glyph pages and images as GL textures.
// Threads: the thread that holds the GL context.
#pragma once

#include "kiosk/media/texture_store.h"
#include "kiosk/text/glyph_atlas.h"

#include <cstdint>
#include <vector>

namespace odop::kiosk::app {

class GlAtlas final : public typeset::AtlasBackend {
 public:
  ~GlAtlas() override;
  void create_page(std::size_t page) override;
  void upload(std::size_t page, const typeset::AtlasRect& changed,
              const std::uint8_t* pixels) override;
  [[nodiscard]] std::uintptr_t texture(std::size_t page) const override;
  // Whether a texture is one of the pages.
  [[nodiscard]] bool holds(std::uintptr_t texture) const;

 private:
  std::vector<unsigned> pages_;
};

class GlTextures final : public media::TextureStore {
 public:
  std::uintptr_t create(int width, int height, std::span<const std::uint8_t> rgba,
                        bool repeats) override;
  void update(std::uintptr_t texture, int x, int y, int width, int height,
              std::span<const std::uint8_t> rgba) override;
  void destroy(std::uintptr_t texture) override;
};

}  // namespace odop::kiosk::app
