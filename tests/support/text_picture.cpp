// odop-text-picture FILE.png LANG ROLE PX WIDTH LINE_HEIGHT MAX_LINES TEXT...
// Typesets each TEXT with the kiosk's own layer and writes dark letters on light paper, the
// layout's box outlined, to compare by eye with hb-view. ROLE: read, title or small.
#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"
#include "shared/text/language.h"

#include <fmt/core.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace {

using odop::typeset::kAtlasPageSize;

constexpr int kMargin = 20;

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> grey;

  void darken(int x, int y, std::uint8_t coverage) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    std::uint8_t& at = grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(x)];
    at = static_cast<std::uint8_t>(at * (255 - coverage) / 255);
  }
};

// Quads at scale 1 map texels to pixels one to one; larger ones take the nearest texel.
void draw(Picture& picture, const odop::typeset::MemoryAtlas& atlas,
          const odop::typeset::Quad& quad) {
  const auto& page = atlas.pages.at(quad.page);
  for (int y = static_cast<int>(quad.y0); y < static_cast<int>(quad.y1); ++y) {
    for (int x = static_cast<int>(quad.x0); x < static_cast<int>(quad.x1); ++x) {
      const float fx = (static_cast<float>(x) + 0.5F - quad.x0) / (quad.x1 - quad.x0);
      const float fy = (static_cast<float>(y) + 0.5F - quad.y0) / (quad.y1 - quad.y0);
      const auto u = static_cast<std::size_t>((quad.u0 + fx * (quad.u1 - quad.u0)) *
                                              static_cast<float>(kAtlasPageSize));
      const auto v = static_cast<std::size_t>((quad.v0 + fy * (quad.v1 - quad.v0)) *
                                              static_cast<float>(kAtlasPageSize));
      picture.darken(x, y, page[v * static_cast<std::size_t>(kAtlasPageSize) + u]);
    }
  }
}

int run(std::span<char*> arguments) {
  if (arguments.size() < 9) {
    fmt::print(stderr, "usage: {} FILE.png hi|en|ur read|title|small PX WIDTH LINE MAX TEXT...\n",
               arguments[0]);
    return 2;
  }
  odop::typeset::TextStyle style;
  style.language = odop::language_of(arguments[2]).value_or(odop::Language::kHindi);
  const std::string role = arguments[3];
  style.role = role == "title"   ? odop::typeset::TextRole::kTitle
               : role == "small" ? odop::typeset::TextRole::kSmallBold
                                 : odop::typeset::TextRole::kRead;
  style.px = std::stof(arguments[4]);
  style.max_width_px = std::stof(arguments[5]);
  style.line_height_em = std::stof(arguments[6]);
  style.max_lines = std::stoi(arguments[7]);

  odop::typeset::MemoryAtlas atlas;
  auto engine = odop::typeset::TextEngine::open(atlas);
  if (!engine.has_value()) {
    fmt::print(stderr, "{}\n", engine.error().context);
    return 1;
  }
  Picture picture;
  float y = kMargin;
  std::vector<odop::typeset::Quad> quads;
  struct Box {
    int width, top, bottom;
  };
  std::vector<Box> boxes;
  for (const char* text : arguments.subspan(8)) {
    const auto& layout = (*engine)->layout(text, style);
    (*engine)->quads(layout, kMargin, y, quads);
    boxes.push_back({static_cast<int>(std::ceil(layout.box_width_px)), static_cast<int>(y),
                     static_cast<int>(y + layout.height_px)});
    picture.width = std::max(picture.width, boxes.back().width + 2 * kMargin);
    fmt::print("{:.1f} x {:.1f} px, {} lines, ink {:.1f} {:.1f} {:.1f} {:.1f}\n", layout.width_px,
               layout.height_px, layout.lines.size(), layout.ink.left, layout.ink.top,
               layout.ink.right, layout.ink.bottom);
    y += std::ceil(layout.height_px) + kMargin;
  }
  (*engine)->upload();
  picture.height = static_cast<int>(y);
  picture.grey.assign(
      static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height), 255);
  for (const Box& box : boxes) {
    for (int x = 0; x < box.width; ++x) {
      picture.darken(kMargin + x, box.top, 40);
      picture.darken(kMargin + x, box.bottom, 40);
    }
  }
  for (const auto& quad : quads) {
    draw(picture, atlas, quad);
  }
  return stbi_write_png(arguments[1], picture.width, picture.height, 1, picture.grey.data(),
                        picture.width) != 0
             ? 0
             : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    fmt::print(stderr, "odop-text-picture: {}\n", error.what());
    return 1;
  }
}
