#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <array>
#include <string>

namespace odop::kiosk::ui {

void card(Frame& frame, const Box& box, bool pressed) {
  const Theme& theme = frame.theme();
  if (!pressed) frame.shadow(box, Shadow::kCard);
  frame.fill(box, pressed ? theme.colour.sand : theme.colour.paper, theme.radius.card);
  frame.outline(box, theme.colour.line, theme.stroke.hairline, theme.radius.card);
}

Touch link_card(Frame& frame, std::string_view id, const Box& box, std::string_view label,
                std::string_view spoken) {
  const Touch touch = frame.target(id, box, Role::kLink, label, {.spoken = spoken});
  card(frame, box, touch.pressed);
  if (touch.focused) {
    const double stroke = frame.theme().stroke.focus_ring;
    frame.outline(box.inset(-2 * stroke), frame.colour().blue, stroke,
                  frame.theme().radius.card + 2 * stroke);
  }
  return touch;
}

double panel(Frame& frame, std::string_view id, const Box& box, PanelKind kind,
             std::string_view icon, std::string_view title, std::string_view note) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  Colour ground = c.sand;
  Colour edge = c.sand;
  Colour words = c.ink;
  Colour note_colour = c.ink2;
  switch (kind) {
    case PanelKind::kQuiet:
      edge = theme.comfort.high_contrast ? c.line : c.sand;
      break;
    case PanelKind::kKept:
      ground = c.green_tint;
      edge = c.green;
      note_colour = c.ink;
      break;
    case PanelKind::kArrived:
      ground = edge = c.green;
      words = note_colour = c.white;
      break;
    case PanelKind::kWaiting:
      ground = c.amber_tint;
      edge = c.amber_edge;
      note_colour = c.ink;
      break;
    case PanelKind::kMissing:
      ground = c.madder_tint;
      edge = c.madder;
      note_colour = c.ink;
      break;
  }
  const double pad = theme.space.padding;
  const double side = icon.empty() ? 0 : std::min(15.0, std::max(9.0, theme.type.title * 1.15));
  const double text_x = box.x + pad + (icon.empty() ? 0 : side + pad * 0.7);
  const double text_w = box.right() - pad - text_x;
  const Type bold{
      .role = TextRole::kSmallBold, .em = theme.type.read, .colour = words, .line_height = 1.35};
  const Type small{.em = theme.type.small, .colour = note_colour, .line_height = 1.4};
  const double first = title.empty() ? 0 : frame.measure(title, bold, text_w).h;
  const double second = note.empty() ? 0 : frame.measure(note, small, text_w).h;
  const double height = box.h > 0 ? box.h : std::max(side, first + second) + 2 * pad * 0.8;
  const Box at{box.x, box.y, box.w, height};
  frame.fill(at, ground, theme.radius.card);
  if (edge != ground || theme.comfort.high_contrast) {
    frame.outline(at, edge, theme.stroke.chip, theme.radius.card);
  }
  if (!icon.empty()) {
    frame.icon({box.x + pad, at.mid_y() - side / 2, side, side}, icon, words);
  }
  const double top = at.mid_y() - (first + second) / 2;
  if (!title.empty()) frame.text({text_x, top, text_w, first}, title, bold);
  if (!note.empty()) frame.text({text_x, top + first, text_w, second}, note, small);
  std::string all(title);
  if (!title.empty() && !note.empty()) all += ". ";
  all += note;
  frame.node(id, at, Role::kStatus, all);
  return height;
}

double pill(Frame& frame, double x, double y, std::string_view label, PillKind kind,
            std::string_view icon) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const Colour ground = kind == PillKind::kGood      ? c.green_tint
                        : kind == PillKind::kWaiting ? c.amber_tint
                                                     : c.sand;
  const Colour words = kind == PillKind::kGood      ? c.green_text
                       : kind == PillKind::kWaiting ? c.amber_text
                                                    : c.ink2;
  const Type type{.em = theme.type.note, .colour = words, .max_lines = 1, .line_height = 1.3};
  const double pad = 5;
  const double side = icon.empty() ? 0 : 8;
  const double width = frame.measure(label, type).w;
  const double height = std::max(13.0, theme.em(theme.type.note) * 1.6);
  const Box at{x, y, width + 2 * pad + (icon.empty() ? 0 : side + 2.4), height};
  frame.fill(at, ground, height / 2);
  if (theme.comfort.high_contrast) frame.outline(at, c.line, theme.stroke.chip, height / 2);
  if (!icon.empty()) frame.icon({x + pad, at.mid_y() - side / 2, side, side}, icon, words);
  frame.text_middle({at.right() - pad - width, y, 0, height}, label, type);
  return at.w;
}

