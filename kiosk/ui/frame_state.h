// The inside of Frame, shared by its source files only.
#pragma once

#include "kiosk/ui/frame.h"

#include <imgui.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace odop::kiosk::ui {

[[nodiscard]] inline ImU32 im(Colour c) { return IM_COL32(c.r, c.g, c.b, c.a); }

struct Frame::State {
  // How mm of the present scope become mm of the panel.
  struct Place {
    bool mirrored = false;
    double origin_x = 0;  // left edge of the scope on the panel
    double origin_y = 0;  // added to y (scrolling, inner scopes)
    double span = 0;      // width that mirroring refers to
  };
  struct Clip {
    PixelRect rect;
    float text_slack = 0;  // px by which text may stand out
  };
  struct ScrollArea {
    std::string id;
    Box box;  // as given
    PixelRect rect;
    double top = 0;       // y of the content's top in scope coordinates
    double bottom = 0;    // lowest point reached
    double origin_y = 0;  // of its scope
    bool modal = false;
  };

  std::vector<Place> places;
  std::vector<Clip> clips;
  std::vector<ScrollArea> scrolls;       // open ones
  std::vector<ScrollArea> seen_scrolls;  // closed ones, in order of opening
  std::vector<std::string> cuts;
  int dialogs = 0;
  bool group_open = false;
  bool clip_pushed = false;
  Frame::Channel channel = Frame::Channel::kShapes;
  std::int64_t wake_at_ms = -1;

  [[nodiscard]] const Place& place() const { return places.back(); }
  [[nodiscard]] const Clip& clip() const { return clips.back(); }
  void wake(std::int64_t at) {
    if (wake_at_ms < 0 || at < wake_at_ms) wake_at_ms = at;
  }
};

}  // namespace odop::kiosk::ui
