#include "kiosk/search/word_keys.h"

#include "kiosk/search/sound.h"
#include "shared/text/fold.h"
#include "shared/text/utf8.h"

#include <utility>

namespace odop::kiosk {
namespace {

// The tag says what kind of key it is and which script the catalogue's word has: a typed word looks
// by sound mostly into the other scripts.
enum class Tag : char16_t {
  kWritten = u'W',
  kSpokenDevanagari = u'D',
  kSpokenLatin = u'L',
  kBareDevanagari = u'd',
  kBareLatin = u'l',
  kAbjadDevanagari = u'a',
  kAbjadUrdu = u'u',
  kConsonantsLatin = u'c',
  kConsonantsUrdu = u'v',
};

// One typo is forgiven from four letters on (promise P7).
constexpr std::size_t kTypoLetters = 4;
// Decisions, by the rates that tests/kiosk/search prints: below these, chance matches took over.
constexpr std::size_t kTypoPrefixLetters = 6;
constexpr std::size_t kTypoSounds = 6;
constexpr std::size_t kExactSounds = 3;
constexpr std::size_t kPrefixSounds = 5;
constexpr std::size_t kConsonants = 4;

// Below the least weight of a word spelt the same in a long name (0.83), so that jute, which sounds
// like जूते, finds jute first.
constexpr float kSpokenQuality = 0.82F;
constexpr float kSameScriptQuality = 0.76F;
constexpr float kLooseQuality = 0.74F;
constexpr float kConsonantsQuality = 0.65F;

// Beyond the Basic Multilingual Plane nothing is searched.
std::u16string tagged(Tag tag, std::string_view utf8) {
  std::u16string key(1, static_cast<char16_t>(tag));
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at);
    if (c < 0x10000) key.push_back(static_cast<char16_t>(c));
  }
  return key;
}

KeyQuery lookup(Tag tag, std::string_view text, float quality) {
  KeyQuery made;
  made.key = tagged(tag, text);
  made.letters = made.key.size() - 1;
  made.quality = quality;
  made.exact = made.letters >= kExactSounds;
  return made;
}

// By sound, in the other script: whole, begun, or with a typo.
KeyQuery spoken(Tag tag, const std::string& sound) {
  KeyQuery made = lookup(tag, sound, kSpokenQuality);
  made.prefix = made.letters >= kPrefixSounds;
  made.typo = made.letters >= kTypoSounds;
  made.settles = true;
  return made;
}

KeyQuery loose(Tag tag, const std::string& sound) {
  KeyQuery made = lookup(tag, sound, kLooseQuality);
  made.prefix = made.letters >= kPrefixSounds;
  return made;
}

KeyQuery consonants(Tag tag, const std::string& sound) {
  KeyQuery made = lookup(tag, sound, kConsonantsQuality);
  made.exact = made.letters >= kConsonants;
  return made;
}

}  // namespace

std::vector<std::u16string> keys_of_word(std::string_view word) {
  std::vector<std::u16string> keys{tagged(Tag::kWritten, fold(word))};
  const Script script = script_of(word);
  const bool latin = script == Script::kLatin;
  for (const std::string& sound : spoken_keys(word)) {
    keys.push_back(tagged(latin ? Tag::kSpokenLatin : Tag::kSpokenDevanagari, sound));
    keys.push_back(tagged(latin ? Tag::kBareLatin : Tag::kBareDevanagari, bare_key(sound)));
    if (latin) keys.push_back(tagged(Tag::kConsonantsLatin, consonants_of_spoken(sound)));
  }
  const std::string abjad = abjad_key(word);
  if (!abjad.empty()) {
    const bool urdu = script == Script::kUrdu;
    keys.push_back(tagged(urdu ? Tag::kAbjadUrdu : Tag::kAbjadDevanagari, abjad));
    if (urdu) keys.push_back(tagged(Tag::kConsonantsUrdu, consonants_of_abjad(abjad)));
  }
  return keys;
}

std::vector<std::u16string> keys_of_joined(std::string_view word) {
  std::vector<std::u16string> keys{tagged(Tag::kWritten, fold(word))};
  const bool latin = script_of(word) == Script::kLatin;
  for (const std::string& sound : spoken_keys(word)) {
    keys.push_back(tagged(latin ? Tag::kSpokenLatin : Tag::kSpokenDevanagari, sound));
  }
  return keys;
}

std::vector<KeyQuery> lookups_of_word(std::string_view word) {
  std::vector<KeyQuery> all;
  KeyQuery written = lookup(Tag::kWritten, fold(word), 1);
  written.exact = written.letters > 0;
  written.prefix = written.letters > 0;
  // A word of four letters may have lost one.
  written.typo = written.letters + 1 >= kTypoLetters;
  written.typo_from = written.letters >= kTypoLetters ? 0 : kTypoLetters;
  written.typo_prefix = written.letters >= kTypoPrefixLetters;
  written.settles = true;
  all.push_back(std::move(written));

  const Script script = script_of(word);
  for (const std::string& sound : spoken_keys(word)) {
    const bool latin = script == Script::kLatin;
    KeyQuery across = spoken(latin ? Tag::kSpokenDevanagari : Tag::kSpokenLatin, sound);
    // ghee has four letters and two sounds.
    across.exact = across.exact || (across.letters > 1 && all.front().letters >= kTypoLetters);
    all.push_back(std::move(across));
    all.push_back(
        lookup(latin ? Tag::kSpokenLatin : Tag::kSpokenDevanagari, sound, kSameScriptQuality));
    all.push_back(loose(latin ? Tag::kBareDevanagari : Tag::kBareLatin, bare_key(sound)));
    if (latin) all.push_back(consonants(Tag::kConsonantsUrdu, consonants_of_spoken(sound)));
  }
  const std::string abjad = abjad_key(word);
  if (script == Script::kDevanagari) all.push_back(loose(Tag::kAbjadUrdu, abjad));
  if (script == Script::kUrdu) {
    all.push_back(loose(Tag::kAbjadDevanagari, abjad));
    all.push_back(lookup(Tag::kAbjadUrdu, abjad, kSameScriptQuality));
    all.push_back(consonants(Tag::kConsonantsLatin, consonants_of_abjad(abjad)));
  }
  return all;
}

}  // namespace odop::kiosk
