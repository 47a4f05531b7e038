#include "kiosk/ui/frame_maker.h"

#include <imgui.h>

#include <algorithm>

namespace odop::kiosk::ui {

FrameMaker::FrameMaker(typeset::TextEngine& text, media::Images& images, const Panel& panel)
    : text_(text),
      images_(images),
      panel_(panel),
      theme_(make_theme(panel, {})),
      arbiter_(theme_.px(theme_.target.slop)),
      context_(ImGui::CreateContext()) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags = ImGuiConfigFlags_None;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  // Of ImGui's own atlas only the white texel is used, so shapes need no texture: softened edges
  // are triangles, and the texture keeps the name 0, by which a renderer knows them.
  io.Fonts->Flags |= ImFontAtlasFlags_NoBakedLines | ImFontAtlasFlags_NoMouseCursors;
  unsigned char* pixels = nullptr;
  int width = 0;
  int height = 0;
  io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  ImGuiStyle& style = ImGui::GetStyle();
  style.AntiAliasedLinesUseTex = false;
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.WindowRounding = 0;
}

FrameMaker::~FrameMaker() { ImGui::DestroyContext(context_); }

void FrameMaker::renew_theme() {
  theme_ = make_theme(panel_, comfort_);
  arbiter_.set_slop(theme_.px(theme_.target.slop));
}

void FrameMaker::set_panel(const Panel& panel) {
  panel_ = panel;
  renew_theme();
}

void FrameMaker::set_look(const Comfort& comfort, Language language) {
  language_ = language;
  if (comfort == comfort_) return;
  comfort_ = comfort;
  renew_theme();
}

void FrameMaker::frame(const Sample& sample, const Draw& draw) {
  build(sample, draw);
  text_.upload();
}

void FrameMaker::rehearse(std::int64_t now_ms, const Draw& draw) {
  build({.now_ms = now_ms}, draw);
}

void FrameMaker::build(const Sample& sample, const Draw& draw) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(panel_.width_px), static_cast<float>(panel_.height_px)};
  io.DeltaTime =
      static_cast<float>(std::clamp<std::int64_t>(sample.now_ms - last_ms_, 1, 1000)) / 1000.0F;
  io.MousePos = {sample.x, sample.y};
  io.MouseDown[0] = sample.down;
  last_ms_ = sample.now_ms;

  FrameInput input;
  input.gesture = arbiter_.sample(io.MousePos.x, io.MousePos.y, io.MouseDown[0], sample.now_ms);
  input.keys = sample.keys;
  input.now_ms = sample.now_ms;

  text_.begin_frame();
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::Begin("kiosk", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoInputs);
  {
    Frame canvas({*ImGui::GetWindowDrawList(), text_, theme_, images_, memory_, input, language_});
    draw(canvas);
    Frame::Outcome outcome = canvas.finish();
    tree_ = std::move(outcome.tree);
    areas_ = std::move(outcome.areas);
    cuts_ = std::move(outcome.cuts);
    wake_at_ms_ = outcome.wake_at_ms;
  }
  ImGui::End();
  ImGui::Render();
  const std::int64_t held_at = arbiter_.long_press_at();
  if (held_at >= 0 && (wake_at_ms_ < 0 || held_at < wake_at_ms_)) wake_at_ms_ = held_at;
}

void FrameMaker::wipe() {
  memory_.wipe();
  tree_.clear();
  areas_.clear();
  cuts_.clear();
  text_.forget();
}

}  // namespace odop::kiosk::ui
