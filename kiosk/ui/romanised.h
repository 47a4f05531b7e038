// Hindi written with Latin letters, as people write messages, to Devanagari. Our own table; pure.
//
// Rules beyond the table of letters:
// - a vowel after a consonant is its sign, else the letter; "a" between consonants is the inherent
//   vowel, "aa" or "A" the long one;
// - at a word's end "a" is long after a single consonant (mela: मेला) and inherent after two (itra:
//   इत्र); "i" and "u" at a word's end are long (kari: करी, alu: अलू), "ai" is two vowels when it is
//   not the word's first (mumbai: मुंबई, hai: है);
// - consonants without a vowel between are joined, at a word's end they stand bare;
// - n and m before a stop are the dot (hindi: हिंदी, mumbai: मुंबई);
// - capitals T D N are retroflex, R is ड़, M the dot, S the retroflex sibilant.
// What it cannot know is left to the search, which folds spelling across scripts.
#pragma once

#include <string>
#include <string_view>

namespace odop::kiosk::ui {

// `letters` is one word; characters that are no Latin letters are passed on.
[[nodiscard]] std::string devanagari_of(std::string_view letters);

}  // namespace odop::kiosk::ui