void head(Frame& frame, const HeadSpec& spec) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const Bands& bands = theme.bands;
  const double margin = theme.space.margin;
  const double scale = bands.head_h / 36;
  const Box row{margin, bands.head_y, bands.width - 2 * margin, bands.head_h};

  frame.kinara();
  const double side = std::max(24 * scale, std::min(12.0, bands.head_h));
  const Box emblem{row.x, row.mid_y() - side / 2, side, side};
  const Point centre{emblem.mid_x(), emblem.mid_y()};
  frame.hexagon(centre, side * 0.86, 0.98, rgb(0x9B2226));
  frame.hexagon_outline(centre, side * 0.86, 0.82, theme.colour.brass_light, 0.5 * scale);
  frame.icon(emblem.centred(side * 0.52, side * 0.52), "family-scent-handicraft", rgb(0xFBF7EF));

  double end_width = 0;
  if (!spec.as_of.empty()) {
    const Type note{.em = theme.type.note,
                    .colour = spec.stale ? c.amber_text : c.ink2,
                    .max_lines = 1,
                    .line_height = 1.3,
                    .scales = false};
    const double width = frame.measure(spec.as_of, note).w;
    const double icon = 9 * std::max(0.75, scale);
    const double pad = spec.stale ? 5 : 0;
    end_width = width + icon + 3 + 2 * pad;
    const Box at = row.end(end_width);
    if (spec.stale) {
      const Box ground = at.centred(at.w, 16 * std::max(0.8, scale));
      frame.fill(ground, c.amber_tint, ground.h / 2);
      frame.outline(ground, c.amber_edge, theme.stroke.chip, ground.h / 2);
    }
    frame.icon({at.x + pad, row.mid_y() - icon / 2, icon, icon}, spec.icon, note.colour);
    frame.text_middle({at.x + pad + icon + 3, row.y, width + 1, row.h}, spec.as_of, note);
    frame.node("head.as_of", at, Role::kStatus, spec.as_of);
  }

  const Box words = row.after(side + 6 * scale).inset(0, 0);
  const double room = words.w - end_width - 6;
  const bool urdu = frame.language() == Language::kUrdu;
  // On the smallest panel Nastaliq's ink has to stay clear of the border above it.
  const double shrunk = std::max(urdu ? 0.6 : 0.75, scale);
  const Type title{.role = TextRole::kTitle,
                   .em = (urdu ? 9.2 : 10.4) * shrunk,
                   .colour = c.ink,
                   .max_lines = 1,
                   .line_height = urdu ? 2.25 : 1.35,
                   .scales = false};
  const Type venue{
      .em = theme.type.note, .colour = c.ink2, .max_lines = 1, .line_height = 1.3, .scales = false};
  const double width = std::min(room, frame.measure(spec.title, title).w + 1);
  const double gap = 5 + (urdu ? 3 * scale : 0);
  const double left = room - width - gap - 1;
  const bool beside = !spec.venue.empty() && frame.measure(spec.venue, venue).w <= left;
  // One line: the name, then the place as far as there is room. In Urdu too: Nastaliq's strokes
  // below the line leave no place for words under them.
  if (theme.layout == LayoutClass::kSmall || (urdu && (beside || spec.venue.empty()))) {
    frame.text_middle({words.x, row.y, width, row.h}, spec.title, title);
    frame.node("head.title", {words.x, row.y, width, row.h}, Role::kText, spec.title);
    if (beside) {
      const Box place{words.x + width + gap, row.y, left, row.h};
      frame.text_middle(place, spec.venue, venue);
      frame.node("head.venue", place, Role::kText, spec.venue);
    }
    return;
  }
  const double first = frame.measure(spec.title, title, room).h;
  const double second = spec.venue.empty() ? 0 : frame.measure(spec.venue, venue, room).h;
  const double overlap = urdu && second > 0 ? 3.5 * scale : 0;
  const double top = row.mid_y() - (first + second - overlap) / 2 - (urdu ? 1.5 * scale : 0);
  frame.say("head.title", {words.x, top, room, first}, spec.title, title, Role::kText);
  if (second > 0) {
    frame.say("head.venue", {words.x, top + first - overlap, room, second}, spec.venue, venue);
  }
}

