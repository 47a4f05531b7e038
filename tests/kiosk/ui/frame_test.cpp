#include "kiosk/model/services_view.h"
#include "kiosk/ui/keyboard_layouts.h"
#include "kiosk/ui/widgets.h"
#include "tests/support/headless_stage.h"

#include <catch2/catch.hpp>
#include <imgui.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

using namespace odop;             // NOLINT: a test of this room
using namespace odop::kiosk::ui;  // NOLINT

namespace {

constexpr std::array kPanels{Panel{1080, 1920, 398, 707.6, 0}, Panel{1920, 1080, 708, 398, 0},
                             Panel{1920, 1080, 476, 268, 0}, Panel{1280, 800, 332, 207.5, 0}};

BarSpec words_of_bar() {
  return {.can_listen = true,
          .back = "वापस",
          .home = "पहला पन्ना",
          .text = "अक्षर",
          .contrast = "गहरा रंग",
          .listen = "सुनें",
          .help = "मदद"};
}

void check_targets(const test::HeadlessStage& shown) {
  const Theme& theme = shown.maker.theme();
  const double least = theme.min_target_mm * theme.px_per_mm - 1.5;  // rounding of both edges
  std::set<std::string> ids;
  for (const Node& node : shown.maker.tree()) {
    if (!node.target) continue;
    INFO(node.id << " on " << theme.panel.width_px << "x" << theme.panel.height_px << " mm "
                 << theme.panel.width_mm);
    CHECK(node.hit.w >= least);
    CHECK(node.hit.h >= least);
    CHECK(node.rect.x >= -0.5F);
    CHECK(node.rect.x + node.rect.w <= static_cast<float>(theme.panel.width_px) + 0.5F);
    CHECK(node.rect.y + node.rect.h <= static_cast<float>(theme.panel.height_px) + 0.5F);
    CHECK(ids.insert(node.id).second);
  }
}

}  // namespace

TEST_CASE("A tap acts on release, and sliding off cancels it", "[kiosk][ui][headless]") {
  int taps = 0;
  bool pressed = false;
  test::HeadlessStage shown([&](Frame& frame) {
    const Touch touch = frame.target("one", {20, 100, 60, 30}, Role::kButton, "One");
    pressed = touch.pressed;
    taps += touch.tapped ? 1 : 0;
  });
  shown.frame();
  const PixelRect rect = shown.node("one").rect;
  const float x = rect.x + rect.w / 2;
  const float y = rect.y + rect.h / 2;

  shown.press(x, y);
  shown.frame();
  CHECK(pressed);
  CHECK(taps == 0);
  shown.release();
  CHECK(taps == 1);

  SECTION("within the slop but outside the target") {
    shown.press(rect.x + 1, y);
    shown.x = rect.x - 4;
    shown.frame();
    CHECK_FALSE(pressed);
    shown.release();
    CHECK(taps == 1);
  }
  SECTION("far away") {
    shown.press(x, y);
    shown.y = y + 300;
    shown.frame();
    shown.release();
    CHECK(taps == 1);
  }
  SECTION("away and back is a drag, not a tap") {
    shown.press(x, y);
    shown.y = y + 300;
    shown.frame();
    shown.y = y;
    shown.frame();
    shown.release();
    CHECK(taps == 1);
  }
}

TEST_CASE("A press belongs to the screen that it was made on", "[kiosk][ui][headless]") {
  // The first screen's button leads to a second one, whose button lies at the same place.
  bool second = false;
  int acted = 0;
  test::HeadlessStage shown([&](Frame& frame) {
    if (!second) {
      second = frame.tap("go", {20, 100, 60, 30}, Role::kButton, "Go");
    } else {
      acted += frame.tap("danger", {20, 100, 60, 30}, Role::kButton, "Danger") ? 1 : 0;
    }
  });
  shown.tap("go");
  CHECK(second);
  CHECK(acted == 0);
  shown.tap("danger");
  CHECK(acted == 1);
}

