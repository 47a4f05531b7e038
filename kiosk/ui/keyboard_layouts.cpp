#include "kiosk/ui/keyboard_layouts.h"

#include <array>

namespace odop::kiosk::ui {
namespace {

// ---- Hindi: the order of the alphabet, as taught in school (varnamala) -----------------------

constexpr std::string_view kHindiVowels = "अ आ इ ई उ ऊ ऋ ए ऐ ओ औ";
constexpr std::string_view kHindiSigns = "ा ि ी ु ू े ै ो ौ ं ्";

constexpr std::array kHindi{
    KeyRow{.tint = KeyTint::kVowel, .keys = kHindiVowels},
    KeyRow{.tint = KeyTint::kSign, .keys = kHindiSigns},
    KeyRow{.keys = "क ख ग घ ङ च छ ज झ ञ ँ", .signs = "ँ"},
    KeyRow{.keys = "ट ठ ड ढ ण त थ द ध न ः", .signs = "ः"},
    KeyRow{.keys = "प फ ब भ म य र ल व ड़ ढ़"},
    KeyRow{.keys = "श ष स ह क्ष त्र ज्ञ श्र ़ ृ", .signs = "़ ृ", .backspace_at_end = true},
};
constexpr std::array kHindiSmallFirst{
    KeyRow{.tint = KeyTint::kSign, .keys = kHindiSigns},
    KeyRow{.keys = "क ख ग घ च छ ज झ ट ठ ड"},
    KeyRow{.keys = "ढ ण त थ द ध न प फ ब भ"},
    KeyRow{.keys = "म य र ल व श ष स ह क्ष", .backspace_at_end = true},
};
constexpr std::array kHindiSmallSecond{
    KeyRow{.tint = KeyTint::kVowel, .keys = kHindiVowels},
    KeyRow{.tint = KeyTint::kSign, .keys = "ा ि ी ु ू े ै ो ौ ं ँ"},
    KeyRow{.keys = "ङ ञ ड़ ढ़ ज़ फ़ क़ ख़ ग़ त्र ज्ञ"},
    KeyRow{.keys = "श्र ः ़ ृ ् । - , .", .signs = "ः ़ ृ ्", .backspace_at_end = true},
};

// ---- Hindi: Enhanced InScript (IS 16350), as on the keyboards of offices ---------------------
// Row by row as the standard has it: digits and conjuncts, then vowels and signs at the start,
// consonants at the end; with shift the independent vowels and the aspirated letters.

constexpr std::string_view kNukta = "़";
constexpr std::array kInscript{
    KeyRow{.tint = KeyTint::kVowel,
           .keys = "ॊ १ २ ३ ४ ५ ६ ७ ८ ९ ० - ृ",
           .signs = "ॊ ृ ॅ ्र",
           .shifted = "ऒ ऍ ॅ ्र र् ज्ञ त्र क्ष श्र ( ) ः ऋ"},
    KeyRow{.keys = "ौ ै ा ी ू ब ह ग द ज ड ़ ॉ",
           .signs = "ौ ै ा ी ू ़ ॉ",
           .shifted = "औ ऐ आ ई ऊ भ ङ घ ध झ ढ ञ ऑ"},
    KeyRow{.keys = "ो े ् ि ु प र क त च ट", .signs = "ो े ् ि ु", .shifted = "ओ ए अ इ उ फ ऱ ख थ छ ठ"},
    KeyRow{.keys = "ॆ ं म न व ल स , . य",
           .signs = "ॆ ं ँ",
           .shifted = "ऎ ँ ण ऩ ऴ ळ श ष । य़",
           .backspace_at_end = true},
};

// ---- Latin -----------------------------------------------------------------------------------

constexpr std::array kLatin{
    KeyRow{.tint = KeyTint::kVowel, .keys = "1 2 3 4 5 6 7 8 9 0"},
    KeyRow{.keys = "q w e r t y u i o p", .shifted = "Q W E R T Y U I O P"},
    KeyRow{.keys = "a s d f g h j k l", .shifted = "A S D F G H J K L"},
    KeyRow{.keys = "z x c v b n m . -", .shifted = "Z X C V B N M , '", .backspace_at_end = true},
};

// ---- Urdu: the order of the alphabet ---------------------------------------------------------

constexpr std::array kUrdu{
    KeyRow{.tint = KeyTint::kVowel, .keys = "آ ا ب پ ت ٹ ث ج چ ح خ"},
    KeyRow{.keys = "د ڈ ذ ر ڑ ز ژ س ش ص ض"},
    KeyRow{.keys = "ط ظ ع غ ف ق ک گ ل م ن"},
    KeyRow{.keys = "ں و ہ ھ ء ی ے ئ ؤ ۂ ۓ"},
    KeyRow{
        .tint = KeyTint::kSign, .keys = "َ ِ ُ ّ ْ ٰ ً ۔ ،", .signs = "َ ِ ُ ّ ْ ٰ ً", .backspace_at_end = true},
};

constexpr std::array kUrduSmallFirst{
    KeyRow{.keys = "ا ب پ ت ٹ ث ج چ ح خ د"},
    KeyRow{.keys = "ڈ ذ ر ڑ ز ژ س ش ص ض ط"},
    KeyRow{.keys = "ظ ع غ ف ق ک گ ل م ن و"},
    KeyRow{.keys = "ں ہ ھ ء ی ے ئ آ ؤ ۔", .backspace_at_end = true},
};
constexpr std::array kUrduSmallSecond{
    KeyRow{.tint = KeyTint::kSign, .keys = "َ ِ ُ ّ ْ ٰ ً"},
    KeyRow{.keys = "ۂ ۓ ، ۔ ؟ ؛ - ( ) : .", .backspace_at_end = false},
    KeyRow{.keys = "1 2 3 4 5 6 7 8 9 0", .backspace_at_end = true},
};

// ---- Numbers and marks -----------------------------------------------------------------------

constexpr std::array kNumbers{
    KeyRow{.keys = "1 2 3 4 5 6 7 8 9 0"},
    KeyRow{.keys = "@ . - _ / : ; , ' \""},
    KeyRow{.keys = "( ) & + % # ? ! ₹ *"},
    KeyRow{.keys = "= । ~ | < > [ ]", .backspace_at_end = true},
};

constexpr KeyboardLayout kHindiLayout{
    .rows = kHindi, .first_face = kHindiSmallFirst, .second_face = kHindiSmallSecond, .extra = "ॉ"};
constexpr KeyboardLayout kInscriptLayout{.rows = kInscript,
                                         .first_face = {},
                                         .second_face = {},
                                         .has_shift = true,
                                         .shift_once = true,
                                         .shift_label = "अ ख",
                                         .unshift_label = "◌ा क"};
constexpr KeyboardLayout kRomanLayout{.rows = kLatin,
                                      .first_face = {},
                                      .second_face = {},
                                      .has_shift = true,
                                      .shift_label = "ABC",
                                      .unshift_label = "abc"};
constexpr KeyboardLayout kEnglishLayout = kRomanLayout;
constexpr KeyboardLayout kUrduLayout{.rows = kUrdu,
                                     .first_face = kUrduSmallFirst,
                                     .second_face = kUrduSmallSecond,
                                     .right_to_left = true};
constexpr KeyboardLayout kNumbersLayout{.rows = kNumbers, .first_face = {}, .second_face = {}};

}  // namespace

const KeyboardLayout& layout_of(KeyboardKind kind) {
  switch (kind) {
    case KeyboardKind::kHindi:
      return kHindiLayout;
    case KeyboardKind::kInscript:
      return kInscriptLayout;
    case KeyboardKind::kRoman:
      return kRomanLayout;
    case KeyboardKind::kEnglish:
      return kEnglishLayout;
    case KeyboardKind::kUrdu:
      return kUrduLayout;
    case KeyboardKind::kNumbers:
      return kNumbersLayout;
  }
  return kHindiLayout;
}

std::string_view short_name_of(KeyboardKind kind) {
  switch (kind) {
    case KeyboardKind::kHindi:
      return "कखग";
    case KeyboardKind::kInscript:
      return "ौैा";
    case KeyboardKind::kRoman:
      return "ka क";
    case KeyboardKind::kEnglish:
      return "abc";
    case KeyboardKind::kUrdu:
      return "ابپ";
    case KeyboardKind::kNumbers:
      return "123";
  }
  return "";
}

std::string_view spoken_key(std::string_view key) {
  struct Name {
    std::string_view key, name;
  };
  // Hindi signs by their Hindi names, Urdu ones by their Urdu names, whatever the screen's
  // language: who types with them knows them so.
  static constexpr std::array kNames{
      Name{"ा", "आ की मात्रा"},
      Name{"ि", "छोटी इ की मात्रा"},
      Name{"ी", "बड़ी ई की मात्रा"},
      Name{"ु", "छोटे उ की मात्रा"},
      Name{"ू", "बड़े ऊ की मात्रा"},
      Name{"ृ", "ऋ की मात्रा"},
      Name{"े", "ए की मात्रा"},
      Name{"ै", "ऐ की मात्रा"},
      Name{"ो", "ओ की मात्रा"},
      Name{"ौ", "औ की मात्रा"},
      Name{"ॉ", "ऑ की मात्रा"},
      Name{"ॅ", "चंद्र"},
      Name{"ॆ", "ह्रस्व ए की मात्रा"},
      Name{"ॊ", "ह्रस्व ओ की मात्रा"},
      Name{"ं", "अनुस्वार"},
      Name{"ँ", "चंद्रबिंदु"},
      Name{"ः", "विसर्ग"},
      Name{"्", "हलंत"},
      Name{kNukta, "नुक़्ता"},
      Name{"्र", "नीचे का र"},
      Name{"र्", "ऊपर का र"},
      Name{"।", "पूर्ण विराम"},
      Name{"َ", "زبر"},
      Name{"ِ", "زیر"},
      Name{"ُ", "پیش"},
      Name{"ّ", "تشدید"},
      Name{"ْ", "جزم"},
      Name{"ٰ", "کھڑا زبر"},
      Name{"ً", "دو زبر"},
      Name{"۔", "ختمہ"},
      Name{"،", "سکتہ"},
  };
  for (const Name& known : kNames) {
    if (known.key == key) return known.name;
  }
  return key;
}

std::vector<std::string_view> keys_of(const KeyRow& row, bool shift) {
  std::string_view rest = shift && !row.shifted.empty() ? row.shifted : row.keys;
  std::vector<std::string_view> keys;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    if (space != 0) keys.push_back(rest.substr(0, space));
    rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
  }
  return keys;
}

}  // namespace odop::kiosk::ui
