#include "kiosk/ui/frame.h"

#include "kiosk/ui/frame_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace odop::kiosk::ui {
namespace {

// Ink of Nastaliq passes its line box by up to this much of a large title (12 mm), so text is never
// cut nearer to a clip's edge.
constexpr double kTextSlackMm = 6;
// In a scrolled list less, or lines would peep out over its edge.
constexpr double kScrollTextSlackMm = 2;

// What a card's shadow needs at the sides of a scrolled list (the blur of the tokens and a little).
constexpr double kScrollSideMm = 6;

constexpr double kMomentumDecay = 3.2;       // per second (measured to feel right on glass)
constexpr double kMomentumStopMmPerS = 7.0;  // about 20 px/s on the reference panel

PixelRect intersect(const PixelRect& a, const PixelRect& b) {
  const float left = std::max(a.x, b.x);
  const float top = std::max(a.y, b.y);
  const float right = std::min(a.x + a.w, b.x + b.w);
  const float bottom = std::min(a.y + a.h, b.y + b.h);
  return {left, top, std::max(0.0F, right - left), std::max(0.0F, bottom - top)};
}

// The tokens' ease, cubic-bezier(0.2, 0, 0, 1): solved for t by bisection (12 steps: 1/4096).
double ease(double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  double low = 0;
  double high = 1;
  for (int i = 0; i < 12; ++i) {
    const double t = (low + high) / 2;
    const double bx = 3 * (1 - t) * (1 - t) * t * 0.2 + t * t * t;
    (bx < x ? low : high) = t;
  }
  const double t = (low + high) / 2;
  return 3 * (1 - t) * t * t + t * t * t;
}

}  // namespace

Frame::Frame(const FrameContext& context)
    : list_(&context.list),
      text_(&context.text),
      theme_(&context.theme),
      images_(&context.images),
      memory_(&context.memory),
      input_(&context.input),
      language_(context.language),
      state_(std::make_unique<State>()) {
  state_->places.push_back({is_right_to_left(language_), 0, theme_->top_mm, theme_->bands.width});
  state_->clips.push_back(
      {{0, static_cast<float>(theme_->live_top_px), static_cast<float>(theme_->panel.width_px),
        static_cast<float>(theme_->live_height_px)},
       0});
  if (input_->gesture.began) memory_->focused.clear();
  open_group();
}

Frame::~Frame() {
  if (state_->group_open) close_group();
}

bool Frame::rtl() const { return state_->place().mirrored; }

Box Frame::content() const {
  const double margin = theme_->space.margin;
  return {margin, theme_->bands.content_y, width() - 2 * margin,
          theme_->bands.content_end - theme_->bands.content_y};
}

Box Frame::actions() const {
  const double margin = theme_->space.margin;
  return {margin, theme_->bands.actions_y, width() - 2 * margin, theme_->bands.actions_h};
}

// ---- Coordinates ---------------------------------------------------------------------------

PixelRect Frame::exact(const Box& box) const {
  const State::Place& place = state_->place();
  const double left = place.origin_x + (place.mirrored ? place.span - box.x - box.w : box.x);
  return {theme_->px(left), theme_->px(place.origin_y + box.y), theme_->px(box.w),
          theme_->px(box.h)};
}

PixelRect Frame::pixels(const Box& box) const {
  const PixelRect r = exact(box);
  const float left = std::round(r.x);
  const float top = std::round(r.y);
  return {left, top, std::round(r.x + r.w) - left, std::round(r.y + r.h) - top};
}

std::optional<Point> Frame::finger() const {
  const GestureState& gesture = input_->gesture;
  if (gesture.phase == GesturePhase::kSwallowed) return std::nullopt;
  if (gesture.phase == GesturePhase::kIdle && !gesture.tapped && !gesture.dropped) {
    return std::nullopt;
  }
  const State::Place& place = state_->place();
  const double x = gesture.x / theme_->px_per_mm - place.origin_x;
  return Point{place.mirrored ? place.span - x : x, gesture.y / theme_->px_per_mm - place.origin_y};
}

bool Frame::visible(const Box& box) const {
  const PixelRect part = intersect(exact(box), state_->clip().rect);
  return part.w > 0 && part.h > 0;
}

