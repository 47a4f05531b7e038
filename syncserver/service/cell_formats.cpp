#include "syncserver/service/cell_formats.h"

#include "shared/text/utf8.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace odop::syncserver {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    if (std::string part = trimmed(text.substr(0, end)); !part.empty()) {
      if (std::ranges::find(parts, part) == parts.end()) parts.push_back(std::move(part));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = 0;
  unsigned month = 0, day = 0;
  const auto part = [&](std::size_t at, std::size_t count, auto& out) {
    const auto read = std::from_chars(text.data() + at, text.data() + at + count, out);
    return read.ec == std::errc{} && read.ptr == text.data() + at + count;
  };
  if (!part(0, 4, year) || !part(5, 2, month) || !part(8, 2, day)) return false;
  return (std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}).ok();
}

bool is_time(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4) &&
         text.substr(0, 2) < "24" && text[3] < '6';
}

bool has_choice(std::string_view choices, std::string_view word) {
  while (!choices.empty()) {
    const std::size_t end = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, end) == word) return true;
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return false;
}

bool misses_script(std::string_view text, char32_t first, char32_t last) {
  bool letters = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c >= first && c <= last) return false;
    letters = letters || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c > 0xFF;
  }
  return letters;
}

bool is_id(std::string_view id) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !id.empty() && id.size() <= 100 && std::ranges::all_of(id, good) && id.front() != '.' &&
         id.back() != '.';
}

bool is_quantity(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc::invalid_argument || (read.ec == std::errc{} && value > 0);
}

bool is_hs_code(std::string_view text) {
  return (text.size() == 4 || text.size() == 6 || text.size() == 8) &&
         std::ranges::all_of(text, is_digit);
}

bool are_phones(std::string_view text) {
  for (;;) {
    const std::size_t end = std::min(text.find_first_of(",;/"), text.size());
    const std::string number = trimmed(text.substr(0, end));
    const auto digits = std::ranges::count_if(number, is_digit);
    const bool good =
        digits >= 3 && digits <= 15 && number.rfind('+') + 1 <= 1 &&
        std::ranges::all_of(number, [](char c) {
          return is_digit(c) || std::string_view(" -()+").find(c) != std::string::npos;
        });
    if (!good) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace odop::syncserver
