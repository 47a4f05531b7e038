#include "kiosk/ui/screens/bodies.h"

#include <algorithm>
#include <string>

namespace odop::kiosk::ui {

namespace {

// The district, the name in the largest type that it fits, the indication.
double draw_name(const Stage& stage, const ProductView& view, const Box& column, double em) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const Palette& colour = frame.colour();
  double y = column.y;
  // Where it comes from, as a chip that is no button.
  Type place = read_type(frame, theme.type.small);
  place.max_lines = 1;
  const double chip_h = std::max(stage.mm(14), frame.theme().em(theme.type.small) * 1.6);
  const double side = stage.mm(8);
  const double chip_w =
      std::min(column.w, frame.measure(view.card.place, place).w + side + stage.mm(14));
  frame.fill({column.x, y, chip_w, chip_h}, colour.paper, chip_h / 2);
  if (theme.comfort.high_contrast) {
    frame.outline({column.x, y, chip_w, chip_h}, colour.line, theme.stroke.chip, chip_h / 2);
  }
  frame.icon({column.x + stage.mm(5), y + chip_h / 2 - side / 2, side, side}, "pin", colour.ink);
  frame.text_middle({column.x + side + stage.mm(8), y, chip_w - side - stage.mm(8), chip_h},
                    view.card.place, place);
  frame.node("product.place", {column.x, y, chip_w, chip_h}, Role::kText, view.card.place);
  y += chip_h + stage.mm(6);
  Type name = title_type(frame, em);
  name.colour = theme.family(view.card.picture.family).deep;
  name = fitted(frame, view.card.name, name, column.w, em > 40 ? 3 : 2, theme.type.title);
  const double indent = frame.language() == Language::kHindi ? 1.6 : 0.0;
  y += frame.say("product.name", {column.x + indent, y, column.w - indent, 0}, view.card.name, name,
                 Role::kHeading);
  y += stage.mm(6);
  if (!view.card.gi.empty()) {
    y += draw_gi(frame, {column.x, y, column.w, 0}, view.gi_label, view.card.gi);
  }
  return y;
}

void draw_arch(const Stage& stage, const ProductView& view, const Box& box) {
  Frame& frame = stage.frame;
  frame.arch(box);
  const double side = std::min(box.w * 0.85, box.h * 0.7);
  const Box hero{box.mid_x() - side / 2, box.bottom() - side - box.h * 0.06, side, side};
  const Picture& picture = view.card.picture;
  if (!picture.photo.empty()) {
    frame.picture(hero.inset(side * 0.04), picture.photo,
                  picture.drawing.empty() ? std::string{} : "craft/" + picture.drawing,
                  frame.colour().chikan, 6);
  } else if (!picture.drawing.empty()) {
    frame.drawing(hero, "craft/" + picture.drawing);
  } else {
    const FamilyColours family = frame.theme().family(picture.family);
    frame.icon(hero.centred(side * 0.6, side * 0.6), family.icon,
               frame.theme().comfort.high_contrast ? frame.colour().brass_light : family.solid);
  }
  frame.node("product.picture", box, Role::kImage, view.card.name);
}

double draw_facts(const Stage& stage, const ProductView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  if (view.facts.empty()) return y;
  const auto& theme = frame.theme();
  const int count = static_cast<int>(view.facts.size());
  const bool abreast = column.w > stage.mm(240);
  const double side = stage.mm(17);
  const Type type = read_type(frame, stage.mm(8.6));
  frame.hairline(column.x, y, column.w);
  double tallest = 0;
  for (int pass = 0; pass < 2; ++pass) {
    double row_y = y + stage.mm(6);
    for (int i = 0; i < count; ++i) {
      const FactView& fact = view.facts[static_cast<std::size_t>(i)];
      const Box cell = abreast ? Box{column.x, row_y, column.w, 0}.column(i, count, stage.mm(8))
                               : Box{column.x, row_y, column.w, 0};
      const Box words = cell.after(side + stage.mm(5));
      const double height = std::max(side, frame.measure(fact.text, type, words.w).h);
      if (pass == 0) {
        tallest = abreast ? std::max(tallest, height) : tallest;
      } else {
        const double h = abreast ? tallest : height;
        const Colour tint = theme.comfort.high_contrast
                                ? frame.colour().brass_light
                                : theme.family(view.card.picture.family).solid;
        frame.icon({cell.x, row_y + h / 2 - side / 2, side, side}, fact.icon, tint);
        const double text_h = frame.measure(fact.text, type, words.w).h;
        frame.say("product.fact." + std::to_string(i),
                  {words.x, row_y + h / 2 - text_h / 2, words.w, text_h}, fact.text, type);
      }
      if (!abreast) row_y += height + stage.mm(4);
    }
    if (pass == 1) y = abreast ? row_y + tallest : row_y - stage.mm(4);
  }
  y += stage.mm(6);
  frame.hairline(column.x, y, column.w);
  if (!view.source.empty()) {
    Type note = note_type(frame, theme.type.hint);
    note.align = Align::kEnd;
    y = say_below(frame, "product.source", y + stage.mm(2), column, view.source, note);
  }
  return y + stage.mm(8);
}

double draw_hall_card(const Stage& stage, const PlanView& plan, const Box& column, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double height = std::max(stage.mm(112), 70.0);
  const Box box{column.x, y, column.w, height};
  card(frame, box);
  const double plan_w = std::min(column.w * 0.48, height * 1.56);
  frame.fill_corners(box.start(plan_w), frame.colour().sand, theme.radius.card, Corners::kStart);
  draw_plan(stage, box.start(plan_w), plan);
  Box words = box.after(plan_w + stage.mm(12));
  words.w -= stage.mm(10);
  const Type caption = note_type(frame, theme.type.small);
  Type title = title_type(frame, stage.mm(17));
  title = fitted(frame, plan.title, title, words.w, 2, theme.type.title * 0.8);
  const Type hint = read_type(frame, theme.type.small);
  const double h1 = frame.measure(plan.caption, caption, words.w).h;
  const double h2 = frame.measure(plan.title, title, words.w).h;
  const double h3 = plan.hint.empty() ? 0 : frame.measure(plan.hint, hint, words.w).h;
  double at = box.mid_y() - (h1 + h2 + h3 + 3) / 2;
  at = say_below(frame, "product.hall.caption", at, words, plan.caption, caption);
  at = say_below(frame, "product.hall", at, words, plan.title, title);
  say_below(frame, "product.hall.way", at + 3, words, plan.hint, hint);
  return y + height + stage.mm(12);
}

double draw_trade(const Stage& stage, const ProductView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  y = say_below(frame, "product.trade", y, column, view.trade_title,
                title_type(frame, stage.mm(12)), Role::kHeading);
  y += stage.mm(2);
  const double row_h = std::max(stage.mm(22), theme.em(theme.type.read) * 1.9);
  for (std::size_t i = 0; i < view.trade.size(); ++i) {
    const TradeRow& row = view.trade[i];
    frame.hairline(column.x, y, column.w);
    const Box line{column.x, y, column.w, row_h};
    Type label = read_type(frame);
    label.max_lines = 1;
    frame.text_middle(line.start(line.w * 0.55), row.label, label);
    Type value = read_type(frame, theme.type.small);
    value.max_lines = 1;
    value.align = Align::kEnd;
    const double width = std::min(line.w * 0.5, frame.measure(row.value, value).w);
    if (!row.known) {
      const double pill_h =
          std::min(row_h - 2, std::max(stage.mm(14), theme.em(theme.type.small) * 1.6));
      const Box pill = line.end(width + stage.mm(14)).centred(width + stage.mm(14), pill_h);
      frame.fill(pill, frame.colour().sand, pill_h / 2);
      value.align = Align::kCenter;
      frame.text_middle(pill, row.value, value);
    } else {
      frame.text_middle(line.end(line.w * 0.5), row.value, value);
    }
    frame.node("product.trade." + std::to_string(i), line, Role::kText,
               row.label + ": " + row.value);
    y += row_h;
  }
  return y;
}

double draw_words(const Stage& stage, const ProductView& view, const Box& column, double y) {
  Frame& frame = stage.frame;
  Type story = read_type(frame, frame.theme().type.lead);
  story.line_height = 1.55;
  y = say_below(frame, "product.story", y, column, view.story, story);
  y += stage.mm(10);
  y = draw_facts(stage, view, column, y);
  if (!view.plan.empty()) y = draw_hall_card(stage, view.plan.front(), column, y);
  return draw_trade(stage, view, column, y);
}

void draw_buttons(const Stage& stage, const ProductView& view, const Box& box) {
  const ActionSpec add{
      .id = "product.add", .label = view.add, .icon = view.on_list ? "check" : "heart"};
  const bool sends = !view.enquire.empty();
  const ActionResult touched =
      sends
          ? draw_actions(
                stage, box, add,
                {.id = "product.enquire", .label = view.enquire, .icon = "send", .directed = true})
          : draw_actions(stage, box, {}, add);
  if (touched.second || (touched.main && !sends)) {
    if (view.on_list) {
      stage.ask(intent::OpenList{});
    } else {
      stage.ask(intent::AddToList{view.card.product, view.card.district});
    }
  }
  if (touched.main && sends) stage.ask(intent::StartEnquiry{view.card.product});
}

}  // namespace

