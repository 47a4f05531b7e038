#include "shared/forms/formats.h"

#include "shared/forms/characters.h"
#include "shared/forms/decimal.h"
#include "shared/text/digits.h"
#include "shared/text/normalise.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <optional>

namespace odop::forms {
namespace {

constexpr std::size_t kMobileDigits = 10;
constexpr std::size_t kMinForeignDigits = 5;
constexpr std::size_t kMaxLocalPart = 64;  // RFC 5321
constexpr std::size_t kMaxLabel = 63;      // RFC 1035
constexpr std::size_t kPinDigits = 6;

tl::unexpected<Problem> wrong(std::string_view text_key) {
  return tl::make_unexpected(Problem{text_key});
}

bool is_phone_filler(char32_t c) {
  return is_space(c) || is_invisible(c) || c == U'-' || c == U'.' || c == U'(' || c == U')' ||
         (c >= 0x2010 && c <= 0x2015);
}

// "+" and digits as typed, fillers removed; nothing when something else is in it.
std::optional<std::string> phone_characters(std::string_view typed) {
  const std::string folded = fold_every_digit(typed);
  std::string kept;
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    if (is_phone_filler(c)) continue;
    const bool plus = c == U'+' && kept.empty();
    if (!plus && (c > 0x7F || !is_digit(static_cast<char>(c)))) return std::nullopt;
    kept.push_back(static_cast<char>(c));
  }
  return kept;
}

// Twelve digits, no 91 before a mobile number, and an Aadhaar number's check digit.
bool is_someone_elses_number(std::string_view digits) {
  const bool mobile = digits.starts_with("91") && digits.size() > 2 && digits[2] >= '6';
  return !digits.starts_with('+') && !mobile && holds_aadhaar(digits);
}

// The assigned country code that the digits begin with; empty when there is none. E.164 codes are
// prefix-free: 1 and 7 alone, these of two digits, every other of three.
std::string_view country_code(std::string_view digits) {
  static constexpr std::string_view kTwoDigits =
      "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 "
      "64 65 66 81 82 84 86 90 91 92 93 94 95 98";
  static constexpr std::string_view kThreeDigits =
      "211 212 213 216 218 22x 230 231 232 233 234 235 236 237 238 239 24x 25x 260 261 262 263 264 "
      "265 266 267 268 269 290 291 297 298 299 35x 370 371 372 373 374 375 376 377 378 380 381 382 "
      "383 385 386 387 389 420 421 423 50x 590 591 592 593 594 595 596 597 598 599 670 672 673 674 "
      "675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 "
      "856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 "
      "975 976 977 979 992 993 994 995 996 998";
  if (digits.starts_with('1') || digits.starts_with('7')) return digits.substr(0, 1);
  const auto lists = [](std::string_view list, std::string_view code) {
    return code.size() > 1 && list.find(code) != std::string_view::npos;
  };
  if (digits.size() >= 2 && lists(kTwoDigits, digits.substr(0, 2))) return digits.substr(0, 2);
  if (digits.size() < 3) return {};
  const std::string tens = std::string(digits.substr(0, 2)) + 'x';
  return lists(kThreeDigits, digits.substr(0, 3)) || lists(kThreeDigits, tens) ? digits.substr(0, 3)
                                                                               : std::string_view{};
}

// Italy, San Marino, Ivory Coast, Benin, Congo: the zero belongs to the number and is dialled from
// abroad as well. Elsewhere it is the trunk prefix that people write as "(0)".
bool begins_numbers_with_zero(std::string_view code) {
  return code == "39" || code == "378" || code == "225" || code == "229" || code == "242";
}

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocalPart || local.front() == '.' ||
      local.back() == '.' || local.find("..") != std::string_view::npos) {
    return false;
  }
  static constexpr std::string_view kSpecial = "!#$%&'*+/=?^_`{|}~-.";
  return std::all_of(local.begin(), local.end(), [](char c) {
    return is_letter(c) || is_digit(c) || kSpecial.find(c) != std::string_view::npos;
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '-';
         });
}

bool is_domain(std::string_view domain) {
  if (domain.find('.') == std::string_view::npos) return false;
  while (true) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) {
      return label.size() >= 2 && !all_digits(label);  // the top level
    }
    domain.remove_prefix(dot + 1);
  }
}

