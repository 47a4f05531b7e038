// Cuts what is to be said into clauses, each a breath long: one is synthesised while little is lost
// when a visitor stops it, and its measured length says when each of its words sounds. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::media {

// Longer clauses are cut between words, decision: some five seconds.
inline constexpr std::size_t kMostWords = 14;

struct Word {
  std::size_t begin = 0, end = 0;  // bytes of the clause
  friend bool operator==(const Word&, const Word&) = default;
};

struct Clause {
  std::string text;  // with its closing mark, which gives it its tune
  std::vector<Word> words;
};

// `text` is UTF-8. Marks of all three scripts end a clause (। ۔ ، . , ; : ? ! and a line's end); a
// mark between digits does not ("1,250").
[[nodiscard]] std::vector<Clause> clauses_of(std::string_view text);

// When each word begins, in the unit of `length`: in proportion to its phonemes where the voice
// told as many words as were written, else to its letters. Not decreasing, all before `length`.
[[nodiscard]] std::vector<double> word_starts(const Clause& clause,
                                              std::span<const std::size_t> phonemes, double length);

}  // namespace odop::kiosk::media
