// Who and what helps in a district.
#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace odop::kiosk::ui {

namespace {

// Icon, name, lines under it, the telephone, and where it comes from.
double draw_row(const Stage& stage, const std::string& icon, const HelpRow& row, const Box& area,
                double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double pad = stage.mm(7);
  const double side = stage.mm(12);
  const double words_x = area.x + pad + side + stage.mm(6);
  const double words_w = area.right() - pad - words_x;
  const Type name =
      fitted(frame, row.title, title_type(frame, theme.type.title_s), words_w, 5, theme.type.least);
  const Type note = read_type(frame, theme.type.small);
  Type phone = bold_type(frame, theme.type.small);
  phone.colour = frame.colour().madder;
  const Type source = note_type(frame, theme.type.hint);
  const double name_h = frame.measure(row.title, name, words_w).h;
  const double note_h = row.note.empty() ? 0 : frame.measure(row.note, note, words_w).h;
  if (row.phone.empty()) phone = note_type(frame, theme.type.small);
  const std::string& call = row.phone.empty() ? row.no_phone : row.phone;
  const double phone_h = call.empty() ? 0 : frame.measure(call, phone, words_w).h;
  const double source_h = row.source.empty() ? 0 : frame.measure(row.source, source, words_w).h;
  const Box box{area.x, y, area.w, name_h + note_h + phone_h + source_h + 2 * pad * 0.7};
  card(frame, box);
  const double top = box.y + pad * 0.7;
  frame.icon({box.x + pad, top + (frame.measure("x", name).h - side) / 2, side, side}, icon,
             frame.colour().madder);
  const std::string id = "help.row." + row.id;
  double at = say_below(frame, id, top, {words_x, top, words_w, 0}, row.title, name);
  at = say_below(frame, id + ".note", at, {words_x, at, words_w, 0}, row.note, note);
  at = say_below(frame, id + ".phone", at, {words_x, at, words_w, 0}, call, phone);
  say_below(frame, id + ".source", at, {words_x, at, words_w, 0}, row.source, source);
  return box.bottom() + stage.mm(5);
}

double draw_help_section(const Stage& stage, const HelpSection& section, const Box& area,
                         double y) {
  y = draw_section(stage, "help.section." + section.id, area, y, section.title);
  for (const auto& row : section.rows) y = draw_row(stage, section.icon, row, area, y);
  if (!section.empty.empty()) {
    y += panel(stage.frame, "help.none." + section.id, {area.x, y, area.w, 0}, PanelKind::kQuiet,
               section.icon, section.empty, {}) +
         stage.mm(5);
  }
  return y + stage.mm(7);
}

double draw_office(const Stage& stage, const DistrictHelpView& view, const Box& area, double y) {
  if (view.office.title.empty()) return y;
  return draw_row(stage, "office", view.office, area, y) + stage.mm(7);
}

}  // namespace

void draw_district_help(const Stage& stage, const DistrictHelpView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const Box actions = frame.actions();
  const double y = draw_heading(stage, "help.title", content, view.title, {},
                                stage.small() ? theme.type.title_l : theme.type.heading) +
                   stage.mm(stage.small() ? 2 : 6);
  const Box body{content.x, y, content.w, actions.y - y - stage.mm(6)};
  const std::string id = "help.body." + view.district;
  if (stage.portrait()) {
    scrolled_page(stage, id, body, [&](const Box& area) {
      double at = draw_office(stage, view, area, area.y);
      for (const auto& section : view.sections) at = draw_help_section(stage, section, area, at);
      return at;
    });
  } else {
    // Places at the start, what is told at the end; each turns its own pages.
    const double gutter = 2 * theme.space.gutter;
    const auto told = [](const HelpSection& section) {
      return section.id == "questions" || section.id == "batches";
    };
    scrolled_page(stage, id, body.column(0, 2, gutter), [&](const Box& area) {
      double at = draw_office(stage, view, area, area.y);
      for (const auto& section : view.sections) {
        if (!told(section)) at = draw_help_section(stage, section, area, at);
      }
      return at;
    });
    scrolled_page(stage, id + ".told", body.column(1, 2, gutter), [&](const Box& area) {
      double at = area.y;
      for (const auto& section : view.sections) {
        if (told(section)) at = draw_help_section(stage, section, area, at);
      }
      return at;
    });
  }
  const ActionResult touched =
      draw_actions(stage, view.ask.empty() ? actions.start(actions.w * 0.42) : actions,
                   {.id = "help.other", .label = view.other, .icon = "grid"},
                   {.id = "help.ask", .label = view.ask, .icon = "letter"});
  if (touched.second) stage.ask(intent::Home{});
  if (touched.main) stage.ask(intent::StartForm{view.ask_form});
}

}  // namespace odop::kiosk::ui
