#include "kiosk/media/clauses.h"

#include <algorithm>
#include <array>

namespace odop::kiosk::media {
namespace {

bool is_digit(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Bytes of the mark that ends a clause at `at`; 0: none is there.
std::size_t mark_at(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 4> kWide{"।", "۔", "،", "؟"};
  for (const std::string_view mark : kWide) {
    if (text.substr(at).starts_with(mark)) return mark.size();
  }
  const char c = text[at];
  if (c == '\n' || c == ';' || c == '?' || c == '!') return 1;
  if (c != '.' && c != ',' && c != ':') return 0;
  return at > 0 && is_digit(text, at - 1) && is_digit(text, at + 1) ? 0 : 1;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

std::size_t letters_of(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(
      word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void note_word(Clause& clause, std::size_t begin) {
  if (begin < clause.text.size()) clause.words.push_back({begin, clause.text.size()});
}

void finish(std::vector<Clause>& clauses, Clause& clause) {
  while (!clause.text.empty() && is_space(clause.text.back())) clause.text.pop_back();
  if (!clause.words.empty()) clauses.push_back(std::move(clause));
  clause = {};
}

}  // namespace

std::vector<Clause> clauses_of(std::string_view text) {
  std::vector<Clause> clauses;
  Clause clause;
  std::size_t word = std::string::npos;  // where the open one begins; npos: none is open
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = mark_at(text, at);
    const bool ends_word = mark > 0 || is_space(text[at]);
    if (ends_word && word != std::string::npos) {
      note_word(clause, word);
      word = std::string::npos;
    }
    if (mark > 0) {
      if (text[at] != '\n') clause.text += text.substr(at, mark);
      finish(clauses, clause);
      at += mark;
      continue;
    }
    if (is_space(text[at])) {
      if (clause.words.size() >= kMostWords) {
        finish(clauses, clause);
      } else if (!clause.text.empty() && !is_space(clause.text.back())) {
        clause.text += ' ';
      }
      ++at;
      continue;
    }
    if (word == std::string::npos) word = clause.text.size();
    clause.text += text[at++];
  }
  if (word != std::string::npos) note_word(clause, word);
  finish(clauses, clause);
  return clauses;
}

std::vector<double> word_starts(const Clause& clause, std::span<const std::size_t> phonemes,
                                double length) {
  std::vector<double> weights;
  weights.reserve(clause.words.size());
  const bool told = phonemes.size() == clause.words.size();
  for (std::size_t i = 0; i < clause.words.size(); ++i) {
    const Word& word = clause.words[i];
    const std::size_t weight =
        told ? phonemes[i]
             : letters_of(std::string_view(clause.text).substr(word.begin, word.end - word.begin));
    weights.push_back(static_cast<double>(std::max<std::size_t>(1, weight)));
  }
  double all = 0;
  for (const double weight : weights) all += weight;
  std::vector<double> starts;
  starts.reserve(weights.size());
  double sum = 0;
  for (const double weight : weights) {
    starts.push_back(length * sum / all);
    sum += weight;
  }
  return starts;
}

}  // namespace odop::kiosk::media
