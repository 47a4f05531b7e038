#include "kiosk/print/slip.h"

#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"

#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>

namespace odop::kiosk::print {
namespace {

using typeset::TextRole;

constexpr double kMarginMm = 4;
constexpr int kQuietModules = 4;  // QR's own rule
constexpr double kPixelsOfPage = typeset::kAtlasPageSize;

class Painter {
 public:
  Painter(typeset::TextEngine& engine, typeset::MemoryAtlas& atlas, Language language,
          double width_mm, double dots_per_mm)
      : engine_(engine), atlas_(atlas), language_(language), dots_(dots_per_mm) {
    bitmap_.width = static_cast<int>(std::floor(width_mm * dots_));
  }

  void space(double mm) { y_ += mm * dots_; }

  struct Voice {
    TextRole role = TextRole::kRead;
    double em_mm = 4.2;
    bool digits = false;
    double indent_mm = 0;
  };
  void text(const std::string& words, const Voice& voice) {
    if (words.empty()) return;
    typeset::TextStyle style;
    style.language = voice.digits ? Language::kEnglish : language_;
    style.role = voice.role;
    style.align = is_right_to_left(language_) ? typeset::Align::kRight : typeset::Align::kLeft;
    style.direction =
        voice.digits ? typeset::Direction::kLeftToRight : typeset::Direction::kLanguage;
    style.px = static_cast<float>(voice.em_mm * dots_);
    style.max_width_px = static_cast<float>(bitmap_.width - 2 * kMarginMm * dots_);
    const typeset::Layout& laid = engine_.layout(words, style);
    const auto left = static_cast<float>(std::round(kMarginMm * dots_));
    const auto top = static_cast<float>(std::round(y_));
    std::vector<typeset::Quad> quads;
    engine_.quads(laid, left, top, quads);
    engine_.upload();
    // Nastaliq's ink may pass its box.
    grow(top + std::max(laid.height_px, laid.ink.bottom) + 1);
    for (const typeset::Quad& quad : quads) ink(quad);
    y_ = top + laid.height_px;
  }

  void rule() {
    grow(y_ + 2);
    const int thick = std::max(1, static_cast<int>(std::lround(0.3 * dots_)));
    const int left = static_cast<int>(kMarginMm * dots_);
    for (int y = 0; y < thick; ++y) {
      for (int x = left; x < bitmap_.width - left; ++x) darken(x, static_cast<int>(y_) + y, 255);
    }
    y_ += thick;
  }

  void code(const std::string& payload) {
    if (payload.empty()) return;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(payload.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (made == nullptr) return;
    // Whole dots a module, never under the promised size.
    const int side = static_cast<int>(std::ceil(kCodeMm * dots_ / made->width));
    const int whole = side * (made->width + 2 * kQuietModules);
    const int left = std::max(0, (bitmap_.width - whole) / 2) + side * kQuietModules;
    const int top = static_cast<int>(y_) + side * kQuietModules;
    grow(y_ + whole);
    for (int row = 0; row < made->width; ++row) {
      for (int column = 0; column < made->width; ++column) {
        if ((made->data[row * made->width + column] & 1U) == 0) continue;
        for (int i = 0; i < side * side; ++i) {
          darken(left + column * side + i % side, top + row * side + i / side, 255);
        }
      }
    }
    y_ += whole;
  }

  [[nodiscard]] Bitmap take() {
    grow(y_);
    return std::move(bitmap_);
  }

 private:
  void grow(double to) {
    const int height = static_cast<int>(std::ceil(to));
    if (height <= bitmap_.height) return;
    bitmap_.height = height;
    bitmap_.grey.resize(static_cast<std::size_t>(bitmap_.width) * static_cast<std::size_t>(height),
                        255);
  }
  void darken(int x, int y, std::uint8_t coverage) {
    if (x < 0 || y < 0 || x >= bitmap_.width || y >= bitmap_.height) return;
    std::uint8_t& at =
        bitmap_.grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap_.width) +
                     static_cast<std::size_t>(x)];
    at = static_cast<std::uint8_t>(at * (255 - coverage) / 255);
  }
  void ink(const typeset::Quad& quad) {
    const auto& page = atlas_.pages.at(quad.page);
    const auto first = [](float part) {
      return static_cast<int>(std::lround(part * kPixelsOfPage));
    };
    const int u = first(quad.u0);
    const int v = first(quad.v0);
    const int width = std::min(static_cast<int>(quad.x1 - quad.x0), first(quad.u1) - u);
    const int height = std::min(static_cast<int>(quad.y1 - quad.y0), first(quad.v1) - v);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const std::size_t at = static_cast<std::size_t>(v + y) * typeset::kAtlasPageSize +
                               static_cast<std::size_t>(u + x);
        darken(static_cast<int>(quad.x0) + x, static_cast<int>(quad.y0) + y, page[at]);
      }
    }
  }

  typeset::TextEngine& engine_;
  typeset::MemoryAtlas& atlas_;
  Language language_;
  double dots_;
  double y_ = 0;
  Bitmap bitmap_;
};

}  // namespace

Result<Bitmap> draw_slip(const Slip& slip, double width_mm, double dots_per_mm) {
  if (width_mm < kNarrowestMm || dots_per_mm < 4 || dots_per_mm > 24) {
    return fail(ErrorCode::kInvalidArgument, "no slip fits paper of this width or resolution");
  }
  typeset::MemoryAtlas atlas;
  auto engine = typeset::TextEngine::open(atlas);
  if (!engine) return fail(engine.error());
  (*engine)->begin_frame();
  Painter painter(**engine, atlas, slip.language, std::min(width_mm, kSlipMm), dots_per_mm);
  painter.space(3);
  painter.text(slip.title, {TextRole::kTitle, 5.6});
  painter.text(slip.state, {TextRole::kRead, 4.2});
  painter.space(2);
  painter.rule();
  for (const SlipNumber& number : slip.numbers) {
    painter.space(2);
    painter.text(number.label, {TextRole::kRead, 3.6});
    painter.text(number.digits, {TextRole::kSmallBold, 8.4, true});
  }
  painter.code(slip.code);
  painter.text(slip.code_label, {TextRole::kRead, 3.6});
  for (const SlipRow& row : slip.rows) {
    if (row.text.empty()) continue;
    painter.space(1.5);
    painter.rule();
    painter.space(1.5);
    painter.text(row.text, {TextRole::kSmallBold, 4.2});
    painter.text(row.note, {TextRole::kRead, 3.6});
  }
  painter.space(4);
  Bitmap bitmap = painter.take();
  (*engine)->forget();
  return bitmap;
}

}  // namespace odop::kiosk::print
