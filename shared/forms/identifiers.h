// Numbers on papers and cards: what may be typed, and the one spelling that is stored. Spaces,
// hyphens of any kind and invisible characters are ignored, small letters become capitals, digits
// of every script become 0-9. Pure, any thread.
//
// Fit for the format is not verified: only the issuing office knows whether the number exists.
// Sources: the formats of UDYAM registration, Income Tax Rules 114, CGST Rules 10, RBI's IFSC,
// DGFT.
#pragma once

#include "shared/forms/problems.h"

#include <cstddef>
#include <string_view>

namespace odop::forms {

inline constexpr std::size_t kMaxPehchanCharacters = 20;  // no public format; decision

// "UDYAM-UP-09-0012345": state, district, seven digits. The hyphens may be left out when typing.
// Problems: missing, udyam.
[[nodiscard]] Checked udyam(std::string_view typed);

// Five letters, four digits, a letter. The fourth letter is the kind of holder (P person, C
// company, ...); a letter that stands for no holder is refused. Problems: missing, pan.
[[nodiscard]] Checked pan(std::string_view typed);

// State code, PAN, entity, Z and check character. Problems: missing, gstin, gstin_check (the shape
// fits and the check character does not: one character is mistyped).
[[nodiscard]] Checked gstin(std::string_view typed);

// Four letters of the bank, zero, six letters or digits of the branch. Problems: missing, ifsc.
[[nodiscard]] Checked ifsc(std::string_view typed);

// The holder's PAN, or the ten digits of an older code. Problems: missing, iec.
[[nodiscard]] Checked iec(std::string_view typed);

// The Union's artisan card: letters, digits, hyphens, slashes; at most kMaxPehchanCharacters.
// Problems: missing, pehchan, aadhaar (the card's number is not the one printed largest).
[[nodiscard]] Checked pehchan(std::string_view typed);

// The reference of a receipt, as plain digits. Problems: missing, reference_wrong.
[[nodiscard]] Checked reference(std::string_view typed);

// The eight digits of a receipt's code. Problems: missing, code_short.
[[nodiscard]] Checked status_code(std::string_view typed);

// The check character of a GSTIN's first 14 characters (digits and capitals).
[[nodiscard]] char gstin_check_character(std::string_view first_14);

}  // namespace odop::forms
