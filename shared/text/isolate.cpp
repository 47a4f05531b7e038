#include "shared/text/isolate.h"

#include "shared/text/utf8.h"

namespace odop {
namespace {

constexpr char32_t kLeftToRightIsolate = 0x2066;
constexpr char32_t kFirstStrongIsolate = 0x2068;
constexpr char32_t kPopIsolate = 0x2069;

std::string wrapped(char32_t opening, std::string_view value) {
  if (value.empty()) return {};
  std::string isolated;
  isolated.reserve(value.size() + 6);
  append_utf8(isolated, opening);
  isolated.append(value);
  append_utf8(isolated, kPopIsolate);
  return isolated;
}

}  // namespace

std::string isolate(std::string_view value) { return wrapped(kFirstStrongIsolate, value); }

std::string isolate_left_to_right(std::string_view value) {
  return wrapped(kLeftToRightIsolate, value);
}

std::string without_isolates(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(text, at);
    const bool control = (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
    if (!control) plain.append(text.substr(from, at - from));
  }
  return plain;
}

}  // namespace odop