// ---- Groups and clips ----------------------------------------------------------------------

void Frame::open_group() {
  list_->ChannelsSplit(3);
  state_->group_open = true;
  state_->channel = Channel::kShapes;
  state_->clip_pushed = false;
  list_->ChannelsSetCurrent(0);
  const PixelRect& clip = state_->clip().rect;
  list_->PushClipRect({clip.x, clip.y}, {clip.x + clip.w, clip.y + clip.h});
  state_->clip_pushed = true;
}

void Frame::close_group() {
  if (state_->clip_pushed) list_->PopClipRect();
  state_->clip_pushed = false;
  list_->ChannelsMerge();
  state_->group_open = false;
}

void Frame::layer() {
  close_group();
  open_group();
}

void Frame::use(Channel channel) {
  if (channel == state_->channel) return;
  const bool slack_changes = state_->clip().text_slack > 0 &&
                             (channel == Channel::kText || state_->channel == Channel::kText);
  if (slack_changes) {
    list_->PopClipRect();
    const PixelRect& clip = state_->clip().rect;
    const float slack = channel == Channel::kText ? state_->clip().text_slack : 0.0F;
    list_->PushClipRect({clip.x - slack, clip.y - slack},
                        {clip.x + clip.w + slack, clip.y + clip.h + slack});
  }
  state_->channel = channel;
  list_->ChannelsSetCurrent(static_cast<int>(channel));
}

// ---- Scopes --------------------------------------------------------------------------------

Frame::Scope::Scope(Scope&& other) noexcept
    : frame_(other.frame_), kind_(std::exchange(other.kind_, Kind::kNone)) {}

Frame::Scope::~Scope() {
  if (kind_ != Kind::kNone) frame_->end(kind_);
}

Frame::Scope Frame::clip(const Box& box) {
  close_group();
  state_->clips.push_back({intersect(pixels(box), state_->clip().rect), theme_->px(kTextSlackMm)});
  open_group();
  return {*this, Scope::Kind::kClip};
}

Frame::Scope Frame::scroll(std::string_view id, const Box& box) {
  close_group();
  const PixelRect rect = intersect(pixels(box), state_->clip().rect);
  // Nothing scrolls sideways: shadows of cards may stand out there.
  const Box wider{box.x - kScrollSideMm, box.y, box.w + 2 * kScrollSideMm, box.h};
  state_->clips.push_back(
      {intersect(pixels(wider), state_->clip().rect), theme_->px(kScrollTextSlackMm)});

  FrameMemory::Scroll& scroll = memory_->scrolls[std::string(id)];
  scroll.view_mm = box.h;
  const double furthest = std::max(0.0, scroll.content_mm - box.h);
  const GestureState& gesture = input_->gesture;
  const bool mine = memory_->dragged_scroll == id;
  if (mine && (gesture.phase == GesturePhase::kDragging || gesture.dropped)) {
    scroll.offset_mm = scroll.grabbed_mm - (gesture.y - gesture.start_y) / theme_->px_per_mm;
    scroll.velocity_mm_s =
        gesture.dropped && theme_->motion.page > 0 ? -gesture.velocity_y / theme_->px_per_mm : 0;
  } else if (mine && gesture.phase != GesturePhase::kIdle) {
    scroll.velocity_mm_s = 0;
  } else if (scroll.velocity_mm_s != 0) {
    const double seconds =
        std::clamp(static_cast<double>(now_ms() - scroll.moved_ms) / 1000.0, 0.0, 0.1);
    scroll.offset_mm += scroll.velocity_mm_s * seconds;
    scroll.velocity_mm_s *= std::exp(-kMomentumDecay * seconds);
    const bool at_end = scroll.offset_mm <= 0 || scroll.offset_mm >= furthest;
    if (std::abs(scroll.velocity_mm_s) < kMomentumStopMmPerS || at_end) scroll.velocity_mm_s = 0;
  }
  scroll.moved_ms = now_ms();
  if (scroll.velocity_mm_s != 0) state_->wake(now_ms());
  if (scroll.seen) scroll.offset_mm = std::clamp(scroll.offset_mm, 0.0, furthest);

  State::Place inner = state_->place();
  // Whole pixels, so that letters stay sharp while they move.
  inner.origin_y -= std::round(scroll.offset_mm * theme_->px_per_mm) / theme_->px_per_mm;
  state_->scrolls.push_back(
      {std::string(id), box, rect, box.y, box.y, inner.origin_y, state_->dialogs > 0});
  state_->places.push_back(inner);
  open_group();
  return {*this, Scope::Kind::kScroll};
}

