#include "kiosk/capture/answers.h"

#include "shared/crypto/answer.h"

#include <algorithm>

namespace odop::kiosk {

Result<wire::Answer> Answers::lookup(std::string_view reference,
                                     std::string_view status_code) const {
  constexpr std::size_t kDigits = 8;
  if (status_code.size() != kDigits ||
      !std::ranges::all_of(status_code, [](char c) { return c >= '0' && c <= '9'; })) {
    return fail(ErrorCode::kInvalidArgument, "a status code has 8 digits");
  }
  const auto sealed = journal_.answer(reference);
  if (!sealed) return fail(sealed.error());
  if (!*sealed) return fail(ErrorCode::kNotFound, "no answer for this reference is here");
  return crypto::open_answer(**sealed, reference, status_code);
}

}  // namespace odop::kiosk