void steps(Frame& frame, const Box& row, std::string_view label, int total, int done) {
  const Theme& theme = frame.theme();
  const Type type{.em = std::max(theme.type.least, 7.8 * theme.type.read / 9),
                  .colour = theme.colour.ink2,
                  .max_lines = 1,
                  .line_height = 1.3,
                  .scales = false};
  const double width = frame.measure(label, type).w;
  frame.text_middle({row.x, row.y, width + 1, row.h}, label, type);
  frame.node("steps", row, Role::kStatus, label);
  frame.stitches(row.after(width + 8), total, done);
}

WarningResult idle_warning(Frame& frame, const WarningSpec& spec) {
  const Theme& theme = frame.theme();
  const Palette& c = theme.colour;
  const auto scope = frame.dialog("idle", spec.title);
  const double shrink = theme.layout == LayoutClass::kSmall ? 0.62 : 1;
  const double width = std::min(300.0, theme.bands.width - 2 * theme.space.margin);
  const double pad = 12 * shrink;
  struct Line {
    std::string_view id;
    std::string_view words;
    Type type;
    Role role = Role::kText;
  };
  const std::array lines{Line{"idle.title",
                              spec.title,
                              {.role = TextRole::kTitle,
                               .em = theme.type.title_l * 0.9,
                               .colour = c.ink,
                               .align = Align::kCenter,
                               .max_lines = 1,
                               .scales = false},
                              Role::kHeading},
                         Line{"idle.seconds",
                              spec.seconds,
                              {.role = TextRole::kTitle,
                               .em = theme.type.number,
                               .colour = c.madder,
                               .align = Align::kCenter,
                               .line_height = 1.2,
                               .language = Language::kEnglish,
                               .scales = false},
                              Role::kStatus},
                         Line{"idle.note",
                              spec.note,
                              {.em = theme.type.small,
                               .colour = c.ink2,
                               .align = Align::kCenter,
                               .max_lines = 1,
                               .scales = false}}};
  double words = 0;  // their height: Nastaliq stands twice as high as Latin
  for (const Line& line : lines) words += frame.measure(line.words, line.type, width - 2 * pad).h;
  const double target = std::max(theme.min_target_mm, 36 * shrink);
  const Box box = frame.whole()
                      .foot(theme.bands.height - theme.bands.head_h)
                      .centred(width, words + target + 3 * pad);
  frame.shadow(box, Shadow::kDialog);
  frame.fill(box, c.paper, theme.radius.card);
  if (theme.comfort.high_contrast) {
    frame.outline(box, c.line, theme.stroke.second_button, theme.radius.card);
  }
  const Box inner = box.inset(pad, pad);
  double y = inner.y;
  for (const Line& line : lines) {
    y += frame.say(line.id, {inner.x, y, inner.w, 0}, line.words, line.type, line.role);
  }
  const Box row = inner.foot(target);
  WarningResult result = WarningResult::kNone;
  if (button(frame, "idle.erase", row.column(0, 2, 8), spec.erase,
             {.kind = ButtonKind::kSecondary, .beside = spec.stay})) {
    result = WarningResult::kErase;
  }
  if (button(frame, "idle.stay", row.column(1, 2, 8), spec.stay, {.beside = spec.erase})) {
    result = WarningResult::kStay;
  }
  // Whoever touches the glass anywhere is here.
  if (result == WarningResult::kNone && frame.input().gesture.tapped &&
      frame.memory().pressed.empty()) {
    result = WarningResult::kStay;
  }
  return result;
}

}  // namespace odop::kiosk::ui
