// A FrameMaker without window and GL for tests: finds targets by id in the semantic tree and taps
// them as a finger does (press in one frame, release in the next).
#pragma once

#include "kiosk/media/images.h"
#include "kiosk/media/texture_store.h"
#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/frame_maker.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::test {

class MemoryTextures final : public kiosk::media::TextureStore {
 public:
  std::uintptr_t create(int width, int height, std::span<const std::uint8_t> rgba,
                        bool /*repeats*/) override {
    auto& pixels = textures[++last_];
    pixels.assign(rgba.begin(), rgba.end());
    pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    return last_;
  }
  void update(std::uintptr_t /*texture*/, int /*x*/, int /*y*/, int /*width*/, int /*height*/,
              std::span<const std::uint8_t> /*rgba*/) override {
    ++updates;
  }
  void destroy(std::uintptr_t texture) override { textures.erase(texture); }

  std::map<std::uintptr_t, std::vector<std::uint8_t>> textures;
  std::size_t updates = 0;

 private:
  std::uintptr_t last_ = 0;
};

class HeadlessStage {
 public:
  explicit HeadlessStage(kiosk::ui::FrameMaker::Draw draw,
                         const kiosk::ui::Panel& panel = kiosk::ui::Panel::fallback(1080, 1920))
      : text_(open_text(atlas_)),
        images_(textures,
                {.drawings = ODOP_SOURCE_DIR "/assets/drawings", .locate = {}, .wake = {}}),
        maker(*text_, images_, panel),
        draw_(std::move(draw)) {}

  // One frame with the pointer where it is. `ms` passes before.
  void frame(std::int64_t ms = 16, std::vector<kiosk::ui::KeyInput> keys = {}) {
    now_ms += ms;
    maker.frame({x, y, down, std::move(keys), now_ms}, draw_);
  }

  // The same frame without a finger, before anybody looks.
  void rehearse() { maker.rehearse(now_ms, draw_); }

  [[nodiscard]] const kiosk::ui::Node* find(std::string_view id) const {
    for (const auto& node : maker.tree()) {
      if (node.id == id) return &node;
    }
    return nullptr;
  }

  // The node, or a failed test that names it.
  [[nodiscard]] const kiosk::ui::Node& node(std::string_view id) const {
    const auto* found = find(id);
    if (found == nullptr) throw std::runtime_error("no node " + std::string(id));
    return *found;
  }

  void press(float at_x, float at_y) {
    x = at_x;
    y = at_y;
    down = true;
    frame();
  }
  void release() {
    down = false;
    frame();
  }
  void tap_at(float at_x, float at_y) {
    press(at_x, at_y);
    release();
    frame();
  }
  // Taps the middle of what can be touched of it.
  void tap(std::string_view id) {
    frame();
    const auto& hit = node(id).hit;
    tap_at(hit.x + hit.w / 2, hit.y + hit.h / 2);
  }
  void type(std::string_view words) {
    frame(16, {{kiosk::ui::EditKey::kText, std::string(words)}});
    frame();
  }
  void key(kiosk::ui::EditKey pressed) {
    frame(16, {{pressed, {}}});
    frame();
  }

  [[nodiscard]] typeset::TextEngine& text() { return *text_; }
  [[nodiscard]] const typeset::MemoryAtlas& atlas() const { return atlas_; }
  [[nodiscard]] kiosk::media::Images& images() { return images_; }

  MemoryTextures textures;
  float x = -1, y = -1;
  bool down = false;
  std::int64_t now_ms = 1000;

 private:
  static std::unique_ptr<typeset::TextEngine> open_text(typeset::AtlasBackend& atlas) {
    auto engine = typeset::TextEngine::open(atlas);
    if (!engine) throw std::runtime_error(engine.error().context);
    return std::move(*engine);
  }

  typeset::MemoryAtlas atlas_;
  std::unique_ptr<typeset::TextEngine> text_;
  kiosk::media::Images images_;

 public:
  kiosk::ui::FrameMaker maker;

 private:
  kiosk::ui::FrameMaker::Draw draw_;
};

}  // namespace odop::test
