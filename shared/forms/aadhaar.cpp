#include "shared/forms/formats.h"
#include "shared/text/digits.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace odop::forms {
namespace {

constexpr std::size_t kAadhaarDigits = 12;

// Verhoeff 1969: the dihedral group D5, and a permutation applied position times.
using Row = std::array<std::uint8_t, 10>;
constexpr std::array<Row, 10> kProduct{
    Row{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, Row{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
    Row{2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, Row{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
    Row{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, Row{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    Row{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, Row{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
    Row{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, Row{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
constexpr Row kStep{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// What may stand between the groups of one number: spaces, hyphens and dashes of any kind, and
// what cannot be seen: controls (a stored text loses them, and its digits would close up), bidi
// marks, joiners, variation selectors, the keycap.
bool is_filler(char32_t c) {
  return c <= U' ' || c == U'-' || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x34F ||
         c == 0x61C || c == 0x640 || (c >= 0x180B && c <= 0x180F) || (c >= 0x2000 && c <= 0x2015) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x20E3 ||
         c == 0x2212 || c == 0x3000 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFE58 || c == 0xFE63 ||
         c == 0xFF0D || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

// Separators that dates, prices and lists have as well.
bool is_hard_separator(char32_t c) {
  return c == U'.' || c == U'/' || c == U'\\' || c == U',' || c == U'_' || c == U':' || c == U'|' ||
         c == U'*' || c == U'+' || c == 0xB7 || c == 0x2022 || c == 0x2024 || c == 0x2027 ||
         c == 0x2044 || c == 0x60C || c == 0x66B || c == 0x66C || c == 0x6D4 || c == 0x964;
}

bool is_aadhaar(std::string_view digits) {
  return digits.size() == kAadhaarDigits && digits[0] >= '2' && verhoeff_fits(digits);
}

// The shapes that count across hard separators: 4 4 4, as the card prints it, and single digits.
bool any_in_shape(const std::vector<std::string>& groups, std::size_t group_digits) {
  const std::size_t needed = kAadhaarDigits / group_digits;
  std::string joined;
  for (const std::string& group : groups) {
    if (group.size() != group_digits) {
      joined.clear();
      continue;
    }
    joined += group;
    if (joined.size() > kAadhaarDigits) joined.erase(0, group_digits);
    if (joined.size() == needed * group_digits && is_aadhaar(joined)) return true;
  }
  return false;
}

// Whether neighbouring groups make up an Aadhaar number.
bool any_in(const std::vector<std::string>& groups) {
  for (std::size_t first = 0; first < groups.size(); ++first) {
    std::string joined;
    for (std::size_t i = first; i < groups.size() && joined.size() < kAadhaarDigits; ++i) {
      joined += groups[i];
    }
    if (is_aadhaar(joined)) return true;
  }
  return false;
}

}  // namespace

bool verhoeff_fits(std::string_view digits) {
  if (digits.empty()) return false;
  std::uint8_t check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[digits.size() - 1 - i];
    if (c < '0' || c > '9') return false;
    auto permuted = static_cast<std::uint8_t>(c - '0');
    for (std::size_t k = 0; k < i % 8; ++k) permuted = kStep.at(permuted);
    check = kProduct.at(check).at(permuted);
  }
  return check == 0;
}

bool holds_aadhaar(std::string_view text) {
  const std::string folded = fold_every_digit(text);
  std::vector<std::string> groups;  // apart by fillers only
  std::vector<std::string> shaped;  // apart by fillers or one hard separator
  bool open = false;                // whether the next digit continues the last group
  bool separated = false;           // whether a hard separator stands behind the last group
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    if (is_digit(c)) {
      if (!open) {
        groups.emplace_back();
        shaped.emplace_back();
      }
      groups.back().push_back(static_cast<char>(c));
      shaped.back().push_back(static_cast<char>(c));
      open = true;
      separated = false;
      continue;
    }
    open = false;
    if (is_filler(c)) continue;
    if (any_in(groups)) return true;
    groups.clear();
    if (!is_hard_separator(c) || separated) {
      if (any_in_shape(shaped, 4) || any_in_shape(shaped, 1)) return true;
      shaped.clear();
    }
    separated = true;
  }
  return any_in(groups) || any_in_shape(shaped, 4) || any_in_shape(shaped, 1);
}

}  // namespace odop::forms
