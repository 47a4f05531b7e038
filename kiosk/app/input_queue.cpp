#include "kiosk/app/input_queue.h"

#include <utility>

namespace odop::kiosk::app {
namespace {

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

}  // namespace

void InputQueue::move(float x, float y) {
  // Only the last of several moves matters.
  if (!events_.empty()) {
    if (auto* last = std::get_if<Move>(&events_.back())) {
      *last = {x, y};
      return;
    }
  }
  events_.emplace_back(Move{x, y});
}

void InputQueue::button(bool down, float x, float y) { events_.emplace_back(Button{down, x, y}); }

void InputQueue::key(ui::EditKey key) { events_.emplace_back(ui::KeyInput{key, {}}); }

void InputQueue::text(char32_t code_point) {
  // Neither control characters nor what is no character at all.
  if (code_point < 0x20 || code_point == 0x7F || code_point > 0x10FFFF ||
      (code_point >= 0xD800 && code_point < 0xE000)) {
    return;
  }
  ui::KeyInput input;
  append_utf8(input.text, code_point);
  events_.emplace_back(std::move(input));
}

ui::Sample InputQueue::next(std::int64_t now_ms) {
  ui::Sample sample;
  bool changed = false;
  while (!events_.empty() && !changed) {
    auto event = std::move(events_.front());
    events_.pop_front();
    if (const auto* moved = std::get_if<Move>(&event)) {
      x_ = moved->x;
      y_ = moved->y;
    } else if (const auto* pressed = std::get_if<Button>(&event)) {
      x_ = pressed->x;
      y_ = pressed->y;
      changed = down_ != pressed->down;
      down_ = pressed->down;
    } else {
      sample.keys.push_back(std::get<ui::KeyInput>(std::move(event)));
    }
  }
  sample.x = x_;
  sample.y = y_;
  sample.down = down_;
  sample.now_ms = now_ms;
  return sample;
}

}  // namespace odop::kiosk::app
