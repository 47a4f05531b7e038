// Days and amounts as people type them. Pure, any thread: the day of submission comes as a value.
#pragma once

#include "shared/forms/problems.h"
#include "shared/text/dates.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace odop::forms {

inline constexpr int kMaxAge = 120;         // years; decision: beyond it the year is mistyped
inline constexpr int kMaxMoneyDigits = 11;  // whole part: 1,000 crore; decision
inline constexpr int kMaxCountDigits = 9;   // whole numbers; decision

// A day as ISO text. Accepts day-month-year, as India writes it (with - / . or spaces; the year
// with four digits), and ISO. Years 1900 to 2200. Problems: missing, date.
[[nodiscard]] Checked date(std::string_view typed);

// Like date(), but today or later, or today or earlier. Problems: missing, date, date_past,
// date_future.
[[nodiscard]] Checked date_to_come(std::string_view typed, Date today);
[[nodiscard]] Checked date_gone_by(std::string_view typed, Date today);

// Ages in whole years that are accepted, both included; 0 and kMaxAge when there is no rule.
struct AgeRange {
  int least = 0;
  int most = kMaxAge;
};

// A day of birth (ISO) or a year of birth ("1984"). The age is taken on `today`, the day of
// submission. A year alone passes when every day of it fits; when only some do, the whole day is
// asked for. Problems: missing, date, date_future, too_young, too_old, birth_day.
[[nodiscard]] Checked birth(std::string_view typed, Date today, AgeRange ages);

// Completed years between a day of birth and `today`. Who is born on 29 February is a year older on
// 1 March of a common year.
[[nodiscard]] int age_on(Date born, Date today);

// "12.5 kg": an amount above zero as quantity() spells it, a space, and the id of a unit (piece,
// pair, set, dozen, kg, litre, metre, sq-m, sq-ft). The unit may be typed as its id, its name or a
// usual short form, in each of the three languages. Problems: missing, quantity, unit.
[[nodiscard]] Checked measured(std::string_view typed);

// The id of the unit that a person wrote; empty when it is none.
[[nodiscard]] std::string_view unit_id(std::string_view written);

// An amount of money in minor units (paise for INR), as digits: "₹1,25,000.50" -> "12500050".
// `currency` is an ISO 4217 code; its number of decimals decides (JPY none, KWD three, most two).
// The currency's sign, Rs, रु and /- are ignored for INR. Nothing is rounded: more decimals than
// the currency has are refused. Zero is allowed. Problems: missing, money.
[[nodiscard]] Checked money(std::string_view typed, std::string_view currency);

// Decimals of a currency, ISO 4217; 2 for a code that the table does not list.
[[nodiscard]] int currency_decimals(std::string_view currency);

// A whole number of at most kMaxCountDigits digits, zero allowed, grouping commas taken off.
// Problems: missing, number.
[[nodiscard]] Checked whole_number(std::string_view typed);

}  // namespace odop::forms
