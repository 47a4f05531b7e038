// Pictures as admins upload them, made for the tests: two halves, red above and blue below.
#pragma once

#include "shared/core/bytes.h"

#include <png.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

namespace odop::test {

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

using Pixel = std::array<int, 3>;  // red, green, blue

struct TurboEnd {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, TurboEnd>;

inline Bytes two_halves(Size size) {
  Bytes rgb;
  for (int y = 0; y < size.height; ++y) {
    const bool above = y < size.height / 2;
    for (int x = 0; x < size.width; ++x) rgb += above ? Bytes("\xFF\0\0", 3) : Bytes("\0\0\xFF", 3);
  }
  return rgb;
}

inline const unsigned char* raw(const Bytes& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// `pixels` has as many bytes a pixel as `format` says (TJPF_RGB, TJPF_CMYK).
inline Bytes encoded_jpeg(const Bytes& pixels, Size size, int format) {
  const Turbo turbo(tjInitCompress());
  unsigned char* out = nullptr;
  unsigned long count = 0;
  const int done = tjCompress2(turbo.get(), raw(pixels), size.width, 0, size.height, format, &out,
                               &count, TJSAMP_444, 90, 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> guard(out, tjFree);
  if (done != 0) throw std::runtime_error("JPEG encoding failed");
  return {reinterpret_cast<const char*>(out), count};
}

inline Bytes photograph(int width, int height) {
  return encoded_jpeg(two_halves({width, height}), {width, height}, TJPF_RGB);
}

inline Bytes png_photograph(int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  const Bytes rgb = two_halves({width, height});
  png_alloc_size_t size = 0;
  Bytes out;
  for (int i = 0; i < 2; ++i) {  // the first time says how much room it takes
    out.resize(size);
    if (png_image_write_to_memory(&image, i == 0 ? nullptr : out.data(), &size, 0, rgb.data(), 0,
                                  nullptr) == 0) {
      throw std::runtime_error("PNG encoding failed");
    }
  }
  out.resize(size);
  return out;
}

inline Bytes webp_photograph(int width, int height) {
  std::uint8_t* out = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGB(raw(two_halves({width, height})), width, height, width * 3, &out);
  const std::unique_ptr<std::uint8_t, void (*)(void*)> guard(out, WebPFree);
  if (size == 0) throw std::runtime_error("WebP encoding failed");
  return {reinterpret_cast<const char*>(out), size};
}

// The JPEG with EXIF in front that says which way up it is and holds `remark`.
inline Bytes with_exif(const Bytes& jpeg, char orientation, const Bytes& remark = {}) {
  Bytes tiff("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19);
  tiff += orientation;
  tiff += Bytes("\0\0\0\0\0\0", 6);
  const Bytes payload = Bytes("Exif\0\0", 6) + tiff + remark;
  const std::size_t length = payload.size() + 2;
  const Bytes marker{'\xFF', '\xE1', static_cast<char>(length >> 8U),
                     static_cast<char>(length & 0xFFU)};
  return jpeg.substr(0, 2) + marker + payload + jpeg.substr(2);
}

struct Decoded {
  Size size;
  Bytes rgb;
  [[nodiscard]] Pixel at(int x, int y) const {
    Pixel pixel{};
    const auto first = (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                        static_cast<std::size_t>(x)) *
                       3;
    for (std::size_t i = 0; i < 3; ++i) pixel.at(i) = static_cast<unsigned char>(rgb.at(first + i));
    return pixel;
  }
};

inline Decoded decoded(const Bytes& jpeg) {
  const Turbo turbo(tjInitDecompress());
  Decoded out;
  int sampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(turbo.get(), raw(jpeg), jpeg.size(), &out.size.width, &out.size.height,
                          &sampling, &colours) != 0) {
    throw std::runtime_error("no JPEG");
  }
  std::vector<unsigned char> pixels(static_cast<std::size_t>(out.size.width) *
                                    static_cast<std::size_t>(out.size.height) * 3);
  if (tjDecompress2(turbo.get(), raw(jpeg), jpeg.size(), pixels.data(), out.size.width, 0,
                    out.size.height, TJPF_RGB, 0) != 0) {
    throw std::runtime_error("a damaged JPEG");
  }
  out.rgb.assign(pixels.begin(), pixels.end());
  return out;
}

inline bool is_red(const Pixel& pixel) { return pixel[0] > 200 && pixel[2] < 60; }
inline bool is_blue(const Pixel& pixel) { return pixel[2] > 200 && pixel[0] < 60; }

}  // namespace odop::test