TEST_CASE("The topmost target takes the touch, and a dialog takes all", "[kiosk][ui][headless]") {
  std::string last;
  bool dialog = false;
  test::HeadlessStage shown([&](Frame& frame) {
    if (frame.tap("below", {20, 100, 100, 60}, Role::kButton, "Below")) last = "below";
    if (frame.tap("above", {20, 100, 40, 60}, Role::kButton, "Above")) last = "above";
    if (dialog) {
      const auto scope = frame.dialog("sheet", "Sheet");
      if (frame.tap("inside", {200, 300, 40, 40}, Role::kButton, "Inside")) last = "inside";
    }
  });
  shown.tap("above");
  CHECK(last == "above");
  const PixelRect below = shown.node("below").rect;
  shown.tap_at(below.x + below.w - 5, below.y + 5);
  CHECK(last == "below");
  last.clear();
  dialog = true;
  shown.tap("below");
  CHECK(last.empty());
  shown.tap("inside");
  CHECK(last == "inside");
}

TEST_CASE("A disabled target is seen but does nothing", "[kiosk][ui][headless]") {
  int taps = 0;
  test::HeadlessStage shown([&](Frame& frame) {
    taps += button(frame, "send", {20, 100, 100, 36}, "भेजें", {.enabled = false}) ? 1 : 0;
  });
  shown.tap("send");
  CHECK(taps == 0);
  CHECK_FALSE(shown.node("send").enabled);
}

TEST_CASE("A scrolled area follows the finger, keeps going, and stops at its end",
          "[kiosk][ui][headless]") {
  std::string tapped;
  Frame::ScrollPosition position;
  test::HeadlessStage shown([&](Frame& frame) {
    {
      const auto scope = frame.scroll("list", {16, 100, 300, 200});
      for (int i = 0; i < 20; ++i) {
        const std::string id = "row." + std::to_string(i);
        if (frame.tap(id, {16, 100.0 + i * 40, 300, 36}, Role::kLink, id)) tapped = id;
      }
    }
    position = frame.scroll_position("list");
  });
  shown.frame();
  shown.frame();
  CHECK(position.furthest == Approx(20 * 40 - 4 - 200));
  CHECK(shown.node("row.0").visible);
  CHECK_FALSE(shown.node("row.19").visible);

  const float unit = static_cast<float>(shown.maker.theme().px_per_mm);
  const float x = 100 * unit;
  shown.press(x, 250 * unit);
  for (int i = 1; i <= 6; ++i) {
    shown.y = (250.0F - 20.0F * static_cast<float>(i)) * unit;
    shown.frame();
  }
  CHECK(position.offset == Approx(120).margin(1));
  shown.release();
  CHECK(tapped.empty());
  const double dropped = position.offset;
  for (int i = 0; i < 300; ++i) shown.frame();
  CHECK(position.offset > dropped + 50);
  CHECK(position.offset <= position.furthest);
  const double rest = position.offset;
  shown.frame();
  CHECK(position.offset == rest);
  CHECK(shown.maker.wake_at_ms() == -1);  // and asks for no more frames

  // What is scrolled out of sight cannot be touched; what is in sight can.
  shown.tap("row.14");
  CHECK(tapped == "row.14");
}

TEST_CASE("Urdu mirrors the layout, but not what runs left to right", "[kiosk][ui][headless]") {
  test::HeadlessStage shown([&](Frame& frame) {
    frame.target("start", {16, 100, 40, 40}, Role::kButton, "s");
    const auto scope = frame.left_to_right({100, 200, 200, 100});
    frame.target("left", {0, 0, 40, 40}, Role::kButton, "l");
    frame.target("right", {160, 0, 40, 40}, Role::kButton, "r");
  });
  shown.frame();
  const float hindi = shown.node("start").rect.x;
  shown.maker.set_look({}, Language::kUrdu);
  shown.frame();
  CHECK(shown.node("start").rect.x ==
        Approx(1080 - hindi - shown.node("start").rect.w).margin(1.5));
  CHECK(shown.node("left").rect.x < shown.node("right").rect.x);
}

