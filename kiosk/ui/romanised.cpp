#include "kiosk/ui/romanised.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace odop::kiosk::ui {
namespace {

struct Consonant {
  std::string_view latin, letter;
};
struct Vowel {
  std::string_view latin, letter, sign;
};

// Longer spellings stand before their beginnings: the first match is taken.
constexpr std::array kConsonants{
    Consonant{"ksh", "क्ष"}, Consonant{"chh", "छ"}, Consonant{"kSh", "क्ष"}, Consonant{"dny", "ज्ञ"},
    Consonant{"gy", "ज्ञ"},  Consonant{"kh", "ख"},  Consonant{"gh", "घ"},   Consonant{"ch", "च"},
    Consonant{"jh", "झ"},   Consonant{"Th", "ठ"},  Consonant{"Dh", "ढ"},   Consonant{"Rh", "ढ़"},
    Consonant{"th", "थ"},   Consonant{"dh", "ध"},  Consonant{"ph", "फ"},   Consonant{"bh", "भ"},
    Consonant{"sh", "श"},   Consonant{"Sh", "ष"},  Consonant{"k", "क"},    Consonant{"g", "ग"},
    Consonant{"c", "च"},    Consonant{"j", "ज"},   Consonant{"T", "ट"},    Consonant{"D", "ड"},
    Consonant{"N", "ण"},    Consonant{"R", "ड़"},   Consonant{"t", "त"},    Consonant{"d", "द"},
    Consonant{"n", "न"},    Consonant{"p", "प"},   Consonant{"b", "ब"},    Consonant{"m", "म"},
    Consonant{"y", "य"},    Consonant{"r", "र"},   Consonant{"l", "ल"},    Consonant{"L", "ल"},
    Consonant{"v", "व"},    Consonant{"w", "व"},   Consonant{"S", "ष"},    Consonant{"s", "स"},
    Consonant{"h", "ह"},    Consonant{"q", "क़"},   Consonant{"z", "ज़"},    Consonant{"f", "फ़"},
    Consonant{"x", "क्ष"},
};
constexpr std::array kVowels{
    Vowel{"aa", "आ", "ा"}, Vowel{"ai", "ऐ", "ै"}, Vowel{"au", "औ", "ौ"}, Vowel{"ee", "ई", "ी"},
    Vowel{"ii", "ई", "ी"}, Vowel{"oo", "ऊ", "ू"}, Vowel{"uu", "ऊ", "ू"},  Vowel{"ei", "ऐ", "ै"},
    Vowel{"ou", "औ", "ौ"}, Vowel{"A", "आ", "ा"}, Vowel{"I", "ई", "ी"},  Vowel{"U", "ऊ", "ू"},
    Vowel{"a", "अ", ""},   Vowel{"i", "इ", "ि"}, Vowel{"u", "उ", "ु"},   Vowel{"e", "ए", "े"},
    Vowel{"o", "ओ", "ो"},  Vowel{"E", "ऐ", "ै"},  Vowel{"O", "औ", "ौ"},
};
constexpr std::string_view kVirama = "्";
constexpr std::string_view kDot = "ं";

template <typename Table>
const typename Table::value_type* match(const Table& table, std::string_view rest) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [rest](const auto& row) { return rest.starts_with(row.latin); });
  return found == table.end() ? nullptr : &*found;
}

// Whether "n" or "m" is written as a dot before what follows.
bool is_dot(std::string_view nasal, std::string_view rest) {
  if (rest.empty()) return false;
  const char next = rest.front();
  if (nasal == "n") return std::string_view("kgcjtdTD").find(next) != std::string_view::npos;
  if (nasal == "m") return next == 'p' || next == 'b';
  return false;
}

}  // namespace

std::string devanagari_of(std::string_view letters) {
  std::string out;
  bool open = false;  // the last letter is a consonant without a vowel yet
  int in_row = 0;     // consonants since the last vowel
  int vowels = 0;     // so far
  while (!letters.empty()) {
    if (letters.front() == 'M') {
      out += kDot;
      open = false;
      letters.remove_prefix(1);
      continue;
    }
    if (const Vowel* vowel = match(kVowels, letters)) {
      letters.remove_prefix(vowel->latin.size());
      const bool last = letters.empty();
      std::string_view sign = vowel->sign;
      std::string_view letter = vowel->letter;
      if (last && vowels > 0 && open && vowel->latin == "ai") {
        out += "ई";  // mumbai: मुंबई; but hai: है
        break;
      }
      ++vowels;
      if (last && !out.empty()) {
        if (vowel->latin == "a" && in_row == 1 && open && out.size() > 3) sign = "ा";
        if (vowel->latin == "i") {
          sign = "ी";
          letter = "ई";
        }
        if (vowel->latin == "u") {
          sign = "ू";
          letter = "ऊ";
        }
      }
      out += open ? sign : letter;
      open = false;
      in_row = 0;
      continue;
    }
    const Consonant* consonant = match(kConsonants, letters);
    if (consonant == nullptr) {
      out += letters.front();
      letters.remove_prefix(1);
      open = false;
      in_row = 0;
      continue;
    }
    letters.remove_prefix(consonant->latin.size());
    if (!out.empty() && !open && is_dot(consonant->latin, letters)) {
      out += kDot;
      continue;
    }
    if (open) out += kVirama;
    out += consonant->letter;
    open = true;
    ++in_row;
  }
  return out;
}

}  // namespace odop::kiosk::ui
