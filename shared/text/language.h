// The three languages of the kiosk. Hindi is the first language of every stand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace odop {

// The order is the order of every table of texts (kiosk::LocalText, translations).
enum class Language : std::uint8_t { kHindi, kEnglish, kUrdu };

inline constexpr std::array kLanguages{Language::kHindi, Language::kEnglish, Language::kUrdu};

// Position in tables: 0 Hindi, 1 English, 2 Urdu.
[[nodiscard]] constexpr std::size_t index(Language language) {
  return static_cast<std::size_t>(language);
}

// ISO 639-1: "hi", "en", "ur".
[[nodiscard]] constexpr std::string_view code(Language language) {
  constexpr std::array<std::string_view, 3> kCodes{"hi", "en", "ur"};
  return kCodes[static_cast<std::size_t>(language)];
}

// The language of an ISO 639-1 code; nothing for any other text.
[[nodiscard]] constexpr std::optional<Language> language_of(std::string_view code_text) {
  for (const Language language : kLanguages) {
    if (code(language) == code_text) return language;
  }
  return std::nullopt;
}

[[nodiscard]] constexpr bool is_right_to_left(Language language) {
  return language == Language::kUrdu;
}

}  // namespace odop