TEST_CASE("The words of a button stay between its edges in Nastaliq too", "[kiosk][ui][headless]") {
  const Panel panel = GENERATE(from_range(kPanels.begin(), kPanels.end()));
  std::string label;
  double height = 0;
  test::HeadlessStage shown(
      [&](Frame& frame) {
        (void)button(frame, "button", {40, 60, 90, height}, label, {.kind = ButtonKind::kPrimary});
      },
      panel);
  shown.maker.set_look({}, Language::kUrdu);
  for (const double tall : {20.0, 24.0, 34.0}) {
    for (const char* words : {"پیچھے", "مکمل ہوا", "اور دیکھیں", "فارم بھریں", "بھیجیں"}) {
      INFO(words << " on " << panel.width_px << " px, " << tall);
      label = words;
      height = tall;
      shown.frame();
      shown.frame();
      const PixelRect box = shown.node("button").rect;
      // What is not drawn with the white texture is letters.
      std::size_t letters = 0;
      const ImDrawData* drawn = ImGui::GetDrawData();
      for (int i = 0; i < drawn->CmdListsCount; ++i) {
        const ImDrawList& list = *drawn->CmdLists[i];
        for (const ImDrawCmd& cmd : list.CmdBuffer) {
          if (cmd.GetTexID() == ImGui::GetIO().Fonts->TexID) continue;
          for (unsigned at = cmd.IdxOffset; at < cmd.IdxOffset + cmd.ElemCount; ++at) {
            const auto index = cmd.VtxOffset + list.IdxBuffer[static_cast<int>(at)];
            const float y = list.VtxBuffer[static_cast<int>(index)].pos.y;
            ++letters;
            if (y < box.y || y > box.y + box.h) FAIL_CHECK("a letter at " << y);
          }
        }
      }
      CHECK(letters > 0);
    }
  }
}

TEST_CASE("The longest text of a code picture makes modules that a phone reads",
          "[kiosk][ui][headless]") {
  const Panel panel = GENERATE(from_range(kPanels.begin(), kPanels.end()));
  constexpr int kModules = 149;  // version 33
  std::string payload(odop::kiosk::kMaxCodeBytes, '\xE0');
  Box symbol;
  test::HeadlessStage shown(
      [&](Frame& frame) {
        const double side = frame.qr_side(payload, 60);
        symbol = frame.qr({20, 60, side, side}, payload);
      },
      panel);
  shown.frame();
  const double module_px = symbol.w * shown.maker.theme().px_per_mm / kModules;
  CHECK(module_px == Approx(std::round(module_px)).margin(1e-3));
  CHECK(module_px * panel.width_mm / panel.width_px >= 0.4);
  payload += 'x';
  shown.frame();
  CHECK(symbol.w == 0);
}

TEST_CASE("The bar keeps languages in order and its targets large on every panel",
          "[kiosk][ui][headless]") {
  const Panel panel = GENERATE(from_range(kPanels.begin(), kPanels.end()));
  const Language language = GENERATE(Language::kHindi, Language::kEnglish, Language::kUrdu);
  BarResult result;
  test::HeadlessStage shown(
      [&](Frame& frame) {
        const BarResult now = bar(frame, words_of_bar());
        if (now.language) result.language = now.language;
        result.back |= now.back;
      },
      panel);
  shown.maker.set_look({}, language);
  shown.frame();
  check_targets(shown);
  CHECK(shown.node("bar.language.hi").rect.x < shown.node("bar.language.en").rect.x);
  CHECK(shown.node("bar.language.en").rect.x < shown.node("bar.language.ur").rect.x);
  CHECK(shown.node("bar.language." + std::string(code(language))).value == "on");
  const bool back_is_left = shown.node("bar.back").rect.x < shown.node("bar.help").rect.x;
  CHECK(back_is_left == (language != Language::kUrdu));
  shown.tap("bar.back");
  CHECK(result.back);
  shown.tap("bar.language." + std::string(language == Language::kHindi ? "en" : "hi"));
  CHECK(result.language == (language == Language::kHindi ? Language::kEnglish : Language::kHindi));
}

