// The enquiry and the look-up as forms: what may be typed, what is wrong with it in words, and the
// submission that comes of it. Pure; used by update and views.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/intent.h"
#include "kiosk/model/state.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// What a field holds after `typed` was put into it: digits folded and cut to length, spaces trimmed
// from an e-mail address, free text cut between characters.
[[nodiscard]] std::string accept(std::string_view field, std::string_view typed);

// Text key of what is wrong with the answer to a step, or empty. `form.error.*`.
[[nodiscard]] std::string fault_of(const Enquiry& enquiry, EnquiryStep step,
                                   const Catalogue& catalogue);
// The same for the two numbers of a receipt.
[[nodiscard]] std::string fault_of_reference(std::string_view typed);
[[nodiscard]] std::string fault_of_code(std::string_view typed);

// The field that a step begins with; empty when nothing is typed there.
[[nodiscard]] std::string first_field(const Enquiry& enquiry);

// Notices of the enquiry, the required one first.
[[nodiscard]] std::vector<const Notice*> notices_of(const Catalogue& catalogue,
                                                    std::string_view kind);
// What a visitor said to a notice, with the exact text that was shown.
[[nodiscard]] effect::Consent consent_to(const Notice& notice, bool given, Language language);
// Whether every required purpose is ticked.
[[nodiscard]] bool consented(const Enquiry& enquiry, const Catalogue& catalogue);

// Next value of a quantity up (steps > 0) or down: 0 1 2 5 10 20 50 ... A number between two of
// them moves to the neighbour in that direction.
[[nodiscard]] std::int64_t step_quantity(std::int64_t quantity, int steps);

// Districts of the list, each once, in the order of the list.
[[nodiscard]] std::vector<std::string> districts_of(const std::vector<ListItem>& list);

// Dialling code of a country with its plus; empty when unknown.
[[nodiscard]] std::string dialling_code(const Catalogue& catalogue, std::string_view country);

[[nodiscard]] effect::Submit enquiry_submission(const Visit& visit, const Catalogue& catalogue);
[[nodiscard]] effect::Submit withdrawal_submission(const Visit& visit);

// Overwrites the memory of a text before giving it up.
void burn(std::string& text);

}  // namespace odop::kiosk
