// Schemes: the list of those in force, and one of them.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

void draw_scheme_tile(const Stage& stage, const Box& box, const SchemeTile& tile) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = link_card(frame, "schemes.scheme." + tile.scheme, box, tile.title,
                                tile.title + ". " + tile.note + " " + tile.dated);
  if (touch.tapped) stage.ask(intent::OpenScheme{tile.scheme});
  const double pad = stage.mm(7);
  const double disc = std::min({stage.mm(34), box.h - pad, box.w * 0.2});
  draw_disc(stage, {box.x + pad + disc / 2, box.mid_y()}, disc, "rupee");
  Box words = box.after(disc + 2 * pad);
  words.w -= pad;
  Type mark = bold_type(frame, theme.type.note);
  mark.colour = frame.colour().green_text;
  mark.max_lines = 1;
  const double mark_h = tile.mark.empty() ? 0 : frame.measure(tile.mark, mark, words.w).h;
  Type note = note_type(frame, theme.type.small);
  note.teaser = true;  // its page says the whole, with source and date; so does the node
  const double room = box.h - stage.mm(5) - mark_h;
  Type name = title_type(frame, theme.type.title_s);
  name = fitted_into(frame, tile.title, name, {0, 0, words.w, room}, 3, theme.type.least);
  const double name_h = frame.measure(tile.title, name, words.w).h;
  double note_h = 0;
  for (note.max_lines = 2; note.max_lines > 0; --note.max_lines) {
    note_h = frame.measure(tile.note, note, words.w).h;
    if (name_h + note_h <= room) break;
    note_h = 0;
  }
  double y = box.mid_y() - (name_h + mark_h + note_h) / 2;
  frame.text({words.x, y, words.w, name_h}, tile.title, name);
  y += name_h;
  if (note_h > 0) frame.text({words.x, y, words.w, note_h}, tile.note, note);
  y += note_h;
  if (mark_h > 0) frame.text({words.x, y, words.w, mark_h}, tile.mark, mark);
}

double draw_told(const Stage& stage, const SchemeView& view, const Box& area, double y) {
  Frame& frame = stage.frame;
  const double gap = stage.mm(5);
  if (!view.not_filed.empty()) {
    y = draw_caution(stage, "scheme.not_filed", area, y, "letter", view.not_filed) + gap;
  }
  if (!view.deadline.empty()) {
    y = draw_caution(stage, "scheme.deadline", area, y, "calendar", view.deadline) + gap;
  }
  y = say_below(frame, "scheme.summary", y + stage.mm(1), area, view.summary,
                read_type(frame, stage.mm(9.6)));
  y = say_below(frame, "scheme.source", y + stage.mm(1), area, view.summary_source,
                note_type(frame, frame.theme().type.note));
  if (!view.where.empty()) {
    y = draw_point(stage, "scheme.where", area, y + gap, "office", frame.colour().madder,
                   view.where);
  }
  return y;
}

double draw_who(const Stage& stage, const SchemeView& view, const Box& area, double y) {
  if (view.who.empty()) return y;
  y = draw_section(stage, "scheme.who", area, y, view.who_title);
  for (std::size_t i = 0; i < view.who.size(); ++i) {
    const WhoRow& row = view.who[i];
    y = draw_point(stage, "scheme.who." + std::to_string(i), area, y,
                   row.icon.empty() ? "people" : row.icon, stage.frame.colour().madder, row.text);
  }
  return y;
}

double draw_amounts(const Stage& stage, const SchemeView& view, const Box& area, double y) {
  if (view.figures.empty()) return y;
  y = draw_section(stage, "scheme.figures", area, y, view.figures_title);
  return draw_figures(stage, "scheme.figure", area, y, view.figures);
}

}  // namespace

void draw_schemes(const Stage& stage, const SchemesView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const double top = draw_heading(stage, "schemes.title", content, view.title,
                                  stage.small() ? std::string_view{} : std::string_view(view.hint),
                                  stage.small() ? theme.type.title_l : 0) +
                     stage.mm(stage.small() ? 3 : 8);
  const Box body{content.x, top, content.w, content.bottom() - top};
  if (!view.empty.empty()) {
    assurance(stage, body.top(std::min(body.h, stage.mm(60))), "help", frame.colour().madder,
              view.empty);
    return;
  }
  const int count = static_cast<int>(view.tiles.size());
  const int columns = stage.portrait() ? 1 : 2;
  const int rows = (count + columns - 1) / columns;
  const double gap = stage.mm(stage.small() ? 5 : 7);
  const double each = (body.h - (rows - 1) * gap) / std::max(1, rows);
  const double height = std::clamp(each, std::max(theme.min_target_mm, stage.mm(48)), stage.mm(72));
  scrolled_page(stage, "schemes.body", body, [&](const Box& area) {
    for (int i = 0; i < count; ++i) {
      const int line = i / columns;
      const Box row{area.x, area.y + line * (height + gap), area.w, height};
      draw_scheme_tile(stage, row.column(i % columns, columns, gap),
                       view.tiles[static_cast<std::size_t>(i)]);
    }
    return area.y + rows * (height + gap) - gap;
  });
}

void draw_scheme(const Stage& stage, const SchemeView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double y = draw_heading(stage, "scheme.title", content, view.title, {},
                                stage.small() ? theme.type.title_l : theme.type.heading) +
                   stage.mm(stage.small() ? 2 : 6);
  const bool acts = !view.check.empty() || !view.apply.empty();
  const double end = acts ? actions.y - stage.mm(6) : content.bottom();
  const Box body{content.x, y, content.w, end - y};
  const double section = stage.mm(10);
  if (stage.portrait()) {
    scrolled_page(stage, "scheme.body", body, [&](const Box& area) {
      double at = draw_told(stage, view, area, area.y) + section;
      at = draw_amounts(stage, view, area, at) + section;
      at = draw_who(stage, view, area, at) + section;
      return draw_documents(stage, view.documents_title, view.documents, area, at);
    });
  } else {
    const double gutter = 2 * theme.space.gutter;
    scrolled_page(stage, "scheme.body", body.column(0, 2, gutter), [&](const Box& area) {
      const double at = draw_told(stage, view, area, area.y) + section;
      return draw_who(stage, view, area, at);
    });
    scrolled_page(stage, "scheme.amounts", body.column(1, 2, gutter), [&](const Box& area) {
      double at = draw_amounts(stage, view, area, area.y);
      if (!view.figures.empty()) at += section;
      return draw_documents(stage, view.documents_title, view.documents, area, at);
    });
  }
  if (!acts) return;
  const bool form = !view.apply.empty();
  const ActionSpec check{.id = "scheme.check", .label = view.check, .icon = "check"};
  const ActionResult touched =
      form ? draw_actions(stage, actions, check,
                          {.id = "scheme.apply", .label = view.apply, .icon = "pencil"})
           : draw_actions(stage, actions, {}, check);
  const bool checks = form ? touched.second : touched.main;
  if (checks) stage.ask(intent::StartCheck{view.scheme});
  if (form && touched.main) stage.ask(intent::StartForm{view.form});
}

}  // namespace odop::kiosk::ui
