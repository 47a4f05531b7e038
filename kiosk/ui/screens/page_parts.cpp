#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

double draw_caution(const Stage& stage, std::string_view id, const Box& column, double y,
                    std::string_view icon, std::string_view words) {
  if (words.empty()) return y;
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const double side = stage.mm(16);
  const double pad = stage.mm(6);
  const double words_x = side + 2.2 * pad;
  const Type type = read_type(frame);
  const double words_w = column.w - words_x - pad;
  const double height = std::max(side, frame.measure(words, type, words_w).h) + 2 * pad * 0.7;
  const Box box{column.x, y, column.w, height};
  frame.fill(box, colour.amber_tint, frame.theme().radius.card);
  frame.outline(box, colour.amber_edge, frame.theme().stroke.chip, frame.theme().radius.card);
  frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, icon, colour.amber_text);
  const double words_h = frame.measure(words, type, words_w).h;
  frame.say(id, {box.x + words_x, box.mid_y() - words_h / 2, words_w, words_h}, words, type);
  return box.bottom();
}

double draw_point(const Stage& stage, std::string_view id, const Box& column, double y,
                  std::string_view icon, Colour icon_colour, std::string_view words) {
  Frame& frame = stage.frame;
  const double side = stage.mm(9);
  const Type type = read_type(frame);
  const Box words_box = column.after(side + stage.mm(6));
  const double height = frame.measure(words, type, words_box.w).h;
  const double first = frame.measure("x", type).h;
  frame.icon({column.x, y + (first - side) / 2, side, side}, icon, icon_colour);
  frame.say(id, {words_box.x, y, words_box.w, height}, words, type);
  return y + height + stage.mm(3);
}

double draw_documents(const Stage& stage, std::string_view title,
                      const std::vector<std::string>& documents, const Box& column, double y) {
  if (documents.empty()) return y;
  y = draw_section(stage, "form.documents", column, y, title);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    y = draw_point(stage, "form.document." + std::to_string(i), column, y, "check",
                   stage.frame.colour().green, documents[i]);
  }
  return y;
}

double draw_section(const Stage& stage, std::string_view id, const Box& column, double y,
                    std::string_view title) {
  Frame& frame = stage.frame;
  return say_below(frame, id, y, column, title, title_type(frame, frame.theme().type.title),
                   Role::kHeading) +
         stage.mm(3);
}

namespace {

// The amount stands at the end, under the label where both have no room side by side.
double draw_figure(const Stage& stage, const std::string& id, const Box& column, double y,
                   const FigureRow& row) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double pad = stage.mm(7);
  const double words_w = column.w - 2 * pad;
  const Type label = read_type(frame);
  Type value = bold_type(frame, stage.mm(10));
  const Type source = note_type(frame, theme.type.note);
  const double gap = stage.mm(6);
  const double value_w = row.value.empty() ? 0 : frame.measure(row.value, value).w + 1;
  const bool beside = value_w > 0 && value_w < words_w * 0.5;
  const double label_w = beside ? words_w - value_w - gap : words_w;
  const double label_h = frame.measure(row.label, label, label_w).h;
  const double value_h = row.value.empty() ? 0 : frame.measure(row.value, value, words_w).h;
  const double source_h = frame.measure(row.source, source, words_w).h;
  const double first_h = beside ? std::max(label_h, value_h) : label_h + value_h;
  const Box box{column.x, y, column.w, first_h + source_h + stage.mm(8)};
  card(frame, box);
  const double top = box.y + stage.mm(4);
  const double x = box.x + pad;
  frame.say(id, {x, top, label_w, label_h}, row.label, label, Role::kText,
            row.label + ": " + row.value);
  if (value_h > 0) {
    value.align = beside ? Align::kEnd : Align::kStart;
    const Box place = beside ? Box{box.right() - pad - value_w, top, value_w, value_h}
                             : Box{x, top + label_h, words_w, value_h};
    frame.say(id + ".value", place, row.value, value, Role::kStatus);
  }
  frame.say(id + ".source", {x, top + first_h, words_w, source_h}, row.source, source);
  return box.bottom() + stage.mm(4);
}

}  // namespace

double draw_figures(const Stage& stage, std::string_view id, const Box& column, double y,
                    const std::vector<FigureRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    y = draw_figure(stage, std::string(id) + "." + std::to_string(i), column, y, rows[i]);
  }
  return y;
}

double draw_code(const Stage& stage, std::string_view id, const Box& column, double y,
                 std::string_view payload, std::string_view label, std::string_view note) {
  if (payload.empty()) return y;
  Frame& frame = stage.frame;
  // Long texts make small modules: as large as there is room for.
  const double side = std::max(std::min(stage.mm(120), column.w), frame.qr_side(payload, kCodeMm));
  const Box code{column.mid_x() - side / 2, y, side, side};
  frame.node(id, frame.qr(code, payload), Role::kImage, label, {}, note);
  Type title = title_type(frame, frame.theme().type.title_s);
  title.align = Align::kCenter;
  y = code.bottom() + stage.mm(2);
  y += frame.text({column.x, y, column.w, 0}, label, title);
  if (note.empty()) return y;
  Type small = note_type(frame, frame.theme().type.small);
  small.align = Align::kCenter;
  return y + frame.text({column.x, y, column.w, 0}, note, small);
}

bool way_card(const Stage& stage, std::string_view id, const Box& place, std::string_view icon,
              std::string_view title, std::string_view note, double& bottom) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double pad = stage.mm(10);
  const double side = stage.mm(15);
  const double words_x = place.x + pad + side + stage.mm(7);
  const double arrow = stage.mm(11);
  const double words_w = place.right() - pad - arrow - stage.mm(4) - words_x;
  const Type name =
      fitted(frame, title, title_type(frame, theme.type.title_s), words_w, 3, theme.type.least);
  const Type small = note_type(frame, theme.type.small);
  const double name_h = frame.measure(title, name, words_w).h;
  const double note_h = note.empty() ? 0 : frame.measure(note, small, words_w).h;
  const Box box{place.x, place.y, place.w,
                std::max(theme.min_target_mm, name_h + note_h + 2 * stage.mm(6))};
  bottom = box.bottom();
  const std::string spoken = std::string(title) + (note.empty() ? "" : ". " + std::string(note));
  const Touch touch = link_card(frame, id, box, title, spoken);
  frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, icon, frame.colour().madder);
  const double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({words_x, y, words_w, name_h}, title, name);
  if (note_h > 0) frame.text({words_x, y + name_h, words_w, note_h}, note, small);
  frame.icon({box.right() - pad - arrow, box.mid_y() - arrow / 2, arrow, arrow}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
  return touch.tapped;
}

void scrolled_page(const Stage& stage, std::string_view id, const Box& box,
                   const std::function<double(const Box&)>& content) {
  constexpr double kLine = 4;  // mm with its gap
  scrolled(stage, id, box, [&](const Box& area) {
    const bool pages = stage.portrait() && area.h < box.h - 0.5;
    return content(pages ? Box{area.x, area.y, area.w - kLine, area.h} : area);
  });
}

void draw_disc(const Stage& stage, Point centre, double across, std::string_view icon) {
  Frame& frame = stage.frame;
  frame.circle(centre, across / 2, frame.colour().madder_tint);
  const double side = across * 0.56;
  frame.icon({centre.x - side / 2, centre.y - side / 2, side, side}, icon, frame.colour().madder);
}

}  // namespace odop::kiosk::ui
