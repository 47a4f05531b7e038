// An engine with real fonts and a memory atlas.
#pragma once

#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace odop::typeset::test {

struct TextFixture {
  MemoryAtlas atlas;
  std::unique_ptr<TextEngine> owner;

  TextFixture() {
    auto opened = TextEngine::open(atlas);
    if (!opened.has_value()) {
      FAIL(opened.error().context);
    }
    owner = std::move(*opened);
  }

  [[nodiscard]] TextEngine& engine() const { return *owner; }
};

[[nodiscard]] inline TextStyle style_of(Language language, TextRole role = TextRole::kRead,
                                        float px = 24.0F) {
  TextStyle style;
  style.language = language;
  style.role = role;
  style.px = px;
  return style;
}

[[nodiscard]] inline std::string text_of(const Layout& layout, const Line& line) {
  return layout.text.substr(line.byte_begin, line.byte_end - line.byte_begin);
}

[[nodiscard]] inline std::string text_of(const Layout& layout, const Run& run) {
  return layout.text.substr(run.byte_begin, run.byte_end - run.byte_begin);
}

}  // namespace odop::typeset::test
