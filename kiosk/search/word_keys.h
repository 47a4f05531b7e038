// Which keys a word of the catalogue is stored under, and which keys a typed word looks for. The
// two lists belong together: what one writes, the other reads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

// The keys of a word as written in the catalogue: the folded word itself first, then how it sounds.
[[nodiscard]] std::vector<std::u16string> keys_of_word(std::string_view word);

// The keys of two neighbouring words written as one: without the looser sounds, which would make
// beginnings of the pair match by chance.
[[nodiscard]] std::vector<std::u16string> keys_of_joined(std::string_view word);

// One key to look for. Lengths count the characters behind the tag.
struct KeyQuery {
  std::u16string key;
  float quality = 1;          // 0..1: how much a match by this key is worth
  std::size_t letters = 0;    // of the key
  bool exact = true;          // whether the whole key may match
  bool prefix = false;        // whether longer keys that begin with it may match
  bool typo = false;          // whether keys one typo away may match
  std::size_t typo_from = 0;  // the least length of such a key
  bool typo_prefix = false;   // whether longer keys whose beginning is one typo away may match
  bool settles = false;       // an exact match means that the word is known, and not a typo
};

// The look-ups of a typed word. Short keys match less: below three sounds, two words sound alike by
// chance too often.
[[nodiscard]] std::vector<KeyQuery> lookups_of_word(std::string_view word);

}  // namespace odop::kiosk
