#include "kiosk/print/slip.h"

#include "tests/kiosk/print/reading.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace odop;                // NOLINT: a test
using namespace odop::kiosk::print;  // NOLINT

namespace {

constexpr double kDots = 300 / 25.4;

struct Ink {
  int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1;
  std::size_t dots = 0;
};

Ink ink_of(const Bitmap& bitmap) {
  Ink ink;
  for (int y = 0; y < bitmap.height; ++y) {
    for (int x = 0; x < bitmap.width; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap.width) +
                      static_cast<std::size_t>(x);
      if (bitmap.grey[at] > 127) continue;
      ++ink.dots;
      ink.left = std::min(ink.left, x);
      ink.right = std::max(ink.right, x);
      ink.top = std::min(ink.top, y);
      ink.bottom = std::max(ink.bottom, y);
    }
  }
  return ink;
}

}  // namespace

TEST_CASE("A slip holds all it should within its paper, in each language", "[kiosk][print]") {
  const Language language = GENERATE(Language::kHindi, Language::kEnglish, Language::kUrdu);
  const double width = GENERATE(72.0, 100.0);
  const Slip slip = test::slip_in(language);
  const auto drawn = draw_slip(slip, width, kDots);
  REQUIRE(drawn.has_value());
  CHECK(drawn->width == static_cast<int>(width * kDots));
  CHECK(drawn->height > 90 * kDots);
  CHECK(drawn->height < 190 * kDots);
  REQUIRE(drawn->grey.size() ==
          static_cast<std::size_t>(drawn->width) * static_cast<std::size_t>(drawn->height));
  const Ink all = ink_of(*drawn);
  CHECK(all.left > 0);
  CHECK(all.right < drawn->width - 1);
  CHECK(all.bottom < drawn->height - 1);
  // Whatever is left out of the slip is missing on the paper.
  const auto dots_without = [&](auto change) {
    Slip less = slip;
    change(less);
    const auto made = draw_slip(less, width, kDots);
    REQUIRE(made.has_value());
    return ink_of(*made).dots;
  };
  CHECK(dots_without([](Slip& one) { one.title.clear(); }) < all.dots);
  CHECK(dots_without([](Slip& one) { one.state.clear(); }) < all.dots);
  CHECK(dots_without([](Slip& one) { one.numbers.pop_back(); }) < all.dots);
  CHECK(dots_without([](Slip& one) { one.rows.clear(); }) < all.dots);
  CHECK(dots_without([](Slip& one) { one.code_label.clear(); }) < all.dots);
  test::TempFolder folder;
  CHECK(test::read_code(*drawn, folder.path()) == slip.code);
}

TEST_CASE("The code picture is 60 mm wide at least, without its quiet zone", "[kiosk][print]") {
  const double dots = GENERATE(203 / 25.4, 300 / 25.4, 600 / 25.4);
  Slip slip;
  slip.code = test::slip_in(Language::kHindi).code;
  const auto drawn = draw_slip(slip, 80, dots);
  REQUIRE(drawn.has_value());
  // Only it and the rule under the (empty) head have ink: cut the rule off.
  Bitmap below{drawn->width, drawn->height - static_cast<int>(7 * dots), {}};
  below.grey.assign(drawn->grey.end() - static_cast<std::ptrdiff_t>(below.width) * below.height,
                    drawn->grey.end());
  const Ink ink = ink_of(below);
  CHECK((ink.right - ink.left + 1) / dots >= kCodeMm);
  CHECK((ink.bottom - ink.top + 1) / dots >= kCodeMm);
  CHECK((ink.right - ink.left + 1) / dots < kCodeMm + 8);
}

TEST_CASE("Paper that holds no slip is refused", "[kiosk][print]") {
  const Slip slip = test::slip_in(Language::kHindi);
  CHECK(draw_slip(slip, 58, kDots).error().code == ErrorCode::kInvalidArgument);
  CHECK(draw_slip(slip, 80, 1).error().code == ErrorCode::kInvalidArgument);
  CHECK(draw_slip(slip, 80, 100).error().code == ErrorCode::kInvalidArgument);
}
