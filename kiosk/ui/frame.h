// What a screen draws on. A screen is a function of a view-model and a Frame; it draws with these
// calls, in millimetres from the start side (see box.h), and learns what was tapped from their
// results. Nothing is kept in the Frame between frames except FrameMemory (caret, scroll offset,
// running animations), which is wiped with the session.
//
// Order: what is drawn later lies on top of what was drawn earlier, except that within one group
// all shapes lie under all images and all images under all text (this saves two thirds of the draw
// calls). Call `layer()` where a later shape must cover an earlier image or text; `scroll()`,
// `clip()` and `dialog()` begin a group of their own.
//
// Targets are hit by identity: a press belongs to the topmost target at the place where the finger
// went down, and acts when the finger is lifted inside the same target. Sliding off cancels.
//
// Threads: the UI thread. Nothing fails: a missing drawing or picture leaves its placeholder.
#pragma once

#include "kiosk/media/images.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/box.h"
#include "kiosk/ui/frame_memory.h"
#include "kiosk/ui/gestures.h"
#include "kiosk/ui/semantics.h"
#include "kiosk/ui/theme.h"
#include "shared/text/language.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ImDrawList;

namespace odop::kiosk::ui {

struct TexelSpan;

using typeset::Align;
using typeset::TextRole;

// How a text is set; sizes in mm. The em is before the visitor's text size.
struct Type {
  TextRole role = TextRole::kRead;
  double em = 9;
  Colour colour{42, 26, 18};
  Align align = Align::kStart;
  int max_lines = 0;                   // 0: no limit; else an ellipsis ends the last line
  double line_height = 0;              // em; 0: the token of role and language
  std::optional<Language> language{};  // other than the visitor's (the bar's language names)
  typeset::Direction direction = typeset::Direction::kLanguage;
  bool scales = true;   // follows the visitor's text size
  bool teaser = false;  // may end in an ellipsis: what it opens, or a node, says the whole
};

enum class Shadow : std::uint8_t { kCard, kButton, kDialog };

// How a directed drawing (arrow) behaves in Urdu.
enum class Mirror : std::uint8_t { kNo, kWithLanguage };

// Which corners of a box are round: all, or the two of one side.
enum class Corners : std::uint8_t { kAll, kStart, kEnd, kTop, kFoot };

enum class Fit : std::uint8_t { kContain, kCover };

struct TargetOptions {
  bool enabled = true;
  std::string_view value{};   // of the node: "on" for what is chosen
  std::string_view spoken{};  // of the node
  double slack = 0;           // mm by which the touchable area is larger on each side
};

// A target in this frame.
struct Touch {
  bool tapped = false;        // the finger was lifted in it: act now
  bool pressed = false;       // the finger is on it: draw it pressed
  bool long_pressed = false;  // fires once, after 600 ms; no tap follows
  bool focused = false;       // a hardware keyboard stands on it: draw the focus ring
};

struct FrameInput {
  GestureState gesture;
  std::vector<KeyInput> keys;  // of a hardware keyboard, in order
  std::int64_t now_ms = 0;     // monotonic
};

// Everything a Frame borrows; all outlive it.
struct FrameContext {
  ImDrawList& list;
  typeset::TextEngine& text;
  const Theme& theme;
  media::Images& images;
  FrameMemory& memory;
  const FrameInput& input;
  Language language = Language::kHindi;
};

class Frame {
 public:
  explicit Frame(const FrameContext& context);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  [[nodiscard]] const Theme& theme() const { return *theme_; }
  [[nodiscard]] const Palette& colour() const { return theme_->colour; }
  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] bool rtl() const;  // mirrored now (false inside left_to_right())
  [[nodiscard]] double width() const { return theme_->bands.width; }
  [[nodiscard]] double height() const { return theme_->bands.height; }
  [[nodiscard]] Box whole() const { return {0, 0, width(), height()}; }
  // Screen content: between head and temple edge, inside the side margins.
  [[nodiscard]] Box content() const;
  // Row of the main buttons, inside the side margins.
  [[nodiscard]] Box actions() const;
  [[nodiscard]] std::int64_t now_ms() const { return input_->now_ms; }