// Letters and marks of the three scripts; digits and punctuation of the same blocks are not.
bool is_name_letter(char32_t c) {
  const bool latin = (c < 0x80 && is_letter(static_cast<char>(c))) ||
                     (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
                     (c >= 0x1E00 && c <= 0x1EFF);
  const bool devanagari = (c >= 0x900 && c <= 0x963) || (c >= 0x971 && c <= 0x97F);
  const bool arabic = (c >= 0x620 && c <= 0x65F) || (c >= 0x66E && c <= 0x6D3) ||
                      (c >= 0x6D5 && c <= 0x6DC) || (c >= 0x6DF && c <= 0x6EF) ||
                      (c >= 0x6FA && c <= 0x6FC) || (c >= 0x750 && c <= 0x77F);
  return latin || devanagari || arabic;
}

// Vowel signs, points and other marks of these blocks, and the stroke that only lengthens a line:
// they stand on letters, and make no name alone.
bool stands_on_letter(char32_t c) {
  const bool devanagari = (c >= 0x900 && c <= 0x903) || (c >= 0x93A && c <= 0x93C) ||
                          (c >= 0x93E && c <= 0x94F) || (c >= 0x951 && c <= 0x957) || c == 0x962 ||
                          c == 0x963;
  const bool arabic = c == 0x640 || (c >= 0x64B && c <= 0x65F) || c == 0x670 ||
                      (c >= 0x6D6 && c <= 0x6ED && c != 0x6E5 && c != 0x6E6);
  return devanagari || arabic;
}

bool is_name_mark(char32_t c) {
  return c == U'.' || c == U'-' || c == U'\'' || c == 0x2019 || c == 0x2010 ||
         (c >= 0x300 && c <= 0x36F) || c == 0x200C || c == 0x200D || c == 0x970;
}

}  // namespace

Checked indian_mobile(std::string_view typed) {
  const auto characters = phone_characters(typed);
  if (!characters) return wrong(holds_aadhaar(typed) ? kAadhaar : kPhone);
  std::string_view digits = *characters;
  if (digits.empty()) return wrong(kMissing);
  if (is_someone_elses_number(digits)) return wrong(kAadhaar);
  const bool international =
      digits.starts_with('+') || (digits.starts_with("00") && digits.size() > kMobileDigits);
  if (international) {
    digits.remove_prefix(digits.starts_with('+') ? 1 : 2);
    if (!digits.starts_with("91")) return wrong(kPhone);
    digits.remove_prefix(2);
  } else if (digits.size() > kMobileDigits) {
    if (digits.size() > kMobileDigits + 2 && digits.starts_with("091")) digits.remove_prefix(1);
    if (digits.starts_with("91")) digits.remove_prefix(2);
  }
  if (digits.size() > kMobileDigits && digits.starts_with('0')) digits.remove_prefix(1);
  if (!digits.empty() && digits[0] < '6') return wrong(kMobileStart);
  if (digits.size() < kMobileDigits) return wrong(kMobileShort);
  if (digits.size() > kMobileDigits) return wrong(kMobileLong);
  return "+91" + std::string(digits);
}

Checked foreign_phone(std::string_view typed, std::string_view dialling_code) {
  if (dialling_code == "+91") return indian_mobile(typed);
  const std::string_view code = dialling_code.substr(dialling_code.starts_with('+') ? 1 : 0);
  if (code.empty() || code.size() > 4 || !all_digits(code) || code[0] == '0') {
    return wrong(kCountry);
  }
  const auto characters = phone_characters(typed);
  if (!characters) return wrong(holds_aadhaar(typed) ? kAadhaar : kPhone);
  std::string_view digits = *characters;
  if (digits.empty()) return wrong(kMissing);
  const bool international = digits.starts_with('+') || digits.starts_with("00");
  if (international) {
    digits.remove_prefix(digits.starts_with('+') ? 1 : 2);
    if (!digits.starts_with(code)) return wrong(holds_aadhaar(digits) ? kAadhaar : kPhone);
    digits.remove_prefix(code.size());
  } else if (holds_aadhaar(typed)) {
    return wrong(kAadhaar);
  }
  const std::string_view whole = digits;
  if (!begins_numbers_with_zero(code) && digits.starts_with('0')) digits.remove_prefix(1);
  // Without the code: with it a tenth of all numbers of the Emirates would look like one.
  if (holds_aadhaar(whole) || holds_aadhaar(digits)) return wrong(kAadhaar);
  if (digits.size() < kMinForeignDigits || digits.size() + code.size() > kMaxE164Digits) {
    return wrong(kPhone);
  }
  return "+" + std::string(code) + std::string(digits);
}

