// How a name sounds, roughly: the same key for "Ramesh Kumar", रमेश कुमार and رمیش کمار. It is for
// proposing what may be the same, never for deciding: many names share a key.
#pragma once

#include <string>
#include <string_view>

namespace odop {

// The consonants of each word in Latin letters: vowels, aspiration and doubling are left out, what
// the three scripts spell alike or confuse shares a letter (z and j, f and p, v and w, every t),
// and a vowel at a word's beginning is 'a'. Words stand sorted, so that their order does not
// matter. Empty when no word of the three scripts is there. Pure.
[[nodiscard]] std::string sound_of(std::string_view name);

}  // namespace odop
