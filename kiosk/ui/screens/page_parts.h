// Pieces of the pages that people read: forms' openings, schemes, help, events. Private to
// kiosk/ui/screens. Each returns the y below what it drew.
#pragma once

#include "kiosk/ui/screens/parts.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

// Amber, with an icon: what must not be missed. Nothing for no words.
double draw_caution(const Stage& stage, std::string_view id, const Box& column, double y,
                    std::string_view icon, std::string_view words);
// A line of running text after an icon of one line's height.
double draw_point(const Stage& stage, std::string_view id, const Box& column, double y,
                  std::string_view icon, Colour icon_colour, std::string_view words);
// Papers to bring, one a line. Nothing for none.
double draw_documents(const Stage& stage, std::string_view title,
                      const std::vector<std::string>& documents, const Box& column, double y);
// A heading inside a page.
double draw_section(const Stage& stage, std::string_view id, const Box& column, double y,
                    std::string_view title);
// Amounts on paper: what for, how much, and where it comes from. Ids `id`.0 ...
double draw_figures(const Stage& stage, std::string_view id, const Box& column, double y,
                    const std::vector<FigureRow>& rows);
// A code picture with its words, in the middle of the column.
double draw_code(const Stage& stage, std::string_view id, const Box& column, double y,
                 std::string_view payload, std::string_view label, std::string_view note);
// A card with an icon, a title, a note and an arrow, as tall as its words; `bottom` is the y below
// it. True when it was touched.
bool way_card(const Stage& stage, std::string_view id, const Box& place, std::string_view icon,
              std::string_view title, std::string_view note, double& bottom);
// scrolled() for cards: where there is more than is seen, they leave room for the line at the end
// side that says how much.
void scrolled_page(const Stage& stage, std::string_view id, const Box& box,
                   const std::function<double(const Box&)>& content);
// An icon in a tinted disc.
void draw_disc(const Stage& stage, Point centre, double across, std::string_view icon);

}  // namespace odop::kiosk::ui
