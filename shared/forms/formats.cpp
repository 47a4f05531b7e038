#include "shared/forms/formats.h"

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

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

bool is_space(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || c == 0xA0 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000;
}

// Bidi marks and the like come along when a number is pasted.
bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
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

std::string trimmed(std::string_view text) {
  std::size_t first = text.size();
  std::size_t last = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(text, at);
    if (is_space(c) || is_invisible(c)) continue;
    first = std::min(first, from);
    last = at;
  }
  return first < last ? std::string(text.substr(first, last - first)) : std::string();
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

bool is_name_mark(char32_t c) {
  return c == U'.' || c == U'-' || c == U'\'' || c == 0x2019 || c == 0x2010 ||
         (c >= 0x300 && c <= 0x36F) || c == 0x200C || c == 0x200D || c == 0x970;
}

}  // namespace

Checked indian_mobile(std::string_view typed) {
  const auto characters = phone_characters(typed);
  if (!characters) return wrong(kPhone);
  std::string_view digits = *characters;
  if (digits.empty()) return wrong(kMissing);
  const bool international =
      digits.starts_with('+') || (digits.starts_with("00") && digits.size() > kMobileDigits);
  if (international) {
    digits.remove_prefix(digits.starts_with('+') ? 1 : 2);
    if (!digits.starts_with("91")) return wrong(kPhone);
    digits.remove_prefix(2);
  } else if (digits.size() > kMobileDigits && digits.starts_with("91")) {
    digits.remove_prefix(2);
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
  if (!characters) return wrong(kPhone);
  std::string_view digits = *characters;
  if (digits.empty()) return wrong(kMissing);
  const bool international = digits.starts_with('+') || digits.starts_with("00");
  if (international) {
    digits.remove_prefix(digits.starts_with('+') ? 1 : 2);
    if (!digits.starts_with(code)) return wrong(kPhone);
    digits.remove_prefix(code.size());
  }
  if (code != "39" && digits.starts_with('0')) digits.remove_prefix(1);
  if (digits.size() < kMinForeignDigits || digits.size() + code.size() > kMaxE164Digits) {
    return wrong(kPhone);
  }
  return "+" + std::string(code) + std::string(digits);
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
    has_letter = has_letter || is_name_letter(c);
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
  std::string whole;
  std::string decimals;
  bool behind_point = false;
  std::size_t since_comma = 0;
  bool commas = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == U'.' || c == 0x66B) {
      if (behind_point) return wrong(kQuantity);
      behind_point = true;
    } else if ((c == U',' || c == 0x66C) && !behind_point) {
      // 1,000 or 1,00,000: groups of two or three behind the first.
      if (whole.empty() || (commas && (since_comma < 2 || since_comma > 3))) {
        return wrong(kQuantity);
      }
      commas = true;
      since_comma = 0;
    } else if (c <= 0x7F && is_digit(static_cast<char>(c))) {
      (behind_point ? decimals : whole).push_back(static_cast<char>(c));
      if (!behind_point) ++since_comma;
    } else {
      return wrong(kQuantity);
    }
  }
  if (commas && since_comma != 3) return wrong(kQuantity);
  if (whole.empty() || (behind_point && decimals.empty())) return wrong(kQuantity);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  const bool zero = whole == "0" && decimals.find_first_not_of('0') == std::string::npos;
  if (zero || whole.size() > kMaxQuantityDigits || decimals.size() > kMaxQuantityDecimals) {
    return wrong(kQuantity);
  }
  return behind_point ? whole + "." + decimals : whole;
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