TEST_CASE("Every key of every keyboard can be touched on every panel", "[kiosk][ui][headless]") {
  const Panel panel = GENERATE(from_range(kPanels.begin(), kPanels.end()));
  const KeyboardKind kind =
      GENERATE(KeyboardKind::kHindi, KeyboardKind::kInscript, KeyboardKind::kRoman,
               KeyboardKind::kEnglish, KeyboardKind::kUrdu, KeyboardKind::kNumbers);
  test::HeadlessStage shown(
      [&](Frame& frame) {
        keyboard(frame, keyboard_box(frame.theme()),
                 {.kind = kind,
                  .field = "f",
                  .space_label = "खाली जगह",
                  .other_label = "दूसरा कीबोर्ड",
                  .submit_label = "खोजें"});
      },
      panel);
  shown.frame();
  check_targets(shown);
}

TEST_CASE("Keys type at the caret, signs join, and the hardware keyboard types too",
          "[kiosk][ui][headless]") {
  std::string value;
  test::HeadlessStage shown([&](Frame& frame) {
    // As screens do: both are given the value that the frame began with.
    const std::string given = value;
    const FieldResult field = text_field(frame, "search.field", {16, 52, 366, 34},
                                         {.value = given, .label = "खोजें", .clear_label = "मिटाएं"});
    const KeyboardResult keys =
        keyboard(frame, keyboard_box(frame.theme()),
                 {.field = "search.field", .value = given, .space_label = " ", .other_label = "x"});
    if (field.changed) value = *field.changed;
    if (keys.changed) value = *keys.changed;
  });
  for (const char* key : {"इ", "त", "्", "र"}) shown.tap("keyboard.key." + std::string(key));
  CHECK(value == "इत्र");
  CHECK(shown.node("keyboard.key.ा").label == "त्रा");
  CHECK(shown.node("search.field").value == "इत्र");

  SECTION("backspace by code point") {
    shown.tap("keyboard.backspace");
    CHECK(value == "इत्");
    CHECK(shown.node("keyboard.key.ा").label == "◌ा");
  }
  SECTION("the hardware keyboard") {
    for (const char* letter : {"द", "ा", "न"}) shown.type(letter);
    CHECK(value == "इत्रदान");
    shown.key(EditKey::kHome);
    shown.type("क");
    CHECK(value == "कइत्रदान");
    shown.key(EditKey::kDelete);
    CHECK(value == "कत्रदान");
    shown.key(EditKey::kBackspace);
    CHECK(value == "त्रदान");
    shown.key(EditKey::kRight);  // over a whole grapheme
    shown.type("x");
    CHECK(value == "त्रxदान");
  }
  SECTION("a tap places the caret") {
    const PixelRect hit = shown.node("search.field").hit;
    shown.tap_at(hit.x + 2, hit.y + hit.h / 2);
    shown.tap("keyboard.key.क");
    CHECK(value == "कइत्र");
  }
  SECTION("emptying it") {
    shown.tap("search.field.clear");
    CHECK(value.empty());
  }
  SECTION("Roman typing yields Devanagari, letter by letter") {
    shown.tap("search.field.clear");
    shown.tap("keyboard.other");
    for (const char* key : {"k", "a", "n", "n", "a", "u", "j"}) {
      shown.tap("keyboard.key." + std::string(key));
    }
    CHECK(value == "कन्नौज");
    shown.tap("keyboard.backspace");
    CHECK(value == "कन्नौ");
    shown.tap("keyboard.space");
    shown.tap("keyboard.key.i");
    CHECK(value == "कन्नौ इ");
  }
  SECTION("numbers and back") {
    shown.tap("keyboard.numbers");
    shown.tap("keyboard.key.7");
    CHECK(value == "इत्र7");
    shown.tap("keyboard.numbers");
    shown.tap("keyboard.key.क");
    CHECK(value == "इत्र7क");
  }
}

