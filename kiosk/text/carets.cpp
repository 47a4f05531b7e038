#include "kiosk/text/carets.h"

#include <algorithm>
#include <iterator>

namespace odop::typeset {
namespace {

struct Cluster {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  float left = 0.0F;
  float right = 0.0F;
  bool has_ink = false;

  // Drawn, but within the room of its neighbour: the alef of Naskh's lam alef.
  [[nodiscard]] bool is_guest() const { return has_ink && right - left < 0.01F; }
};

bool is_right_to_left(const Run& run) { return (run.level & 1U) != 0; }

// Clusters of a run in logical order.
std::vector<Cluster> clusters_of(const Layout& layout, const Run& run) {
  std::vector<Cluster> clusters;
  float pen = run.x;
  for (std::size_t g = run.first_glyph; g < run.first_glyph + run.glyph_count; ++g) {
    const Glyph& glyph = layout.glyphs[g];
    if (clusters.empty() || clusters.back().begin != glyph.byte) {
      clusters.push_back({glyph.byte, glyph.byte, pen, pen, false});
    }
    pen += glyph.advance;
    clusters.back().right = pen;
    clusters.back().has_ink = clusters.back().has_ink || glyph.has_ink;
  }
  if (is_right_to_left(run)) {
    std::ranges::reverse(clusters);
  }
  // A guest shares the room of the letter before it, as the letters of a ligature do.
  for (std::size_t i = clusters.size(); i > 1; --i) {
    if (clusters[i - 1].is_guest()) {
      clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
  }
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    clusters[i].end = i + 1 < clusters.size() ? clusters[i + 1].begin : run.byte_end;
  }
  return clusters;
}

float edge_in(const Cluster& cluster, bool right_to_left, std::span<const std::uint32_t> graphemes,
              std::uint32_t byte) {
  // The cluster's own begin counts as a place, whether a grapheme starts there or not.
  const auto first = std::ranges::upper_bound(graphemes, cluster.begin);
  const auto last = std::lower_bound(first, graphemes.end(), cluster.end);
  const auto here = std::upper_bound(first, last, byte);
  const auto parts = static_cast<float>(std::distance(first, last) + 1);
  const auto before = static_cast<float>(std::distance(first, here));
  const float share = byte >= cluster.end ? 1.0F : before / parts;
  const float width = cluster.right - cluster.left;
  return right_to_left ? cluster.right - share * width : cluster.left + share * width;
}

float edge_among(const std::vector<Cluster>& clusters, const Run& run,
                 std::span<const std::uint32_t> graphemes, std::uint32_t byte) {
  const bool right_to_left = is_right_to_left(run);
  if (byte >= run.byte_end || clusters.empty()) {
    return right_to_left == (byte >= run.byte_end) ? run.x : run.x + run.width;
  }
  auto it = std::ranges::upper_bound(clusters, byte, {}, &Cluster::begin);
  if (it != clusters.begin()) {
    --it;
  }
  return edge_in(*it, right_to_left, graphemes, byte);
}

}  // namespace

float edge_x(const Layout& layout, const Run& run, std::span<const std::uint32_t> graphemes,
             std::uint32_t byte) {
  return edge_among(clusters_of(layout, run), run, graphemes, byte);
}

std::vector<CaretStop> caret_stops(const Layout& layout, std::span<const std::uint32_t> graphemes) {
  std::vector<CaretStop> stops;
  for (std::size_t l = 0; l < layout.lines.size(); ++l) {
    const Line& line = layout.lines[l];
    const auto number = static_cast<std::uint32_t>(l);
    float end_x = line.right_to_left ? line.x + line.width : line.x;  // of an empty line
    for (std::size_t r = line.first_run; r < line.first_run + line.run_count; ++r) {
      const Run& run = layout.runs[r];
      if (run.ellipsis || run.byte_begin == run.byte_end) {
        continue;
      }
      const std::vector<Cluster> clusters = clusters_of(layout, run);
      for (auto it = std::ranges::lower_bound(graphemes, run.byte_begin);
           it != graphemes.end() && *it < run.byte_end; ++it) {
        stops.push_back({*it, number, edge_among(clusters, run, graphemes, *it)});
      }
      if (run.byte_end == line.byte_end) {
        end_x = edge_among(clusters, run, graphemes, run.byte_end);
      }
    }
    // After the last grapheme; of a wrapped line only when spaces hang there.
    const std::uint32_t after = l + 1 < layout.lines.size() && line.wrapped
                                    ? layout.lines[l + 1].byte_begin
                                    : line.byte_end + 1;
    for (auto it = std::ranges::lower_bound(graphemes, line.byte_end);
         it != graphemes.end() && *it < after; ++it) {
      stops.push_back({*it, number, end_x});
    }
  }
  std::ranges::sort(stops, [](const CaretStop& a, const CaretStop& b) {
    return a.byte != b.byte ? a.byte < b.byte : a.line < b.line;
  });
  return stops;
}

}  // namespace odop::typeset
