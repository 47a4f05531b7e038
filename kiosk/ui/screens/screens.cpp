#include "kiosk/ui/screens/screens.h"

#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/widgets.h"

#include <variant>

namespace odop::kiosk::ui {

namespace {

// How long the emblem is held until the staff's page opens.
constexpr double kHoldMs = 3000;

struct DrawBody {
  const Stage& stage;
  void operator()(const AttractView& view) const { draw_attract(stage, view); }
  void operator()(const HomeView& view) const { draw_home(stage, view); }
  void operator()(const DistrictView& view) const { draw_district(stage, view); }
  void operator()(const ProductView& view) const { draw_product(stage, view); }
  void operator()(const SearchView& view) const { draw_search(stage, view); }
  void operator()(const ListView& view) const { draw_list(stage, view); }
  void operator()(const QuestionView& view) const { draw_question(stage, view); }
  void operator()(const ReceiptView& view) const { draw_receipt(stage, view); }
  void operator()(const AnswerView& view) const { draw_answer(stage, view); }
  void operator()(const HallView& view) const { draw_hall(stage, view); }
  void operator()(const MaintenanceView& view) const { draw_maintenance(stage, view); }
  void operator()(const OpeningView& view) const { draw_opening(stage, view); }
  void operator()(const ReviewView& view) const { draw_review(stage, view); }
  void operator()(const ArtisanView& view) const { draw_artisan(stage, view); }
  void operator()(const SchemesView& view) const { draw_schemes(stage, view); }
  void operator()(const SchemeView& view) const { draw_scheme(stage, view); }
  void operator()(const ResultView& view) const { draw_result(stage, view); }
  void operator()(const DistrictHelpView& view) const { draw_district_help(stage, view); }
  void operator()(const EventsView& view) const { draw_events(stage, view); }
  void operator()(const EventView& view) const { draw_event(stage, view); }
  void operator()(const PromptsView& view) const { draw_prompts(stage, view); }
};

struct DrawSheet {
  const Stage& stage;
  void operator()(const std::monostate&) const {}
  void operator()(const HelpView& view) const { draw_help(stage, view); }
  void operator()(const ChoicesView& view) const { draw_choices(stage, view); }
  void operator()(const LeaveView& view) const { draw_leave(stage, view); }
  void operator()(const VoiceView& view) const { draw_voice(stage, view); }
  void operator()(const HelperView& view) const { draw_helper(stage, view); }
  void operator()(const CodeView& view) const { draw_code(stage, view); }
  void operator()(const PromptView& view) const { draw_prompt(stage, view); }
  void operator()(const ClosedView& view) const { draw_closed(stage, view); }
  void operator()(const IdleView& view) const {
    switch (idle_warning(stage.frame, {.seconds = view.seconds,
                                       .title = view.title,
                                       .note = view.note,
                                       .stay = view.stay,
                                       .erase = view.end})) {
      case WarningResult::kNone:
        break;
      case WarningResult::kStay:
        stage.ask(intent::Stay{});
        break;
      case WarningResult::kErase:
        stage.ask(intent::End{});
        break;
    }
  }
};

// Nothing to show: the page has a head, so that the staff can open theirs.
bool is_closed(const ScreenView& view) {
  const auto* attract = std::get_if<AttractView>(&view.body);
  return attract != nullptr && !attract->closed.front().title.empty();
}

// The emblem, held for three seconds, opens the staff's page.
void watch_emblem(const Stage& stage) {
  Frame& frame = stage.frame;
  const Bands& bands = frame.theme().bands;
  const double side = std::max(frame.theme().min_target_mm, bands.head_h * 0.7);
  // On small panels it reaches into the border, so that it does not reach into the content.
  const double top =
      std::min(bands.head_y + (bands.head_h - side) / 2, bands.head_y + bands.head_h - side + 1);
  const Box emblem{frame.theme().space.margin - 2, std::max(0.0, top), side, side};
  const Touch touch = frame.target("head.emblem", emblem, Role::kImage, stage.view.head.title);
  const double held =
      frame.animate("head.emblem", touch.pressed ? 1 : 0, touch.pressed ? kHoldMs : 1, 0);
  if (touch.pressed && held >= 0.999) stage.ask(intent::OpenMaintenance{});
}

void draw_bar(const Stage& stage) {
  const BarView& view = stage.view.bar;
  const BarResult touched = bar(stage.frame, {.can_back = view.can_back,
                                              .can_home = view.can_home,
                                              .can_listen = view.can_listen,
                                              .speaking = view.speaking,
                                              .high_contrast = view.high_contrast,
                                              .back = view.back,
                                              .home = view.home,
                                              .text = view.text_size,
                                              .contrast = view.contrast,
                                              .listen = view.listen,
                                              .help = view.help});
  if (touched.back) stage.ask(intent::Back{});
  if (touched.home) stage.ask(intent::Home{});
  if (touched.text) stage.ask(intent::NextTextSize{});
  if (touched.contrast) stage.ask(intent::ToggleContrast{});
  if (touched.listen) stage.ask(intent::Listen{});
  if (touched.help) stage.ask(intent::ShowHelp{});
  if (touched.language.has_value()) stage.ask(intent::SetLanguage{*touched.language});
}

}  // namespace

Intents draw_screen(const ScreenView& view, Frame& frame) {
  Intents intents;
  const Stage stage{frame, view, intents};
  frame.surround();
  const auto* question = std::get_if<QuestionView>(&view.body);
  const bool asks = question != nullptr && question->steps > 0;
  const bool shows_steps = stage.small() && (asks || std::holds_alternative<ReviewView>(view.body));
  if (stage.bare()) {
    frame.kinara();
  } else if (!view.speech.on && (view.id != ScreenId::kAttract || is_closed(view))) {
    head(frame, {.title = view.head.title,
                 .venue = shows_steps ? std::string_view{} : view.head.place,
                 .as_of = shows_steps ? std::string_view{} : view.head.note,
                 .stale = view.head.stale,
                 .icon = view.head.closed ? "ban" : "calendar"});
    watch_emblem(stage);
  }
  std::visit(DrawBody{stage}, view.body);
  if (view.speech.on) draw_speech(stage, view.speech);
  draw_bar(stage);
  std::visit(DrawSheet{stage}, view.sheet);
  if (view.speech.on) frame.mark(view.speech.reading.node);
  return intents;
}

}  // namespace odop::kiosk::ui
