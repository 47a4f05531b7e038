// odop-screen-picture FOLDER [WIDTHxHEIGHT] [MMxMM] [TEXT-SIZE] [contrast]: draws every stop of the
// tour in the three languages with a small software rasteriser. No window, no GL.
#include "kiosk/media/images.h"
#include "kiosk/model/views.h"
#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/frame_maker.h"
#include "kiosk/ui/screens/screens.h"
#include "tests/support/screen_tour.h"
#include "tests/support/stand_catalogue.h"

#include <imgui.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace odop;         // NOLINT: a tool
using namespace odop::kiosk;  // NOLINT

constexpr std::uintptr_t kFirstImage = 1'000'000;  // apart from the glyph pages

struct Pixels {
  int width = 0;
  int height = 0;
  bool repeats = false;
  std::vector<std::uint8_t> rgba;
};

class Pictures final : public media::TextureStore {
 public:
  std::uintptr_t create(int width, int height, std::span<const std::uint8_t> rgba,
                        bool repeats) override {
    Pixels& pixels = all[++last_];
    pixels = {width, height, repeats, {rgba.begin(), rgba.end()}};
    pixels.rgba.resize(static_cast<std::size_t>(width * height) * 4);
    return last_;
  }
  void update(std::uintptr_t texture, int x, int y, int width, int height,
              std::span<const std::uint8_t> rgba) override {
    Pixels& pixels = all.at(texture);
    for (int row = 0; row < height; ++row) {
      std::memcpy(&pixels.rgba[static_cast<std::size_t>((y + row) * pixels.width + x) * 4],
                  &rgba[static_cast<std::size_t>(row * width) * 4],
                  static_cast<std::size_t>(width) * 4);
    }
  }
  void destroy(std::uintptr_t texture) override { all.erase(texture); }

  std::map<std::uintptr_t, Pixels> all;

 private:
  std::uintptr_t last_ = kFirstImage;
};

struct Canvas {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

using Texel = std::array<float, 4>;

Texel sample(const Pixels* image, const std::vector<std::uint8_t>* glyphs, float u, float v) {
  const int w = image != nullptr ? image->width : typeset::kAtlasPageSize;
  const int h = image != nullptr ? image->height : typeset::kAtlasPageSize;
  const bool repeats = image != nullptr && image->repeats;
  const float fx = u * static_cast<float>(w) - 0.5F;
  const float fy = v * static_cast<float>(h) - 0.5F;
  const int x0 = static_cast<int>(std::floor(fx));
  const int y0 = static_cast<int>(std::floor(fy));
  Texel out{};
  for (int dy = 0; dy < 2; ++dy) {
    for (int dx = 0; dx < 2; ++dx) {
      const float part = (dx == 1 ? fx - static_cast<float>(x0) : 1 - fx + static_cast<float>(x0)) *
                         (dy == 1 ? fy - static_cast<float>(y0) : 1 - fy + static_cast<float>(y0));
      int x = x0 + dx;
      int y = y0 + dy;
      x = repeats ? ((x % w) + w) % w : std::clamp(x, 0, w - 1);
      y = repeats ? ((y % h) + h) % h : std::clamp(y, 0, h - 1);
      const auto at =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(w) + static_cast<std::size_t>(x);
      if (image != nullptr) {
        for (std::size_t c = 0; c < 4; ++c)
          out.at(c) += part * static_cast<float>(image->rgba[at * 4 + c]) / 255.0F;
      } else {
        for (std::size_t c = 0; c < 3; ++c) out.at(c) += part;
        out[3] += part * static_cast<float>((*glyphs)[at]) / 255.0F;
      }
    }
  }
  return out;
}

void triangle(Canvas& canvas, const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c,
              const ImVec4& clip, const Pixels* image, const std::vector<std::uint8_t>* glyphs,
              const Pixels* white) {
  const float area =
      (b.pos.x - a.pos.x) * (c.pos.y - a.pos.y) - (b.pos.y - a.pos.y) * (c.pos.x - a.pos.x);
  if (area == 0) return;
  const auto low = [](float x, float y, float z) { return std::min(x, std::min(y, z)); };
  const auto high = [](float x, float y, float z) { return std::max(x, std::max(y, z)); };
  const int x0 = std::max(0, static_cast<int>(std::max(clip.x, low(a.pos.x, b.pos.x, c.pos.x))));
  const int y0 = std::max(0, static_cast<int>(std::max(clip.y, low(a.pos.y, b.pos.y, c.pos.y))));
  const int x1 = std::min(
      canvas.width, static_cast<int>(std::ceil(std::min(clip.z, high(a.pos.x, b.pos.x, c.pos.x)))));
  const int y1 =
      std::min(canvas.height,
               static_cast<int>(std::ceil(std::min(clip.w, high(a.pos.y, b.pos.y, c.pos.y)))));
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const float px = static_cast<float>(x) + 0.5F;
      const float py = static_cast<float>(y) + 0.5F;
      const float w0 = ((b.pos.x - px) * (c.pos.y - py) - (b.pos.y - py) * (c.pos.x - px)) / area;
      const float w1 = ((c.pos.x - px) * (a.pos.y - py) - (c.pos.y - py) * (a.pos.x - px)) / area;
      const float w2 = 1 - w0 - w1;
      // Half-open edges, so that two triangles of a quad do not both paint their seam.
      if (w0 < 0 || w1 < 0 || w2 < 0 || (w0 == 0 && area < 0)) continue;
      const auto mix = [&](int shift) {
        return (w0 * static_cast<float>((a.col >> shift) & 0xFFU) +
                w1 * static_cast<float>((b.col >> shift) & 0xFFU) +
                w2 * static_cast<float>((c.col >> shift) & 0xFFU)) /
               255.0F;
      };
      Texel texel{1, 1, 1, 1};
      if (image != nullptr || glyphs != nullptr) {
        const float u = w0 * a.uv.x + w1 * b.uv.x + w2 * c.uv.x;
        const float v = w0 * a.uv.y + w1 * b.uv.y + w2 * c.uv.y;
        texel = sample(image, glyphs, u, v);
      } else if (white != nullptr) {
        const float u = w0 * a.uv.x + w1 * b.uv.x + w2 * c.uv.x;
        const float v = w0 * a.uv.y + w1 * b.uv.y + w2 * c.uv.y;
        texel = sample(white, nullptr, u, v);
      }
      const float alpha = mix(IM_COL32_A_SHIFT) * texel[3];
      const std::array shifts{IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT};
      for (std::size_t channel = 0; channel < 3; ++channel) {
        auto& out = canvas.rgb[static_cast<std::size_t>(y * canvas.width + x) * 3 + channel];
        const float colour = mix(shifts.at(channel)) * texel.at(channel) * 255.0F;
        out = static_cast<std::uint8_t>(
            std::lround(static_cast<float>(out) * (1 - alpha) + colour * alpha));
      }
    }
  }
}