void draw_product(const Stage& stage, const ProductView& view) {
  Frame& frame = stage.frame;
  const auto& theme = frame.theme();
  const double margin = theme.space.margin;
  const Box ground = stage.ground();
  const FamilyColours family = theme.family(view.card.picture.family);
  const std::string id = "product.scroll." + view.card.product;

  if (stage.portrait()) {
    const Box body{0, ground.y, ground.w, theme.bands.actions_y - 6 - ground.y};
    scrolled(stage, id, body, [&](const Box& area) {
      const double band_h = 216;
      frame.fill({area.x, area.y, area.w, band_h}, family.tint);
      frame.texture({area.x, area.y, area.w, band_h}, family.texture);
      draw_arch(stage, view, {area.x + 24, area.y + 12, 170, band_h - 12});
      const Box name{area.x + 214, area.y + 30, area.w - 214 - margin, 0};
      draw_name(stage, view, name, theme.type.display_word);
      return draw_words(stage, view, area.inset(24, 0), area.y + band_h + 11) + 4;
    });
    draw_buttons(stage, view, frame.actions());
    return;
  }

  const double start_w = ground.w * (stage.small() ? 0.36 : 0.42);
  const Box hero = ground.start(start_w);
  frame.fill(hero, family.tint);
  frame.texture(hero, family.texture);
  const double arch_h = hero.h - margin;
  const double arch_w = std::min(hero.w - 2 * margin, arch_h * 0.83);
  draw_arch(stage, view, {hero.mid_x() - arch_w / 2, hero.bottom() - arch_h, arch_w, arch_h});
  const Box column = ground.after(start_w).inset(margin, 4);
  const double actions_h = theme.target.primary;
  scrolled(stage, id, column.top(column.h - actions_h - 6), [&](const Box& area) {
    const double y = draw_name(stage, view, area, theme.type.display);
    return draw_words(stage, view, area, y + stage.mm(8)) + 2;
  });
  draw_buttons(stage, view, column.foot(actions_h));
}

}  // namespace odop::kiosk::ui
