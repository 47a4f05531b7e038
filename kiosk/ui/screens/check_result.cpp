// What follows from the cards of a scheme: whether it seems to fit, why, how much, what to bring.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

double draw_reasons(const Stage& stage, const ResultView& view, const Box& area, double y) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  y += panel(frame, "check.verdict", {area.x, y, area.w, 0},
             view.eligible ? PanelKind::kKept : PanelKind::kWaiting,
             view.eligible ? "check" : "help", {}, view.advice) +
       stage.mm(8);
  // What stands against it comes first.
  for (const bool met : {false, true}) {
    for (std::size_t i = 0; i < view.reasons.size(); ++i) {
      const ReasonRow& reason = view.reasons[i];
      if (reason.met != met) continue;
      y = draw_point(stage, "check.reason." + std::to_string(i), area, y, met ? "check" : "close",
                     met ? colour.green : colour.madder, reason.text);
    }
  }
  return y;
}

double draw_money(const Stage& stage, const ResultView& view, const Box& area, double y) {
  if (view.money_title.empty()) return y;
  y = draw_section(stage, "check.money", area, y + stage.mm(8), view.money_title);
  return draw_figures(stage, "check.money", area, y, view.money);
}

}  // namespace

void draw_result(const Stage& stage, const ResultView& view) {
  Frame& frame = stage.frame;
  const Box content = stage.content();
  const Box actions = frame.actions();
  const auto& theme = frame.theme();
  const double top = draw_heading(stage, "check.title", content, view.title, {},
                                  stage.small() ? theme.type.title_l : 0) +
                     stage.mm(stage.small() ? 2 : 8);
  const Box body{content.x, top, content.w, actions.y - top - stage.mm(6)};
  const double section = stage.mm(10);
  if (stage.portrait()) {
    scrolled_page(stage, "check.body", body, [&](const Box& area) {
      double y = draw_reasons(stage, view, area, area.y);
      y = draw_money(stage, view, area, y) + section;
      y = draw_documents(stage, view.documents_title, view.documents, area, y);
      return draw_code(stage, "check.qr", area, y + stage.mm(4), view.qr, view.qr_label, {});
    });
  } else {
    const double gutter = 2 * theme.space.gutter;
    scrolled_page(stage, "check.body", body.column(0, 2, gutter), [&](const Box& area) {
      return draw_money(stage, view, area, draw_reasons(stage, view, area, area.y));
    });
    scrolled_page(stage, "check.take", body.column(1, 2, gutter), [&](const Box& area) {
      double y = draw_documents(stage, view.documents_title, view.documents, area, area.y);
      if (!view.documents.empty()) y += stage.mm(4);
      return draw_code(stage, "check.qr", area, y, view.qr, view.qr_label, {});
    });
  }
  const ActionSpec again{.id = "check.again", .label = view.again, .icon = "undo"};
  const ActionResult touched =
      draw_actions(stage, view.apply.empty() ? actions.start(actions.w * 0.42) : actions, again,
                   {.id = "check.apply", .label = view.apply, .icon = "pencil"});
  if (touched.second) stage.ask(intent::StartCheck{view.scheme});
  if (touched.main) stage.ask(intent::StartForm{view.form});
}

}  // namespace odop::kiosk::ui
