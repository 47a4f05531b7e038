// Caret places of a layout: graphemes by ICU over HarfBuzz's clusters. Pure.
#pragma once

#include "kiosk/text/layout.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace odop::typeset {

// Where the caret stands in `run` before `byte` (run.byte_begin to run.byte_end). A cluster of
// several graphemes (a ligature) is divided evenly among them. `graphemes`: boundaries of the whole
// text in bytes, ascending.
[[nodiscard]] float edge_x(const Layout& layout, const Run& run,
                           std::span<const std::uint32_t> graphemes, std::uint32_t byte);

// Every stop of the layout, ascending by byte, then line.
[[nodiscard]] std::vector<CaretStop> caret_stops(const Layout& layout,
                                                 std::span<const std::uint32_t> graphemes);

}  // namespace odop::typeset
