// Draws ImGui's draw data with OpenGL 3.2, by the cheapest program that each command needs: plain
// shapes are vertex colours alone, letters take coverage from one channel, pictures their texels.
// Threads: the thread that holds the GL context.
#pragma once

#include "kiosk/app/gl_store.h"
#include "kiosk/ui/theme.h"

#include <array>
#include <cstdint>
#include <vector>

struct ImDrawCmd;
struct ImDrawList;

namespace odop::kiosk::app {

class GlRenderer {
 public:
  // `atlas` says which textures are pages of glyphs, and must outlive this.
  explicit GlRenderer(const GlAtlas& atlas);
  ~GlRenderer();
  GlRenderer(const GlRenderer&) = delete;
  GlRenderer& operator=(const GlRenderer&) = delete;

  // The draw data of ImGui's current context, on a cleared ground, into the back buffer.
  void draw(int width, int height, ui::Colour ground);
  // Waits until everything is drawn; for measuring.
  static void finish();
  // The back buffer after draw(), RGB, top row first.
  [[nodiscard]] static std::vector<std::uint8_t> read_back(int width, int height);

 private:
  struct Program {
    unsigned name = 0;
    int size = -1;  // location of the uniform that holds the window's size
  };
  enum class Kind : std::uint8_t { kShapes, kGlyphs, kPicture };

  // Binds the command's texture.
  [[nodiscard]] Kind bind(const ImDrawCmd& command) const;
  void draw_list(const ImDrawList& list, int width, int height);

  const GlAtlas& atlas_;
  std::array<Program, 3> programs_;  // by Kind
  unsigned vertex_array_ = 0;
  unsigned vertices_ = 0;
  unsigned indices_ = 0;
};

}  // namespace odop::kiosk::app
