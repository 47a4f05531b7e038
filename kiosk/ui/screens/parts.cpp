#include "kiosk/ui/screens/parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <variant>

namespace odop::kiosk::ui {

bool Stage::bare() const {
  if (!small() || view.speech.on) return false;
  if (std::holds_alternative<SearchView>(view.body)) return true;
  const auto* question = std::get_if<QuestionView>(&view.body);
  return question != nullptr &&
         (question->keys == Keys::kLetters || question->keys == Keys::kEmail);
}

Box Stage::content() const {
  const Box box = frame.content();
  if (!bare()) return box;
  const double top = frame.theme().bands.kinara_h + 2;
  return {box.x, top, box.w, box.bottom() - top};
}

Box Stage::step_row() const {
  const Bands& bands = frame.theme().bands;
  const Box box = content();
  if (!small()) return {box.x, box.y + 4, box.w, 14};
  if (bare()) return {box.right() - box.w * 0.4, box.y, box.w * 0.4, 10};
  return {box.right() - box.w * 0.5, bands.head_y, box.w * 0.5, bands.head_h};
}

Type read_type(const Frame& frame, double em) {
  return {.role = TextRole::kRead,
          .em = em > 0 ? em : frame.theme().type.read,
          .colour = frame.colour().ink};
}

Type note_type(const Frame& frame, double em) {
  return {.role = TextRole::kRead,
          .em = em > 0 ? em : frame.theme().type.note,
          .colour = frame.colour().ink2};
}

Type title_type(const Frame& frame, double em) {
  const bool urdu = frame.language() == Language::kUrdu;
  return {.role = TextRole::kTitle, .em = urdu ? em * 0.82 : em, .colour = frame.colour().ink};
}

Type bold_type(const Frame& frame, double em) {
  return {.role = TextRole::kSmallBold, .em = em, .colour = frame.colour().ink};
}

Type fitted(Frame& frame, std::string_view words, Type type, double width, int lines,
            double least) {
  const Type one_line{.role = type.role,
                      .em = type.em,
                      .colour = type.colour,
                      .line_height = type.line_height,
                      .language = type.language,
                      .scales = type.scales};
  // Larger type gives way before words are lost: down to what `least` is without it.
  if (type.scales) least *= least / frame.theme().em(least);
  const double line = frame.measure("x", one_line).h;
  // No word may be cut in two: the widest of them, at the size that was asked for.
  double word = 0;
  for (std::size_t from = 0; lines != 1 && from < words.size();) {
    const std::size_t end = std::min(words.find_first_of(" \n", from), words.size());
    if (end > from)
      word = std::max(word, frame.measure(words.substr(from, end - from), one_line).w);
    from = end + 1;
  }
  for (double em = type.em; em > least; em *= 0.92) {
    type.em = em;
    Type free = type;
    free.max_lines = 0;
    const double height = frame.measure(words, free, width).h;
    const double widest = frame.measure(words, free).w;
    const bool fits = lines == 1 ? widest <= width
                                 : height <= line * (em / one_line.em) * (lines + 0.4) &&
                                       word * (em / one_line.em) <= width;
    if (fits) return type;
  }
  type.em = least;
  type.max_lines = lines;
  return type;
}

Type fitted_into(Frame& frame, std::string_view words, Type type, const Box& box, int lines,
                 double least) {
  type = fitted(frame, words, type, box.w, lines, least);
  const double floor = least * 0.85 * (type.scales ? least / frame.theme().em(least) : 1.0);
  while (type.em > floor && frame.measure(words, type, box.w).h > box.h) type.em *= 0.97;
  return type;
}

double say_below(Frame& frame, std::string_view id, double y, const Box& column,
                 std::string_view words, const Type& type, Role role) {
  if (words.empty()) return y;
  return y + frame.say(id, {column.x, y, column.w, 0}, words, type, role);
}

void draw_picture(Frame& frame, const Box& box, const Picture& picture, Corners corners,
                  double radius, double share) {
  const FamilyColours family = frame.theme().family(picture.family);
  if (!picture.photo.empty()) {
    frame.picture(box, picture.photo,
                  picture.drawing.empty() ? std::string{} : "craft/" + picture.drawing, family.tint,
                  radius, Fit::kCover, corners);
    return;
  }
  frame.fill_corners(box, family.tint, radius, corners);
  frame.texture(box, family.texture, radius, corners);
  const double side = std::min(box.w, box.h) * share;
  if (!picture.drawing.empty()) {
    frame.drawing(box.centred(side, side), "craft/" + picture.drawing);
  } else {
    const Colour motif =
        frame.theme().comfort.high_contrast ? frame.colour().brass_light : family.solid;
    frame.icon(box.centred(side * 0.62, side * 0.62), family.icon, motif);
  }
}

double draw_gi(Frame& frame, const Box& box, std::string_view label, std::string_view name) {
  const double em = frame.theme().type.small * 0.95;
  const double seal = em * 2.4;
  const Box words = box.after(seal + em * 0.5);
  frame.drawing(Box{box.x, box.y, seal, seal}, "ornament/gi-seal");
  Type type = read_type(frame, em);
  type.line_height = 1.35;
  const double first = name.empty() ? (seal - frame.measure(label, type, words.w).h) / 2 : 0;
  double y = words.y + std::max(0.0, first);
  y = say_below(frame, "product.gi", y, words, label, type);
  if (!name.empty()) {
    Type latin = type;
    latin.language = Language::kEnglish;
    latin.align = frame.rtl() ? Align::kRight : Align::kLeft;
    y = say_below(frame, "product.gi.name", y, words, name, latin);
  }
  return std::max(seal, y - box.y);
}

ActionResult draw_actions(const Stage& stage, const Box& box, const ActionSpec& second,
                          const ActionSpec& main) {
  Frame& frame = stage.frame;
  const double em = stage.portrait() ? frame.theme().type.title : frame.theme().type.title_s;
  const double gutter = frame.theme().space.gutter;
  const bool both = !second.label.empty() && !main.label.empty();
  const double second_w = both ? (box.w - gutter) * 150.0 / 358.0 : box.w;
  ActionResult result;
  if (!second.label.empty()) {
    result.second = button(frame, second.id, both ? box.start(second_w) : box, second.label,
                           {.kind = ButtonKind::kSecondary,
                            .icon = second.icon,
                            .icon_directed = second.directed,
                            .enabled = second.enabled,
                            .em = em});
  }
  if (!main.label.empty()) {
    result.main = button(frame, main.id, both ? box.after(second_w + gutter) : box, main.label,
                         {.kind = ButtonKind::kPrimary,
                          .icon = main.icon,
                          .icon_directed = main.directed,
                          .enabled = main.enabled,
                          .em = em});
  }
  return result;
}

bool slim_card(const Stage& stage, std::string_view id, const Box& box, const Picture& picture,
               std::string_view title, std::string_view note, std::string_view badge) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Touch touch = link_card(frame, id, box, title, note);
  draw_picture(frame, box.start(box.h), picture, Corners::kStart, theme.radius.card);
  const double arrow = stage.mm(13);
  const double pad = stage.mm(10);
  // The seal lies on the picture's corner; the arrow goes where the words would have no room.
  const bool arrowed = box.w - box.h > stage.mm(110);
  if (!badge.empty()) {
    const double side = std::min(stage.mm(15), box.h * 0.36);
    frame.drawing(
        {box.x + box.h - side - stage.mm(2), box.bottom() - side - stage.mm(2), side, side},
        "ornament/gi-seal");
  }
  Box words = box.after(box.h + (arrowed ? pad : pad * 0.7));
  words.w -= arrowed ? arrow + pad + stage.mm(4) : pad * 0.7;
  Type name =
      fitted(frame, title, title_type(frame, theme.type.title), words.w, 2, theme.type.least);
  // A long name needs the place of the note.
  if (frame.layout(title, name, words.w).truncated) {
    name = fitted(frame, title, title_type(frame, theme.type.title), words.w, 3, theme.type.least);
    note = {};
  }
  Type small = note_type(frame, theme.type.note);
  small.max_lines = 1;
  small.teaser = true;
  const double note_h = note.empty() ? 0 : frame.measure(note, small, words.w).h;
  double name_h = frame.measure(title, name, words.w).h;
  while (name_h + note_h > box.h - 3 && name.em > theme.type.least) {
    name.em *= 0.94;
    name_h = frame.measure(title, name, words.w).h;
  }
  double y = box.mid_y() - (name_h + note_h) / 2;
  frame.text({words.x, y, words.w, name_h}, title, name);
  y += name_h;
  if (!note.empty()) frame.text({words.x, y, words.w, note_h}, note, small);
  if (!arrowed) return touch.tapped;
  frame.icon(Box{box.right() - pad - arrow, box.mid_y() - arrow / 2, arrow, arrow}, "next",
             frame.colour().madder, Mirror::kWithLanguage);
  return touch.tapped;
}

