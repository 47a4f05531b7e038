// Where textures live: GL in the program, plain memory in tests. Pixels are straight (not
// premultiplied) RGBA, rows without padding, top row first.
// Threads: the UI thread.
#pragma once

#include <cstdint>
#include <span>

namespace odop::kiosk::media {

class TextureStore {
 public:
  TextureStore() = default;
  TextureStore(const TextureStore&) = delete;
  TextureStore& operator=(const TextureStore&) = delete;
  virtual ~TextureStore() = default;

  // A texture of this size; `rgba` has width * height * 4 bytes or is empty for all transparent.
  // Never 0.
  virtual std::uintptr_t create(int width, int height, std::span<const std::uint8_t> rgba,
                                bool repeats) = 0;
  // Replaces a part.
  virtual void update(std::uintptr_t texture, int x, int y, int width, int height,
                      std::span<const std::uint8_t> rgba) = 0;
  virtual void destroy(std::uintptr_t texture) = 0;
};

}  // namespace odop::kiosk::media
