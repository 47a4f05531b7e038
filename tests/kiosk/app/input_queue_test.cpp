#include "kiosk/app/input_queue.h"

#include "kiosk/ui/widgets.h"
#include "tests/support/headless_stage.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using odop::kiosk::app::InputQueue;
using odop::kiosk::ui::EditKey;
using odop::kiosk::ui::Sample;

TEST_CASE("A frame sees one change of the button at most", "[kiosk][app]") {
  InputQueue queue;
  for (int i = 0; i < 3; ++i) {
    queue.move(10, 10);
    queue.button(true, 10, 10);
    queue.button(false, 11, 10);
  }
  std::vector<bool> downs;
  while (queue.pending()) downs.push_back(queue.next(0).down);
  CHECK(downs == std::vector<bool>{true, false, true, false, true, false});
}

TEST_CASE("Moves are taken together, and the last one counts", "[kiosk][app]") {
  InputQueue queue;
  for (int i = 0; i < 100; ++i) queue.move(static_cast<float>(i), 5);
  const Sample sample = queue.next(7);
  CHECK(sample.x == 99);
  CHECK(sample.now_ms == 7);
  CHECK_FALSE(queue.pending());
  CHECK(queue.next(8).x == 99);  // the pointer stays where it is
}

TEST_CASE("Keys keep their order, also among touches", "[kiosk][app]") {
  InputQueue queue;
  queue.text(U'क');
  queue.key(EditKey::kBackspace);
  queue.text(U'x');
  queue.button(true, 1, 1);
  queue.text(U'\x1F600');
  queue.text(0xD800);  // half a character
  queue.text(7);       // a bell
  const Sample first = queue.next(0);
  REQUIRE(first.keys.size() == 3);
  CHECK(first.keys.at(0).text == "क");
  CHECK(first.keys.at(1).key == EditKey::kBackspace);
  CHECK(first.keys.at(2).text == "x");
  CHECK(first.down);
  const Sample second = queue.next(0);
  REQUIRE(second.keys.size() == 1);
  CHECK(second.keys.at(0).text == "\xF0\x9F\x98\x80");
}

TEST_CASE("Forty taps at once on the number pad are forty digits", "[kiosk][app][headless]") {
  using namespace odop::kiosk::ui;  // NOLINT
  std::string value;
  odop::test::HeadlessStage shown([&](Frame& frame) {
    const auto pad = number_pad(frame, {49, 248, 300, 264}, value, 40, {"x", "y"});
    if (pad.changed) value = *pad.changed;
  });
  shown.frame();
  InputQueue queue;
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const std::string digit(1, static_cast<char>('0' + (i * 7) % 10));
    expected += digit;
    const auto& hit = shown.node("keyboard.key." + digit).hit;
    const float x = hit.x + hit.w / 2;
    const float y = hit.y + hit.h / 2;
    queue.move(x, y);
    queue.button(true, x, y);
    queue.button(false, x, y);
  }
  // All events came within a millisecond: the frames that eat them follow without any pause.
  const auto draw = [&](Frame& frame) {
    const auto pad = number_pad(frame, {49, 248, 300, 264}, value, 40, {"x", "y"});
    if (pad.changed) value = *pad.changed;
  };
  int frames = 0;
  while (queue.pending()) {
    shown.maker.frame(queue.next(shown.now_ms + 1), draw);
    ++frames;
  }
  CHECK(value == expected);
  CHECK(frames == 80);
}
