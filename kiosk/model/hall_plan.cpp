#include "kiosk/model/hall_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <queue>
#include <utility>

namespace odop::kiosk {

namespace {

constexpr double kMaxSide = 200;  // metres
constexpr int kTurnCost = 3;      // metres of detour that a turn is worth
constexpr std::array<std::pair<int, int>, 4> kSteps{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

struct Grid {
  int columns = 0;
  int rows = 0;
  std::vector<bool> blocked;

  [[nodiscard]] bool inside(int x, int y) const {
    return x >= 0 && y >= 0 && x < columns && y < rows;
  }
  [[nodiscard]] std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(x);
  }
};

bool covers(const Stall& stall, double x, double y) {
  return x > stall.x_m && x < stall.x_m + stall.width_m && y > stall.y_m &&
         y < stall.y_m + stall.depth_m;
}

// A cell that a stall reaches into cannot be walked.
bool touches(const Stall& stall, int x, int y) {
  return x + 1 > stall.x_m && x < stall.x_m + stall.width_m && y + 1 > stall.y_m &&
         y < stall.y_m + stall.depth_m;
}

Grid make_grid(const Hall& hall, const std::vector<const Stall*>& stalls) {
  Grid grid{
      static_cast<int>(std::ceil(hall.width_m)), static_cast<int>(std::ceil(hall.depth_m)), {}};
  grid.blocked.assign(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows),
                      false);
  for (int y = 0; y < grid.rows; ++y) {
    for (int x = 0; x < grid.columns; ++x) {
      grid.blocked[grid.at(x, y)] =
          std::ranges::any_of(stalls, [&](const Stall* stall) { return touches(*stall, x, y); });
    }
  }
  return grid;
}

// Next to the stall, with a side in common.
bool beside(const Stall& stall, int x, int y) {
  const bool in_columns = x + 0.5 > stall.x_m && x + 0.5 < stall.x_m + stall.width_m;
  const bool in_rows = y + 0.5 > stall.y_m && y + 0.5 < stall.y_m + stall.depth_m;
  const auto near = [](double a, double b) { return std::abs(a - b) <= 1.0; };
  return (in_columns &&
          (near(y + 0.5, stall.y_m - 0.5) || near(y + 0.5, stall.y_m + stall.depth_m + 0.5))) ||
         (in_rows &&
          (near(x + 0.5, stall.x_m - 0.5) || near(x + 0.5, stall.x_m + stall.width_m + 0.5)));
}

}  // namespace

