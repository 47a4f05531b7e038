// Photographs from outside: decoded with strict limits, turned upright, cut to size and written
// anew, so that nothing of the original file (EXIF, trailing data, tricks) reaches a kiosk. Pure:
// bytes in, bytes out. May be called from any thread.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>

namespace odop::syncserver {

inline constexpr std::size_t kMaxImagePixels = 24'000'000;          // decision
inline constexpr std::size_t kMaxImageBytes = 32ULL * 1024 * 1024;  // of an uploaded file
inline constexpr int kPictureSide = 1600;   // longest side in pixels: full height of a 1080p stand
inline constexpr int kThumbnailSide = 480;  // longest side in pixels
inline constexpr int kPictureQuality = 82;  // JPEG; about 150 kB a photograph
inline constexpr int kThumbnailQuality = 78;  // JPEG; about 20 kB

struct CutImage {
  Bytes picture;    // JPEG
  Bytes thumbnail;  // JPEG
};

// JPEG, PNG or WebP, told by their first bytes. The orientation of a JPEG's EXIF is honoured; what
// is transparent becomes white. An image smaller than a target keeps its size.
// Errors: kTooLarge (file or pixels), kUnsupported (another format, CMYK), kMalformed.
[[nodiscard]] Result<CutImage> cut_image(BytesView file);

}  // namespace odop::syncserver
