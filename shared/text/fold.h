// Folding for comparison and search: two texts that a reader takes for the same word fold to the
// same bytes, in each script. What is folded is never shown.
//
// Folded away: case; Latin diacritics; compatibility forms; zero-width and bidi characters; nukta
// (ज़री = जरी); chandrabindu (काँच = कांच); a nasal consonant with virama before its own class
// (सम्भल = संभल); candra vowels (सॉफ्ट = साफ्ट); visarga and avagraha; Arabic and Urdu letter
// variants (ي ى ئ = ی, ك = ک, ه ة ھ ۂ = ہ, ں = ن, أ آ = ا), hamza, tatweel and vowel marks; all
// digit scripts to 0-9; apostrophes. Every other run of what is no letter or digit becomes one
// space.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odop {

// The folded text; no leading or trailing space. Malformed UTF-8 counts as a space. Pure.
[[nodiscard]] std::string fold(std::string_view text);

// The words of a text in NFC, as written (not folded): runs of letters, marks, digits and joiners.
// Each folds to at least one character. Malformed UTF-8 separates. Pure.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

}  // namespace odop
