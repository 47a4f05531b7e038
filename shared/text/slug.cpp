#include "shared/text/slug.h"

#include "shared/text/fold.h"

#include <cstddef>

namespace odop {
namespace {

constexpr std::size_t kMaxSlug = 64;

bool is_slug_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string slug(std::string_view name) {
  std::string made;
  bool gap = false;
  for (const char c : fold(name)) {
    if (!is_slug_character(c)) {
      gap = true;
      continue;
    }
    if (gap && !made.empty()) made.push_back('-');
    gap = false;
    made.push_back(c);
  }
  return made;
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > kMaxSlug) return false;
  bool after_hyphen = true;  // a hyphen may neither begin nor double
  for (const char c : text) {
    if (c == '-') {
      if (after_hyphen) return false;
      after_hyphen = true;
    } else if (is_slug_character(c)) {
      after_hyphen = false;
    } else {
      return false;
    }
  }
  return !after_hyphen;
}

}  // namespace odop
