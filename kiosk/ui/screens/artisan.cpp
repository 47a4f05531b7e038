#include "kiosk/ui/screens/bodies.h"
#include "kiosk/ui/screens/page_parts.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// An icon on sand, the form's title, and what it is for where there is room.
template <typename Tile>
bool draw_tile(const Stage& stage, const std::string& id, const Box& box, const Tile& tile) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = link_card(frame, id, box, tile.title, tile.title + ". " + tile.note);
  const double pad = stage.mm(7);
  const double disc = std::min({stage.mm(40), box.h - pad, box.w * 0.26});
  draw_disc(stage, {box.x + pad + disc / 2, box.mid_y()}, disc, tile.icon);
  Box words = box.after(disc + 2 * pad);
  words.w -= pad;
  Type name = title_type(frame, theme.type.title_s);
  name = fitted_into(frame, tile.title, name, {0, 0, words.w, box.h - 2}, 3, theme.type.least);
  const double name_h = frame.measure(tile.title, name, words.w).h;
  Type note = note_type(frame, theme.type.note);
  double note_h = frame.measure(tile.note, note, words.w).h;
  if (name_h + note_h > box.h - stage.mm(5)) note_h = 0;  // the node says it
  const double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({words.x, y, words.w, name_h}, tile.title, name);
  if (note_h > 0) frame.text({words.x, y + name_h, words.w, note_h}, tile.note, note);
  return touch.tapped;
}

void go(const Stage& stage, const WayTile& way) {
  if (way.id == "schemes") stage.ask(intent::OpenSchemes{});
  if (way.id == "help") stage.ask(intent::OpenDistrictHelp{way.subject});
  if (way.id == "events") stage.ask(intent::OpenEvents{});
}

}  // namespace

void draw_artisan(const Stage& stage, const ArtisanView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Box content = stage.content();
  const double top = draw_heading(stage, "artisan.title", content, view.title,
                                  stage.small() ? std::string_view{} : std::string_view(view.hint),
                                  stage.small() ? theme.type.title : 0) +
                     stage.mm(stage.small() ? 3 : 10);
  const Box body{content.x, top, content.w, content.bottom() - top};
  const int ways = static_cast<int>(view.ways.size());
  const int count = ways + static_cast<int>(view.tiles.size());
  const int columns = stage.portrait() ? 2 : 3;
  const int rows = std::max(1, (count + columns - 1) / columns);
  const double gap = stage.mm(stage.small() ? 5 : 8);
  const double each = (body.h - (rows - 1) * gap) / rows;
  const double height = std::clamp(each, std::max(theme.min_target_mm, stage.mm(36)), stage.mm(92));
  scrolled(stage, "artisan.forms", body, [&](const Box& area) {
    for (int i = 0; i < count; ++i) {
      const int line = i / columns;
      const Box row{area.x, area.y + line * (height + gap), area.w, height};
      const Box box = row.column(i % columns, columns, gap);
      if (i < ways) {
        const WayTile& way = view.ways[static_cast<std::size_t>(i)];
        if (draw_tile(stage, "artisan.way." + way.id, box, way)) go(stage, way);
        continue;
      }
      const FormTile& tile = view.tiles[static_cast<std::size_t>(i - ways)];
      if (draw_tile(stage, "artisan.form." + tile.form, box, tile)) {
        stage.ask(intent::StartForm{tile.form});
      }
    }
    return area.y + rows * (height + gap) - gap;
  });
}

}  // namespace odop::kiosk::ui
