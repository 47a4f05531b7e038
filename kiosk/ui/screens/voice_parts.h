// What the sheets share on which somebody speaks. Private to kiosk/ui/screens.
#pragma once

#include "kiosk/ui/screens/parts.h"

namespace odop::kiosk::ui {

// The microphone, `across` mm, in the middle of the box, with a halo that grows with the voice; a
// touch begins, or ends.
void draw_microphone(const Stage& stage, const VoiceView& view, const Box& box, double across);
// What is going on and what to do; returns the y below.
double draw_voice_words(const Stage& stage, const VoiceView& view, const Box& column, double y,
                        Align align);
// The time that is left, while somebody speaks; returns the y below.
double draw_voice_time(const Stage& stage, const VoiceView& view, const Box& column, double y);

}  // namespace odop::kiosk::ui
