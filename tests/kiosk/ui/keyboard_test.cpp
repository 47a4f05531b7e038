#include "kiosk/ui/keyboard_layouts.h"
#include "kiosk/ui/widgets.h"
#include "tests/support/headless_stage.h"

#include <catch2/catch.hpp>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace odop;             // NOLINT
using namespace odop::kiosk::ui;  // NOLINT: a test of this room

namespace {

// A typist's keyboard: where the key that bears a Latin character lies, and whether with shift.
struct Stroke {
  std::size_t row = 0, column = 0;
  bool shift = false;
};

Stroke stroke_of(char latin) {
  constexpr std::array<std::string_view, 4> kPlain{"`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'",
                                                   "zxcvbnm,./"};
  constexpr std::array<std::string_view, 4> kShifted{"~!@#$%^&*()_+", "QWERTYUIOP{}|",
                                                     "ASDFGHJKL:\"", "ZXCVBNM<>?"};
  for (std::size_t row = 0; row < kPlain.size(); ++row) {
    if (const auto at = kPlain.at(row).find(latin); at != std::string_view::npos) {
      return {row, at, false};
    }
    if (const auto at = kShifted.at(row).find(latin); at != std::string_view::npos) {
      return {row, at, true};
    }
  }
  throw std::runtime_error("no key bears " + std::string(1, latin));
}

struct Typing {
  std::string value;
  std::optional<KeyboardKind> kind;
  std::vector<KeyboardKind> taken;  // with "other keyboard" and "numbers"
  test::HeadlessStage stage{[this](Frame& frame) {
    const std::string given = value;
    const KeyboardResult keys = keyboard(frame, keyboard_box(frame.theme()),
                                         {.kind = kind,
                                          .field = "f",
                                          .value = given,
                                          .space_label = " ",
                                          .other_label = "x",
                                          .backspace_label = "मिटाएं",
                                          .shift_label = "ऊपर",
                                          .numbers_label = "अंक",
                                          .letters_label = "अक्षर"});
    if (keys.changed) value = *keys.changed;
    if (keys.switched) taken.push_back(*keys.switched);
  }};

  void inscript(std::string_view strokes) {
    kind = KeyboardKind::kInscript;
    for (const char latin : strokes) {
      if (latin == ' ') {
        stage.tap("keyboard.space");
        continue;
      }
      const Stroke stroke = stroke_of(latin);
      if (stroke.shift) stage.tap("keyboard.shift");
      const KeyRow& row = layout_of(KeyboardKind::kInscript).rows[stroke.row];
      stage.tap("keyboard.key." + std::string(keys_of(row, stroke.shift).at(stroke.column)));
    }
  }
};

}  // namespace

TEST_CASE("InScript types what a typist's fingers know", "[kiosk][ui][headless]") {
  struct Word {
    std::string_view strokes, word;
  };
  const auto typed = GENERATE(values<Word>({
      {"kvdvqp", "कन्नौज"}, {"Fldj", "इत्र"},        {"je<d'djr/", "राष्ट्रीय"},
      {"&sldj", "क्षेत्र"},   {"kd<sldj", "क्षेत्र"},    {"%ev", "ज्ञान"},
      {"*r", "श्री"},       {"^fMtn", "त्रिशूल"},     {"h#/ei", "प्रयाग"},
      {"O$c", "धर्म"},      {"kr$lf>", "कीर्ति।"},   {";fkvkejr", "चिकनकारी"},
      {"p]jr", "ज़री"},     {"bejeCmr", "वाराणसी"}, {"nKvT", "लखनऊ"},
      {"Yoaur", "भदोही"},  {"Eije", "आगरा"},       {"cgjeoeyeo", "मुरादाबाद"},
      {"keX;", "काँच"},     {"hrln", "पीतल"},       {"+<f", "ऋषि"},
      {"og_K", "दुःख"},     {"2019", "२०१९"},       {"|H]fm", "ऑफ़िस"},
      {"PeXmr", "झाँसी"},   {"ueLjm", "हाथरस"},     {"\"ekgj", "ठाकुर"},
      {"{ank", "ढोलक"},    {":ljr", "छतरी"},       {"Ir", "घी"},
      {"Htn", "फूल"},       {"Wvk", "ऐनक"},         {"Qjl", "औरत"},
      {"Sk", "एक"},        {"Am", "ओस"},           {"GOej", "उधार"},
      {"Rx'", "ईंट"},       {"Ek Z", "आक ऎ"},       {"!", "ऍ"},
      {"()", "()"},
  }));
  INFO(typed.word);
  Typing typing;
  typing.inscript(typed.strokes);
  CHECK(typing.value == typed.word);
}

TEST_CASE("InScript's shift holds for one key, and every level has every key of the standard",
          "[kiosk][ui][headless]") {
  Typing typing;
  typing.inscript("Kk");
  CHECK(typing.value == "खक");
  const auto& rows = layout_of(KeyboardKind::kInscript).rows;
  const std::array<std::size_t, 4> widths{13, 13, 11, 10};
  REQUIRE(rows.size() == widths.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    CHECK(keys_of(rows[row], false).size() == widths.at(row));
    CHECK(keys_of(rows[row], true).size() == widths.at(row));
  }
}

TEST_CASE("Going through all keyboards loses nothing of what was typed, nor the caret",
          "[kiosk][ui][headless]") {
  Typing typing;
  for (const char* key : {"क", "न", "र"}) typing.stage.tap("keyboard.key." + std::string(key));
  REQUIRE(typing.value == "कनर");
  for (int i = 0; i < 5; ++i) {
    typing.stage.tap("keyboard.other");
    CHECK(typing.value == "कनर");
  }
  CHECK(std::set(typing.taken.begin(), typing.taken.end()).size() == 5);
  // A word begun on one keyboard goes on on the next: Roman, then InScript, then numbers and back.
  typing.stage.tap("keyboard.other");
  for (const char* key : {"m", "a"}) typing.stage.tap("keyboard.key." + std::string(key));
  CHECK(typing.value == "कनरम");
  typing.stage.tap("keyboard.other");
  typing.stage.tap("keyboard.key.ा");
  CHECK(typing.value == "कनरमा");
  typing.stage.tap("keyboard.numbers");
  typing.stage.tap("keyboard.key.7");
  typing.stage.tap("keyboard.numbers");
  CHECK(typing.value == "कनरमा7");
  typing.stage.tap("keyboard.backspace");
  typing.stage.tap("keyboard.backspace");
  CHECK(typing.value == "कनरम");
}

TEST_CASE("Each key of each keyboard can be said", "[kiosk][ui][headless]") {
  const KeyboardKind kind =
      GENERATE(KeyboardKind::kHindi, KeyboardKind::kInscript, KeyboardKind::kRoman,
               KeyboardKind::kEnglish, KeyboardKind::kUrdu, KeyboardKind::kNumbers);
  Typing typing;
  typing.kind = kind;
  typing.stage.frame();
  for (const Node& node : typing.stage.maker.tree()) {
    INFO(node.id);
    const std::string said = node.spoken.empty() ? node.label : node.spoken;
    CHECK_FALSE(said.empty());
    CHECK(said.find("keyboard.") == std::string::npos);
    CHECK(said.find("◌") == std::string::npos);
  }
}
