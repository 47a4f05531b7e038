// Glyph pages and images as GL textures.
// Threads: the thread that holds the GL context.
#pragma once

#include "kiosk/media/texture_store.h"
#include "kiosk/text/glyph_atlas.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace odop::kiosk::app {

// Pages are made when their first letters are uploaded, so letters may be shaped and drawn before
// there is a GL context.
class GlAtlas final : public typeset::AtlasBackend {
 public:
  ~GlAtlas() override;
  void create_page(std::size_t page) override;
  void upload(std::size_t page, const typeset::AtlasRect& changed,
              const std::uint8_t* pixels) override;
  [[nodiscard]] std::uintptr_t texture(std::size_t page) const override;
  // The GL texture of what texture() named; none: it named no page.
  [[nodiscard]] std::optional<unsigned> page_texture(std::uintptr_t name) const;

 private:
  struct Page {
    unsigned texture = 0;  // 0: not made yet
    bool blank = true;     // all of it is to be uploaded
  };
  std::vector<Page> pages_;
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
