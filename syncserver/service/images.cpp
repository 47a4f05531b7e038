#include "syncserver/service/images.h"

#include "syncserver/service/exif.h"

#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

// Eight bits of red, green, blue; rows from the top without padding.
struct Raster {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

[[nodiscard]] Status check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) return fail(ErrorCode::kMalformed, "the image has no size");
  if (width > 65'535 || height > 65'535 ||
      width * height > static_cast<std::int64_t>(kMaxImagePixels)) {
    return fail(ErrorCode::kTooLarge, "more than 24 megapixels");
  }
  return {};
}

struct TurboDeleter {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, TurboDeleter>;

const unsigned char* raw(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Result<Raster> decode_jpeg(BytesView file) {
  const Turbo turbo(tjInitDecompress());
  if (turbo == nullptr) return fail(ErrorCode::kInternal, "no JPEG decoder");
  int subsampling = 0, colours = 0;
  Raster out;
  if (tjDecompressHeader3(turbo.get(), raw(file), file.size(), &out.width, &out.height,
                          &subsampling, &colours) != 0) {
    return fail(ErrorCode::kMalformed, "no readable JPEG");
  }
  if (Status good = check_size(out.width, out.height); !good.has_value()) return fail(good.error());
  if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    return fail(ErrorCode::kUnsupported, "a JPEG in the colours of print (CMYK), not RGB");
  }
  out.rgb.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
  // Many scans cost time without bound; a truncated file is refused as well.
  if (tjDecompress2(turbo.get(), raw(file), file.size(), out.rgb.data(), out.width, 0, out.height,
                    TJPF_RGB, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0) {
    return fail(ErrorCode::kMalformed, "a damaged JPEG");
  }
  return out;
}

// Lays a picture with transparency on white.
void flatten(const std::vector<std::uint8_t>& rgba, Raster& out) {
  const std::size_t pixels = rgba.size() / 4;
  out.rgb.resize(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned alpha = rgba[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      out.rgb[i * 3 + c] =
          static_cast<std::uint8_t>((rgba[i * 4 + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
}

Result<Raster> decode_png(BytesView file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) {
    return fail(ErrorCode::kMalformed, "no readable PNG");
  }
  const std::unique_ptr<png_image, void (*)(png_image*)> guard(&image, png_image_free);
  if (Status good = check_size(image.width, image.height); !good.has_value()) {
    return fail(good.error());
  }
  image.format = PNG_FORMAT_RGBA;
  std::vector<std::uint8_t> rgba(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, rgba.data(), 0, nullptr) == 0) {
    return fail(ErrorCode::kMalformed, "a damaged PNG");
  }
  Raster out{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  flatten(rgba, out);
  return out;
}

Result<Raster> decode_webp(BytesView file) {
  Raster out;
  if (WebPGetInfo(raw(file), file.size(), &out.width, &out.height) == 0) {
    return fail(ErrorCode::kMalformed, "no readable WebP");
  }
  if (Status good = check_size(out.width, out.height); !good.has_value()) return fail(good.error());
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(out.width) *
                                 static_cast<std::size_t>(out.height) * 4);
  if (WebPDecodeRGBAInto(raw(file), file.size(), rgba.data(), rgba.size(), out.width * 4) ==
      nullptr) {
    return fail(ErrorCode::kMalformed, "a damaged WebP");
  }
  flatten(rgba, out);
  return out;
}

Result<Raster> decode(BytesView file) {
  if (file.size() > kMaxImageBytes) return fail(ErrorCode::kTooLarge, "more than 32 MiB");
  if (file.starts_with("\xFF\xD8\xFF")) return decode_jpeg(file);
  if (file.starts_with("\x89PNG\r\n\x1A\n")) return decode_png(file);
  if (file.size() > 12 && file.starts_with("RIFF") && file.substr(8, 4) == "WEBP") {
    return decode_webp(file);
  }
  return fail(ErrorCode::kUnsupported, "neither JPEG nor PNG nor WebP");
}

// Turns a stored raster so that it stands upright (EXIF 2.3, table of tag 0x0112).
Raster upright(Raster in, int orientation) {
  if (orientation == 1) return in;
  const bool swapped = orientation >= 5;
  Raster out{swapped ? in.height : in.width, swapped ? in.width : in.height, {}};
  out.rgb.resize(in.rgb.size());
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int from_x = swapped ? y : x;
      int from_y = swapped ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
        from_x = in.width - 1 - from_x;
      }
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
        from_y = in.height - 1 - from_y;
      }
      const auto from = (static_cast<std::size_t>(from_y) * static_cast<std::size_t>(in.width) +
                         static_cast<std::size_t>(from_x)) *
                        3;
      const auto to = (static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
                       static_cast<std::size_t>(x)) *
                      3;
      std::copy_n(&in.rgb[from], 3, &out.rgb[to]);
    }
  }
  return out;
}

// How much of each source pixel goes into each target pixel along one axis.
struct Share {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Share> shares(int from, int to) {
  std::vector<Share> out(static_cast<std::size_t>(to));
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double begin = i * scale;
    const double end = (i + 1) * scale;
    Share& share = out[static_cast<std::size_t>(i)];
    share.first = static_cast<int>(begin);
    const int last = std::min(from - 1, static_cast<int>(std::ceil(end)) - 1);
    for (int p = share.first; p <= last; ++p) {
      const double covered = std::min<double>(p + 1, end) - std::max<double>(p, begin);
      share.weights.push_back(static_cast<float>(covered / scale));
    }
  }
  return out;
}

// Averages areas: for making smaller only.
Raster shrunk(const Raster& in, int longest) {
  const int side = std::max(in.width, in.height);
  if (side <= longest) return in;
  const auto scaled = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * longest / side)));
  };
  Raster out{scaled(in.width), scaled(in.height), {}};
  const auto across = shares(in.width, out.width);
  const auto down = shares(in.height, out.height);
  const auto row_values = static_cast<std::size_t>(out.width) * 3;
  out.rgb.resize(row_values * static_cast<std::size_t>(out.height));
  std::vector<float> sum(row_values);
  std::vector<float> line(static_cast<std::size_t>(in.width) * 3);
  for (std::size_t y = 0; y < down.size(); ++y) {
    std::ranges::fill(line, 0.0F);
    for (std::size_t k = 0; k < down[y].weights.size(); ++k) {
      const std::uint8_t* row =
          &in.rgb[(static_cast<std::size_t>(down[y].first) + k) * line.size()];
      const float weight = down[y].weights[k];
      for (std::size_t i = 0; i < line.size(); ++i) line[i] += weight * static_cast<float>(row[i]);
    }
    for (std::size_t x = 0; x < across.size(); ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        float value = 0;
        for (std::size_t k = 0; k < across[x].weights.size(); ++k) {
          value +=
              across[x].weights[k] * line[(static_cast<std::size_t>(across[x].first) + k) * 3 + c];
        }
        out.rgb[y * row_values + x * 3 + c] =
            static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
      }
    }
  }
  return out;
}

