// One drawing function a screen. Private to kiosk/ui/screens; each lies in a file of its own.
#pragma once

#include "kiosk/ui/screens/parts.h"

namespace odop::kiosk::ui {

void draw_attract(const Stage& stage, const AttractView& view);
void draw_home(const Stage& stage, const HomeView& view);
void draw_district(const Stage& stage, const DistrictView& view);
void draw_product(const Stage& stage, const ProductView& view);
void draw_search(const Stage& stage, const SearchView& view);
void draw_list(const Stage& stage, const ListView& view);
void draw_question(const Stage& stage, const QuestionView& view);
void draw_consent(const Stage& stage, const QuestionView& view);
// A question that was answered by voice.
void draw_spoken(const Stage& stage, const QuestionView& view);
void draw_picking(const Stage& stage, const QuestionView& view);
void draw_receipt(const Stage& stage, const ReceiptView& view);
void draw_answer(const Stage& stage, const AnswerView& view);
void draw_hall(const Stage& stage, const HallView& view);
void draw_maintenance(const Stage& stage, const MaintenanceView& view);

void draw_opening(const Stage& stage, const OpeningView& view);
void draw_review(const Stage& stage, const ReviewView& view);
void draw_artisan(const Stage& stage, const ArtisanView& view);

void draw_schemes(const Stage& stage, const SchemesView& view);
void draw_scheme(const Stage& stage, const SchemeView& view);
void draw_result(const Stage& stage, const ResultView& view);
void draw_district_help(const Stage& stage, const DistrictHelpView& view);
void draw_events(const Stage& stage, const EventsView& view);
void draw_event(const Stage& stage, const EventView& view);

void draw_help(const Stage& stage, const HelpView& view);
void draw_choices(const Stage& stage, const ChoicesView& view);
void draw_leave(const Stage& stage, const LeaveView& view);
void draw_voice(const Stage& stage, const VoiceView& view);
void draw_helper(const Stage& stage, const HelperView& view);
void draw_code(const Stage& stage, const CodeView& view);
// What staff record, and the sheet on which they do.
void draw_prompts(const Stage& stage, const PromptsView& view);
void draw_prompt(const Stage& stage, const PromptView& view);
void draw_closed(const Stage& stage, const ClosedView& view);
// In the attract picture's place, when there is nothing to show.
void draw_closed_page(const Stage& stage, const AttractView& view);

// While something is read aloud, in the head's place: its words, the one that sounds, the volume.
void draw_speech(const Stage& stage, const SpeechView& view);

// The floor plan with the way to a stall; never mirrored.
void draw_plan(const Stage& stage, const Box& box, const PlanView& plan);

}  // namespace odop::kiosk::ui
