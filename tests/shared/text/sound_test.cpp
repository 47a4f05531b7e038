#include "shared/text/sound.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace odop {

TEST_CASE("A name sounds alike in three scripts", "[text]") {
  const std::vector<std::vector<std::string>> alike = {
      {"Ramesh Kumar", "रमेश कुमार", "رمیش کمار", "Kumar, RAMESH", "Rameshh  kumaar"},
      {"Mohammad Irfan", "मोहम्मद इरफान", "محمد عرفان", "Mohd Irfan", "Muhammad Irfaan"},
      {"Asha Devi", "आशा देवी", "آشا دیوی", "Aasha Devee"},
      {"Lakshmi", "लक्ष्मी", "Laxmi", "لکشمی"},
      {"Chandra", "चंद्र", "चन्द्र", "چندر"},
      {"Zaheer", "ज़हीर", "ظہیر", "Jahir"},
      {"Sambhal", "संभल", "सम्भल"},
      {"Phool", "फूल", "پھول", "Fool"},
      {"Yusuf Khan", "यूसुफ़ ख़ान", "یوسف خان"}};
  for (const auto& names : alike) {
    for (const auto& name : names) {
      CAPTURE(names.front(), name);
      CHECK(sound_of(name) == sound_of(names.front()));
    }
    for (const auto& others : alike) {
      if (&others == &names) continue;
      CHECK(sound_of(others.front()) != sound_of(names.front()));
    }
  }
  CHECK(sound_of("Ramesh Kumar") == "kmr rms");
}

TEST_CASE("What is no name has no sound", "[text]") {
  CHECK(sound_of("").empty());
  CHECK(sound_of("  12 34 -- ").empty());
  CHECK(sound_of("\xC3(").empty());
  CHECK(sound_of("東京").empty());
  CHECK(sound_of(std::string(100'000, 'b')) == "b");
}

}  // namespace odop