void paint(Canvas& canvas, const Pictures& pictures, const typeset::MemoryAtlas& atlas,
           const Pixels& font) {
  const ImDrawData& data = *ImGui::GetDrawData();
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const auto id = reinterpret_cast<std::uintptr_t>(command.TextureId);
      const auto found = pictures.all.find(id);
      const Pixels* image = found == pictures.all.end() ? nullptr : &found->second;
      const bool page = image == nullptr && id >= 1 && id <= atlas.pages.size();
      const std::vector<std::uint8_t>* glyphs = page ? &atlas.pages[id - 1] : nullptr;
      for (unsigned int e = 0; e + 2 < command.ElemCount; e += 3) {
        const auto vertex = [&](unsigned int k) -> const ImDrawVert& {
          return list.VtxBuffer[static_cast<int>(
              command.VtxOffset + list.IdxBuffer[static_cast<int>(command.IdxOffset + e + k)])];
        };
        triangle(canvas, vertex(0), vertex(1), vertex(2), command.ClipRect, image, glyphs, &font);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("odop-screen-picture FOLDER [WxH] [MMxMM] [0-2] [contrast] [only]\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  ui::Panel panel = ui::Panel::fallback(1080, 1920);
  if (argc > 2 && std::sscanf(argv[2], "%dx%d", &panel.width_px, &panel.height_px) == 2) {
    panel = ui::Panel::fallback(panel.width_px, panel.height_px);
  }
  if (argc > 3) (void)std::sscanf(argv[3], "%lfx%lf", &panel.width_mm, &panel.height_mm);
  const int text_size = argc > 4 ? std::atoi(argv[4]) : 0;
  const bool contrast = argc > 5 && std::string(argv[5]) == "contrast";
  const std::string only = argc > 6 ? argv[6] : "";

  const Catalogue catalogue = test::stand_catalogue();
  const Stories stories = test::stand_stories();
  const Catalogue nothing;
  typeset::MemoryAtlas atlas;
  auto text = typeset::TextEngine::open(atlas);
  if (!text) {
    std::fprintf(stderr, "%s\n", text.error().context.c_str());
    return 1;
  }
  Pictures pictures;
  media::Images images(pictures,
                       {.drawings = ODOP_SOURCE_DIR "/assets/drawings", .locate = {}, .wake = {}});
  ui::FrameMaker maker(**text, images, panel);
  unsigned char* font_pixels = nullptr;
  Pixels font;
  ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&font_pixels, &font.width, &font.height);
  font.rgba.assign(font_pixels,
                   font_pixels + static_cast<std::ptrdiff_t>(font.width) * font.height * 4);

  std::int64_t now = 1000;
  for (const Language language : kLanguages) {
    auto stops = test::screen_tour(catalogue, language);
    for (auto& stop : test::form_tour(catalogue, language)) stops.push_back(std::move(stop));
    for (auto& stop : test::services_tour(catalogue, language)) stops.push_back(std::move(stop));
    const std::size_t full = stops.size();
    for (auto& stop : test::empty_tour(language)) stops.push_back(std::move(stop));
    for (std::size_t at = 0; at < stops.size(); ++at) {
      test::TourStop& stop = stops[at];
      const std::string name = stop.name + "." + std::string(code(language));
      if (!only.empty() && !name.starts_with(only)) continue;
      maker.wipe();
      stop.state.visit.text_size = text_size;
      stop.state.visit.high_contrast = contrast;
      maker.set_look({.text = static_cast<ui::TextSize>(text_size), .high_contrast = contrast},
                     language);
      const ScreenView view = make_view(stop.state, at < full ? catalogue : nothing, stories,
                                        test::stand_words(language));
      for (int pass = 0; pass < 4; ++pass) {
        images.settle();
        now += 400;
        maker.frame({-1, -1, false, {}, now},
                    [&](ui::Frame& frame) { (void)ui::draw_screen(view, frame); });
      }
      Canvas canvas{panel.width_px, panel.height_px, {}};
      const ui::Colour ground = maker.theme().colour.chikan;
      for (int i = 0; i < panel.width_px * panel.height_px; ++i) {
        canvas.rgb.insert(canvas.rgb.end(), {ground.r, ground.g, ground.b});
      }
      paint(canvas, pictures, atlas, font);
      const std::string file = (folder / (name + ".png")).string();
      stbi_write_png(file.c_str(), panel.width_px, panel.height_px, 3, canvas.rgb.data(),
                     panel.width_px * 3);
    }
  }
  return 0;
}
