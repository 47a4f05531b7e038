// What all questions of a form share. Private to kiosk/ui/screens.
#pragma once

#include "kiosk/ui/screens/parts.h"

namespace odop::kiosk::ui {

// Stitches, question and hint at the top of the column; returns the y below.
double question_head(const Stage& stage, const QuestionView& view, const Box& column);
// A round microphone on madder. True when tapped.
bool mic(const Stage& stage, std::string_view id, const Box& box, std::string_view label,
         std::string_view icon = "mic");
// Back, and next or send.
void question_buttons(const Stage& stage, const QuestionView& view, const Box& box);

}  // namespace odop::kiosk::ui
