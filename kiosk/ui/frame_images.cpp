// Textured things of Frame: drawings, photographs, repeated ornament, code pictures.
#include "kiosk/model/services_view.h"
#include "kiosk/ui/frame.h"
#include "kiosk/ui/frame_state.h"
#include "kiosk/ui/rounded.h"

#include <imgui.h>
#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace odop::kiosk::ui {
namespace {

ImTextureID id_of(const media::Texture& texture) {
  // ImGui names textures by pointer; ours are integers of the same size.
  return reinterpret_cast<ImTextureID>(texture.id);  // NOLINT(performance-no-int-to-ptr)
}

constexpr int kQuietModules = 4;  // ISO/IEC 18004

}  // namespace

void Frame::put_image(const media::Texture& texture, const PixelRect& rect, Colour tint,
                      bool flip) {
  use(Channel::kImages);
  const float u0 = flip ? texture.u1 : texture.u0;
  const float u1 = flip ? texture.u0 : texture.u1;
  list_->AddImage(id_of(texture), {rect.x, rect.y}, {rect.x + rect.w, rect.y + rect.h},
                  {u0, texture.v0}, {u1, texture.v1}, im(tint));
}

void Frame::put_rounded(const media::Texture& texture, const PixelRect& rect, float radius,
                        Corners corners, const TexelSpan& texels) {
  list_->PushTextureID(id_of(texture));
  add_rounded(*list_, rect, radius, round_corners(corners, rtl()), IM_COL32_WHITE, texels);
  list_->PopTextureID();
}

void Frame::put_tiles(std::string_view name, const Box& box, double tile_w, double tile_h,
                      double radius, Corners corners) {
  if (!visible(box)) return;
  const int width = static_cast<int>(std::lround(theme_->px(tile_w)));
  const int height = static_cast<int>(std::lround(theme_->px(tile_h)));
  const media::Texture* texture =
      images_->drawing(name, width, height, media::Scaling::kStretch, true);
  if (texture == nullptr) return;
  // Among the shapes: what is drawn later on the texture lies over it.
  use(Channel::kShapes);
  const PixelRect r = pixels(box);
  const ImVec2 uv{r.w / static_cast<float>(width), r.h / static_cast<float>(height)};
  put_rounded(*texture, r, theme_->px(radius), corners, {{0, 0}, uv});
}

void Frame::kinara() {
  const double height = theme_->bands.kinara_h;
  put_tiles("ornament/kinara", {0, 0, width(), height}, height * 2, height, 0, Corners::kAll);
}

void Frame::temple_edge() {
  const Bands& bands = theme_->bands;
  // A little over the bar, so that no line of the ground shows between.
  put_tiles("ornament/temple", {0, bands.temple_y + 0.2, width(), bands.temple_h},
            bands.temple_h * 2, bands.temple_h, 0, Corners::kAll);
}

void Frame::texture(const Box& box, std::string_view name, double radius, Corners corners) {
  if (!theme_->textures) return;
  const double tile = name == "chikan" ? 30 : name == "meenakari" ? 40 : 36;
  put_tiles("texture/" + std::string(name), box, tile, tile, radius, corners);
}

void Frame::arch(const Box& box) {
  extend(box.bottom());
  if (!visible(box)) return;
  const PixelRect r = pixels(box);
  const media::Texture* texture = images_->drawing("ornament/arch", static_cast<int>(r.w),
                                                   static_cast<int>(r.h), media::Scaling::kStretch);
  if (texture != nullptr) put_image(*texture, r, rgb(0xFFFFFF), false);
}

void Frame::drawing(const Box& box, std::string_view name, Colour tint, Mirror mirror) {
  extend(box.bottom());
  if (!visible(box)) return;
  const PixelRect r = pixels(box);
  const media::Texture* texture =
      images_->drawing(name, static_cast<int>(r.w), static_cast<int>(r.h));
  if (texture == nullptr) return;
  const auto w = static_cast<float>(texture->width);
  const auto h = static_cast<float>(texture->height);
  const PixelRect at{std::round(r.x + (r.w - w) / 2), std::round(r.y + (r.h - h) / 2), w, h};
  put_image(*texture, at, tint, mirror == Mirror::kWithLanguage && is_right_to_left(language_));
}

void Frame::icon(const Box& box, std::string_view name, Colour colour, Mirror mirror) {
  drawing(box, "icons/" + std::string(name), colour, mirror);
}