TEST_CASE("The number pad takes digits up to its limit and stays unmirrored",
          "[kiosk][ui][headless]") {
  std::string value;
  const std::array groups{5, 5};
  test::HeadlessStage shown([&](Frame& frame) {
    const FieldResult field =
        digit_field(frame, "form.field.mobile", {16, 148, 366, 62}, value, groups, "+91", "मोबाइल");
    if (field.changed) value = *field.changed;
    const NumberPadResult pad =
        number_pad(frame, {49, 248, 300, 264}, value, 10, {"सब मिटाएं", "मिटाएं"});
    if (pad.changed) value = *pad.changed;
  });
  shown.maker.set_look({}, Language::kUrdu);
  for (const char digit : std::string("94152071234")) {
    shown.tap("keyboard.key." + std::string(1, digit));
  }
  CHECK(value == "9415207123");
  CHECK(shown.node("keyboard.key.1").rect.x < shown.node("keyboard.key.3").rect.x);
  shown.tap("keyboard.backspace");
  CHECK(value == "941520712");
  shown.type("8x");
  CHECK(value == "9415207128");
  shown.tap("keyboard.clear");
  CHECK(value.empty());
  check_targets(shown);
}

TEST_CASE("Tab walks over the targets and Enter presses one", "[kiosk][ui][headless]") {
  std::string tapped;
  test::HeadlessStage shown([&](Frame& frame) {
    for (const char* id : {"one", "two", "three"}) {
      const double y = 100 + 60.0 * (id[0] == 'o' ? 0 : id[1] == 'w' ? 1 : 2);
      if (button(frame, id, {16, y, 100, 36}, id)) tapped = id;
    }
  });
  shown.frame();
  shown.key(EditKey::kTab);
  shown.key(EditKey::kTab);
  shown.key(EditKey::kEnter);
  CHECK(tapped == "two");
  shown.key(EditKey::kBackTab);
  shown.key(EditKey::kEnter);
  CHECK(tapped == "one");
}

TEST_CASE("A visitor's words are gone from the drawing layer after a wipe",
          "[kiosk][ui][headless]") {
  std::string value = "गुप्त नाम";
  test::HeadlessStage shown([&](Frame& frame) {
    text_field(frame, "f", {16, 52, 366, 34}, {.value = value, .label = "f"});
  });
  shown.frame();
  CHECK(shown.text().stats().layouts > 0);
  shown.maker.wipe();
  CHECK(shown.text().stats().layouts == 0);
  CHECK(shown.maker.tree().empty());
}

TEST_CASE("The warning counts down, and any touch keeps the session", "[kiosk][ui][headless]") {
  WarningResult last = WarningResult::kNone;
  const Panel panel = GENERATE(from_range(kPanels.begin(), kPanels.end()));
  test::HeadlessStage shown(
      [&](Frame& frame) {
        const WarningResult now = idle_warning(frame, {.seconds = "18",
                                                       .title = "क्या आप यहीं हैं?",
                                                       .note = "फिर सब कुछ मिटा दिया जाएगा",
                                                       .stay = "मैं यहीं हूं",
                                                       .erase = "मिटा दें"});
        if (now != WarningResult::kNone) last = now;
      },
      panel);
  shown.tap("idle.erase");
  CHECK(last == WarningResult::kErase);
  shown.tap("idle.stay");
  CHECK(last == WarningResult::kStay);
  last = WarningResult::kNone;
  shown.tap_at(3, 3);
  CHECK(last == WarningResult::kStay);
  check_targets(shown);
}

TEST_CASE("A rehearsed frame is laid out but uploads nothing", "[kiosk][ui][headless]") {
  std::size_t drawn = 0;
  test::HeadlessStage shown([&](Frame& frame) {
    ++drawn;
    frame.say("line", {20, 60, 200, 20}, "एक जनपद एक उत्पाद", {.em = 8});
  });
  shown.rehearse();
  CHECK(drawn == 1);
  CHECK(shown.atlas().uploads == 0);
  const std::uint64_t misses = shown.text().stats().misses;
  CHECK(misses > 0);

  shown.frame();
  CHECK(drawn == 2);
  CHECK(shown.text().stats().misses == misses);  // nothing had to be laid out again
  CHECK(shown.atlas().uploads == 1);             // what the rehearsal rastered comes with it
}
