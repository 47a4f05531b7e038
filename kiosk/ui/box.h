// Rectangles in millimetres. x counts from the start side of the language (left in Hindi and
// English, right in Urdu), so that one layout serves both directions; y counts downwards.
#pragma once

namespace odop::kiosk::ui {

struct Box {
  double x = 0, y = 0, w = 0, h = 0;

  [[nodiscard]] constexpr double right() const { return x + w; }  // the end side
  [[nodiscard]] constexpr double bottom() const { return y + h; }
  [[nodiscard]] constexpr double mid_x() const { return x + w / 2; }
  [[nodiscard]] constexpr double mid_y() const { return y + h / 2; }
  [[nodiscard]] constexpr bool contains(double px, double py) const {
    return px >= x && px < right() && py >= y && py < bottom();
  }

  [[nodiscard]] constexpr Box inset(double by) const { return inset(by, by); }
  [[nodiscard]] constexpr Box inset(double by_x, double by_y) const {
    return {x + by_x, y + by_y, w - 2 * by_x, h - 2 * by_y};
  }
  [[nodiscard]] constexpr Box moved(double dx, double dy) const { return {x + dx, y + dy, w, h}; }

  // Parts of the box; the rest is what lies after them.
  [[nodiscard]] constexpr Box top(double height) const { return {x, y, w, height}; }
  [[nodiscard]] constexpr Box below(double height) const { return {x, y + height, w, h - height}; }
  [[nodiscard]] constexpr Box start(double width) const { return {x, y, width, h}; }
  [[nodiscard]] constexpr Box after(double width) const { return {x + width, y, w - width, h}; }
  [[nodiscard]] constexpr Box end(double width) const { return {right() - width, y, width, h}; }
  [[nodiscard]] constexpr Box foot(double height) const {
    return {x, bottom() - height, w, height};
  }

  // Column `i` of `n` with a gutter between.
  [[nodiscard]] constexpr Box column(int i, int n, double gutter) const {
    const double each = (w - gutter * (n - 1)) / n;
    return {x + i * (each + gutter), y, each, h};
  }
  [[nodiscard]] constexpr Box row(int i, int n, double gutter) const {
    const double each = (h - gutter * (n - 1)) / n;
    return {x, y + i * (each + gutter), w, each};
  }
  // A box of this size in the middle.
  [[nodiscard]] constexpr Box centred(double width, double height) const {
    return {mid_x() - width / 2, mid_y() - height / 2, width, height};
  }
};

struct Point {
  double x = 0, y = 0;
};

}  // namespace odop::kiosk::ui