std::string draw_families(const Stage& stage, std::string_view prefix, const Box& box,
                          const std::vector<FamilyView>& families) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  std::string touched;
  if (families.empty()) return touched;
  frame.fill(box, frame.colour().sand, theme.radius.card);
  const int count = static_cast<int>(families.size());
  const bool any = std::ranges::any_of(families, &FamilyView::selected);
  for (int i = 0; i < count; ++i) {
    const FamilyView& family = families[static_cast<std::size_t>(i)];
    const Box cell = box.inset(1, 1).column(i, count, 0.8);
    const Touch touch = frame.target(std::string(prefix) + "." + family.id, cell, Role::kChoice,
                                     family.name, {.value = family.selected ? "on" : ""});
    const FamilyColours colours = theme.family(family.id);
    const bool high = theme.comfort.high_contrast;
    const bool on = family.selected || touch.pressed;
    if (on) frame.fill(cell, frame.colour().ink, theme.radius.card - 1);
    const bool label_fits = box.h >= theme.min_target_mm + 5 && cell.w >= theme.type.least * 3;
    const double icon = label_fits ? std::min(box.h * 0.32, stage.mm(12)) : box.h * 0.55;
    const Colour solid = high ? frame.colour().brass_light : colours.solid;
    const Colour tint = on ? frame.colour().motif : any ? faded(solid, 0.5) : solid;
    const double top = label_fits ? cell.y + stage.mm(2) : cell.mid_y() - icon / 2;
    frame.icon({cell.mid_x() - icon / 2, top, icon, icon}, colours.icon, tint);
    if (touch.tapped) touched = family.id;
    if (!label_fits) continue;
    Type label = read_type(frame, std::max(theme.type.least, stage.mm(7)));
    label.align = Align::kCenter;
    label.line_height = 1.15;
    if (on) label.colour = frame.colour().chikan;
    const bool latin = frame.language() == Language::kEnglish;
    const double least = (latin ? theme.type.least_latin : theme.type.least) * 0.92;
    const Box place{cell.x + 0.5, top + icon, cell.w - 1, cell.bottom() - top - icon};
    label = fitted_into(frame, family.name, label, place, 2, least);
    if (frame.layout(family.name, label, place.w).truncated) label.max_lines = 3;
    frame.text_middle(place, family.name, label);
  }
  return touched;
}

