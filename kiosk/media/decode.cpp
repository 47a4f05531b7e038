#include "kiosk/media/decode.h"

#include <librsvg/rsvg.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <system_error>

namespace odop::kiosk::media {
namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{32} * 1024 * 1024;
constexpr std::int64_t kMaxPixels = 64'000'000;
constexpr int kMaxSide = 8192;  // what an old GL driver takes

Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::kNotFound, file.filename().string());
  if (size > kMaxFileBytes) return fail(ErrorCode::kTooLarge, file.filename().string());
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  std::ifstream in(file, std::ios::binary);
  if (size > 0 &&
      !in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) {
    return fail(ErrorCode::kIo, file.filename().string());
  }
  return bytes;
}

bool fits(std::int64_t width, std::int64_t height) {
  return width > 0 && height > 0 && width <= std::numeric_limits<int>::max() &&
         height <= std::numeric_limits<int>::max() && width * height <= kMaxPixels;
}

Bitmap blank(int width, int height) {
  Bitmap bitmap{width, height, {}};
  bitmap.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  return bitmap;
}

Result<Bitmap> decode_jpeg(const std::vector<std::uint8_t>& bytes, int width, int height) {
  const std::unique_ptr<void, decltype(&tjDestroy)> decoder(tjInitDecompress(), &tjDestroy);
  if (decoder == nullptr) return fail(ErrorCode::kInternal, "turbojpeg");
  int full_width = 0;
  int full_height = 0;
  int subsampling = 0;
  int space = 0;
  const auto size = static_cast<unsigned long>(bytes.size());
  if (tjDecompressHeader3(decoder.get(), bytes.data(), size, &full_width, &full_height,
                          &subsampling, &space) != 0) {
    return fail(ErrorCode::kMalformed, "jpeg header");
  }
  if (!fits(full_width, full_height)) return fail(ErrorCode::kTooLarge, "jpeg");
  // The decoder leaves out what is not needed: 1/1, 1/2, 1/4, 1/8.
  int divisor = 1;
  while (divisor < 8 && full_width / (divisor * 2) >= width &&
         full_height / (divisor * 2) >= height) {
    divisor *= 2;
  }
  Bitmap bitmap =
      blank((full_width + divisor - 1) / divisor, (full_height + divisor - 1) / divisor);
  if (tjDecompress2(decoder.get(), bytes.data(), size, bitmap.rgba.data(), bitmap.width, 0,
                    bitmap.height, TJPF_RGBA, 0) != 0 &&
      tjGetErrorCode(decoder.get()) == TJERR_FATAL) {
    return fail(ErrorCode::kMalformed, "jpeg");
  }
  return bitmap;
}

Result<Bitmap> decode_png(const std::vector<std::uint8_t>& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) {
    return fail(ErrorCode::kMalformed, "png header");
  }
  const std::unique_ptr<png_image, decltype(&png_image_free)> guard(&image, &png_image_free);
  if (!fits(image.width, image.height)) return fail(ErrorCode::kTooLarge, "png");
  image.format = PNG_FORMAT_RGBA;
  Bitmap bitmap = blank(static_cast<int>(image.width), static_cast<int>(image.height));
  if (png_image_finish_read(&image, nullptr, bitmap.rgba.data(), 0, nullptr) == 0) {
    return fail(ErrorCode::kMalformed, "png");
  }
  return bitmap;
}

Result<Bitmap> decode_webp(const std::vector<std::uint8_t>& bytes) {
  int width = 0;
  int height = 0;
  if (WebPGetInfo(bytes.data(), bytes.size(), &width, &height) == 0) {
    return fail(ErrorCode::kMalformed, "webp header");
  }
  if (!fits(width, height)) return fail(ErrorCode::kTooLarge, "webp");
  Bitmap bitmap = blank(width, height);
  if (WebPDecodeRGBAInto(bytes.data(), bytes.size(), bitmap.rgba.data(), bitmap.rgba.size(),
                         width * 4) == nullptr) {
    return fail(ErrorCode::kMalformed, "webp");
  }
  return bitmap;
}

}  // namespace

