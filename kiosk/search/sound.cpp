#include "kiosk/search/sound.h"

#include "shared/text/fold.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace odop::kiosk {
namespace {

constexpr char32_t kNukta = 0x93C;
constexpr char32_t kVirama = 0x94D;
constexpr char32_t kAnusvara = 0x902;
constexpr char32_t kChandrabindu = 0x901;
constexpr char kNasal = 'N';  // anusvara, until it is settled as n

bool is_devanagari(char32_t c) { return c >= 0x900 && c <= 0x97F; }
bool is_arabic(char32_t c) { return (c >= 0x620 && c <= 0x6FF) || (c >= 0x750 && c <= 0x77F); }
bool is_devanagari_consonant(char32_t c) { return c >= 0x915 && c <= 0x939; }

bool is_vowel(char c) {
  return c == 'a' || c == 'A' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

std::u32string code_points(std::string_view word) {
  std::u32string points;
  for (std::size_t at = 0; at < word.size();) {
    const char32_t c = next_code_point(word, at);
    if (c != kNoCodePoint && c != 0x200C && c != 0x200D) points.push_back(c);
  }
  return points;
}

// क to ह; aspirates sound like their plain neighbours here.
char consonant_sound(char32_t c) {
  // U+0915..U+0939: क ख ग घ ङ च छ ज झ ञ ट ठ ड ढ ण त थ द ध न ऩ प फ ब भ म य र ऱ ल ळ ऴ व श ष स ह
  constexpr std::string_view kTable = "kkggnccjjnttddnttddnnpfbbmyrrlllvsssh";
  static_assert(kTable.size() == 0x939 - 0x915 + 1);
  return kTable[c - 0x915];
}

// Independent vowels and their signs. A is a long a, which is never left out; a is a schwa.
std::string_view vowel_sound(char32_t c) {
  switch (c) {
    case 0x905:
    case 0x972:
      return "a";
    case 0x906:
    case 0x93E:
    case 0x911:
    case 0x949:
      return "A";
    case 0x907:
    case 0x908:
    case 0x93F:
    case 0x940:
      return "i";
    case 0x909:
    case 0x90A:
    case 0x941:
    case 0x942:
      return "u";
    case 0x90B:
    case 0x943:
      return "ri";
    case 0x90D:
    case 0x90E:
    case 0x90F:
    case 0x910:
    case 0x945:
    case 0x946:
    case 0x947:
    case 0x948:
      return "e";
    case 0x912:
    case 0x913:
    case 0x914:
    case 0x94A:
    case 0x94B:
    case 0x94C:
      return "o";
    default:
      return {};
  }
}

bool is_vowel_sign(char32_t c) { return (c >= 0x93E && c <= 0x94C) && c != kVirama; }

// Letter by letter, with every written schwa as 'a'. `flap` is how ड़ and ढ़ sound.
std::string devanagari_letters(const std::u32string& word, char flap) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i];
    if (is_devanagari_consonant(c)) {
      const bool nukta = i + 1 < word.size() && word[i + 1] == kNukta;
      // ज्ञ is said gy.
      if (c == 0x91C && i + 2 < word.size() && word[i + 1] == kVirama && word[i + 2] == 0x91E) {
        out += "gy";
        i += 2;
      } else if (nukta && (c == 0x921 || c == 0x922)) {
        out += flap;
      } else {
        out += consonant_sound(c);
      }
      if (nukta) ++i;
      const char32_t next = i + 1 < word.size() ? word[i + 1] : 0;
      if (next == kVirama) {
        ++i;
      } else if (!is_vowel_sign(next)) {
        out += 'a';
      }
    } else if (c == kAnusvara || c == kChandrabindu) {
      out += kNasal;
    } else if (c >= 0x966 && c <= 0x96F) {
      out += static_cast<char>('0' + (c - 0x966));
    } else if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      out += vowel_sound(c);
    }
  }
  return out;
}

// Hindi does not say the schwa at the end of a word, nor one between a single consonant behind a
// vowel (which may be nasal) and a single consonant before a vowel; from right to left (Ohala
// 1983).
std::string without_silent_schwas(std::string word) {
  const auto vowels = std::count_if(word.begin(), word.end(), is_vowel);
  if (vowels > 1 && word.size() > 2 && word.back() == 'a' && !is_vowel(word[word.size() - 2])) {
    word.pop_back();
  }
  for (std::size_t i = word.size(); i-- > 2;) {
    if (word[i] != 'a' || i + 2 >= word.size()) continue;
    const bool after_nasal = i > 2 && word[i - 2] == kNasal && is_vowel(word[i - 3]);
    const bool before = !is_vowel(word[i - 1]) && (is_vowel(word[i - 2]) || after_nasal);
    const bool behind = !is_vowel(word[i + 1]) && is_vowel(word[i + 2]);
    if (before && behind) word.erase(i, 1);
  }
  return word;
}

