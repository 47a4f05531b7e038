#include "shared/text/fold.h"

#include "shared/text/normalise.h"
#include "shared/text/utf8.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utypes.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace odop {
namespace {

constexpr char32_t kDropped = 0;
constexpr char32_t kAnusvara = 0x902;
constexpr char32_t kVirama = 0x94D;

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_apostrophe(char32_t c) {
  return c == U'\'' || c == 0x2019 || c == 0x2018 || c == 0x2BC || c == U'`';
}

bool is_joiner(char32_t c) { return c == 0x200C || c == 0x200D; }

bool is_letter_or_digit(char32_t c) {
  constexpr uint32_t kWanted = U_GC_L_MASK | U_GC_N_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & kWanted) != 0;
}

bool is_mark(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0; }

// Marks that carry no difference a reader would search for: Latin diacritics, Arabic vowel signs.
bool is_dropped_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x610 && c <= 0x61A) || (c >= 0x64B && c <= 0x65F) ||
         c == 0x670 || (c >= 0x6D6 && c <= 0x6ED);
}

struct Pair {
  char32_t from, to;
};

// Letters that stand for one another, and what is left out. Decomposed and case-folded before.
constexpr std::array kSame{
    Pair{0x901, kAnusvara},  // chandrabindu
    Pair{0x903, kDropped},   // visarga
    Pair{0x93C, kDropped},   // nukta
    Pair{0x93D, kDropped},   // avagraha
    Pair{0x90D, 0x90F},      // candra e = e
    Pair{0x90E, 0x90F},      // short e = e
    Pair{0x911, 0x906},      // candra o = aa (doctor, ball)
    Pair{0x912, 0x913},      // short o = o
    Pair{0x945, 0x947},      // and their signs
    Pair{0x946, 0x947},     Pair{0x949, 0x93E},
    Pair{0x94A, 0x94B},     Pair{0x972, 0x905},  // candra a = a
    Pair{0x621, kDropped},                       // hamza
    Pair{0x640, kDropped},                       // tatweel
    Pair{0x64A, 0x6CC},                          // Arabic yeh = Farsi yeh
    Pair{0x649, 0x6CC},                          // alef maksura
    Pair{0x643, 0x6A9},                          // Arabic kaf = keheh
    Pair{0x647, 0x6C1},                          // Arabic heh = heh goal
    Pair{0x629, 0x6C1},                          // teh marbuta
    Pair{0x6C3, 0x6C1},     Pair{0x6D5, 0x6C1},
    Pair{0x6BE, 0x6C1},  // heh doachashmee: both are typed for the aspirate
    Pair{0x6BA, 0x646},  // noon ghunna
};

char32_t folded(char32_t c) {
  if (c >= 0x966 && c <= 0x96F) return U'0' + (c - 0x966);
  if (c >= 0x660 && c <= 0x669) return U'0' + (c - 0x660);
  if (c >= 0x6F0 && c <= 0x6F9) return U'0' + (c - 0x6F0);
  if (c < 0x300) return c;
  if (is_dropped_mark(c)) return kDropped;
  const auto* found = std::find_if(kSame.begin(), kSame.end(), [&](Pair p) { return p.from == c; });
  return found == kSame.end() ? c : found->to;
}

// Whether `consonant` belongs to the class of the nasal before it, so that the nasal is written as
// anusvara as often.
bool is_homorganic(char32_t nasal, char32_t consonant) {
  struct Class {
    char32_t nasal, first, last;
  };
  constexpr std::array kClasses{Class{0x919, 0x915, 0x918}, Class{0x91E, 0x91A, 0x91D},
                                Class{0x923, 0x91F, 0x922}, Class{0x928, 0x924, 0x927},
                                Class{0x92E, 0x92A, 0x92D}};
  return std::any_of(kClasses.begin(), kClasses.end(), [&](const Class& c) {
    return c.nasal == nasal && consonant >= c.first && consonant <= c.last;
  });
}

std::string fold_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      if (gap && !out.empty()) out.push_back(' ');
      gap = false;
      out.push_back(c);
    } else if (!is_apostrophe(static_cast<unsigned char>(c))) {
      gap = true;
    }
  }
  return out;
}

// The text with malformed bytes replaced by spaces.
std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    if (next_code_point(text, at) == kNoCodePoint) {
      out.push_back(' ');
    } else {
      out.append(text.substr(from, at - from));
    }
  }
  return out;
}

// Compatibility and case folded (which also removes default ignorable characters), decomposed.
std::string case_folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* decomposer = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status) != 0) return std::string(text);
  std::string cased;
  icu::StringByteSink<std::string> cased_sink(&cased, static_cast<int32_t>(text.size()));
  folder->normalizeUTF8(0, {text.data(), static_cast<int32_t>(text.size())}, cased_sink, nullptr,
                        status);
  std::string decomposed;
  icu::StringByteSink<std::string> sink(&decomposed, static_cast<int32_t>(cased.size()));
  decomposer->normalizeUTF8(0, {cased.data(), static_cast<int32_t>(cased.size())}, sink, nullptr,
                            status);
  return U_FAILURE(status) != 0 ? std::string(text) : decomposed;
}

}  // namespace

std::string fold(std::string_view text) {
  if (is_ascii(text)) return fold_ascii(text);
  const std::string source = is_utf8(text) ? case_folded(text) : case_folded(repaired(text));
  std::u32string letters;
  letters.reserve(source.size());
  bool gap = false;
  for (std::size_t at = 0; at < source.size();) {
    const char32_t c = next_code_point(source, at);
    if (is_apostrophe(c) || is_joiner(c)) continue;
    if (!is_letter_or_digit(c) && !is_mark(c)) {
      gap = true;
      continue;
    }
    const char32_t same = folded(c);
    if (same == kDropped) continue;
    if (gap && !letters.empty()) letters.push_back(U' ');
    gap = false;
    letters.push_back(same);
  }
  std::string out;
  out.reserve(letters.size() * 3);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i + 2 < letters.size() && letters[i + 1] == kVirama &&
        is_homorganic(letters[i], letters[i + 2])) {
      append_utf8(out, kAnusvara);
      ++i;  // the virama
    } else {
      append_utf8(out, letters[i]);
    }
  }
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string source(text);
  if (!is_ascii(text)) {
    Result<std::string> composed = nfc(is_utf8(text) ? source : repaired(text));
    if (composed.has_value()) source = std::move(composed.value());
  }
  std::string word;
  bool has_content = false;  // a letter or digit that folding keeps
  const auto finish = [&] {
    if (has_content) words.push_back(word);
    word.clear();
    has_content = false;
  };
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(source, at);
    const bool content = c != kNoCodePoint && is_letter_or_digit(c);
    // A mark may begin a word: somebody lost its letter.
    const bool inside =
        c != kNoCodePoint && (is_mark(c) || ((is_apostrophe(c) || is_joiner(c)) && !word.empty()));
    if (!content && !inside) {
      finish();
      continue;
    }
    word.append(source, from, at - from);
    has_content = has_content || (content && folded(c) != kDropped);
  }
  finish();
  return words;
}

}  // namespace odop
