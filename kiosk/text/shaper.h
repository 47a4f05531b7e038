// From a paragraph to glyphs in font units: cuts it into stretches of one bidi level, script and
// face, and lets HarfBuzz shape each with the whole paragraph as its context.
// Threads: one only.
#pragma once

#include "kiosk/text/font_set.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct hb_buffer_t;

namespace odop::typeset {

// A stretch [begin, end) of UTF-16 units.
struct Item {
  std::size_t begin = 0;
  std::size_t end = 0;
  FaceId face = FaceId::kSans;
  std::uint8_t level = 0;
  std::uint32_t script = 0;  // ISO 15924 tag

  [[nodiscard]] bool right_to_left() const { return (level & 1U) != 0; }
};

struct ShapedGlyph {
  std::uint32_t id = 0;
  std::size_t cluster = 0;     // index of a UTF-16 unit in the paragraph
  std::int32_t x_advance = 0;  // font units
  std::int32_t x_offset = 0;
  std::int32_t y_offset = 0;     // upwards
  bool unsafe_to_break = false;  // cutting before this cluster changes the shape of either side
};

class Shaper {
 public:
  // `fonts` must outlive the shaper.
  explicit Shaper(const FontSet& fonts);
  ~Shaper();
  Shaper(const Shaper&) = delete;
  Shaper& operator=(const Shaper&) = delete;

  // Items that cover the paragraph, in logical order. `levels` has one entry for each unit.
  // A character takes the first face of its script's chain that has it. Digits, currency and what
  // belongs to no script go with their neighbours (closing brackets with the opening one); marks,
  // joiners and isolates stay with the character before them.
  void itemise(std::u16string_view paragraph, std::span<const std::uint8_t> levels,
               Language language, TextRole role, std::vector<Item>& out);

  // Appends the glyphs of [begin, end), which lies inside `item`, in visual order (left to right).
  void shape(std::u16string_view paragraph, const Item& item, std::size_t begin, std::size_t end,
             std::vector<ShapedGlyph>& out);

 private:
  struct Cluster;
  void split_clusters(std::u16string_view paragraph);
  [[nodiscard]] FaceId choose_face(std::u16string_view paragraph, std::size_t index,
                                   Language language, TextRole role) const;

  const FontSet& fonts_;
  hb_buffer_t* buffer_;
  std::vector<Cluster> clusters_;
};

}  // namespace odop::typeset
