#include "kiosk/ui/text_edit.h"

#include "kiosk/ui/romanised.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop::kiosk::ui;  // NOLINT: a test of this room

TEST_CASE("Backspace takes a vowel sign before its letter", "[kiosk][ui]") {
  Edited edited{"की", std::string("की").size()};
  edited = backspace(edited.text, edited.caret);
  CHECK(edited.text == "क");
  edited = backspace(edited.text, edited.caret);
  CHECK(edited.text.empty());
  edited = backspace(edited.text, edited.caret);
  CHECK(edited.text.empty());
}

TEST_CASE("Typing goes in at the caret and stops at the limit", "[kiosk][ui]") {
  const Edited once = insert("कल", 3, "म", 100);
  CHECK(once.text == "कमल");
  CHECK(once.caret == 6);
  CHECK(insert("कल", 3, "म", 8).text == "कल");
  // A caret inside a letter is moved before it.
  CHECK(insert("कल", 4, "म", 100).text == "कमल");
}

TEST_CASE("Only digits are kept of what is typed into a number", "[kiosk][ui]") {
  CHECK(only_digits("+91 94-15", 10) ==
        "9194"
        "15");
  CHECK(only_digits("123456", 4) == "1234");
  CHECK(only_digits("९८७६५ ۴۳۲۱۰", 10) == "9876543210");
}

TEST_CASE("Signs join the last letter group", "[kiosk][ui]") {
  const auto group = [](const std::string& text) {
    return std::string(joinable_before(text, text.size()));
  };
  CHECK(group("इत्र") == "त्र");
  CHECK(group("कन्नौज") == "ज");
  CHECK(group("घोड़") == "ड़");
  CHECK(group("की").empty());
  CHECK(group("क्").empty());
  CHECK(group("अ").empty());
  CHECK(group("abc").empty());
  CHECK(group("").empty());
  CHECK(group("राष्ट्र") == "ट्र");
}

TEST_CASE("Hindi in Latin letters becomes Devanagari", "[kiosk][ui]") {
  CHECK(devanagari_of("itra") == "इत्र");
  CHECK(devanagari_of("attar") == "अत्तर");
  CHECK(devanagari_of("kannauj") == "कन्नौज");
  CHECK(devanagari_of("hindi") == "हिंदी");
  CHECK(devanagari_of("mumbai") == "मुंबई");
  CHECK(devanagari_of("hai") == "है");
  CHECK(devanagari_of("mela") == "मेला");
  CHECK(devanagari_of("kaanch") == "कांच");
  CHECK(devanagari_of("chikan") == "चिकन");
  CHECK(devanagari_of("laknoo") == "लक्नू");
  CHECK(devanagari_of("TopI") == "टोपी");
  CHECK(devanagari_of("zarI") == "ज़री");
  CHECK(devanagari_of("ghoRA") == "घोड़ा");
  CHECK(devanagari_of("kshetra") == "क्षेत्र");
  CHECK(devanagari_of("ghee") == "घी");
  CHECK(devanagari_of("bhaai") == "भाई");
  CHECK(devanagari_of("k") == "क");
  CHECK(devanagari_of("").empty());
}

TEST_CASE("Roman typing never loses a letter and never throws", "[kiosk][ui]") {
  const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1.-";
  for (const char a : letters) {
    for (const char b : letters) {
      for (const char c : letters) {
        const std::string word{a, b, c};
        REQUIRE_FALSE(devanagari_of(word).empty());
      }
    }
  }
}
