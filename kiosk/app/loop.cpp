#include "kiosk/app/loop.h"

#include "kiosk/app/cleared_memory.h"
#include "kiosk/app/process_age.h"
#include "kiosk/ui/screens/screens.h"
#include "shared/core/error.h"

#include <malloc.h>
#include <nlohmann/json.hpp>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <utility>

namespace odop::kiosk::app {
namespace {

// 60 frames a second are enough for a finger, and leave a core to the rest.
constexpr std::int64_t kFrameMs = 16;

// Whatever nobody thought of shows after this long; costs nothing (a wake without a frame).
constexpr double kLongestWaitS = 60;

constexpr std::size_t kKeptTimings = 120;

double thread_cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double wall_ms() {
  using Milli = std::chrono::duration<double, std::milli>;
  return Milli(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void keep(std::deque<double>& timings, double value) {
  timings.push_back(value);
  if (timings.size() > kKeptTimings) timings.pop_front();
}

std::string_view name_of(Link link) {
  switch (link) {
    case Link::kUnknown:
      return "unknown";
    case Link::kOnline:
      return "online";
    case Link::kOffline:
      return "offline";
    case Link::kCaptive:
      return "captive";
    case Link::kRefused:
      return "refused";
  }
  return "unknown";
}

}  // namespace

Loop::Loop(const LoopParts& parts)
    : parts_(parts), frames_(parts.scene.frames()), desk_(parts.scene.desk()) {}

double Loop::wait_seconds() const {
  if (dirty_ > 0 || parts_.window.input().pending()) return 0;
  const std::int64_t now = parts_.clock.mono().count();
  std::int64_t next = desk_.next_tick_ms();
  if (const std::int64_t wake = frames_.wake_at_ms(); wake >= 0) {
    next = std::min(next, std::max(wake, last_frame_ms_ + kFrameMs));
  }
  return std::clamp(static_cast<double>(next - now) / 1000.0, 0.0, kLongestWaitS);
}

void Loop::draw_frame() {
  const double began_wall = wall_ms();
  parts_.scene.apply_look();
  const double began_cpu = thread_cpu_ms();
  const ui::Sample sample = parts_.window.input().next(parts_.clock.mono().count());
  Intents intents;
  {
    const ScreenView view = desk_.view();
    screen_ = view.name;
    frames_.frame(sample, [&](ui::Frame& frame) { intents = ui::draw_screen(view, frame); });
  }
  const double build = thread_cpu_ms() - began_cpu;
  last_frame_ms_ = sample.now_ms;

  // A touch or a key that asked for nothing still says that somebody is there.
  const ui::GestureState& gesture = frames_.gesture();
  if (intents.empty() && (gesture.began || !sample.keys.empty())) {
    intents.emplace_back(intent::Touched{});
  }
  if (!intents.empty()) {
    desk_.act(intents);
    desk_.read_aloud(frames_.tree());
    dirty_ = std::max(dirty_, 1);
  }

  // With more events waiting, the next frame follows at once: this one need not be seen.
  if (parts_.window.input().pending()) return;
  const auto [width, height] = parts_.window.size();
  parts_.renderer.draw(width, height, frames_.theme().colour.chikan);
  if (parts_.inspector != nullptr) GlRenderer::finish();
  parts_.window.swap();
  if (drawn_++ == 0) first_frame_ms_ = process_age_ms();
  keep(build_ms_, build);
  keep(frame_ms_, wall_ms() - began_wall);
}

void Loop::wipe_when_told() {
  if (!desk_.take_wipe()) return;
  frames_.wipe();
  screen_.clear();
  dirty_ = std::max(dirty_, 1);
  clear_used_stack();
  // Pages that held a visitor's words go back to the kernel, which clears them.
  malloc_trim(0);
}

void Loop::run() {
  while (!parts_.stop && !parts_.window.should_close()) {
    const double wait = wait_seconds();
    if (wait > 0) {
      Window::wait(wait);
    } else {
      Window::poll();
    }

    bool due = parts_.window.input().pending();
    due |= desk_.receive();
    due |= desk_.tick();
    wipe_when_told();
    if (desk_.take_new_catalogue()) parts_.scene.images().forget_missing();
    due |= parts_.scene.images().pump();
    if (parts_.window.take_damage()) {
      const auto [width, height] = parts_.window.size();
      frames_.set_panel(parts_.panel(width, height));
      due = true;
    }
    if (const std::int64_t wake = frames_.wake_at_ms();
        wake >= 0 && wake <= parts_.clock.mono().count()) {
      due = true;
    }
    if (due || dirty_ > 0) {
      if (dirty_ > 0) --dirty_;
      draw_frame();
      wipe_when_told();
      if (drawn_ > 0 && parts_.after_first_frame) {
        std::exchange(parts_.after_first_frame, nullptr)();
        desk_.after_first_frame();
      }
    }
    // The fleet's people said so: nobody looks inside any more.
    if (parts_.inspector != nullptr && desk_.sync().production) parts_.inspector.reset();
    // The answer shows what everything so far has led to.
    if (parts_.inspector != nullptr && dirty_ == 0 && !parts_.window.input().pending()) {
      if (const auto question = parts_.inspector->question()) answer(*question);
    }
  }
}

void Loop::answer(const Question& question) {
  if (question.get == "tree") {
    parts_.inspector->answer(tree_json(screen_, frames_.tree()));
  } else if (question.get == "stats") {
    parts_.inspector->answer(stats_json());
  } else if (question.get == "screenshot") {
    parts_.inspector->answer(take_screenshot(question.path));
  } else {
    parts_.inspector->answer(R"({"error":"get is one of tree, stats, screenshot"})");
  }
}

std::string Loop::stats_json() const {
  const typeset::TextStats text = parts_.scene.text().stats();
  const media::ImageStats images = parts_.scene.images().stats();
  const SyncState& sync = desk_.sync();
  nlohmann::json json{
      {"frames", drawn_},
      {"build_ms", build_ms_},
      {"frame_ms", frame_ms_},
      {"text", {{"layouts", text.layouts}, {"hits", text.hits}, {"misses", text.misses}}},
      {"atlas",
       {{"pages", text.atlas_pages},
        {"glyphs", text.atlas_glyphs},
        {"generation", text.atlas_generation}}},
      {"images",
       {{"textures", images.textures},
        {"bytes", images.bytes},
        {"waiting", images.waiting},
        {"failed", images.failed}}},
      {"queue", sync.queue},
      {"answers", sync.answers},
      {"release", desk_.catalogue().release.value},
      {"sync",
       {{"enrolled", sync.enrolled},
        {"link", name_of(sync.link)},
        {"online", sync.link == Link::kOnline},
        {"queue", sync.queue},
        {"last_contact_ms", sync.last_contact_ms},
        {"release", sync.release.value},
        {"arriving", sync.arriving.value},
        {"progress_permille", sync.progress_permille},
        {"trouble", sync.trouble}}}};
  if (first_frame_ms_) json["first_frame_ms"] = *first_frame_ms_;
  return json.dump();
}

std::string Loop::take_screenshot(const std::string& path) {
  // As a visitor sees it once everything is there.
  for (int i = 0; i < 8; ++i) {
    parts_.scene.images().settle();
    draw_frame();
    if (!parts_.scene.images().busy()) break;
  }
  draw_frame();
  const auto [width, height] = parts_.window.size();
  parts_.renderer.draw(width, height, frames_.theme().colour.chikan);
  GlRenderer::finish();
  const std::vector<std::uint8_t> pixels = GlRenderer::read_back(width, height);
  const int written = stbi_write_png(path.c_str(), width, height, 3, pixels.data(), width * 3);
  parts_.window.swap();
  if (written == 0) return R"({"error":"cannot write the file"})";
  return nlohmann::json{{"path", path}, {"width", width}, {"height", height}}.dump();
}

}  // namespace odop::kiosk::app
