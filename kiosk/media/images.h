// Drawings (SVG, PNG) and photographs (JPEG, PNG, WebP) as textures. A draw asks by key and gets a
// texture or nothing yet; decoding happens on a worker, one or two uploads a frame on the UI
// thread. Small drawings share a page, so that a map of 75 tiles is a handful of draw calls.
// Threads: all calls from the UI thread; the worker is inside.
#pragma once

#include "kiosk/media/texture_store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace odop::kiosk::media {

struct Texture {
  std::uintptr_t id = 0;
  float u0 = 0, v0 = 0, u1 = 1, v1 = 1;
  int width = 0;  // pixels of the part
  int height = 0;
};

// How a source fills the asked size.
enum class Scaling : std::uint8_t {
  kContain,  // whole, its own proportions, not larger than asked
  kStretch,  // exactly as asked (patterns, arch)
};

struct ImagesOptions {
  std::filesystem::path drawings;  // folder with craft/ icons/ ornament/ texture/
  // Where the bytes of a catalogue medium lie, by hex SHA-256; an empty path when it is not here.
  // Called from the UI thread.
  std::function<std::filesystem::path(std::string_view hash)> locate;
  std::function<void()> wake;  // called from the worker when something waits for upload
  std::size_t budget_bytes =
      std::size_t{48} * 1024 * 1024;  // of textures; least recently used go first
};

struct ImageStats {
  std::size_t textures = 0;
  std::size_t bytes = 0;
  std::size_t waiting = 0;  // asked for, not there yet
  std::size_t failed = 0;   // sources that could not be read
};

class Images {
 public:
  // `store` must outlive this.
  Images(TextureStore& store, ImagesOptions options);
  ~Images();
  Images(const Images&) = delete;
  Images& operator=(const Images&) = delete;

  // The drawing "folder/name" at this size in pixels; null while it is being made and for good when
  // there is no such file. `tiled`: the texture repeats (never on a shared page).
  const Texture* drawing(std::string_view name, int width, int height,
                         Scaling scaling = Scaling::kContain, bool tiled = false);

  // A photograph at least this large (decoded at a half, quarter or eighth when that suffices), in
  // its own proportions; null while it is being made or when it is not here.
  const Texture* picture(std::string_view hash, int width, int height);

  // Call once a frame before drawing: uploads what is ready, at most `uploads`, and drops what is
  // over the budget and was not drawn lately. True when something became drawable.
  bool pump(std::size_t uploads = 2);

  // Waits for everything asked so far and uploads it (screenshots in tests).
  void settle();

  // Something is decoding or waits for its upload.
  [[nodiscard]] bool busy() const;

  // Asks again for pictures that were not there (after a new release).
  void forget_missing();

  [[nodiscard]] ImageStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace odop::kiosk::media
