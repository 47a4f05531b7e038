// What a visitor types outside of the catalogue's forms: a search, the two numbers of a receipt,
// quantities; what is wrong with the numbers, and the withdrawal that comes of them. And the parts
// that every submission shares. Pure; used by update and views.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// The first `bytes` of the text at most, never through the middle of a character.
[[nodiscard]] std::string cut(std::string_view text, std::size_t bytes);
// What a field holds after `typed` was put into it: digits folded and cut to length.
[[nodiscard]] std::string accept(std::string_view field, std::string_view typed);
// Ten digits of an Indian mobile number out of what was typed or pasted with a prefix.
[[nodiscard]] std::string mobile_digits(std::string_view typed);

// Text key of what is wrong with a number of a receipt, or empty. `form.error.*`.
[[nodiscard]] std::string fault_of_reference(std::string_view typed);
[[nodiscard]] std::string fault_of_code(std::string_view typed);

// What a visitor said to a notice, with the exact text that was shown.
[[nodiscard]] effect::Consent consent_to(const Notice& notice, bool given, Language language);

// Next value of a quantity up (steps > 0) or down: 0 1 2 5 10 20 50 ... A number between two of
// them moves to the neighbour in that direction.
[[nodiscard]] std::int64_t step_quantity(std::int64_t quantity, int steps);

// Districts of the list, each once, in the order of the list.
[[nodiscard]] std::vector<std::string> districts_of(const std::vector<ListItem>& list);

// Dialling code of a country with its plus; empty when unknown.
[[nodiscard]] std::string dialling_code(const Catalogue& catalogue, std::string_view country);

// Field of the withdrawal's form: what is taken back, one purpose or all of them.
inline constexpr std::string_view kScopeField = "scope";
inline constexpr std::string_view kWholeScope = "all";
[[nodiscard]] effect::Submit withdrawal_submission(const Visit& visit);

// Overwrites the memory of a text before giving it up.
void burn(std::string& text);

}  // namespace odop::kiosk
