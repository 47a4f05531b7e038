#include "kiosk/app/gl_renderer.h"

#define GL_GLEXT_PROTOTYPES
#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <span>

namespace odop::kiosk::app {
namespace {

enum Attribute : GLuint { kPlace = 0, kTexel = 1, kTint = 2 };

constexpr const char* kVertexSource = R"(#version 150
uniform vec2 size;
in vec2 place;
in vec2 texel;
in vec4 tint;
out vec2 at;
out vec4 shade;
void main() {
  at = texel;
  shade = tint;
  gl_Position = vec4(2.0 * place.x / size.x - 1.0, 1.0 - 2.0 * place.y / size.y, 0.0, 1.0);
}
)";

constexpr std::array<const char*, 3> kFragmentSources{R"(#version 150
in vec4 shade;
out vec4 colour;
void main() { colour = shade; }
)",
                                                      R"(#version 150
uniform sampler2D coverage;
in vec2 at;
in vec4 shade;
out vec4 colour;
void main() { colour = vec4(shade.rgb, shade.a * texture(coverage, at).r); }
)",
                                                      R"(#version 150
uniform sampler2D picture;
in vec2 at;
in vec4 shade;
out vec4 colour;
void main() { colour = shade * texture(picture, at); }
)"};

GLuint compile(GLenum stage, const char* source) {
  const GLuint shader = glCreateShader(stage);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  return shader;
}

GLuint link(GLuint vertex, const char* fragment_source) {
  const GLuint fragment = compile(GL_FRAGMENT_SHADER, fragment_source);
  const GLuint program = glCreateProgram();
  glAttachShader(program, vertex);
  glAttachShader(program, fragment);
  glBindAttribLocation(program, kPlace, "place");
  glBindAttribLocation(program, kTexel, "texel");
  glBindAttribLocation(program, kTint, "tint");
  glLinkProgram(program);
  glDeleteShader(fragment);
  [[maybe_unused]] GLint linked = GL_FALSE;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  assert(linked == GL_TRUE);
  return program;
}

const void* offset(std::size_t bytes) {
  // GL takes an offset into the bound buffer in the place of a pointer.
  return reinterpret_cast<const void*>(bytes);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

GlRenderer::GlRenderer(const GlAtlas& atlas) : atlas_(atlas) {
  const GLuint vertex = compile(GL_VERTEX_SHADER, kVertexSource);
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    Program& program = programs_.at(i);
    program.name = link(vertex, kFragmentSources.at(i));
    program.size = glGetUniformLocation(program.name, "size");
  }
  glDeleteShader(vertex);

  glGenVertexArrays(1, &vertex_array_);
  glBindVertexArray(vertex_array_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  glEnableVertexAttribArray(kPlace);
  glVertexAttribPointer(kPlace, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, pos)));
  glEnableVertexAttribArray(kTexel);
  glVertexAttribPointer(kTexel, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, uv)));
  glEnableVertexAttribArray(kTint);
  glVertexAttribPointer(kTint, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride,
                        offset(offsetof(ImDrawVert, col)));

  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
}

GlRenderer::~GlRenderer() {
  for (const Program& program : programs_) glDeleteProgram(program.name);
  glDeleteBuffers(1, &vertices_);
  glDeleteBuffers(1, &indices_);
  glDeleteVertexArrays(1, &vertex_array_);
}

GlRenderer::Kind GlRenderer::bind(const ImDrawCmd& command) const {
  const auto name = reinterpret_cast<std::uintptr_t>(command.GetTexID());
  // ImGui's own texture holds one white texel for us and is never made: its name stays 0.
  if (name == 0) return Kind::kShapes;
  const std::optional<unsigned> page = atlas_.page_texture(name);
  glBindTexture(GL_TEXTURE_2D, page ? *page : static_cast<GLuint>(name));
  return page ? Kind::kGlyphs : Kind::kPicture;
}

void GlRenderer::draw_list(const ImDrawList& list, int width, int height) {
  glBufferData(GL_ARRAY_BUFFER, list.VtxBuffer.size_in_bytes(), list.VtxBuffer.Data,
               GL_STREAM_DRAW);
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, list.IdxBuffer.size_in_bytes(), list.IdxBuffer.Data,
               GL_STREAM_DRAW);
  static_assert(sizeof(ImDrawIdx) == 2);
  for (const ImDrawCmd& command : list.CmdBuffer) {
    assert(command.UserCallback == nullptr);  // nothing of ours asks for one
    const int left = std::max(0, static_cast<int>(command.ClipRect.x));
    const int top = std::max(0, static_cast<int>(command.ClipRect.y));
    const int right = std::min(width, static_cast<int>(command.ClipRect.z));
    const int bottom = std::min(height, static_cast<int>(command.ClipRect.w));
    if (command.ElemCount == 0 || right <= left || bottom <= top) continue;
    glScissor(left, height - bottom, right - left, bottom - top);
    glUseProgram(programs_.at(static_cast<std::size_t>(bind(command))).name);
    glDrawElementsBaseVertex(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount),
                             GL_UNSIGNED_SHORT, offset(command.IdxOffset * sizeof(ImDrawIdx)),
                             static_cast<GLint>(command.VtxOffset));
  }
}

void GlRenderer::draw(int width, int height, ui::Colour ground) {
  glDisable(GL_SCISSOR_TEST);
  glViewport(0, 0, width, height);
  const auto part = [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; };
  glClearColor(part(ground.r), part(ground.g), part(ground.b), 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
  glEnable(GL_SCISSOR_TEST);
  for (const Program& program : programs_) {
    glUseProgram(program.name);
    glUniform2f(program.size, static_cast<float>(width), static_cast<float>(height));
  }
  const ImDrawData& data = *ImGui::GetDrawData();
  const std::span lists(data.CmdLists, static_cast<std::size_t>(data.CmdListsCount));
  for (const ImDrawList* list : lists) draw_list(*list, width, height);
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
