// Formats of what people type into forms: each check takes the text as typed, in any of the digit
// scripts, and gives the one spelling that is stored, or the key of the text that says what is
// wrong. All are pure and may be called from any thread, on each keystroke as well.
//
// Fit for the format is not verified: a number that passes may belong to nobody.
//
// Aadhaar numbers are refused in every text field (Aadhaar Act s. 8A(4)); the caller must neither
// store nor log the text. In phone fields 91 and a mobile number make 12 digits too, so there the
// prefix is taken off instead.
#pragma once

#include "shared/forms/problems.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace odop::forms {

inline constexpr std::size_t kMaxNameCharacters = 80;   // code points; decision: fits a case list
inline constexpr std::size_t kMaxEmailBytes = 254;      // RFC 5321 with erratum 1690
inline constexpr std::size_t kMaxE164Digits = 15;       // ITU-T E.164
inline constexpr std::size_t kMaxQuantityDigits = 9;    // whole part; decision
inline constexpr std::size_t kMaxQuantityDecimals = 3;  // grams of a kilogram

// "+91" and ten digits beginning 6-9, out of ten digits or of those behind +91, 91, 0091, 091 or 0.
// Spaces, hyphens, dots and brackets are ignored. Twelve digits of which 91 and a mobile number
// make are that number, never an Aadhaar number. Problems: missing, mobile_*, phone, aadhaar.
[[nodiscard]] Checked indian_mobile(std::string_view typed);

// E.164 under `dialling_code` ("+971"): 15 digits at most, 5 at least behind the code. A repeated
// code (+971, 00971) and one trunk zero are taken off; the zero stays in the countries that dial it
// from abroad, as Italy's +39 does. "+91" is checked as a mobile number. What looks like an Aadhaar
// number is refused as typed and behind the code; the code is no part of such a number when + or 00
// stands before it. Problems: missing, country, phone, mobile_*, aadhaar.
[[nodiscard]] Checked foreign_phone(std::string_view typed, std::string_view dialling_code);

// E.164 with its own country code, typed behind + or 00; without either, ten digits are an Indian
// mobile number. Country codes are those assigned by the ITU (E.164 list of 2016). Problems:
// missing, phone, mobile_*, aadhaar.
[[nodiscard]] Checked any_phone(std::string_view typed);

// A pragmatic address: an RFC 5321 dot-atom, '@', and a domain with a dot; no quotes, comments or
// IP addresses. The domain becomes lower case. Problems: missing, email, aadhaar.
[[nodiscard]] Checked email(std::string_view typed);

// A person's or a firm's contact name in Latin, Devanagari or Arabic letters, with spaces, dots,
// hyphens and apostrophes, one letter at least; NFC, single spaces. Problems: missing, name,
// too_long, unreadable, aadhaar.
[[nodiscard]] Checked person_name(std::string_view typed);

// A number above zero without grouping and as many decimals as typed: "12,500" -> "12500",
// "२.50" -> "2.50". Problems: missing, quantity.
[[nodiscard]] Checked quantity(std::string_view typed);

// Six digits, the first not zero. UP's range (20-28) is shared with Uttarakhand, so a district is
// never derived from it. Problems: missing, pin.
[[nodiscard]] Checked postal_pin(std::string_view typed);

// A message: NFC, control characters (but line ends) removed, outer space trimmed. Empty is
// allowed. Problems: too_long (in bytes), unreadable, aadhaar.
[[nodiscard]] Checked free_text(std::string_view typed, std::size_t max_bytes);

// Whether the text holds a run of 12 digits, beginning with 2-9, whose Verhoeff check digit fits.
// Digits of all scripts count; spaces, line ends, hyphens, control and invisible characters inside
// a run do not. A run is judged in its groups: "9876543210 55" with a third group still counts as
// 12, but 12 digits cut out of the middle of a longer unbroken number do not. Other separators
// (2345.6789.0124, 2345/6789/0124) count only between three groups of four or between single
// digits, so that dates, prices and lists of quantities pass.
[[nodiscard]] bool holds_aadhaar(std::string_view text);

// Whether the last of the digits is the Verhoeff check digit of those before. Digits only.
[[nodiscard]] bool verhoeff_fits(std::string_view digits);

}  // namespace odop::forms
