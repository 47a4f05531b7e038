// Glyph pages and images as GL textures, and drawing ImGui's draw data. All of the program's GL is
// here.
// Threads: the thread that holds the GL context.
#pragma once

#include "kiosk/media/texture_store.h"
#include "kiosk/text/glyph_atlas.h"
#include "kiosk/ui/theme.h"

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

// Draws ImGui's draw data into the window's back buffer.
class GlRenderer {
 public:
  GlRenderer();  // needs the ImGui context of a FrameMaker
  ~GlRenderer();
  GlRenderer(const GlRenderer&) = delete;
  GlRenderer& operator=(const GlRenderer&) = delete;

  // Before the first frame is built and before each: makes GL objects when there are none.
  void begin();
  void draw(int width, int height, ui::Colour ground);
  // Waits until everything is drawn; for measuring.
  static void finish();
  // The back buffer after draw(), RGB, top row first.
  [[nodiscard]] static std::vector<std::uint8_t> read_back(int width, int height);
};

}  // namespace odop::kiosk::app
