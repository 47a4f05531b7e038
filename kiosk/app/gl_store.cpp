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

// Names of pages lie above those that GL gives its textures, which are 32 bits.
constexpr std::uintptr_t kPageName = std::uintptr_t{1} << 32U;

}  // namespace

GlAtlas::~GlAtlas() {
  for (const Page& page : pages_) {
    if (page.texture != 0) glDeleteTextures(1, &page.texture);
  }
}

void GlAtlas::create_page(std::size_t page) {
  if (page >= pages_.size()) pages_.resize(page + 1);
  pages_.at(page).blank = true;
}

void GlAtlas::upload(std::size_t page, const typeset::AtlasRect& changed,
                     const std::uint8_t* pixels) {
  Page& at = pages_.at(page);
  const bool is_new = at.texture == 0;
  if (is_new) glGenTextures(1, &at.texture);
  glBindTexture(GL_TEXTURE_2D, at.texture);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  if (at.blank) {
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, typeset::kAtlasPageSize, typeset::kAtlasPageSize, 0,
                 GL_RED, GL_UNSIGNED_BYTE, pixels);
    if (is_new) set_filter(GL_CLAMP_TO_EDGE);
    at.blank = false;
    return;
  }
  glPixelStorei(GL_UNPACK_ROW_LENGTH, typeset::kAtlasPageSize);
  const std::ptrdiff_t first =
      static_cast<std::ptrdiff_t>(changed.y) * typeset::kAtlasPageSize + changed.x;
  glTexSubImage2D(GL_TEXTURE_2D, 0, changed.x, changed.y, changed.width, changed.height, GL_RED,
                  GL_UNSIGNED_BYTE, pixels + first);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

std::uintptr_t GlAtlas::texture(std::size_t page) const { return kPageName + page; }

std::optional<unsigned> GlAtlas::page_texture(std::uintptr_t name) const {
  if (name < kPageName || name - kPageName >= pages_.size()) return std::nullopt;
  return pages_.at(name - kPageName).texture;
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