Frame::Scope Frame::left_to_right(const Box& box) {
  const State::Place& outer = state_->place();
  const double left = outer.origin_x + (outer.mirrored ? outer.span - box.x - box.w : box.x);
  state_->places.push_back({false, left, outer.origin_y + box.y, box.w});
  return {*this, Scope::Kind::kLtr};
}

Frame::Scope Frame::dialog(std::string_view id, std::string_view label) {
  layer();
  fill(whole(), theme_->colour.veil);
  ++state_->dialogs;
  node(id, whole(), Role::kDialog, label);
  layer();
  return {*this, Scope::Kind::kDialog};
}

void Frame::end(Scope::Kind kind) {
  switch (kind) {
    case Scope::Kind::kNone:
      break;
    case Scope::Kind::kClip:
      close_group();
      state_->clips.pop_back();
      open_group();
      break;
    case Scope::Kind::kScroll: {
      close_group();
      state_->clips.pop_back();
      state_->places.pop_back();
      State::ScrollArea area = std::move(state_->scrolls.back());
      state_->scrolls.pop_back();
      FrameMemory::Scroll& scroll = memory_->scrolls[area.id];
      const double content = area.bottom - area.top;
      if (std::abs(content - scroll.content_mm) > 0.01) state_->wake(now_ms());
      scroll.content_mm = content;
      scroll.seen = true;
      open_group();
      const double furthest = content - area.box.h;
      if (furthest > 0.5 && theme_->layout == LayoutClass::kPortrait) {
        // How much there is and where this is: a thin brass line at the end side. In landscape it
        // stands between the paging keys.
        const double length = std::max(8.0, area.box.h * area.box.h / content);
        const double at = (area.box.h - length) * std::clamp(scroll.offset_mm / furthest, 0.0, 1.0);
        fill({area.box.right() - 1.6, area.box.y + at, 1.2, length}, theme_->colour.brass, 0.6);
      }
      state_->seen_scrolls.push_back(std::move(area));
      break;
    }
    case Scope::Kind::kLtr:
      state_->places.pop_back();
      break;
    case Scope::Kind::kDialog:
      --state_->dialogs;
      layer();
      break;
  }
}

void Frame::extend(double bottom) {
  if (!state_->scrolls.empty()) {
    // In coordinates of the scrolled area, whatever inner scope is open.
    State::ScrollArea& area = state_->scrolls.back();
    area.bottom = std::max(area.bottom, bottom + state_->place().origin_y - area.origin_y);
  }
}

void Frame::scroll_to(std::string_view id, double y) {
  FrameMemory::Scroll& scroll = memory_->scrolls[std::string(id)];
  scroll.offset_mm = std::max(0.0, y);
  scroll.velocity_mm_s = 0;
  state_->wake(now_ms());
}

void Frame::surround() {
  const auto width = static_cast<float>(theme_->panel.width_px);
  const auto height = static_cast<float>(theme_->panel.height_px);
  if (theme_->live_height_px >= theme_->panel.height_px) return;
  close_group();
  state_->clips.push_back({{0, 0, width, height}, 0});
  open_group();
  const double whole = height / theme_->px_per_mm;
  const double end = this->height();
  const Box over{0, -theme_->top_mm, this->width(), theme_->top_mm};
  const Box under{0, end, this->width(), whole - theme_->top_mm - end};
  for (const Box& box : {over, under}) {
    if (box.h <= 0) continue;
    fill(box, theme_->comfort.high_contrast ? theme_->colour.sand : theme_->colour.bar_ground);
    texture(box, "jali-light");
  }
  close_group();
  state_->clips.pop_back();
  open_group();
}

