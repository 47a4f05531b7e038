// Unicode normal form, and the signs of text that never was Unicode.
// All functions are pure and may be called from any thread.
#pragma once

#include "shared/core/result.h"

#include <string>
#include <string_view>

namespace odop {

// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong
// forms).
[[nodiscard]] bool is_utf8(std::string_view text);

// The text in Normalization Form C. The nukta letters of Devanagari stay decomposed in it, as the
// Unicode composition exclusions demand. Errors: Malformed when the text is not UTF-8.
[[nodiscard]] Result<std::string> nfc(std::string_view text);

// Whether the text is well-formed UTF-8 and already in Normalization Form C.
[[nodiscard]] bool is_nfc(std::string_view text);

// Whether a Hindi text holds letters that only a legacy 8-bit font can have put there: Latin-1
// letters, Latin Extended, phonetic or modifier letters, Greek. Plain ASCII words (GI, ODOP) are
// ordinary. Official Hindi often arrives in such encodings and reads as nonsense; importing refuses
// it. Text that is not UTF-8 counts as legacy as well.
[[nodiscard]] bool has_legacy_font_letters(std::string_view hindi);

}  // namespace odop