Checked any_phone(std::string_view typed) {
  const auto characters = phone_characters(typed);
  if (!characters || (!characters->starts_with('+') && !characters->starts_with("00"))) {
    return indian_mobile(typed);
  }
  std::string_view digits = *characters;
  digits.remove_prefix(digits.starts_with('+') ? 1 : 2);
  const std::string_view code = country_code(digits);
  if (code.empty()) return wrong(kPhone);
  return foreign_phone("+" + std::string(digits), "+" + std::string(code));
}

Checked email(std::string_view typed) {
  const std::string address = trimmed(fold_every_digit(typed));
  if (address.empty()) return wrong(kMissing);
  if (holds_aadhaar(address)) return wrong(kAadhaar);
  const std::size_t at = address.find('@');
  if (address.size() > kMaxEmailBytes || at == std::string::npos) return wrong(kEmail);
  const std::string local = address.substr(0, at);
  std::string domain = address.substr(at + 1);
  if (!is_local_part(local) || !is_domain(domain)) return wrong(kEmail);
  std::transform(domain.begin(), domain.end(), domain.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return local + "@" + domain;
}

Checked person_name(std::string_view typed) {
  if (holds_aadhaar(typed)) return wrong(kAadhaar);
  const auto composed = nfc(typed);
  if (!composed.has_value()) return wrong(kUnreadable);
  std::string name;
  std::size_t characters = 0;
  bool has_letter = false;
  bool gap = false;
  for (std::size_t at = 0; at < composed.value().size();) {
    const char32_t c = next_code_point(composed.value(), at);
    if (is_space(c)) {
      gap = !name.empty();
      continue;
    }
    if (is_invisible(c)) continue;
    if (!is_name_letter(c) && !is_name_mark(c)) return wrong(kName);
    if (gap) {
      name.push_back(' ');
      ++characters;
      gap = false;
    }
    has_letter = has_letter || (is_name_letter(c) && !stands_on_letter(c));
    append_utf8(name, c);
    ++characters;
  }
  if (name.empty()) return wrong(kMissing);
  if (!has_letter) return wrong(kName);
  if (characters > kMaxNameCharacters) return wrong(kTooLong);
  return name;
}

Checked quantity(std::string_view typed) {
  const std::string text = trimmed(fold_every_digit(typed));
  if (text.empty()) return wrong(kMissing);
  auto amount = read_decimal(text);
  if (!amount || amount->whole.size() > kMaxQuantityDigits ||
      amount->decimals.size() > kMaxQuantityDecimals) {
    return wrong(kQuantity);
  }
  const bool zero =
      amount->whole == "0" && amount->decimals.find_first_not_of('0') == std::string::npos;
  if (zero) return wrong(kQuantity);
  return amount->decimals.empty() ? amount->whole : amount->whole + "." + amount->decimals;
}

Checked postal_pin(std::string_view typed) {
  std::string pin = trimmed(fold_every_digit(typed));
  if (pin.empty()) return wrong(kMissing);
  if (pin.size() == kPinDigits + 1 && pin[3] == ' ') pin.erase(3, 1);
  if (pin.size() != kPinDigits || !all_digits(pin) || pin[0] == '0') return wrong(kPin);
  return pin;
}

Checked free_text(std::string_view typed, std::size_t max_bytes) {
  if (holds_aadhaar(typed)) return wrong(kAadhaar);
  const auto composed = nfc(typed);
  if (!composed.has_value()) return wrong(kUnreadable);
  std::string kept;
  for (std::size_t at = 0; at < composed.value().size();) {
    const char32_t c = next_code_point(composed.value(), at);
    const bool control = (c < 0x20 && c != U'\n') || (c >= 0x7F && c <= 0x9F);
    if (!control) append_utf8(kept, c);
  }
  kept = trimmed(kept);
  if (kept.size() > max_bytes) return wrong(kTooLong);
  return kept;
}

}  // namespace odop::forms