  // ---- Shapes ----
  void fill(const Box& box, Colour colour, double radius = 0);
  void outline(const Box& box, Colour colour, double stroke, double radius = 0);  // inside the box
  void fill_corners(const Box& box, Colour colour, double radius, Corners corners);
  void shadow(const Box& box, Shadow kind);  // draw it before the box itself
  void line(Point from, Point to, Colour colour, double stroke);
  void hairline(double x, double y, double w);  // in the colour `line`
  void circle(Point centre, double radius, Colour colour);
  void ring(Point centre, double radius, Colour colour, double stroke);
  // A broken line along points (the way on a floor plan).
  void dashed(std::span<const Point> points, Colour colour, double stroke, double dash, double gap);
  void polygon(std::span<const Point> points, Colour colour);  // convex
  // Point-up hexagon of `width` across flats; `scale` shrinks it about its centre.
  void hexagon(Point centre, double width, double scale, Colour colour);
  void hexagon_outline(Point centre, double width, double scale, Colour colour, double stroke);
  // Running stitches: progress. `done` of `total` are madder, the rest `line`.
  void stitches(const Box& box, int total, int done);
  // Teeth along the foot or the top (a slip's pinked edge).
  void pinked_edge(double x, double y, double w, Colour colour, bool points_down);

  // ---- Ornament and pictures ----
  void surround();            // in reach mode, over and under what is in reach; else nothing
  void kinara();              // sari border along the top of the panel
  void temple_edge();         // stands on the bar
  void arch(const Box& box);  // jharokha with its brass lines; the picture goes inside
  // A craft texture over the box ("jali", "chikan", "meenakari", "jali-light"); nothing in high
  // contrast.
  void texture(const Box& box, std::string_view name, double radius = 0,
               Corners corners = Corners::kAll);
  // A drawing from assets/drawings by "folder/name" ("craft/attar", "ornament/gi-seal"), fitted
  // into the box; white drawings take the tint.
  void drawing(const Box& box, std::string_view name, Colour tint = {255, 255, 255},
               Mirror mirror = Mirror::kNo);
  // An icon by its bare name ("back"), square, in one colour.
  void icon(const Box& box, std::string_view name, Colour colour, Mirror mirror = Mirror::kNo);
  // A photograph of the catalogue by the hex SHA-256 of its bytes. While it is not there, and when
  // `hash` is empty, `drawing_name` stands in its place (on `ground`).
  void picture(const Box& box, std::string_view hash, std::string_view drawing_name, Colour ground,
               double radius = 0, Fit fit = Fit::kCover, Corners corners = Corners::kAll);
  // A code picture of `payload` (at most 1,000 bytes) with its quiet zone, never mirrored. Where
  // its modules stand, without the quiet zone; an empty payload or a longer one: nothing.
  Box qr(const Box& box, std::string_view payload);
  // Side of the box in which its modules take `least_mm` real millimetres at least, though they are
  // whole pixels and the unit of the design may be smaller.
  [[nodiscard]] double qr_side(std::string_view payload, double least_mm);

  // ---- Text ----
  // Draws from the box's top start corner, wrapping at its width (0: no wrapping); returns the
  // height used. Never cuts Nastaliq: the box's height only matters for text_middle().
  double text(const Box& box, std::string_view words, const Type& type);
  // The same, centred on the box's middle height (buttons, keys, rows), with the optical shifts of
  // the tokens for Devanagari and Nastaliq.
  double text_middle(const Box& box, std::string_view words, const Type& type);
  // A text and its node. For everything that is to be read aloud or looked for by a test.
  double say(std::string_view id, const Box& box, std::string_view words, const Type& type,
             Role role = Role::kText, std::string_view spoken = {});
  struct Size {
    double w = 0, h = 0;
  };
  [[nodiscard]] Size measure(std::string_view words, const Type& type, double width = 0);
  // A style of the typesetting layer with this type's pixels, for editing.
  [[nodiscard]] typeset::TextStyle style(const Type& type, double width) const;
  // Lays out, for caret and hit test; drawn by draw_layout at a box's start corner.
  [[nodiscard]] const typeset::Layout& layout(std::string_view words, const Type& type,
                                              double width);
  void draw_layout(const typeset::Layout& layout, const Box& box, Colour colour);

  // ---- Meaning and touch ----
  // Declares a target and tells what happens to it. The id is unique on the screen.
  Touch target(std::string_view id, const Box& box, Role role, std::string_view label,
               const TargetOptions& options = {});
  // target().tapped
  bool tap(std::string_view id, const Box& box, Role role, std::string_view label,
           const TargetOptions& options = {});
  // A node without touch (an image, a state).
  void node(std::string_view id, const Box& box, Role role, std::string_view label,
            std::string_view value = {}, std::string_view spoken = {});
  // Where the finger is, in mm of the present direction, while one is down or just lifted.
  [[nodiscard]] std::optional<Point> finger() const;