void Frame::picture(const Box& box, std::string_view hash, std::string_view drawing_name,
                    Colour ground, double radius, Fit fit, Corners corners) {
  extend(box.bottom());
  if (!visible(box)) return;
  const PixelRect r = pixels(box);
  const media::Texture* photo =
      hash.empty() ? nullptr : images_->picture(hash, static_cast<int>(r.w), static_cast<int>(r.h));
  const bool there =
      photo != nullptr && photo->width > 0 && photo->height > 0 && r.w > 0 && r.h > 0;
  if (!there || fit != Fit::kCover) fill_corners(box, ground, radius, corners);
  if (!there) {
    const double side = std::min(box.w, box.h) * 0.84;
    drawing(box.centred(side, side), drawing_name);
    return;
  }
  PixelRect at = r;
  media::Texture part = *photo;
  const float photo_ratio = static_cast<float>(photo->width) / static_cast<float>(photo->height);
  const float box_ratio = r.w / r.h;
  if (fit == Fit::kCover) {
    const float u_span = part.u1 - part.u0;
    const float v_span = part.v1 - part.v0;
    const float keep_u = std::min(1.0F, box_ratio / photo_ratio);
    const float keep_v = std::min(1.0F, photo_ratio / box_ratio);
    part.u0 += u_span * (1 - keep_u) / 2;
    part.u1 -= u_span * (1 - keep_u) / 2;
    part.v0 += v_span * (1 - keep_v) / 2;
    part.v1 -= v_span * (1 - keep_v) / 2;
  } else {
    at.w = std::min(r.w, r.h * photo_ratio);
    at.h = std::min(r.h, r.w / photo_ratio);
    at.x = r.x + (r.w - at.w) / 2;
    at.y = r.y + (r.h - at.h) / 2;
  }
  use(Channel::kImages);
  at = {std::round(at.x), std::round(at.y), std::round(at.w), std::round(at.h)};
  put_rounded(part, at, theme_->px(radius), corners, {{part.u0, part.v0}, {part.u1, part.v1}});
}

int Frame::encode(std::string_view payload) {
  if (payload.empty() || payload.size() > kMaxCodeBytes) return 0;
  FrameMemory::Code& code = memory_->code;
  if (code.payload != payload) {
    const std::string text(payload);
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    code.payload = text;
    code.width = made == nullptr ? 0 : made->width;
    code.modules.clear();
    for (int i = 0; i < code.width * code.width; ++i) {
      code.modules.push_back(made->data[i] & 1U);
    }
  }
  return code.width;
}

double Frame::qr_side(std::string_view payload, double least_mm) {
  const int width = encode(payload);
  if (width == 0) return least_mm;
  const Panel& panel = theme().panel;
  const double module = std::ceil(least_mm * panel.width_px / panel.width_mm / width);
  // And a pixel, because boxes begin and end between two.
  return (module * (width + 2 * kQuietModules) + 1) / theme().px_per_mm;
}

Box Frame::qr(const Box& box, std::string_view payload) {
  extend(box.bottom());
  if (encode(payload) == 0) return {};
  const FrameMemory::Code& code = memory_->code;
  const PixelRect r = pixels(box);
  const int modules = code.width + 2 * kQuietModules;
  // Whole pixels a module: readers fail on uneven ones.
  const float side = std::max(1.0F, std::floor(std::min(r.w, r.h) / static_cast<float>(modules)));
  const double symbol_mm = static_cast<double>(side) * code.width / theme().px_per_mm;
  const Box symbol = box.centred(symbol_mm, symbol_mm);
  if (!visible(box)) return symbol;

  use(Channel::kShapes);
  const float used = side * static_cast<float>(modules);
  const float left = std::round(r.x + (r.w - used) / 2);
  const float top = std::round(r.y + (r.h - used) / 2);
  list_->AddRectFilled({left, top}, {left + used, top + used}, IM_COL32_WHITE);
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width;) {
      const auto dark = [&](int column) {
        return code.modules.at(static_cast<std::size_t>(y) * static_cast<std::size_t>(code.width) +
                               static_cast<std::size_t>(column)) != 0;
      };
      if (!dark(x)) {
        ++x;
        continue;
      }
      int end = x;
      while (end < code.width && dark(end)) ++end;
      const float x0 = left + side * static_cast<float>(x + kQuietModules);
      const float x1 = left + side * static_cast<float>(end + kQuietModules);
      const float y0 = top + side * static_cast<float>(y + kQuietModules);
      list_->AddRectFilled({x0, y0}, {x1, y0 + side}, IM_COL32_BLACK);
      x = end;
    }
  }
  return symbol;
}

}  // namespace odop::kiosk::ui
