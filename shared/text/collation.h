// The order of names in a list, as readers of each language expect it (CLDR root with the
// language's tailoring, primary to tertiary strength, numbers by value).
#pragma once

#include "shared/core/result.h"
#include "shared/text/language.h"

#include <memory>
#include <string>
#include <string_view>

namespace odop {

// Threads: comparing and sort keys are const and safe from any thread.
class Collation {
 public:
  // Errors: Internal when ICU has no data for the language (a broken installation).
  [[nodiscard]] static Result<Collation> of(Language language);

  Collation(Collation&&) noexcept;
  Collation& operator=(Collation&&) noexcept;
  ~Collation();

  // Negative, zero or positive, as std::string::compare. Malformed UTF-8 sorts as U+FFFD.
  [[nodiscard]] int compare(std::string_view left, std::string_view right) const;
  [[nodiscard]] bool less(std::string_view left, std::string_view right) const {
    return compare(left, right) < 0;
  }

  // Bytes that compare as the texts do; for sorting many.
  [[nodiscard]] std::string sort_key(std::string_view text) const;

 private:
  struct Impl;
  explicit Collation(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace odop
