// Builds frames: samples of the pointer and of a hardware keyboard go in, a drawn ImGui frame and
// its semantic tree come out. It owns the Dear ImGui context and what is remembered between frames.
// Needs no window and no GL: the program gives ImGui's draw data to its renderer, tests look at the
// tree.
// Threads: one at a time, the UI thread once it runs; one FrameMaker at a time (Dear ImGui has one
// current context).
#pragma once

#include "kiosk/media/images.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/frame.h"
#include "kiosk/ui/frame_memory.h"
#include "kiosk/ui/gestures.h"
#include "kiosk/ui/semantics.h"
#include "kiosk/ui/theme.h"
#include "shared/text/language.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct ImGuiContext;

namespace odop::kiosk::ui {

// What happened since the last frame: at most one change of the button (see app/input_queue.h).
struct Sample {
  float x = -1, y = -1;  // window pixels
  bool down = false;
  std::vector<KeyInput> keys{};
  std::int64_t now_ms = 0;  // monotonic
};

class FrameMaker {
 public:
  // Both must outlive it.
  FrameMaker(typeset::TextEngine& text, media::Images& images, const Panel& panel);
  ~FrameMaker();
  FrameMaker(const FrameMaker&) = delete;
  FrameMaker& operator=(const FrameMaker&) = delete;

  // What the next frame looks like; cheap when nothing changed.
  void set_panel(const Panel& panel);
  void set_look(const Comfort& comfort, Language language);

  using Draw = std::function<void(Frame&)>;

  // One whole frame; afterwards ImGui::GetDrawData() holds it. `draw` is called once.
  void frame(const Sample& sample, const Draw& draw);

  // Builds a frame that nobody will see, without a finger: what it needs is laid out and asked for.
  // Nothing is uploaded, so there need not be a window yet. Another thread may do it before the UI
  // thread begins.
  void rehearse(std::int64_t now_ms, const Draw& draw);

  [[nodiscard]] const SemanticTree& tree() const { return tree_; }
  // Scrolled areas of the last frame, and texts that it cut though they are no teasers.
  [[nodiscard]] const std::vector<ScrolledArea>& areas() const { return areas_; }
  [[nodiscard]] const std::vector<std::string>& cuts() const { return cuts_; }
  // When the next frame is needed without input: -1 not at all, else monotonic milliseconds (which
  // may have passed: at once).
  [[nodiscard]] std::int64_t wake_at_ms() const { return wake_at_ms_; }
  [[nodiscard]] const Theme& theme() const { return theme_; }
  [[nodiscard]] const GestureState& gesture() const { return arbiter_.state(); }

  // The touch that is down, or the next one, presses nothing (it woke the screen).
  void swallow_touch() { arbiter_.swallow(); }

  // Forgets everything that a visitor left in the drawing layer: caret, scrolling, laid-out texts.
  void wipe();

 private:
  void renew_theme();
  void build(const Sample& sample, const Draw& draw);

  typeset::TextEngine& text_;
  media::Images& images_;
  Panel panel_;
  Comfort comfort_;
  Language language_ = Language::kHindi;
  Theme theme_;
  GestureArbiter arbiter_;
  FrameMemory memory_;
  SemanticTree tree_;
  std::vector<ScrolledArea> areas_;
  std::vector<std::string> cuts_;
  std::int64_t wake_at_ms_ = -1;
  std::int64_t last_ms_ = 0;
  ImGuiContext* context_;  // owned
};

}  // namespace odop::kiosk::ui