Bitmap halved(const Bitmap& source) {
  Bitmap half = blank(source.width / 2, source.height / 2);
  const auto at = [&](int x, int y) {
    return source.rgba.data() +
           (static_cast<std::size_t>(y) * static_cast<std::size_t>(source.width) +
            static_cast<std::size_t>(x)) *
               4;
  };
  std::uint8_t* out = half.rgba.data();
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x, out += 4) {
      unsigned alpha = 0;
      unsigned sum[3] = {0, 0, 0};
      for (int k = 0; k < 4; ++k) {
        const std::uint8_t* p = at(2 * x + k % 2, 2 * y + k / 2);
        alpha += p[3];
        for (int i = 0; i < 3; ++i) sum[i] += static_cast<unsigned>(p[i]) * p[3];
      }
      for (int i = 0; i < 3; ++i) {
        out[i] = static_cast<std::uint8_t>(alpha == 0 ? 0 : sum[i] / alpha);
      }
      out[3] = static_cast<std::uint8_t>(alpha / 4);
    }
  }
  return half;
}

Result<Bitmap> decode_picture(const std::filesystem::path& file, int width, int height) {
  const auto bytes = read_file(file);
  if (!bytes) return fail(bytes.error());
  const std::vector<std::uint8_t>& data = *bytes;
  const auto begins = [&](std::size_t at, std::string_view magic) {
    return data.size() >= at + magic.size() &&
           std::equal(magic.begin(), magic.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
  };
  Result<Bitmap> bitmap = fail(ErrorCode::kUnsupported, file.filename().string());
  if (begins(0, "\xFF\xD8\xFF")) {
    bitmap = decode_jpeg(data, width, height);
  } else if (begins(0, "\x89PNG")) {
    bitmap = decode_png(data);
  } else if (begins(0, "RIFF") && begins(8, "WEBP")) {
    bitmap = decode_webp(data);
  }
  if (!bitmap) return bitmap;
  while (bitmap->width / 2 >= std::max(1, width) && bitmap->height / 2 >= std::max(1, height)) {
    *bitmap = halved(*bitmap);
  }
  while (bitmap->width > kMaxSide || bitmap->height > kMaxSide) *bitmap = halved(*bitmap);
  return bitmap;
}

Result<Bitmap> render_svg(const std::filesystem::path& file, int width, int height, bool stretch) {
  const std::string name = file.filename().string();
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::kNotFound, name);
  if (size > kMaxFileBytes || width > kMaxSide || height > kMaxSide) {
    return fail(ErrorCode::kTooLarge, name);
  }
  if (width <= 0 || height <= 0) return fail(ErrorCode::kInvalidArgument, name);

  const std::unique_ptr<RsvgHandle, decltype(&g_object_unref)> handle(
      rsvg_handle_new_from_file(file.c_str(), nullptr), &g_object_unref);
  if (handle == nullptr) return fail(ErrorCode::kMalformed, name);

  Bitmap bitmap = blank(width, height);
  // Cairo's rows are 32-bit aligned, which RGBA rows always are.
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create_for_data(bitmap.rgba.data(), CAIRO_FORMAT_ARGB32, width, height,
                                          width * 4),
      &cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo(cairo_create(surface.get()),
                                                                 &cairo_destroy);
  RsvgRectangle viewport{0, 0, static_cast<double>(width), static_cast<double>(height)};
  if (stretch) {
    gboolean has_width = 0;
    gboolean has_height = 0;
    gboolean has_box = 0;
    RsvgLength own_width{};
    RsvgLength own_height{};
    RsvgRectangle box{};
    rsvg_handle_get_intrinsic_dimensions(handle.get(), &has_width, &own_width, &has_height,
                                         &own_height, &has_box, &box);
    if (has_box != 0 && box.width > 0 && box.height > 0) {
      cairo_scale(cairo.get(), width / box.width, height / box.height);
      viewport = {0, 0, box.width, box.height};
    }
  }
  if (rsvg_handle_render_document(handle.get(), cairo.get(), &viewport, nullptr) == 0) {
    return fail(ErrorCode::kMalformed, name);
  }
  cairo_surface_flush(surface.get());

  // Cairo: premultiplied, blue first (little endian). Ours: straight, red first.
  for (std::size_t i = 0; i + 3 < bitmap.rgba.size(); i += 4) {
    std::uint8_t* p = bitmap.rgba.data() + i;
    const unsigned alpha = p[3];
    const auto straight = [alpha](unsigned value) {
      return static_cast<std::uint8_t>(
          alpha == 0 ? 0U : std::min(255U, (value * 255U + alpha / 2U) / alpha));
    };
    const std::uint8_t blue = p[0];
    p[0] = straight(p[2]);
    p[1] = straight(p[1]);
    p[2] = straight(blue);
  }
  return bitmap;
}

}  // namespace odop::kiosk::media