bool is_consonant(char c) { return c >= 'a' && c <= 'z' && !is_vowel(c); }

// Sounds that Latin spells with two letters; the longest first where one begins another.
struct Spelling {
  std::string_view letters, sound;
};
constexpr std::array kSpellings{
    Spelling{"cch", "c"}, Spelling{"ch", "c"}, Spelling{"ck", "k"}, Spelling{"ph", "f"},
    Spelling{"ee", "i"},  Spelling{"oo", "u"}, Spelling{"ou", "o"}, Spelling{"x", "ks"},
    Spelling{"q", "k"},   Spelling{"w", "v"},  Spelling{"z", "j"},
};

// English and Indian spellings of sounds; aspiration is dropped.
std::string latin_letters(std::string_view folded) {
  std::string out;
  while (!folded.empty()) {
    const auto* found = std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& s) {
      return folded.starts_with(s.letters);
    });
    if (found != kSpellings.end()) {
      out += found->sound;
      folded.remove_prefix(found->letters.size());
      continue;
    }
    const char c = folded.front();
    const char next = folded.size() > 1 ? folded[1] : '\0';
    const bool after_consonant = !out.empty() && is_consonant(out.back());
    if (c == 'c') {
      out += next == 'e' || next == 'i' || next == 'y' ? 's' : 'k';
    } else if (c == 'y' && next == '\0') {  // banarasy, chutney, gray
      if (!out.empty() && out.back() == 'a') out.back() = 'e';
      if (after_consonant) out += 'i';
    } else if (c != 'h' || !after_consonant) {
      out += c;
    }
    folded.remove_prefix(1);
  }
  return out;
}

// What both scripts share: long a as a, nasals and m before a lip sound as n, no doubled letter, ai
// as e and au as o.
std::string settled(std::string_view letters) {
  std::string out;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    char c = letters[i];
    const char next = i + 1 < letters.size() ? letters[i + 1] : '\0';
    if (c == 'A') c = 'a';
    if (c == kNasal || (c == 'm' && (next == 'b' || next == 'p' || next == 'f'))) c = 'n';
    const bool after_a = !out.empty() && out.back() == 'a';
    if (after_a && (c == 'i' || c == 'u')) {
      out.back() = c == 'i' ? 'e' : 'o';
    } else if (out.empty() || out.back() != c) {
      out += c;
    }
  }
  return out;
}

struct Sound {
  char32_t letter;
  std::string_view sound;
};

// Urdu letters in abjad keys: A Y W are the long vowels (and y, v); T D R are retroflex, S is sh,
// which both scripts tell apart. Aspiration (ھ) is silent, and z is j, as without a nukta.
constexpr std::array kUrduSounds{
    Sound{0x627, "A"}, Sound{0x622, "A"}, Sound{0x623, "A"}, Sound{0x628, "b"}, Sound{0x67E, "p"},
    Sound{0x62A, "t"}, Sound{0x679, "T"}, Sound{0x62B, "s"}, Sound{0x62C, "j"}, Sound{0x686, "c"},
    Sound{0x62D, "h"}, Sound{0x62E, "k"}, Sound{0x62F, "d"}, Sound{0x688, "D"}, Sound{0x630, "j"},
    Sound{0x631, "r"}, Sound{0x691, "R"}, Sound{0x632, "j"}, Sound{0x698, "j"}, Sound{0x633, "s"},
    Sound{0x634, "S"}, Sound{0x635, "s"}, Sound{0x636, "j"}, Sound{0x637, "t"}, Sound{0x638, "j"},
    Sound{0x63A, "g"}, Sound{0x641, "f"}, Sound{0x642, "k"}, Sound{0x6A9, "k"}, Sound{0x643, "k"},
    Sound{0x6AF, "g"}, Sound{0x644, "l"}, Sound{0x645, "m"}, Sound{0x646, "n"}, Sound{0x6BA, "n"},
    Sound{0x648, "W"}, Sound{0x624, "W"}, Sound{0x6CC, "Y"}, Sound{0x64A, "Y"}, Sound{0x649, "Y"},
    Sound{0x6D2, "Y"}, Sound{0x626, "Y"},
};

void add_collapsed(std::string& out, std::string_view sounds) {
  for (const char c : sounds) {
    if (out.empty() || out.back() != c) out += c;
  }
}

std::string urdu_abjad(const std::u32string& word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i];
    if (c == 0x639) {  // ain carries a first vowel
      if (out.empty()) add_collapsed(out, "A");
    } else if (c == 0x6C1 || c == 0x647 || c == 0x6C2) {  // heh; at the end it is an a
      add_collapsed(out, i + 1 == word.size() && !out.empty() ? "A" : "h");
    } else {
      const auto* found = std::find_if(kUrduSounds.begin(), kUrduSounds.end(),
                                       [&](const Sound& s) { return s.letter == c; });
      if (found != kUrduSounds.end()) add_collapsed(out, found->sound);
    }
  }
  return out;
}

