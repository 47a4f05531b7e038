#include "shared/text/sound.h"

#include "shared/text/fold.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace odop {

namespace {

struct Sound {
  std::u32string_view letters;
  char sound;
};

// After fold(): lower case, no nukta, one form of each Urdu letter.
constexpr Sound kConsonants[] = {{U"kqxकखکقخ", 'k'},   {U"gगघگغ", 'g'},    {U"चछچ", 'c'},
                                 {U"jzजझجزذضظژ", 'j'}, {U"tटठतथتٹط", 't'}, {U"dडढदधدڈ", 'd'},
                                 {U"nणनङञंँںن", 'n'},    {U"pfपफپف", 'p'},   {U"bबभب", 'b'},
                                 {U"mमم", 'm'},        {U"rरऋृرڑ", 'r'},    {U"lलळل", 'l'},
                                 {U"sशषसسشصث", 's'}};
// Heard at the beginning of a word alone; elsewhere they are vowels or breath.
constexpr Sound kBeginnings[] = {
    {U"yयی", 'y'}, {U"vwवو", 'v'}, {U"hहہح", 'h'}, {U"aeiouअआइईउऊएऐओऔاع", 'a'}};

template <std::size_t N>
char find(const Sound (&table)[N], char32_t letter) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Sound& one) {
    return one.letters.find(letter) != std::u32string_view::npos;
  });
  return found == std::end(table) ? '\0' : found->sound;
}

std::string sound_of_word(std::u32string_view word) {
  std::string key;
  const auto add = [&key](char sound) {
    // "Sambhal" is written with either nasal.
    if ((sound == 'p' || sound == 'b') && !key.empty() && key.back() == 'm') key.back() = 'n';
    if (sound != '\0' && (key.empty() || key.back() != sound)) key.push_back(sound);
  };
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t letter = word[i];
    if (letter == U'c') {
      add(i + 1 < word.size() && word[i + 1] == U'h' ? 'c' : 'k');
    } else if (const char sound = find(kConsonants, letter); sound != '\0') {
      add(sound);
      if (letter == U'x') add('s');
    } else if (i == 0) {
      add(find(kBeginnings, letter));
    }
  }
  return key;
}

}  // namespace

std::string sound_of(std::string_view name) {
  const std::string folded = fold(name);
  std::vector<std::string> words;
  std::u32string word;
  const auto end_word = [&] {
    if (std::string key = sound_of_word(word); !key.empty()) words.push_back(std::move(key));
    word.clear();
  };
  for (std::size_t at = 0; at < folded.size();) {
    const char32_t c = next_code_point(folded, at);
    if (c == U' ') {
      end_word();
    } else {
      word.push_back(c);
    }
  }
  end_word();
  std::sort(words.begin(), words.end());
  std::string all;
  for (const std::string& one : words) all += (all.empty() ? "" : " ") + one;
  return all;
}

}  // namespace odop
