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

#include "shared/core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace odop::forms {

// Which text a person reads (assets/i18n). The view is static.
struct Problem {
  std::string_view text_key;
};

using Checked = tl::expected<std::string, Problem>;

inline constexpr std::string_view kMissing = "form.error.missing";  // nothing typed
inline constexpr std::string_view kTooLong = "form.error.too_long";
inline constexpr std::string_view kUnreadable = "form.error.unreadable";  // not UTF-8
inline constexpr std::string_view kAadhaar = "form.error.aadhaar";
inline constexpr std::string_view kMobileStart = "form.error.mobile_start";  // begins with 0-5
inline constexpr std::string_view kMobileShort = "form.error.mobile_short";  // not ten digits yet
inline constexpr std::string_view kMobileLong = "form.error.mobile_long";
inline constexpr std::string_view kPhone = "form.error.phone";
inline constexpr std::string_view kCountry = "form.error.country";  // no usable dialling code
inline constexpr std::string_view kEmail = "form.error.email";
inline constexpr std::string_view kName = "form.error.name";  // characters no name has
inline constexpr std::string_view kQuantity = "form.error.quantity";
inline constexpr std::string_view kPin = "form.error.pin";

inline constexpr std::size_t kMaxNameCharacters = 80;   // code points; decision: fits a case list
inline constexpr std::size_t kMaxEmailBytes = 254;      // RFC 5321 with erratum 1690
inline constexpr std::size_t kMaxE164Digits = 15;       // ITU-T E.164
inline constexpr std::size_t kMaxQuantityDigits = 9;    // whole part; decision
inline constexpr std::size_t kMaxQuantityDecimals = 3;  // grams of a kilogram

// "+91" and ten digits beginning 6-9, out of ten digits or of those behind +91, 91, 0091 or 0.
// Spaces, hyphens, dots and brackets are ignored. Problems: missing, mobile_*.
[[nodiscard]] Checked indian_mobile(std::string_view typed);

// E.164 under `dialling_code` ("+971"): 15 digits at most, 5 at least behind the code. A repeated
// code (+971, 00971) and one trunk zero (not for Italy's +39, which dials it) are taken off. "+91"
// is checked as a mobile number. Problems: missing, country, phone, mobile_*.
[[nodiscard]] Checked foreign_phone(std::string_view typed, std::string_view dialling_code);

// A pragmatic address: an RFC 5321 dot-atom, '@', and a domain with a dot; no quotes, comments or
// IP addresses. The domain becomes lower case. Problems: missing, email, aadhaar.
[[nodiscard]] Checked email(std::string_view typed);

// A person's or a firm's contact name in Latin, Devanagari or Arabic letters, with spaces, dots,
// hyphens and apostrophes; NFC, single spaces. Problems: missing, name, too_long, unreadable,
// aadhaar.
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
// Digits of all scripts count; spaces, hyphens and invisible characters inside a run do not. A run
// is judged in its groups: "9876543210 55" with a third group still counts as 12, but 12 digits cut
// out of the middle of a longer unbroken number do not.
[[nodiscard]] bool holds_aadhaar(std::string_view text);

// Whether the last of the digits is the Verhoeff check digit of those before. Digits only.
[[nodiscard]] bool verhoeff_fits(std::string_view digits);

}  // namespace odop::forms