Result<Bytes> encode(const Raster& raster, int quality) {
  const Turbo turbo(tjInitCompress());
  if (turbo == nullptr) return fail(ErrorCode::kInternal, "no JPEG encoder");
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int done = tjCompress2(turbo.get(), raster.rgb.data(), raster.width, 0, raster.height,
                               TJPF_RGB, &buffer, &size, TJSAMP_420, quality, TJFLAG_PROGRESSIVE);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> guard(buffer, tjFree);
  if (done != 0) return fail(ErrorCode::kInternal, "JPEG encoding failed");
  return Bytes(reinterpret_cast<const char*>(buffer), size);
}

}  // namespace

Result<CutImage> cut_image(BytesView file) {
  Result<Raster> decoded = decode(file);
  if (!decoded.has_value()) return fail(decoded.error());
  const int orientation = file.starts_with("\xFF\xD8\xFF") ? exif_orientation(file) : 1;
  const Raster picture = upright(shrunk(*decoded, kPictureSide), orientation);
  decoded->rgb = {};
  Result<Bytes> full = encode(picture, kPictureQuality);
  if (!full.has_value()) return fail(full.error());
  Result<Bytes> thumbnail = encode(shrunk(picture, kThumbnailSide), kThumbnailQuality);
  if (!thumbnail.has_value()) return fail(thumbnail.error());
  return CutImage{std::move(*full), std::move(*thumbnail)};
}

}  // namespace odop::syncserver
