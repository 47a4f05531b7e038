#include "shared/forms/minimum_program.h"

#include "shared/core/program.h"

#include <algorithm>

namespace odop::forms {

std::uint32_t minimum_program(const Form& form) {
  constexpr std::uint32_t kPresetAndLater = 2;
  const bool short_way = std::ranges::any_of(
      form.questions, [](const Question& q) { return q.later || !q.preset.empty(); });
  return short_way ? kPresetAndLater : kFirstProgramNumber;
}

}  // namespace odop::forms