void Frame::mark(std::string_view id) {
  const auto node = std::ranges::find(tree_, id, &Node::id);
  if (id.empty() || node == tree_.end()) {
    memory_->marked.clear();
    return;
  }
  const bool first = std::exchange(memory_->marked, std::string(id)) != id;
  const auto area = std::ranges::find(state_->seen_scrolls, node->area, &State::ScrollArea::id);
  PixelRect seen = state_->clip().rect;
  if (area != state_->seen_scrolls.end()) {
    seen = area->rect;
    const bool out = node->rect.y < seen.y || node->rect.y + node->rect.h > seen.y + seen.h;
    if (first && out) {
      const double down = (node->rect.y - seen.y) / theme_->px_per_mm;
      scroll_to(area->id, scroll_position(area->id).offset + down - theme_->space.gutter);
    }
  }
  const float air = theme_->px(2);
  const PixelRect around = intersect(
      {node->rect.x - air, node->rect.y - air, node->rect.w + 2 * air, node->rect.h + 2 * air},
      seen);
  if (around.w <= 0 || around.h <= 0) return;
  layer();
  const float stroke = std::max(2.0F, std::round(theme_->px(theme_->stroke.focus_ring)));
  list_->AddRect({around.x + stroke / 2, around.y + stroke / 2},
                 {around.x + around.w - stroke / 2, around.y + around.h - stroke / 2},
                 im(theme_->colour.blue), theme_->px(theme_->radius.card), 0, stroke);
}

Frame::ScrollPosition Frame::scroll_position(std::string_view id) const {
  const auto at = memory_->scrolls.find(id);
  if (at == memory_->scrolls.end()) return {};
  return {at->second.offset_mm, std::max(0.0, at->second.content_mm - at->second.view_mm)};
}

// ---- Meaning and touch ---------------------------------------------------------------------

Touch Frame::target(std::string_view id, const Box& box, Role role, std::string_view label,
                    const TargetOptions& options) {
  extend(box.bottom());
  Node node;
  node.id = id;
  node.role = role;
  node.label = label;
  node.value = options.value;
  node.spoken = options.spoken;
  node.enabled = options.enabled;
  node.target = true;
  if (!state_->scrolls.empty()) node.area = state_->scrolls.back().id;
  node.modal = state_->dialogs > 0;
  node.rect = pixels(box);
  node.hit = intersect(pixels(box.inset(-options.slack)), state_->clip().rect);
  node.visible = node.hit.w > 0 && node.hit.h > 0;

  Touch touch;
  const GestureState& gesture = input_->gesture;
  if (options.enabled && memory_->pressed == id) {
    const bool inside = node.hit.contains(gesture.x, gesture.y);
    touch.pressed =
        inside && (gesture.phase == GesturePhase::kPressed || gesture.phase == GesturePhase::kHeld);
    touch.tapped = inside && gesture.tapped;
    touch.long_pressed = inside && gesture.held;
  }
  touch.focused = memory_->focused == id;
  if (touch.focused && options.enabled && role != Role::kField) {
    touch.tapped |= std::any_of(input_->keys.begin(), input_->keys.end(),
                                [](const KeyInput& in) { return in.key == EditKey::kEnter; });
  }
  tree_.push_back(std::move(node));
  return touch;
}

bool Frame::tap(std::string_view id, const Box& box, Role role, std::string_view label,
                const TargetOptions& options) {
  return target(id, box, role, label, options).tapped;
}

void Frame::node(std::string_view id, const Box& box, Role role, std::string_view label,
                 std::string_view value, std::string_view spoken) {
  Node made;
  made.id = id;
  made.role = role;
  made.label = label;
  made.value = value;
  made.spoken = spoken;
  made.modal = state_->dialogs > 0;
  if (!state_->scrolls.empty()) made.area = state_->scrolls.back().id;
  made.rect = pixels(box);
  made.visible = visible(box);
  tree_.push_back(std::move(made));
}