std::string_view long_vowel(char32_t c) {
  switch (c) {
    case 0x93E:
    case 0x949:
    case 0x906:
    case 0x911:
      return "A";
    case 0x940:
    case 0x945:
    case 0x946:
    case 0x947:
    case 0x948:
    case 0x908:
    case 0x90F:
    case 0x910:
      return "Y";
    case 0x942:
    case 0x94A:
    case 0x94B:
    case 0x94C:
    case 0x90A:
    case 0x913:
    case 0x914:
      return "W";
    default:
      return {};
  }
}

std::string devanagari_abjad(const std::u32string& word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i];
    if (is_devanagari_consonant(c)) {
      const bool nukta = i + 1 < word.size() && word[i + 1] == kNukta;
      if (c == 0x92F) {
        add_collapsed(out, "Y");
      } else if (c == 0x935) {
        add_collapsed(out, "W");
      } else if (nukta && (c == 0x921 || c == 0x922)) {
        add_collapsed(out, "R");
      } else if (c == 0x91F || c == 0x920) {
        add_collapsed(out, "T");
      } else if (c == 0x921 || c == 0x922) {
        add_collapsed(out, "D");
      } else if (c == 0x936 || c == 0x937) {
        add_collapsed(out, "S");
      } else {
        const char sound = consonant_sound(c);
        add_collapsed(out, std::string_view(&sound, 1));
      }
    } else if (c == kAnusvara || c == kChandrabindu) {
      add_collapsed(out, "n");
    } else if (c == 0x943) {
      add_collapsed(out, "r");
    } else {
      const bool first_vowel = out.empty() && !vowel_sound(c).empty();
      if (first_vowel) add_collapsed(out, "A");
      add_collapsed(out, long_vowel(c));
    }
  }
  return out;
}

}  // namespace

Script script_of(std::string_view word) {
  for (std::size_t at = 0; at < word.size();) {
    const char32_t c = next_code_point(word, at);
    if (c == kNoCodePoint || (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9) ||
        (c >= 0x966 && c <= 0x96F)) {
      continue;
    }
    if (is_devanagari(c)) return Script::kDevanagari;
    if (is_arabic(c)) return Script::kUrdu;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F)) {
      return Script::kLatin;
    }
  }
  return Script::kOther;
}

std::vector<std::string> spoken_keys(std::string_view word) {
  std::vector<std::string> keys;
  switch (script_of(word)) {
    case Script::kLatin:
      keys.push_back(settled(latin_letters(fold(word))));
      break;
    case Script::kDevanagari: {
      const std::u32string points = code_points(word);
      for (const char flap : {'r', 'd'}) {
        std::string key = settled(without_silent_schwas(devanagari_letters(points, flap)));
        if (keys.empty() || keys.front() != key) keys.push_back(std::move(key));
      }
      break;
    }
    case Script::kUrdu:
    case Script::kOther:
      break;
  }
  return keys;
}

std::string bare_key(std::string_view spoken) {
  std::string out;
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    if (i > 0 && spoken[i] == 'a') continue;
    if (out.empty() || out.back() != spoken[i]) out += spoken[i];
  }
  return out;
}

std::string abjad_key(std::string_view word) {
  switch (script_of(word)) {
    case Script::kUrdu:
      return urdu_abjad(code_points(word));
    case Script::kDevanagari:
      return devanagari_abjad(code_points(word));
    case Script::kLatin:
    case Script::kOther:
      return {};
  }
  return {};
}

std::string consonants_of_abjad(std::string_view abjad) {
  std::string out;
  for (std::size_t i = 0; i < abjad.size(); ++i) {
    const bool vowel = abjad[i] == 'A' || abjad[i] == 'Y' || abjad[i] == 'W';
    if (vowel && i > 0) continue;
    // T D R S as Latin writes them.
    const bool letter = abjad[i] >= 'A' && abjad[i] <= 'Z' && !vowel;
    const char sound = vowel ? 'A' : letter ? static_cast<char>(abjad[i] - 'A' + 'a') : abjad[i];
    if (out.empty() || out.back() != sound) out += sound;
  }
  return out;
}

std::string consonants_of_spoken(std::string_view spoken) {
  std::string out;
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    const bool vowel = is_vowel(spoken[i]) || spoken[i] == 'y' || spoken[i] == 'v';
    if (vowel && i > 0) continue;
    const char sound = vowel ? 'A' : spoken[i];
    if (out.empty() || out.back() != sound) out += sound;
  }
  return out;
}

}  // namespace odop::kiosk