void assurance(const Stage& stage, const Box& box, std::string_view icon, Colour icon_colour,
               std::string_view words) {
  Frame& frame = stage.frame;
  frame.fill(box, frame.colour().sand, frame.theme().radius.card);
  const double side = std::min(stage.mm(20), box.h * 0.6);
  const double pad = stage.mm(12);
  frame.icon({box.x + pad, box.mid_y() - side / 2, side, side}, icon, icon_colour);
  Box column = box.after(pad + side + stage.mm(8));
  column.w -= pad;
  const Type type = fitted(frame, words, read_type(frame), column.w, box.h > stage.mm(34) ? 3 : 2,
                           frame.theme().type.least);
  const double height = frame.measure(words, type, column.w).h;
  frame.say("assurance", {column.x, box.mid_y() - height / 2, column.w, height}, words, type);
}

namespace {

bool step_key(const Stage& stage, const std::string& id, const Box& box, std::string_view icon,
              std::string_view label, bool enabled, Corners corners) {
  Frame& frame = stage.frame;
  const Touch touch = frame.target(id, box, Role::kButton, label, {.enabled = enabled});
  const Palette& colour = frame.colour();
  frame.fill_corners(box, touch.pressed ? colour.ink : colour.sand, frame.theme().radius.button,
                     corners);
  const double side = stage.mm(12);
  frame.icon(box.centred(side, side), icon,
             !enabled        ? colour.edge
             : touch.pressed ? colour.chikan
                             : colour.ink);
  return touch.tapped;
}

}  // namespace

