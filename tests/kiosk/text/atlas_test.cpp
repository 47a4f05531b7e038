#include "tests/kiosk/text/text_fixture.h"

#include <catch2/catch.hpp>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace odop::typeset::test {
namespace {

std::uint8_t texel(const MemoryAtlas& atlas, const Quad& quad, int x, int y) {
  const auto u = static_cast<int>(std::lround(quad.u0 * kAtlasPageSize)) + x;
  const auto v = static_cast<int>(std::lround(quad.v0 * kAtlasPageSize)) + y;
  const auto row = static_cast<std::size_t>(v) * static_cast<std::size_t>(kAtlasPageSize);
  return atlas.pages.at(quad.page)[row + static_cast<std::size_t>(u)];
}

bool overlap(const AtlasGlyph& a, const AtlasGlyph& b) {
  const AtlasRect& p = a.texels;
  const AtlasRect& q = b.texels;
  return a.page == b.page && p.x < q.x + q.width && q.x < p.x + p.width && p.y < q.y + q.height &&
         q.y < p.y + p.height;
}

FontSet fonts() {
  auto opened = FontSet::open();
  if (!opened.has_value()) {
    FAIL(opened.error().context);
  }
  return std::move(*opened);
}

}  // namespace

TEST_CASE("A quad shows the very pixels that FreeType makes", "[kiosk][text][atlas]") {
  const TextFixture fixture;
  const Layout& layout =
      fixture.engine().layout("H", style_of(Language::kEnglish, TextRole::kRead, 24.0F));
  const auto quads = fixture.engine().quads(layout);
  fixture.engine().upload();
  REQUIRE(quads.size() == 1);

  FT_Library library = nullptr;
  REQUIRE(FT_Init_FreeType(&library) == 0);
  FT_Face face = nullptr;
  REQUIRE(FT_New_Face(library, (std::string(kDebianNotoFolder) + "/NotoSans-Regular.ttf").c_str(),
                      0, &face) == 0);
  REQUIRE(FT_Set_Pixel_Sizes(face, 0, 24) == 0);
  REQUIRE(FT_Load_Char(face, 'H', FT_LOAD_NO_HINTING | FT_LOAD_RENDER) == 0);
  const FT_Bitmap& expected = face->glyph->bitmap;
  const auto width = static_cast<int>(expected.width);
  const auto rows = static_cast<int>(expected.rows);
  CHECK(quads[0].x1 - quads[0].x0 == static_cast<float>(width));
  CHECK(quads[0].y1 - quads[0].y0 == static_cast<float>(rows));
  CHECK(quads[0].x0 == static_cast<float>(face->glyph->bitmap_left));
  CHECK(quads[0].y0 == layout.lines[0].baseline - static_cast<float>(face->glyph->bitmap_top));
  int different = 0;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < width; ++x) {
      different += texel(fixture.atlas, quads[0], x, y) != expected.buffer[y * expected.pitch + x];
    }
  }
  CHECK(different == 0);
  FT_Done_Face(face);
  FT_Done_FreeType(library);
}

TEST_CASE("Glyph pictures never overlap and keep a gap", "[kiosk][text][atlas]") {
  const FontSet set = fonts();
  MemoryAtlas backend;
  GlyphAtlas atlas(set, backend);
  std::vector<AtlasGlyph> all;
  for (std::uint32_t glyph = 20; glyph < 220; ++glyph) {
    for (const std::uint32_t size : {20U * 64U, 35U * 64U}) {
      const AtlasGlyph& picture = atlas.glyph({FaceId::kDevanagari, glyph, size, 0, 0});
      if (picture.texels.width > 0) {
        all.push_back(picture);
        all.back().texels.width += 1;
        all.back().texels.height += 1;
      }
    }
  }
  REQUIRE(all.size() > 300);
  std::size_t overlaps = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].texels.x + all[i].texels.width <= kAtlasPageSize);
    CHECK(all[i].texels.y + all[i].texels.height <= kAtlasPageSize);
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      overlaps += overlap(all[i], all[j]) ? 1U : 0U;
    }
  }
  CHECK(overlaps == 0);
}