  // ---- Scopes: ended by their destructor, strictly nested ----
  class [[nodiscard]] Scope {
   public:
    Scope(Scope&& other) noexcept;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Scope& operator=(Scope&&) = delete;
    ~Scope();

   private:
    friend class Frame;
    enum class Kind : std::uint8_t { kNone, kClip, kScroll, kLtr, kDialog };
    Scope(Frame& frame, Kind kind) : frame_(&frame), kind_(kind) {}
    Frame* frame_;
    Kind kind_;
  };
  // Cuts shapes and images at the box; text may stand out by half an em (Nastaliq).
  Scope clip(const Box& box);
  // A scrolled area: inside, draw as if the top were at box.y; what is drawn moves. The height of
  // the content is the lowest bottom that a fill, text or target reached, or given to `extend()`.
  Scope scroll(std::string_view id, const Box& box);
  // The content of the present scrolled area reaches at least to `bottom`.
  void extend(double bottom);
  // Left-to-right part (map, floor plan, number pad, digits, code): inside, x counts from the left
  // edge of `box` (which is given in the present direction), y from its top.
  Scope left_to_right(const Box& box);
  // Everything inside lies over the screen and takes all touches. Draws the veil.
  Scope dialog(std::string_view id, std::string_view label);
  // Whether part of the box is inside what can be seen (skip the rest of a long list).
  [[nodiscard]] bool visible(const Box& box) const;
  // Begins a new group of shapes, images, text over the one so far.
  void layer();
  // Scrolls an area so that `y` (in its content) is at its top, or back to the start.
  void scroll_to(std::string_view id, double y);
  // Draws a ring round a node of this frame (what is being read aloud). When it is scrolled out of
  // sight and was not the one that was marked last, its area is scrolled to it.
  void mark(std::string_view id);
  // How far an area is scrolled, and how far it could be, as of the last frame; mm.
  struct ScrollPosition {
    double offset = 0, furthest = 0;
  };
  [[nodiscard]] ScrollPosition scroll_position(std::string_view id) const;

  // ---- Motion ----
  // Follows `target` over `ms` with the tokens' ease; asks for frames until it is there. A key seen
  // for the first time starts at `from`.
  double animate(std::string_view key, double target, double ms, double from);
  // Asks for another frame at this time (a countdown, a change of picture).
  void wake_at(std::int64_t ms);

  // ---- For widgets and the shell ----
  [[nodiscard]] const FrameInput& input() const { return *input_; }
  [[nodiscard]] FrameMemory& memory() { return *memory_; }
  [[nodiscard]] media::Images& images() { return *images_; }
  [[nodiscard]] typeset::TextEngine& text_engine() { return *text_; }
  [[nodiscard]] const SemanticTree& tree() const { return tree_; }
  // Ends the frame: closes the groups, settles presses for the next one, hands out the tree and
  // when the next frame is needed (-1: only when something happens; 0: at once).
  struct Outcome {
    SemanticTree tree;
    std::vector<ScrolledArea> areas;
    std::vector<std::string> cuts;  // texts that lost something and are no teaser
    std::int64_t wake_at_ms = -1;
  };
  [[nodiscard]] Outcome finish();
  [[nodiscard]] PixelRect pixels(const Box& box) const;

 private:
  struct State;
  void end(Scope::Kind kind);
  void open_group();
  void close_group();
  enum class Channel : std::uint8_t { kShapes, kImages, kText };
  void use(Channel channel);
  void put_image(const media::Texture& texture, const PixelRect& rect, Colour tint, bool flip);
  void put_rounded(const media::Texture& texture, const PixelRect& rect, float radius,
                   Corners corners, const TexelSpan& texels);
  void put_tiles(std::string_view name, const Box& box, double tile_w, double tile_h, double radius,
                 Corners corners);
  // Modules across; 0: it makes no code.
  int encode(std::string_view payload);
  void settle_press();
  void move_focus();
  void watch_cut(const typeset::Layout& laid, const Type& type);
  [[nodiscard]] PixelRect exact(const Box& box) const;

  ImDrawList* list_;
  typeset::TextEngine* text_;
  const Theme* theme_;
  media::Images* images_;
  FrameMemory* memory_;
  const FrameInput* input_;
  Language language_;

  SemanticTree tree_;
  std::unique_ptr<State> state_;
};

}  // namespace odop::kiosk::ui
