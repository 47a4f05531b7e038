#include "shared/core/reference_number.h"

#include <array>
#include <cstddef>
#include <cstdio>

namespace odop {
namespace {

constexpr std::array<std::array<std::uint8_t, 10>, 10> kDamm = {{
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
    {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
    {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
    {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
    {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
    {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
    {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}};

constexpr std::size_t kShortest = 10;  // 3 + 4 + 2 + 1
constexpr std::size_t kLongest = 16;
constexpr std::size_t kAadhaarLength = 12;

std::string padded(std::uint64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

}  // namespace

char damm_check_digit(std::string_view digits) {
  std::uint8_t interim = 0;
  for (const char digit : digits) {
    interim = kDamm[interim][static_cast<std::size_t>(digit - '0')];
  }
  return static_cast<char>('0' + interim);
}

std::string make_reference(KioskNumber kiosk, Sequence sequence, Random& random) {
  const std::string head = padded(kiosk.value, 3);
  std::string tail = padded(sequence.value, 4);
  // One more zero in front of the sequence keeps the whole from having 12 digits.
  if (head.size() + tail.size() + 3 == kAadhaarLength)
    tail = padded(sequence.value, tail.size() + 1);
  std::string digits = head + tail + padded(random.below(100), 2);
  digits.push_back(damm_check_digit(digits));
  return digits;
}

Result<std::string> parse_reference(std::string_view typed) {
  const std::string folded = fold_digits(typed);
  std::string digits;
  for (const char c : folded) {
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
    } else if (c != ' ' && c != '-' && c != '.') {
      return fail(ErrorCode::kInvalidArgument, "reference holds a character that is no digit");
    }
  }
  if (digits.size() < kShortest || digits.size() > kLongest) {
    return fail(ErrorCode::kInvalidArgument, "reference has a wrong number of digits");
  }
  // A valid number with its check digit ends in state 0.
  if (damm_check_digit(digits) != '0') {
    return fail(ErrorCode::kInvalidArgument, "reference has a wrong check digit");
  }
  return digits;
}

std::string group_reference(std::string_view digits) {
  // Three first (the kiosk), then fours, the rest last.
  std::string grouped;
  std::size_t at = 0;
  std::size_t size = 3;
  while (at < digits.size()) {
    if (at > 0) grouped.push_back(' ');
    const std::size_t left = digits.size() - at;
    const std::size_t take = left <= size + 1 && left > size && size == 4 ? left - 2 : size;
    grouped.append(digits.substr(at, take));
    at += take;
    size = 4;
  }
  return grouped;
}

std::string fold_digits(std::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto at = [&](std::size_t k) {
      return i + k < utf8.size() ? static_cast<unsigned char>(utf8[i + k]) : 0U;
    };
    if (at(0) == 0xE0 && at(1) == 0xA5 && at(2) >= 0xA6 && at(2) <= 0xAF) {  // U+0966..096F
      folded.push_back(static_cast<char>('0' + (at(2) - 0xA6)));
      i += 3;
    } else if (at(0) == 0xD9 && at(1) >= 0xA0 && at(1) <= 0xA9) {  // U+0660..0669
      folded.push_back(static_cast<char>('0' + (at(1) - 0xA0)));
      i += 2;
    } else if (at(0) == 0xDB && at(1) >= 0xB0 && at(1) <= 0xB9) {  // U+06F0..06F9
      folded.push_back(static_cast<char>('0' + (at(1) - 0xB0)));
      i += 2;
    } else {
      folded.push_back(utf8[i]);
      ++i;
    }
  }
  return folded;
}

}  // namespace odop