TEST_CASE("A glyph is rastered once for each size and fraction", "[kiosk][text][atlas]") {
  const FontSet set = fonts();
  MemoryAtlas backend;
  GlyphAtlas atlas(set, backend);
  const AtlasGlyph first = atlas.glyph({FaceId::kSans, 40, 24 * 64, 0, 0});
  CHECK(atlas.glyph_count() == 1);
  const AtlasGlyph again = atlas.glyph({FaceId::kSans, 40, 24 * 64, 0, 0});
  CHECK(atlas.glyph_count() == 1);
  CHECK(again.texels.x == first.texels.x);
  CHECK(atlas.glyph({FaceId::kSans, 40, 24 * 64, 2, 0}).texels.x != first.texels.x);
  CHECK(atlas.glyph({FaceId::kSansBold, 40, 24 * 64, 0, 0}).texels.x != first.texels.x);
  CHECK(atlas.glyph({FaceId::kSans, 40, 25 * 64, 0, 0}).texels.width > 0);
  CHECK(atlas.glyph_count() == 4);
}

TEST_CASE("What changed is uploaded once, as one rectangle a page", "[kiosk][text][atlas]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  (void)engine.quads(engine.layout("कन्नौज", style_of(Language::kHindi)));
  CHECK(fixture.atlas.uploads == 0);
  engine.upload();
  CHECK(fixture.atlas.uploads == 1);
  engine.upload();
  CHECK(fixture.atlas.uploads == 1);
  (void)engine.quads(engine.layout("इत्र", style_of(Language::kHindi)));
  engine.upload();
  CHECK(fixture.atlas.uploads == 2);
}

TEST_CASE("An atlas that outgrew its pages starts anew between frames", "[kiosk][text][atlas]") {
  const TextFixture fixture;
  TextEngine& engine = fixture.engine();
  const Layout& kept = engine.layout("कन्नौज", style_of(Language::kHindi));
  const std::vector<Quad> before(engine.quads(kept).begin(), engine.quads(kept).end());
  const std::uint64_t generation = engine.stats().atlas_generation;

  // 26 capitals of 250 px fill about a page and a half; four sizes and faces overflow the cap.
  for (int size = 200; engine.stats().atlas_pages <= kMaxAtlasPages && size < 400; size += 7) {
    const auto px = static_cast<float>(size);
    for (const TextRole role : {TextRole::kRead, TextRole::kTitle, TextRole::kSmallBold}) {
      (void)engine.quads(
          engine.layout("ABCDEFGHIJKLMNOPQRSTUVWXYZ", style_of(Language::kEnglish, role, px)));
    }
  }
  REQUIRE(engine.stats().atlas_pages > kMaxAtlasPages);
  CHECK(engine.stats().atlas_generation == generation);  // never within a frame
  CHECK(engine.quads(kept).data() == engine.quads(kept).data());

  engine.begin_frame();
  CHECK(engine.stats().atlas_generation == generation + 1);
  CHECK(engine.stats().atlas_pages == 0);
  const Layout& again = engine.layout("कन्नौज", style_of(Language::kHindi));
  const auto after = engine.quads(again);
  engine.upload();
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].x0 == before[i].x0);
    CHECK(after[i].y1 == before[i].y1);
  }
  int ink = 0;
  for (int x = 0; x < static_cast<int>(after[0].x1 - after[0].x0); ++x) {
    ink += texel(fixture.atlas, after[0], x, 2);
  }
  CHECK(ink > 0);
}

TEST_CASE("Letters beyond the largest picture are drawn from a smaller one",
          "[kiosk][text][atlas]") {
  const TextFixture fixture;
  const Layout& layout =
      fixture.engine().layout("H", style_of(Language::kEnglish, TextRole::kRead, 1024.0F));
  const auto quads = fixture.engine().quads(layout);
  REQUIRE(quads.size() == 1);
  CHECK(quads[0].y1 - quads[0].y0 == Approx(1024.0F * 0.714F).margin(8.0));
  CHECK((quads[0].v1 - quads[0].v0) * kAtlasPageSize < 200.0F);
}

TEST_CASE("Quads stand on whole pixels", "[kiosk][text][atlas]") {
  const TextFixture fixture;
  for (const float px : {19.3F, 24.42F, 35.3F, 130.3F}) {
    for (const std::string_view text : {"कन्नौज इत्र 2026", "بھیجیں عطر"}) {
      const Layout& layout =
          fixture.engine().layout(text, style_of(Language::kHindi, TextRole::kTitle, px));
      for (const Quad& quad : fixture.engine().quads(layout)) {
        CHECK(quad.x0 == std::floor(quad.x0));
        CHECK(quad.y0 == std::floor(quad.y0));
        CHECK((quad.u1 - quad.u0) * kAtlasPageSize == Approx(quad.x1 - quad.x0));
        CHECK((quad.v1 - quad.v0) * kAtlasPageSize == Approx(quad.y1 - quad.y0));
      }
    }
  }
}

}  // namespace odop::typeset::test
