// Pieces that several screens share. Private to kiosk/ui/screens.
#pragma once

#include "kiosk/model/intent.h"
#include "kiosk/model/views.h"
#include "kiosk/ui/frame.h"
#include "kiosk/ui/widgets.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::ui {

// What a screen is drawn with: the frame, where intents go, the words that all screens need.
struct Stage {
  Frame& frame;
  const ScreenView& view;
  Intents& intents;

  template <typename T>
  void ask(T intent) const {
    intents.emplace_back(std::move(intent));
  }
  [[nodiscard]] bool portrait() const { return frame.theme().layout == LayoutClass::kPortrait; }
  [[nodiscard]] bool small() const { return frame.theme().layout == LayoutClass::kSmall; }
  // A length of the 32 inch design on this panel: as it is, or in proportion to its type.
  [[nodiscard]] double mm(double length) const {
    return small() ? length * frame.theme().type.read / 9.0 : length;
  }
  // Without a head: small panels need its place where letters are typed.
  [[nodiscard]] bool bare() const;
  // Between head (or border) and temple edge, inside the side margins.
  [[nodiscard]] Box content() const;
  // "Step 1 / 6" and its stitches stand here: under the head, or in it on small panels.
  [[nodiscard]] Box step_row() const;
  // Between head and temple edge, over the full width.
  [[nodiscard]] Box ground() const {
    const Bands& bands = frame.theme().bands;
    const double top = bands.head_y + bands.head_h;
    return {0, top, bands.width, bands.temple_y - top};
  }
};

// ---- Voices of type; the colour is the palette's ink unless given ----
[[nodiscard]] Type read_type(const Frame& frame, double em = 0);
[[nodiscard]] Type note_type(const Frame& frame, double em = 0);
[[nodiscard]] Type title_type(const Frame& frame, double em);
[[nodiscard]] Type bold_type(const Frame& frame, double em);
// The largest em from `type.em` down to `least` with which the words fit a width in so many lines,
// no word cut in two. Where they do not, what the visitor's text size added is taken back first.
[[nodiscard]] Type fitted(Frame& frame, std::string_view words, Type type, double width, int lines,
                          double least);

// The same, and no taller than the box: a label of a tile or a key gives way further, to 0.85 of
// `least`.
[[nodiscard]] Type fitted_into(Frame& frame, std::string_view words, Type type, const Box& box,
                               int lines, double least);

// A text that is also a node; returns the y below it.
double say_below(Frame& frame, std::string_view id, double y, const Box& column,
                 std::string_view words, const Type& type, Role role = Role::kText);

// ---- Pictures ----
// A family's tinted ground with its texture and the product on it: photograph, drawing, or the
// family's motif when there is neither. `share` is the drawing's part of the shorter side.
void draw_picture(Frame& frame, const Box& box, const Picture& picture, Corners corners,
                  double radius, double share = 0.82);
// Green seal and two lines: "geographical indication", the registered name. Returns its height.
double draw_gi(Frame& frame, const Box& box, std::string_view label, std::string_view name);

// ---- Areas that may be taller than their place ----
// Draws `content` (which gets a box of the width, and returns the y where it ends) into a scrolled
// area. When it does not fit, two keys at the foot turn it page by page, so that nobody must drag.
void scrolled(const Stage& stage, std::string_view id, const Box& box,
              const std::function<double(const Box&)>& content);

// ---- Larger pieces ----
// Two buttons of the action row: the second is the main one. An empty label leaves it out.
// A code picture's modules on the glass: read from an arm's length.
inline constexpr double kCodeMm = 60;

struct ActionSpec {
  std::string_view id, label, icon;
  bool directed = false;  // the icon is an arrow
  bool enabled = true;
};
struct ActionResult {
  bool second = false, main = false;
};
ActionResult draw_actions(const Stage& stage, const Box& box, const ActionSpec& second,
                          const ActionSpec& main);

// A slim card: picture at the start, two lines, an arrow. A target that leads somewhere.
bool slim_card(const Stage& stage, std::string_view id, const Box& box, const Picture& picture,
               std::string_view title, std::string_view note, std::string_view badge = {});

// The families: icon over label, a touch dims the others. Returns the touched id.
std::string draw_families(const Stage& stage, std::string_view prefix, const Box& box,
                          const std::vector<FamilyView>& families);

// Quiet sand panel with an icon and words.
void assurance(const Stage& stage, const Box& box, std::string_view icon, Colour icon_colour,
               std::string_view words);

// A row of the list: picture, name, stepper with unit, and the bin unless `remove` is empty.
void draw_list_row(const Stage& stage, const Box& box, const ListRow& row, std::string_view less,
                   std::string_view more, std::string_view unit, std::string_view remove);

// A round button that reads something aloud; while it sounds it stops it.
bool ear(const Stage& stage, std::string_view id, const Box& box, std::string_view label,
         bool sounds = false);

// Paper over the veiled screen, with a title and a button `id`.close that closes it. Returns the
// place between the two.
Box draw_sheet(const Stage& stage, std::string_view id, double height, std::string_view title,
               std::string_view close, bool& closed, ButtonKind kind = ButtonKind::kPrimary);

// Back, and the question with its hint. Returns the y below.
double draw_heading(const Stage& stage, std::string_view id, const Box& column,
                    std::string_view title, std::string_view hint, double em = 0);

}  // namespace odop::kiosk::ui
