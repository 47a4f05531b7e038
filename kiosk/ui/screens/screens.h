// The screens of the kiosk: a view-model in, intents out. `draw_screen` draws everything that the
// visitor sees: sari border, head, body, temple edge, permanent bar and, when one is open, the
// sheet over them. The window is cleared to theme.colour.chikan before.
//
// The only state between frames is the Frame's own (scroll offsets, carets, animations).
// Threads: the UI thread.
#pragma once

#include "kiosk/model/intent.h"
#include "kiosk/model/views.h"
#include "kiosk/ui/frame.h"

namespace odop::kiosk::ui {

[[nodiscard]] Intents draw_screen(const ScreenView& view, Frame& frame);

}  // namespace odop::kiosk::ui
