#include "shared/forms/amounts.h"

#include "shared/forms/characters.h"
#include "shared/forms/decimal.h"
#include "shared/forms/formats.h"
#include "shared/text/digits.h"
#include "shared/text/fold.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace odop::forms {
namespace {

constexpr std::size_t kYearDigits = 4;
constexpr std::size_t kMaxDayDigits = 2;

tl::unexpected<Problem> wrong(std::string_view text_key) {
  return tl::make_unexpected(Problem{text_key});
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Groups of digits between spaces or one - / . each; nothing when another character is in it, or a
// sign stands before, behind or twice.
std::optional<std::vector<std::string>> date_groups(std::string_view folded) {
  std::vector<std::string> groups;
  bool open = false;
  bool sign = true;  // whether one stands behind the last group, or no group was yet
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    if (c < 0x80 && is_digit(static_cast<char>(c))) {
      if (!open) groups.emplace_back();
      groups.back().push_back(static_cast<char>(c));
      open = true;
      sign = false;
    } else if (is_hyphen(c) || c == U'/' || c == U'.') {
      if (sign) return std::nullopt;
      open = false;
      sign = true;
    } else if (is_space(c)) {
      open = false;
    } else if (!is_invisible(c)) {
      return std::nullopt;
    }
  }
  if (sign) return std::nullopt;
  return groups;
}

std::optional<Date> read_date(std::string_view typed) {
  auto groups = date_groups(fold_every_digit(typed));
  if (!groups || groups->size() != 3) return std::nullopt;
  std::string first = (*groups)[0];
  const std::string& month = (*groups)[1];
  std::string last = (*groups)[2];
  if (first.size() == kYearDigits) std::swap(first, last);
  if (last.size() != kYearDigits || first.size() > kMaxDayDigits || month.size() > kMaxDayDigits) {
    return std::nullopt;
  }
  const auto pad = [](const std::string& digits) {
    return digits.size() == 1 ? "0" + digits : digits;
  };
  const auto day = parse_date(last + "-" + pad(month) + "-" + pad(first));
  return day.has_value() ? std::optional(day.value()) : std::nullopt;
}

// Ids are those of the catalogue's units; spellings are folded by shared/text.
struct Unit {
  std::string_view id;
  std::vector<std::string_view> spellings;
};

const std::array<Unit, 9>& units() {
  static const std::array<Unit, 9> all{{
      {"piece", {"piece", "pieces", "pc", "pcs", "nos", "नग", "पीस", "अदद", "عدد", "پیس", "نگ"}},
      {"pair", {"pair", "pairs", "जोड़ी", "जोड़ा", "जोड़े", "جوڑی", "جوڑا", "جوڑے"}},
      {"set", {"set", "sets", "सेट", "سیٹ"}},
      {"dozen", {"dozen", "dozens", "doz", "दर्जन", "درجن"}},
      {"kg",
       {"kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "किलो", "किग्रा", "किलोग्राम", "کلو",
        "کلوگرام", "کلو گرام"}},
      {"litre", {"litre", "litres", "liter", "liters", "l", "ltr", "लीटर", "लिटर", "لیٹر"}},
      {"metre", {"metre", "metres", "meter", "meters", "m", "mtr", "मीटर", "میٹر"}},
      {"sq-m",
       {"sq m", "sqm", "m2", "square metre", "square metres", "square meter", "square meters",
        "वर्ग मीटर", "مربع میٹر"}},
      {"sq-ft",
       {"sq ft", "sqft", "ft2", "square foot", "square feet", "वर्ग फुट", "वर्ग फीट", "مربع فٹ"}},
  }};
  return all;
}

// What may stand around an amount of rupees. The abbreviation रु॰ is often typed with the digit
// zero for its sign; folded it reads रु0, and no amount has a zero alone before it.
std::string without_rupee_signs(std::string_view folded) {
  std::string text = trimmed(folded);
  for (const std::string_view sign : {"₹", "Rs.", "Rs", "rs.", "rs", "RS.", "RS", "INR", "रुपये",
                                      "रुपए", "रु.", "रु॰", "रु0 ", "रू॰", "रू0 ", "रु", "रू", "روپے"}) {
    if (text.starts_with(sign)) {
      text.erase(0, sign.size());
      break;
    }
  }
  text = trimmed(text);
  for (const std::string_view sign : {"/-", "/=", "रुपये", "रुपए", "रु", "روپے", "rupees", "Rs", "₹"}) {
    if (text.ends_with(sign)) {
      text.erase(text.size() - sign.size());
      break;
    }
  }
  return trimmed(text);
}

}  // namespace

