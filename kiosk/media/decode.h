// Bytes on disk to pixels. Pure functions of a file; any thread.
// Caps: a file of at most 32 MiB, a picture of at most 64 megapixels before scaling.
#pragma once

#include "shared/core/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace odop::kiosk::media {

// Straight RGBA, rows without padding.
struct Bitmap {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};

// A photograph, not smaller than asked when the source is not, never larger than needed by more
// than twice. Errors: NotFound, Io, TooLarge, Malformed, Unsupported (neither JPEG, PNG nor WebP).
[[nodiscard]] Result<Bitmap> decode_picture(const std::filesystem::path& file, int width,
                                            int height);

// An SVG at exactly this size: `stretch` fills it, else the drawing keeps its proportions in the
// middle. Errors: NotFound, TooLarge, Malformed.
[[nodiscard]] Result<Bitmap> render_svg(const std::filesystem::path& file, int width, int height,
                                        bool stretch);

// Half the size, each pixel the mean of four (alpha weighted). Needs both sides to be 2 or more.
[[nodiscard]] Bitmap halved(const Bitmap& source);

}  // namespace odop::kiosk::media
