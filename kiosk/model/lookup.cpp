#include "kiosk/model/lookup.h"

#include "shared/core/reference_number.h"
#include "shared/forms/tree.h"
#include "shared/text/digits.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace odop::kiosk {

namespace {

constexpr std::size_t kMaxReferenceDigits = 18;  // 5 of the kiosk, 8 of the sequence, 3, spare
constexpr std::size_t kMaxSearchBytes = 120;
constexpr std::size_t kMaxQuantityDigits = 7;  // kMaxQuantity

}  // namespace

std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string(text.substr(0, bytes));
}

std::string mobile_digits(std::string_view typed) {
  std::string digits = digits_of(typed);
  if (digits.size() > kMobileDigits && digits.starts_with("91")) digits.erase(0, 2);
  if (digits.size() > kMobileDigits && digits.starts_with("0")) digits.erase(0, 1);
  return cut(digits, kMobileDigits);
}

std::string accept(std::string_view field, std::string_view typed) {
  if (field == "search.field") return cut(typed, kMaxSearchBytes);
  if (field == "status.field.reference") return cut(digits_of(typed), kMaxReferenceDigits);
  if (field == "status.field.code") return cut(digits_of(typed), kStatusCodeDigits);
  if (field.starts_with("form.field.quantity.")) return cut(digits_of(typed), kMaxQuantityDigits);
  return {};
}

std::string fault_of_reference(std::string_view typed) {
  if (typed.empty()) return "form.error.reference_missing";
  return parse_reference(typed).has_value() ? "" : "form.error.reference_wrong";
}

std::string fault_of_code(std::string_view typed) {
  return typed.size() == kStatusCodeDigits ? "" : "form.error.code_short";
}

std::int64_t step_quantity(std::int64_t quantity, int steps) {
  static constexpr std::array<std::int64_t, 20> kLadder{
      0,    1,    2,    5,     10,    20,    50,     100,    200,    500,
      1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, kMaxQuantity};
  while (steps > 0) {
    const auto next = std::ranges::upper_bound(kLadder, quantity);
    quantity = next == kLadder.end() ? kMaxQuantity : *next;
    --steps;
  }
  while (steps < 0) {
    const auto here = std::ranges::lower_bound(kLadder, quantity);
    quantity = here == kLadder.begin() ? 0 : *std::prev(here);
    ++steps;
  }
  return quantity;
}

std::vector<std::string> districts_of(const std::vector<ListItem>& list) {
  std::vector<std::string> out;
  for (const auto& item : list) {
    if (std::ranges::find(out, item.district) == out.end()) out.push_back(item.district);
  }
  return out;
}

std::string dialling_code(const Catalogue& catalogue, std::string_view country) {
  const auto found = std::ranges::find(catalogue.countries, country, &Choice::id);
  if (found == catalogue.countries.end()) return {};
  const std::string digits = digits_of(found->detail);
  return digits.empty() ? "" : "+" + digits;
}

effect::Consent consent_to(const Notice& notice, bool given, Language language) {
  effect::Consent consent{.notice_id = notice.id,
                          .notice_version = notice.version,
                          .language = std::string(code(language)),
                          .text = notice.text.in(index(language)),
                          .given = {},
                          .refused = {}};
  (given ? consent.given : consent.refused).push_back(notice.purpose);
  return consent;
}

effect::Submit withdrawal_submission(const Visit& visit) {
  forms::Tree answers;
  answers.kind = forms::Tree::Kind::kObject;
  const auto add = [&](const char* key, const std::string& text) {
    if (text.empty()) return;
    answers.keys.emplace_back(key);
    forms::Tree& one = answers.items.emplace_back();
    one.kind = forms::Tree::Kind::kText;
    one.text = text;
  };
  add("reference", visit.lookup.reference);
  add("status_code", visit.lookup.code);
  add(kScopeField.data(), visit.lookup.scope);
  return {.kind = "withdrawal",
          .form_id = "withdrawal",
          .form_version = 1,
          .answers = forms::to_json(answers),
          .consents = {},
          .language = std::string(code(visit.language)),
          .incomplete = false};
}

void burn(std::string& text) {
  text.resize(text.capacity());  // what an earlier, longer value left behind goes too
  volatile char* bytes = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = '\0';
  text.clear();
}

}  // namespace odop::kiosk
