// How words sound, as keys that compare across scripts: इत्र, itra and ittar, or کالین, कालीन and
// kaleen. Rules of our own: ICU's transliteration is strict ISO 15919, which nobody types.
//
// Every function takes one word as written (NFC, nukta kept) and is pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

enum class Script : std::uint8_t { kLatin, kDevanagari, kUrdu, kOther };

// The script of the word's first letter of one of the three; kOther when it has none (digits).
[[nodiscard]] Script script_of(std::string_view word);

// Spoken keys: the word in a narrow Latin alphabet. Aspiration, length of vowels, doubled letters,
// z/j, v/w, sh/s and th/t are merged, and the schwas that Hindi writes but does not say are left
// out. Devanagari gives two keys when it has ड़ or ढ़, which people romanise as r and as d. Empty for
// Urdu and other scripts.
[[nodiscard]] std::vector<std::string> spoken_keys(std::string_view word);

// A spoken key without its a's (but a first one): it does not depend on where a schwa is said or an
// a is doubled.
[[nodiscard]] std::string bare_key(std::string_view spoken);

// Abjad key: consonants and long vowels, as Urdu writes a word, of an Urdu or a Devanagari word.
// Empty for other scripts.
[[nodiscard]] std::string abjad_key(std::string_view word);

// Consonants alone, with A for a first vowel; of an abjad key or a spoken key. Only long ones tell
// words apart.
[[nodiscard]] std::string consonants_of_abjad(std::string_view abjad);
[[nodiscard]] std::string consonants_of_spoken(std::string_view spoken);

}  // namespace odop::kiosk