void Frame::settle_press() {
  const GestureState& gesture = input_->gesture;
  if (gesture.began) {
    const bool modal =
        std::any_of(tree_.begin(), tree_.end(), [](const Node& node) { return node.modal; });
    const auto hit = std::find_if(tree_.rbegin(), tree_.rend(), [&](const Node& node) {
      return node.target && (!modal || node.modal) &&
             node.hit.contains(gesture.start_x, gesture.start_y);
    });
    memory_->pressed = hit != tree_.rend() && hit->enabled ? hit->id : std::string();
    if (!memory_->pressed.empty()) state_->wake(now_ms());  // to show it pressed

    memory_->dragged_scroll.clear();
    for (const State::ScrollArea& area : state_->seen_scrolls) {
      if ((!modal || area.modal) && area.rect.contains(gesture.start_x, gesture.start_y)) {
        memory_->dragged_scroll = area.id;  // the innermost is closed first; keep the first
        break;
      }
    }
    if (!memory_->dragged_scroll.empty()) {
      FrameMemory::Scroll& scroll = memory_->scrolls[memory_->dragged_scroll];
      scroll.grabbed_mm = scroll.offset_mm;
      scroll.velocity_mm_s = 0;
    }
    return;
  }
  // A dialog that came up under the finger takes the press away.
  const bool covered =
      std::any_of(tree_.begin(), tree_.end(), [](const Node& node) { return node.modal; }) &&
      std::none_of(tree_.begin(), tree_.end(),
                   [this](const Node& node) { return node.modal && node.id == memory_->pressed; });
  if (covered ||
      (gesture.phase != GesturePhase::kPressed && gesture.phase != GesturePhase::kHeld)) {
    memory_->pressed.clear();
  }
  if (gesture.phase == GesturePhase::kIdle) memory_->dragged_scroll.clear();
}

void Frame::move_focus() {
  for (const KeyInput& input : input_->keys) {
    const EditKey key = input.key;
    if (key != EditKey::kTab && key != EditKey::kBackTab) continue;
    const bool modal =
        std::any_of(tree_.begin(), tree_.end(), [](const Node& node) { return node.modal; });
    std::vector<const Node*> stops;
    for (const Node& node : tree_) {
      if (node.target && node.enabled && node.visible && (!modal || node.modal) &&
          node.role != Role::kKey) {
        stops.push_back(&node);
      }
    }
    if (stops.empty()) return;
    const auto at = std::find_if(stops.begin(), stops.end(),
                                 [&](const Node* node) { return node->id == memory_->focused; });
    const auto count = static_cast<std::ptrdiff_t>(stops.size());
    std::ptrdiff_t next = 0;
    if (at != stops.end()) {
      next = (at - stops.begin() + (key == EditKey::kTab ? 1 : count - 1)) % count;
    } else if (key == EditKey::kBackTab) {
      next = count - 1;
    }
    memory_->focused = stops.at(static_cast<std::size_t>(next))->id;
    state_->wake(now_ms());
  }
}

// ---- Motion --------------------------------------------------------------------------------

double Frame::animate(std::string_view key, double target, double ms, double from) {
  FrameMemory::Motion& motion = memory_->motions[std::string(key)];
  if (!motion.seen) {
    motion = {from, from, from, now_ms(), true};
  }
  if (motion.to != target) {
    motion.from = motion.value;
    motion.to = target;
    motion.began_ms = now_ms();
  }
  const double passed = static_cast<double>(now_ms() - motion.began_ms);
  if (ms <= 0 || theme_->comfort.reduced_motion || passed >= ms) {
    motion.value = motion.to;
  } else {
    motion.value = motion.from + (motion.to - motion.from) * ease(passed / ms);
    state_->wake(now_ms());
  }
  return motion.value;
}

void Frame::wake_at(std::int64_t ms) { state_->wake(ms); }

Frame::Outcome Frame::finish() {
  settle_press();
  move_focus();
  close_group();
  std::vector<ScrolledArea> areas;
  areas.reserve(state_->seen_scrolls.size());
  for (const State::ScrollArea& area : state_->seen_scrolls) {
    areas.push_back({area.id, area.rect, theme_->px(memory_->scrolls[area.id].offset_mm),
                     theme_->px(area.bottom - area.top)});
  }
  return {std::move(tree_), std::move(areas), std::move(state_->cuts), state_->wake_at_ms};
}

}  // namespace odop::kiosk::ui
