// Which program a form needs. Older ones refuse keys that they do not know and leave the form out,
// so a release that holds such a form waits for a newer program instead.
#pragma once

#include "shared/forms/form.h"

#include <cstdint>

namespace odop::forms {

// The lowest odop::kProgramNumber that reads this definition. A new key or word of the layout adds
// its line to minimum_program.cpp.
[[nodiscard]] std::uint32_t minimum_program(const Form& form);

}  // namespace odop::forms