Checked date(std::string_view typed) {
  if (trimmed(typed).empty()) return wrong(kMissing);
  const auto day = read_date(typed);
  if (!day) return wrong(kDate);
  return iso_date(*day);
}

Checked date_to_come(std::string_view typed, Date today) {
  auto day = date(typed);
  if (day.has_value() && *read_date(typed) < today) return wrong(kDatePast);
  return day;
}

Checked date_gone_by(std::string_view typed, Date today) {
  auto day = date(typed);
  if (day.has_value() && *read_date(typed) > today) return wrong(kDateFuture);
  return day;
}

int age_on(Date born, Date today) {
  const int years = static_cast<int>(today.year()) - static_cast<int>(born.year());
  const auto day_of_year = [](Date day) { return std::pair(day.month(), day.day()); };
  return day_of_year(today) < day_of_year(born) ? years - 1 : years;
}

Checked birth(std::string_view typed, Date today, AgeRange ages) {
  const std::string folded = trimmed(fold_every_digit(typed));
  if (folded.empty()) return wrong(kMissing);
  int youngest = 0;
  int oldest = 0;
  std::string stored;
  if (folded.size() == kYearDigits && all_digits(folded)) {
    oldest = static_cast<int>(today.year()) - number(folded);
    const bool year_over =
        today.month() == std::chrono::December && today.day() == std::chrono::day(31);
    youngest = std::max(0, year_over ? oldest : oldest - 1);
    if (oldest < 0) return wrong(kDateFuture);
    stored = folded;
  } else {
    const auto born = read_date(folded);
    if (!born) return wrong(kDate);
    if (*born > today) return wrong(kDateFuture);
    youngest = oldest = age_on(*born, today);
    stored = iso_date(*born);
  }
  if (youngest > kMaxAge) return wrong(kDate);
  if (oldest < ages.least) return wrong(kTooYoung);
  if (youngest > ages.most) return wrong(kTooOld);
  const bool too_old_in_part = oldest > ages.most && ages.most < kMaxAge;
  if (youngest < ages.least || too_old_in_part) return wrong(kBirthDay);
  return stored;
}

std::string_view unit_id(std::string_view written) {
  const std::string folded = fold(written);
  if (folded.empty()) return {};
  for (const auto& [id, spellings] : units()) {
    if (fold(id) == folded) return id;
    for (const std::string_view spelling : spellings) {
      if (fold(spelling) == folded) return id;
    }
  }
  return {};
}

Checked measured(std::string_view typed) {
  const std::string text = trimmed(fold_every_digit(typed));
  if (text.empty()) return wrong(kMissing);
  // The amount ends with its last digit; a digit of "m2" belongs to the unit.
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t at = end;
    const char32_t c = next_code_point(text, at);
    const bool part = (c < 0x80 && is_digit(static_cast<char>(c))) || c == U'.' || c == U',' ||
                      c == 0x66B || c == 0x66C;
    if (!part) break;
    end = at;
  }
  auto amount = quantity(std::string_view(text).substr(0, end));
  if (!amount.has_value()) return wrong(kQuantity);
  const std::string_view unit = unit_id(std::string_view(text).substr(end));
  if (unit.empty()) return wrong(kUnit);
  return amount.value() + " " + std::string(unit);
}

int currency_decimals(std::string_view currency) {
  static constexpr std::string_view kNone =
      "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  static constexpr std::string_view kThree = "BHD IQD JOD KWD LYD OMR TND";
  if (currency.size() != 3) return 2;
  if (kNone.find(currency) != std::string_view::npos) return 0;
  return kThree.find(currency) != std::string_view::npos ? 3 : 2;
}

Checked money(std::string_view typed, std::string_view currency) {
  const std::string folded = fold_every_digit(typed);
  const std::string text = currency == "INR" ? without_rupee_signs(folded) : trimmed(folded);
  if (trimmed(folded).empty()) return wrong(kMissing);
  auto amount = read_decimal(text);
  const auto decimals = static_cast<std::size_t>(currency_decimals(currency));
  if (!amount || amount->whole.size() > kMaxMoneyDigits || amount->decimals.size() > decimals) {
    return wrong(kMoney);
  }
  std::string minor =
      amount->whole + amount->decimals + std::string(decimals - amount->decimals.size(), '0');
  minor.erase(0, std::min(minor.find_first_not_of('0'), minor.size() - 1));
  return minor;
}

Checked whole_number(std::string_view typed) {
  const std::string text = trimmed(fold_every_digit(typed));
  if (text.empty()) return wrong(kMissing);
  auto amount = read_decimal(text);
  if (!amount || !amount->decimals.empty() || amount->whole.size() > kMaxCountDigits) {
    return wrong(kNumber);
  }
  return std::move(amount->whole);
}

}  // namespace odop::forms
