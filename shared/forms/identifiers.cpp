#include "shared/forms/identifiers.h"

#include "shared/core/reference_number.h"
#include "shared/forms/characters.h"
#include "shared/forms/formats.h"
#include "shared/text/digits.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <optional>
#include <string>

namespace odop::forms {
namespace {

constexpr std::size_t kPanLength = 10;
constexpr std::size_t kGstinLength = 15;
constexpr std::size_t kIecDigits = 10;
constexpr std::size_t kStatusDigits = 8;
constexpr std::size_t kAadhaarLength = 12;

// Company, person, Hindu undivided family, firm, association, trust, body of individuals, local
// authority, artificial juridical person, government, limited liability partnership, and K, which
// older trusts hold.
constexpr std::string_view kHolders = "CPHFATBLJGEK";

tl::unexpected<Problem> wrong(std::string_view text_key) {
  return tl::make_unexpected(Problem{text_key});
}

// Capitals and digits only; nothing when another character is in it. `kept` stay, too.
std::optional<std::string> capitals(std::string_view typed, std::string_view kept = {}) {
  const std::string folded = fold_every_digit(typed);
  std::string out;
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    if (c < 0x80 && kept.find(static_cast<char>(c)) != std::string_view::npos) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    if (is_space(c) || is_invisible(c) || is_hyphen(c)) continue;
    if (c >= 0x80 || (!is_letter(static_cast<char>(c)) && !is_digit(static_cast<char>(c)))) {
      return std::nullopt;
    }
    const bool small = c >= U'a' && c <= U'z';
    out.push_back(static_cast<char>(small ? c - U'a' + U'A' : c));
  }
  return out;
}

// "A" a capital, "9" a digit, "*" either; every other sign itself.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() &&
         std::equal(text.begin(), text.end(), shape.begin(), [](char c, char want) {
           if (want == 'A') return is_letter(c);
           if (want == '9') return is_digit(c);
           if (want == '*') return is_letter(c) || is_digit(c);
           return c == want;
         });
}

bool is_pan(std::string_view text) {
  return has_shape(text, "AAAAA9999A") && kHolders.find(text[3]) != std::string_view::npos;
}

// 01 to 38, 97 (other territory) and 99 (centre).
bool is_state_code(std::string_view two) {
  const int code = (two[0] - '0') * 10 + (two[1] - '0');
  return (code >= 1 && code <= 38) || code == 97 || code == 99;
}

}  // namespace

char gstin_check_character(std::string_view first_14) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::size_t kBase = 36;
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : first_14) {
    const std::size_t product = kAlphabet.find(c) * weight;
    sum += product / kBase + product % kBase;
    weight = 3 - weight;  // 1, 2, 1, 2 ...
  }
  return kAlphabet[(kBase - sum % kBase) % kBase];
}

Checked udyam(std::string_view typed) {
  const auto text = capitals(typed);
  if (text && text->empty()) return wrong(kMissing);
  if (!text || !has_shape(*text, "UDYAMAA999999999")) return wrong(kUdyam);
  return text->substr(0, 5) + "-" + text->substr(5, 2) + "-" + text->substr(7, 2) + "-" +
         text->substr(9);
}

Checked pan(std::string_view typed) {
  auto text = capitals(typed);
  if (text && text->empty()) return wrong(kMissing);
  if (!text || !is_pan(*text)) return wrong(kPan);
  return std::move(*text);
}

Checked gstin(std::string_view typed) {
  auto text = capitals(typed);
  if (text && text->empty()) return wrong(kMissing);
  if (!text || !has_shape(*text, "99AAAAA9999A*Z*") || !is_state_code(text->substr(0, 2)) ||
      !is_pan(text->substr(2, kPanLength)) || (*text)[12] == '0') {
    return wrong(kGstin);
  }
  if (gstin_check_character(text->substr(0, kGstinLength - 1)) != text->back()) {
    return wrong(kGstinCheck);
  }
  return std::move(*text);
}

Checked ifsc(std::string_view typed) {
  auto text = capitals(typed);
  if (text && text->empty()) return wrong(kMissing);
  if (!text || !has_shape(*text, "AAAA0******")) return wrong(kIfsc);
  return std::move(*text);
}

Checked iec(std::string_view typed) {
  auto text = capitals(typed);
  if (text && text->empty()) return wrong(kMissing);
  const bool old_code = text && text->size() == kIecDigits && all_digits(*text);
  if (!text || (!old_code && !is_pan(*text))) return wrong(kIec);
  return std::move(*text);
}

Checked pehchan(std::string_view typed) {
  if (holds_aadhaar(typed)) return wrong(kAadhaar);
  auto text = capitals(typed, "-/");
  if (text && text->empty()) return wrong(kMissing);
  if (!text || text->size() > kMaxPehchanCharacters ||
      std::none_of(text->begin(), text->end(), is_digit)) {
    return wrong(kPehchan);
  }
  return std::move(*text);
}

Checked reference(std::string_view typed) {
  if (trimmed(typed).empty()) return wrong(kMissing);
  auto digits = parse_reference(trimmed(typed));
  if (!digits.has_value()) return wrong(holds_aadhaar(typed) ? kAadhaar : kReference);
  if (digits.value().size() == kAadhaarLength) return wrong(kReference);  // none is issued
  return std::move(digits.value());
}

Checked status_code(std::string_view typed) {
  auto digits = capitals(typed);
  if (digits && digits->empty()) return wrong(kMissing);
  if (!digits || digits->size() != kStatusDigits || !all_digits(*digits)) return wrong(kStatusCode);
  return std::move(*digits);
}

}  // namespace odop::forms
