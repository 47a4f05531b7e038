// Reading an answer: the kiosk holds it sealed under a key that only reference and status code
// together yield. A kiosk that holds none asks online (kiosk/sync, AskAnswer), then looks again.
//
// Threads: any, with a Journal of that thread. Deriving the key takes about 0.1 s and 64 MiB on
// purpose (Argon2id): never call it on the UI thread.
#pragma once

#include "kiosk/store/journal.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <string_view>

namespace odop::kiosk {

class Answers {
 public:
  explicit Answers(const Journal& journal) : journal_(journal) {}

  // `reference` as parse_reference returns it, `status_code` 8 digits.
  // Errors: kNotFound (no answer held here: ask online), kUnauthorized (the code does not fit),
  // kInvalidArgument (not 8 digits).
  [[nodiscard]] Result<wire::Answer> lookup(std::string_view reference,
                                            std::string_view status_code) const;

 private:
  const Journal& journal_;
};

}  // namespace odop::kiosk
