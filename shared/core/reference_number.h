// The number on a receipt: digits only, so that it can be spoken in any language and typed on a
// number pad. Kiosk number, sequence, two random digits and a Damm check digit; written in groups.
//
//   kiosk  sequence  random  check        kiosk 17, sequence 42  ->  017 0042 83 6
//
// Kiosk numbers take at least 3 digits and sequences at least 4; both grow when they must. The
// length is never 12 (a person would take it for an Aadhaar number): see `issue`.
#pragma once

#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <string>
#include <string_view>

namespace odop {

// Damm's quasigroup of order 10 finds each single wrong digit and each swap of neighbours.
// `digits` holds 0-9 only. Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004.
[[nodiscard]] char damm_check_digit(std::string_view digits);

// Digits without spaces. Errors: none; kiosk at most 99999, sequence at most 99,999,999.
[[nodiscard]] std::string make_reference(KioskNumber kiosk, Sequence sequence, Random& random);

// What a person typed: digits of Latin, Devanagari and Urdu script, spaces, dots and hyphens.
// Returns the plain digits. Errors: kInvalidArgument (too short or long, foreign character, wrong
// check digit).
[[nodiscard]] Result<std::string> parse_reference(std::string_view typed);

// "0170042836" -> "017 0042 836": groups that are easy to speak.
[[nodiscard]] std::string group_reference(std::string_view digits);

// Folds Devanagari (U+0966..), Arabic-Indic (U+0660..) and extended Arabic-Indic (U+06F0..) digits
// of UTF-8 text to 0-9; all else stays.
[[nodiscard]] std::string fold_digits(std::string_view utf8);

}  // namespace odop