void draw_list_row(const Stage& stage, const Box& box, const ListRow& row, std::string_view less,
                   std::string_view more, std::string_view unit, std::string_view remove) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const std::string& id = row.card.product;
  card(frame, box);
  draw_picture(frame, box.start(box.h), row.card.picture, Corners::kStart, theme.radius.card);

  const double key = std::max(theme.min_target_mm, stage.mm(24));
  const double key_h = std::max(theme.min_target_mm, stage.mm(26));
  const double number_w = stage.mm(38);
  const double pad = stage.mm(8);
  double right = box.right() - pad;
  if (!remove.empty()) {
    const Box bin{right - key, box.mid_y() - key_h / 2, key, key_h};
    const Touch touch =
        frame.target("list.remove." + id, bin, Role::kButton, remove, {.spoken = remove});
    frame.icon(bin.centred(stage.mm(13), stage.mm(13)), "trash",
               touch.pressed ? frame.colour().madder : frame.colour().ink2);
    if (touch.tapped) stage.ask(intent::RemoveFromList{id});
    right = bin.x - pad / 2;
  }
  const double stepper_w = 2 * key + number_w;
  const Box stepper{right - stepper_w, box.mid_y() - key_h / 2, stepper_w, key_h};
  frame.fill(stepper, frame.colour().paper, theme.radius.button);
  if (step_key(stage, "list.quantity." + id + ".less", stepper.start(key), "minus", less,
               row.can_less, Corners::kStart)) {
    stage.ask(intent::ChangeQuantity{id, -1});
  }
  if (step_key(stage, "list.quantity." + id + ".more", stepper.end(key), "plus", more, true,
               Corners::kEnd)) {
    stage.ask(intent::ChangeQuantity{id, 1});
  }
  const Box middle{stepper.x + key, stepper.y, number_w, key_h};
  if (frame.tap("list.quantity." + id, middle, Role::kField, unit,
                {.value = row.quantity, .spoken = row.spoken})) {
    stage.ask(intent::ShowUnits{id});
  }
  Type number = bold_type(frame, stage.mm(11));
  number.align = Align::kCenter;
  number.line_height = 1.2;
  Type small = note_type(frame, std::max(theme.type.least, stage.mm(7)));
  small.align = Align::kCenter;
  small.line_height = 1.2;
  number = fitted(frame, row.quantity, number, middle.w - 1, 1, theme.type.least);
  small = fitted_into(frame, row.unit, small, {0, 0, middle.w - 1, key_h * 0.42}, 1,
                      theme.type.least * 0.85);
  frame.text_middle(Box{middle.x, middle.y + key_h * 0.08, middle.w, key_h * 0.5}, row.quantity,
                    number);
  frame.text_middle(Box{middle.x, middle.y + key_h * 0.52, middle.w, key_h * 0.4}, row.unit, small);
  frame.outline(stepper, frame.colour().edge, theme.stroke.chip, theme.radius.button);

  Box words = box.after(box.h + stage.mm(10));
  words.w = stepper.x - words.x - pad;
  Type place = note_type(frame, theme.type.small);
  place = fitted(frame, row.card.place, place, words.w, 1, theme.type.least);
  const double room = box.h - frame.measure(row.card.place, place, words.w).h - 2;
  Type name = fitted(frame, row.card.name, title_type(frame, theme.type.title_l), words.w, 2,
                     theme.type.least);
  while (frame.measure(row.card.name, name, words.w).h > room && name.em > theme.type.least) {
    name.em *= 0.95;
  }
  const double name_h = frame.measure(row.card.name, name, words.w).h;
  const double place_h = frame.measure(row.card.place, place, words.w).h;
  const double y = box.mid_y() - (name_h + place_h) / 2;
  frame.say("list.item." + id, {words.x, y, words.w, name_h}, row.card.name, name);
  frame.text({words.x, y + name_h, words.w, place_h}, row.card.place, place);
}

bool ear(const Stage& stage, std::string_view id, const Box& box, std::string_view label,
         bool sounds) {
  Frame& frame = stage.frame;
  const Palette& colour = frame.colour();
  const Touch touch = frame.target(id, box, Role::kButton, label);
  frame.fill(box, touch.pressed ? colour.ink : colour.blue_tint, box.h / 2);
  if (touch.focused) frame.outline(box, colour.blue, frame.theme().stroke.focus_ring, box.h / 2);
  frame.icon(box.centred(box.h * 0.56, box.h * 0.56), sounds ? "close" : "listen",
             touch.pressed ? colour.chikan : colour.ink);
  return touch.tapped;
}

double draw_heading(const Stage& stage, std::string_view id, const Box& column,
                    std::string_view title, std::string_view hint, double em) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  // A question can be heard by itself; on small panels the bar's button has to do.
  const std::string& listen = stage.view.speech.listen_question;
  const bool listens = id == "form.question" && !listen.empty() && !stage.small();
  const double side = theme.min_target_mm;
  const double room = listens ? column.w - side - theme.space.gutter : column.w;
  const Type type = fitted(frame, title, title_type(frame, em > 0 ? em : theme.type.question), room,
                           2, theme.type.title);
  double y =
      say_below(frame, id, column.y, {column.x, column.y, room, 0}, title, type, Role::kHeading);
  if (listens) {
    if (ear(stage, "form.listen", Box{column.x, column.y, column.w, side}.end(side), listen)) {
      stage.ask(intent::Listen{std::string(kQuestionPart)});
    }
    y = std::max(y, column.y + side);
  }
  if (!hint.empty()) {
    const Type small = note_type(frame, stage.mm(10.4));
    y = say_below(frame, std::string(id) + ".hint", y + stage.mm(1), column, hint, small);
  }
  return y;
}

}  // namespace odop::kiosk::ui
