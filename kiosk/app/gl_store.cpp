#include "kiosk/app/gl_store.h"

#define GL_GLEXT_PROTOTYPES
#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>

#include <algorithm>
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
  if (is_new) set_filter(GL_CLAMP_TO_EDGE);
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

bool GlAtlas::holds(std::uintptr_t texture) const {
  return std::ranges::find(pages_, texture) != pages_.end();
}

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

}  // namespace odop::kiosk::app
