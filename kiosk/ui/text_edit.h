// Editing of UTF-8 text as pure functions; the places where a caret may stand come from outside,
// because only the typesetting layer knows graphemes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace odop::kiosk::ui {

struct Edited {
  std::string text;
  std::size_t caret = 0;  // byte offset
};

// The nearest start of a code point at or before `byte`, at most the length.
[[nodiscard]] std::size_t code_point_start(std::string_view text, std::size_t byte);

// Puts `words` at the caret; unchanged when the result would be longer than `max_bytes`.
[[nodiscard]] Edited insert(std::string_view text, std::size_t caret, std::string_view words,
                            std::size_t max_bytes);

// Takes one code point before the caret: a vowel sign goes before its letter does.
[[nodiscard]] Edited backspace(std::string_view text, std::size_t caret);

// Takes bytes [begin, end).
[[nodiscard]] Edited erase(std::string_view text, std::size_t begin, std::size_t end);

// Digits only, of any of the three scripts and as 0-9; at most `most` of them.
[[nodiscard]] std::string only_digits(std::string_view text, std::size_t most);

// Code point that ends before `caret`; 0 at the start.
[[nodiscard]] char32_t code_point_before(std::string_view text, std::size_t caret);

// The last Devanagari letter group before the caret that a vowel sign can join: a consonant, with
// its nukta and what a virama joins to it ("इत्र" gives "त्र"). Empty when the text ends in something
// else. At most two consonants, so that it fits on a key.
[[nodiscard]] std::string_view joinable_before(std::string_view text, std::size_t caret);

}  // namespace odop::kiosk::ui
