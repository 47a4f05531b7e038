#include "shared/text/collation.h"

#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/stringpiece.h>
#include <unicode/ucol.h>
#include <unicode/unistr.h>
#include <unicode/utypes.h>

#include <algorithm>
#include <utility>

namespace odop {

struct Collation::Impl {
  std::unique_ptr<icu::Collator> collator;
};

Collation::Collation(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Collation::Collation(Collation&&) noexcept = default;
Collation& Collation::operator=(Collation&&) noexcept = default;
Collation::~Collation() = default;

Result<Collation> Collation::of(Language language) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string locale = std::string(code(language)) + "_IN";
  auto impl = std::make_unique<Impl>();
  impl->collator.reset(icu::Collator::createInstance(icu::Locale(locale.c_str()), status));
  if (U_FAILURE(status) != 0 || impl->collator == nullptr) {
    return fail(ErrorCode::kInternal, std::string("ICU collation: ") + u_errorName(status));
  }
  impl->collator->setStrength(icu::Collator::TERTIARY);
  impl->collator->setAttribute(UCOL_NUMERIC_COLLATION, UCOL_ON, status);
  impl->collator->setAttribute(UCOL_NORMALIZATION_MODE, UCOL_ON, status);
  if (U_FAILURE(status) != 0) return fail(ErrorCode::kInternal, u_errorName(status));
  return Collation(std::move(impl));
}

int Collation::compare(std::string_view left, std::string_view right) const {
  UErrorCode status = U_ZERO_ERROR;
  const auto order = impl_->collator->compareUTF8(
      icu::StringPiece(left.data(), static_cast<int32_t>(left.size())),
      icu::StringPiece(right.data(), static_cast<int32_t>(right.size())), status);
  return static_cast<int>(order);
}

std::string Collation::sort_key(std::string_view text) const {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string key(wide.length() < 1 ? 8U : static_cast<std::size_t>(wide.length()) * 4U + 8U, '\0');
  for (;;) {
    const int32_t size = impl_->collator->getSortKey(wide, reinterpret_cast<uint8_t*>(key.data()),
                                                     static_cast<int32_t>(key.size()));
    const auto needed = static_cast<std::size_t>(std::max(size, 0));
    if (needed <= key.size()) {
      key.resize(needed == 0 ? 0 : needed - 1);  // without the closing zero
      return key;
    }
    key.resize(needed);
  }
}

}  // namespace odop
