#include "kiosk/ui/text_edit.h"

#include "shared/text/digits.h"

#include <algorithm>

namespace odop::kiosk::ui {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

constexpr char32_t kNukta = 0x093C;
constexpr char32_t kVirama = 0x094D;

// क to ह and क़ to य़.
bool is_consonant(char32_t c) {
  return (c >= 0x0915 && c <= 0x0939) || (c >= 0x0958 && c <= 0x095F);
}

std::size_t previous_start(std::string_view text, std::size_t caret) {
  return caret == 0 ? 0 : code_point_start(text, caret - 1);
}

}  // namespace

std::size_t code_point_start(std::string_view text, std::size_t byte) {
  byte = std::min(byte, text.size());
  while (byte > 0 && byte < text.size() && is_continuation(text[byte])) --byte;
  return byte;
}

Edited insert(std::string_view text, std::size_t caret, std::string_view words,
              std::size_t max_bytes) {
  caret = code_point_start(text, caret);
  Edited edited{std::string(text), caret};
  if (text.size() + words.size() > max_bytes) return edited;
  edited.text.insert(caret, words);
  edited.caret = caret + words.size();
  return edited;
}

Edited backspace(std::string_view text, std::size_t caret) {
  caret = code_point_start(text, caret);
  return erase(text, previous_start(text, caret), caret);
}

Edited erase(std::string_view text, std::size_t begin, std::size_t end) {
  end = std::min(end, text.size());
  begin = std::min(begin, end);
  Edited edited{std::string(text), begin};
  edited.text.erase(begin, end - begin);
  return edited;
}

std::string only_digits(std::string_view text, std::size_t most) {
  return digits_of(text).substr(0, most);
}

char32_t code_point_before(std::string_view text, std::size_t caret) {
  caret = code_point_start(text, caret);
  if (caret == 0) return 0;
  const std::size_t start = previous_start(text, caret);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  switch (caret - start) {
    case 1:
      return byte(start);
    case 2:
      return ((byte(start) & 0x1FU) << 6U) | (byte(start + 1) & 0x3FU);
    case 3:
      return ((byte(start) & 0x0FU) << 12U) | ((byte(start + 1) & 0x3FU) << 6U) |
             (byte(start + 2) & 0x3FU);
    case 4:
      return ((byte(start) & 0x07U) << 18U) | ((byte(start + 1) & 0x3FU) << 12U) |
             ((byte(start + 2) & 0x3FU) << 6U) | (byte(start + 3) & 0x3FU);
    default:
      return 0xFFFD;
  }
}

std::string_view joinable_before(std::string_view text, std::size_t caret) {
  caret = code_point_start(text, caret);
  std::size_t at = caret;
  std::size_t begin = caret;
  for (int consonants = 0; consonants < 2; ++consonants) {
    if (code_point_before(text, at) == kNukta) at = previous_start(text, at);
    if (!is_consonant(code_point_before(text, at))) break;
    at = begin = previous_start(text, at);
    if (code_point_before(text, at) != kVirama) break;
    at = previous_start(text, at);
  }
  return text.substr(begin, caret - begin);
}

}  // namespace odop::kiosk::ui
