// One text in the three languages of the kiosk. A value.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace odop::kiosk {

// In the order of odop::Language: hi, en, ur.
struct LocalText {
  std::array<std::string, 3> by_language;

  // The text in `language` (0 hi, 1 en, 2 ur); when it is missing: Hindi, then English, then Urdu.
  [[nodiscard]] const std::string& in(std::size_t language) const {
    for (const std::size_t index : {language, std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
      if (!by_language.at(index).empty()) return by_language.at(index);
    }
    return by_language.at(language);
  }
};

}  // namespace odop::kiosk