Way find_way(const Hall& hall, const std::vector<const Stall*>& stalls, const Stall& wanted) {
  const bool sound = hall.width_m >= 1 && hall.depth_m >= 1 && hall.width_m <= kMaxSide &&
                     hall.depth_m <= kMaxSide;
  if (!sound) return {};
  Grid grid = make_grid(hall, stalls);
  const int from_x = std::clamp(static_cast<int>(hall.kiosk_x_m), 0, grid.columns - 1);
  const int from_y = std::clamp(static_cast<int>(hall.kiosk_y_m), 0, grid.rows - 1);
  grid.blocked[grid.at(from_x, from_y)] = false;

  // Dijkstra over (cell, direction of arrival); four states a cell.
  constexpr int kFar = std::numeric_limits<int>::max();
  std::vector<int> cost(grid.blocked.size() * 4, kFar);
  std::vector<std::size_t> before(grid.blocked.size() * 4, 0);
  using Entry = std::pair<int, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  const std::size_t start = grid.at(from_x, from_y);
  for (std::size_t direction = 0; direction < 4; ++direction) {
    cost[start * 4 + direction] = 0;
    before[start * 4 + direction] = start * 4 + direction;
    open.emplace(0, start * 4 + direction);
  }
  std::size_t goal = cost.size();
  while (!open.empty() && goal == cost.size()) {
    const auto [spent, node] = open.top();
    open.pop();
    if (spent > cost[node]) continue;
    const auto columns = static_cast<std::size_t>(grid.columns);
    const int x = static_cast<int>((node / 4) % columns);
    const int y = static_cast<int>((node / 4) / columns);
    if (beside(wanted, x, y)) {
      goal = node;
      break;
    }
    for (std::size_t direction = 0; direction < 4; ++direction) {
      const int to_x = x + kSteps.at(direction).first;
      const int to_y = y + kSteps.at(direction).second;
      if (!grid.inside(to_x, to_y) || grid.blocked[grid.at(to_x, to_y)]) continue;
      const int total = spent + 1 + (direction == node % 4 ? 0 : kTurnCost);
      const std::size_t to = grid.at(to_x, to_y) * 4 + direction;
      if (total >= cost[to]) continue;
      cost[to] = total;
      before[to] = node;
      open.emplace(total, to);
    }
  }
  if (goal == cost.size()) return {};

  std::vector<PlanPoint> cells;
  for (std::size_t node = goal;; node = before[node]) {
    const auto columns = static_cast<std::size_t>(grid.columns);
    const std::size_t column = node / 4 % columns;
    const std::size_t row = node / 4 / columns;
    cells.push_back({static_cast<double>(column) + 0.5, static_cast<double>(row) + 0.5});
    if (before[node] == node) break;
  }
  std::ranges::reverse(cells);

  Way way;
  way.length_m = static_cast<double>(cells.size() - 1);
  way.points.push_back({hall.kiosk_x_m, hall.kiosk_y_m});
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    const bool corner = i > 0 && !last &&
                        ((cells[i - 1].x_m == cells[i].x_m) != (cells[i].x_m == cells[i + 1].x_m));
    if (corner || last) way.points.push_back(cells[i]);
  }
  // The first leg leaves the kiosk straight.
  if (way.points.size() > 1) {
    PlanPoint& kiosk = way.points.front();
    const PlanPoint& next = way.points[1];
    if (std::abs(next.x_m - kiosk.x_m) < std::abs(next.y_m - kiosk.y_m)) {
      way.points[1].x_m = next.x_m;
      kiosk.x_m = next.x_m;
    } else {
      kiosk.y_m = next.y_m;
    }
  }
  // The last leg ends at the stall's edge.
  const PlanPoint end = way.points.back();
  const PlanPoint edge{std::clamp(end.x_m, wanted.x_m, wanted.x_m + wanted.width_m),
                       std::clamp(end.y_m, wanted.y_m, wanted.y_m + wanted.depth_m)};
  if (!covers(wanted, end.x_m, end.y_m)) way.points.push_back(edge);
  return way;
}

std::vector<const Stall*> stalls_of(const Catalogue& catalogue, std::string_view venue,
                                    std::string_view product) {
  std::vector<const Stall*> out;
  for (const auto& stall : catalogue.stalls) {
    const auto hall = std::ranges::find(catalogue.halls, stall.hall, &Hall::id);
    if (hall == catalogue.halls.end() || hall->venue != venue) continue;
    if (product.empty() || std::ranges::find(stall.products, product) != stall.products.end()) {
      out.push_back(&stall);
    }
  }
  return out;
}

StallWay way_to(const Catalogue& catalogue, std::string_view venue, const std::string& product) {
  StallWay out{.product = product, .stall = {}, .way = {}};
  const auto shown = stalls_of(catalogue, venue, product);
  if (shown.empty()) return out;
  const Stall& wanted = *shown.front();
  const auto hall = std::ranges::find(catalogue.halls, wanted.hall, &Hall::id);
  std::vector<const Stall*> all;
  for (const auto& stall : catalogue.stalls) {
    if (stall.hall == wanted.hall) all.push_back(&stall);
  }
  out.stall = wanted.id;
  out.way = find_way(*hall, all, wanted);
  return out;
}

}  // namespace odop::kiosk
