#include "shared/text/fold.h"

#include "shared/text/slug.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace odop;

TEST_CASE("spellings that a reader takes for the same word fold to the same bytes", "[text]") {
  const std::vector<std::pair<std::string, std::string>> same{
      {"ज़री", "जरी"},
      {"काँच", "कांच"},
      {"सम्भल", "संभल"},
      {"अम्बेडकर नगर", "अंबेडकर नगर"},
      {"कौशाम्बी", "कौशांबी"},
      {"हिन्दी", "हिंदी"},
      {"घण्टी", "घंटी"},
      {"पञ्च", "पंच"},
      {"गङ्गा", "गंगा"},
      {"फ़िरोज़ाबाद", "फिरोजाबाद"},
      {"साड़ी", "साडी"},
      {"साड़ी", "साड\u093Cी"},  // precomposed and decomposed
      {"अलीगढ़", "अलीगढ"},
      {"सॉफ्ट टॉयज", "साफ्ट टायज"},
      {"दुःख", "दुख"},
      {"क्\u200Dष", "क्ष"},
      {"क्\u200Cष", "क्ष"},
      {"१२३", "123"},
      {"۱۲۳", "123"},
      {"١٢٣", "123"},
      {"كپڑا", "کپڑا"},
      {"ساڑي", "ساڑی"},
      {"ساڑى", "ساڑی"},
      {"گهی", "گھی"},
      {"گہی", "گھی"},
      {"مدرسة", "مدرسہ"},
      {"کانچ کی چوڑیاں", "کانچ کی چوڑیان"},
      {"آگرہ", "اگرہ"},
      {"عِطْر", "عطر"},
      {"عـطر", "عطر"},
      {"\uFED3", "\u0641"},  // a presentation form of feh
      {"Café", "cafe"},
      {"CHIKANKARI", "chikankari"},
      {"chef’s", "chefs"},
      {"zari-zardozi", "zari zardozi"},
      {"  a\u00A0 b ", "a b"},
      {"\u2068कन्नौज\u2069", "कन्नौज"},
      {"ｋａｎｎａｕｊ", "kannauj"},
  };
  for (const auto& [left, right] : same) {
    CAPTURE(left, right);
    CHECK(fold(left) == fold(right));
    CHECK_FALSE(fold(left).empty());
  }
}

TEST_CASE("words that differ to a reader stay apart", "[text]") {
  const std::vector<std::pair<std::string, std::string>> different{
      {"काला", "कला"}, {"घी", "घास"},  {"जूते", "जूती"},  {"تاج", "تاچ"},
      {"پتھر", "پتر"}, {"इत्र", "इतर"}, {"कांच", "काच"}, {"kali", "kala"},
  };
  for (const auto& [left, right] : different) {
    CAPTURE(left, right);
    CHECK(fold(left) != fold(right));
  }
}

TEST_CASE("folding twice changes nothing more", "[text]") {
  for (const std::string text :
       {"सम्भल ज़री-ज़रदोज़ी", "عِطْر كپڑا آگرہ", "Ünïcode Łódź", "ऍन्ड ऑफ़िस", "१२३ ۴۵۶"}) {
    CAPTURE(text);
    CHECK(fold(fold(text)) == fold(text));
  }
}

TEST_CASE("folding survives broken bytes and empty text", "[text]") {
  CHECK(fold("").empty());
  CHECK(fold(" \t-—।").empty());
  CHECK(fold("ab\xE0\xA4"
             "cd") == "ab cd");
  CHECK(fold("\xFF\xFE").empty());
}

TEST_CASE("words are split at what is no letter, and keep their marks", "[text]") {
  CHECK(words_of("जरी-जरदोजी (ढोलक), वाद्य यंत्र।") ==
        std::vector<std::string>{"जरी", "जरदोजी", "ढोलक", "वाद्य", "यंत्र"});
  CHECK(words_of("sarees, 100% silk") == std::vector<std::string>{"sarees", "100", "silk"});
  CHECK(words_of("chef's 'quote'") == std::vector<std::string>{"chef's", "quote'"});
  CHECK(words_of("چکن کاری۔") == std::vector<std::string>{"چکن", "کاری"});
  CHECK(words_of("— ء ऽ ,").empty());
  CHECK(words_of("").empty());
  CHECK(words_of("ालीन \u0301") == std::vector<std::string>{"ालीन"});
  for (const auto& word : words_of("सॉफ्ट टॉयज ء मुलायम\xC3 घी")) CHECK_FALSE(fold(word).empty());
}

TEST_CASE("slugs are made from names and checked", "[text]") {
  CHECK(slug("Gautam Buddha Nagar") == "gautam-buddha-nagar");
  CHECK(slug("  Zari & Zardozi (work)") == "zari-zardozi-work");
  CHECK(slug("Café 2") == "cafe-2");
  CHECK(slug("कन्नौज").empty());
  CHECK(is_slug("kannauj-attar"));
  CHECK(is_slug(std::string(64, 'a')));
  for (const std::string wrong :
       {"", "-a", "a-", "a--b", "A", "a b", "कन्नौज", "a/b", "..", "a.b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_slug(wrong));
  }
  CHECK_FALSE(is_slug(std::string(65, 'a')));
}
