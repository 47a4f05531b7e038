#include "kiosk/app/gl_store.h"

#define GL_GLEXT_PROTOTYPES
#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui/backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace odop::kiosk::app {
namespace {

void set_filter(GLint wrap) {
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, wrap);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, wrap);
}

}  // namespace

GlAtlas::~GlAtlas() {
  if (!pages_.empty()) glDeleteTextures(static_cast<GLsizei>(pages_.size()), pages_.data());
}

void GlAtlas::create_page(std::size_t page) {
  const bool is_new = page >= pages_.size();
  if (is_new) {
    pages_.resize(page + 1);
    glGenTextures(1, &pages_.at(page));
  }
  const std::vector<std::uint8_t> zero(static_cast<std::size_t>(typeset::kAtlasPageSize) *
                                       typeset::kAtlasPageSize);
  glBindTexture(GL_TEXTURE_2D, pages_.at(page));
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, typeset::kAtlasPageSize, typeset::kAtlasPageSize, 0, GL_RED,
               GL_UNSIGNED_BYTE, zero.data());
  if (is_new) {
    set_filter(GL_CLAMP_TO_EDGE);
    constexpr std::array<GLint, 4> kSwizzle{GL_ONE, GL_ONE, GL_ONE, GL_RED};
    glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, kSwizzle.data());
  }
}

void GlAtlas::upload(std::size_t page, const typeset::AtlasRect& changed,
                     const std::uint8_t* pixels) {
  glBindTexture(GL_TEXTURE_2D, pages_.at(page));
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, typeset::kAtlasPageSize);
  const std::ptrdiff_t first =
      static_cast<std::ptrdiff_t>(changed.y) * typeset::kAtlasPageSize + changed.x;
  glTexSubImage2D(GL_TEXTURE_2D, 0, changed.x, changed.y, changed.width, changed.height, GL_RED,
                  GL_UNSIGNED_BYTE, pixels + first);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

std::uintptr_t GlAtlas::texture(std::size_t page) const { return pages_.at(page); }

std::uintptr_t GlTextures::create(int width, int height, std::span<const std::uint8_t> rgba,
                                  bool repeats) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  set_filter(repeats ? GL_REPEAT : GL_CLAMP_TO_EDGE);
  std::vector<std::uint8_t> blank;
  if (rgba.empty()) {
    blank.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    rgba = blank;
  }
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               rgba.data());
  return texture;
}

void GlTextures::update(std::uintptr_t texture, int x, int y, int width, int height,
                        std::span<const std::uint8_t> rgba) {
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture));
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexSubImage2D(GL_TEXTURE_2D, 0, x, y, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
}

void GlTextures::destroy(std::uintptr_t texture) {
  const auto name = static_cast<GLuint>(texture);
  glDeleteTextures(1, &name);
}

GlRenderer::GlRenderer() { ImGui_ImplOpenGL3_Init("#version 150"); }
GlRenderer::~GlRenderer() { ImGui_ImplOpenGL3_Shutdown(); }

void GlRenderer::begin() { ImGui_ImplOpenGL3_NewFrame(); }

void GlRenderer::draw(int width, int height, ui::Colour ground) {
  glViewport(0, 0, width, height);
  const auto part = [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; };
  glClearColor(part(ground.r), part(ground.g), part(ground.b), 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void GlRenderer::finish() { glFinish(); }

std::vector<std::uint8_t> GlRenderer::read_back(int width, int height) {
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> pixels(row * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadBuffer(GL_BACK);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
  for (std::size_t top = 0, bottom = static_cast<std::size_t>(height) - 1; top < bottom;
       ++top, --bottom) {
    std::swap_ranges(pixels.begin() + static_cast<std::ptrdiff_t>(top * row),
                     pixels.begin() + static_cast<std::ptrdiff_t>((top + 1) * row),
                     pixels.begin() + static_cast<std::ptrdiff_t>(bottom * row));
  }
  return pixels;
}

}  // namespace odop::kiosk::app
