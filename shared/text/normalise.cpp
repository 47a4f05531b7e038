#include "shared/text/normalise.h"

#include "shared/text/utf8.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/utypes.h>

namespace odop {
namespace {

// Immutable and shared for the life of the process (ICU owns it); null on a broken installation.
const icu::Normalizer2* composer() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) != 0 ? instance : nullptr;
}

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<int32_t>(text.size())};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (next_code_point(text, at) == kNoCodePoint) return false;
  }
  return true;
}

Result<std::string> nfc(std::string_view text) {
  if (!is_utf8(text)) return fail(ErrorCode::kMalformed, "text is not UTF-8");
  const icu::Normalizer2* instance = composer();
  if (instance == nullptr) return fail(ErrorCode::kInternal, "ICU has no normaliser data");
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed, static_cast<int32_t>(text.size()));
  UErrorCode status = U_ZERO_ERROR;
  instance->normalizeUTF8(0, piece(text), sink, nullptr, status);
  if (U_FAILURE(status) != 0) return fail(ErrorCode::kInternal, u_errorName(status));
  return composed;
}

bool is_nfc(std::string_view text) {
  if (!is_utf8(text)) return false;
  const icu::Normalizer2* instance = composer();
  UErrorCode status = U_ZERO_ERROR;
  return instance != nullptr && instance->isNormalizedUTF8(piece(text), status) != 0 &&
         U_SUCCESS(status) != 0;
}

bool has_legacy_font_letters(std::string_view hindi) {
  for (std::size_t at = 0; at < hindi.size();) {
    const char32_t c = next_code_point(hindi, at);
    if (c == kNoCodePoint) return true;
    // Latin-1 letters (and the feminine, micro and masculine signs that are letters too) up to
    // Latin Extended-B, IPA and modifier letters, Greek; Phonetic Extensions to Latin Extended
    // Additional and Greek Extended; Latin Extended-C to E.
    const bool latin_1 =
        c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7);
    if (latin_1 || (c >= 0x100 && c <= 0x2FF) || (c >= 0x370 && c <= 0x3FF) ||
        (c >= 0x1D00 && c <= 0x1FFF) || (c >= 0x2C60 && c <= 0x2C7F) ||
        (c >= 0xA720 && c <= 0xA7FF) || (c >= 0xAB30 && c <= 0xAB6F)) {
      return true;
    }
  }
  return false;
}

}  // namespace odop
