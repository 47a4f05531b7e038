// P5: glyph ids and positions equal to HarfBuzz's own. The expectation comes from two sides that
// share nothing with the room under test: HarfBuzz called here on fonts opened here, and the
// program hb-shape.
#include "tests/kiosk/text/golden_strings.h"
#include "tests/kiosk/text/text_fixture.h"
#include "tests/support/process.h"

#include <catch2/catch.hpp>
#include <fmt/core.h>
#include <hb-ot.h>
#include <hb.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace odop::typeset::test {
namespace {

// At this em a pixel is a font unit, since every Noto face has 1000 units per em.
constexpr float kUnitsPx = 1000.0F;

struct Placed {
  std::uint32_t id = 0;
  std::uint32_t cluster = 0;
  int dx = 0;
  int dy = 0;
  int advance = 0;

  friend bool operator==(const Placed&, const Placed&) = default;
};

std::string show(const std::vector<Placed>& glyphs) {
  std::string out;
  for (const Placed& g : glyphs) {
    out += fmt::format("[{}={}@{},{}+{}]", g.id, g.cluster, g.dx, g.dy, g.advance);
  }
  return out;
}

std::string font_path(FaceId face) {
  return (std::filesystem::path(kDebianNotoFolder) / FontSet::file_name(face)).string();
}

const char* language_tag(std::uint32_t script) {
  return script == HB_SCRIPT_DEVANAGARI ? "hi" : script == HB_SCRIPT_ARABIC ? "ur" : "en";
}

std::string script_tag(std::uint32_t script) {
  std::array<char, 4> tag{};
  hb_tag_to_string(script, tag.data());
  return {tag.data(), tag.size()};
}

// The run's part of the text, shaped by HarfBuzz alone, with the whole text as context.
std::vector<Placed> by_harfbuzz(std::string_view text, const Run& run) {
  const std::unique_ptr<hb_blob_t, decltype(&hb_blob_destroy)> blob(
      hb_blob_create_from_file(font_path(run.face).c_str()), &hb_blob_destroy);
  const std::unique_ptr<hb_face_t, decltype(&hb_face_destroy)> face(hb_face_create(blob.get(), 0),
                                                                    &hb_face_destroy);
  const std::unique_ptr<hb_font_t, decltype(&hb_font_destroy)> font(hb_font_create(face.get()),
                                                                    &hb_font_destroy);
  const std::unique_ptr<hb_buffer_t, decltype(&hb_buffer_destroy)> buffer(hb_buffer_create(),
                                                                          &hb_buffer_destroy);
  hb_buffer_add_utf8(buffer.get(), text.data(), static_cast<int>(text.size()), run.byte_begin,
                     static_cast<int>(run.byte_end - run.byte_begin));
  hb_buffer_set_flags(buffer.get(),
                      static_cast<hb_buffer_flags_t>(static_cast<unsigned>(HB_BUFFER_FLAG_BOT) |
                                                     static_cast<unsigned>(HB_BUFFER_FLAG_EOT)));
  hb_buffer_set_direction(buffer.get(),
                          (run.level & 1U) != 0 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  hb_buffer_set_script(buffer.get(), static_cast<hb_script_t>(run.script));
  hb_buffer_set_language(buffer.get(), hb_language_from_string(language_tag(run.script), -1));
  hb_shape(font.get(), buffer.get(), nullptr, 0);

  std::vector<Placed> out;
  unsigned count = 0;
  const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
  const hb_glyph_position_t* at = hb_buffer_get_glyph_positions(buffer.get(), &count);
  for (unsigned i = 0; i < count; ++i) {
    out.push_back(
        {infos[i].codepoint, infos[i].cluster, at[i].x_offset, at[i].y_offset, at[i].x_advance});
  }
  return out;
}

// The same by the program of HarfBuzz's authors.
std::vector<Placed> by_hb_shape(std::string_view text, const Run& run) {
  const std::string before(text.substr(0, run.byte_begin));
  const std::string middle(text.substr(run.byte_begin, run.byte_end - run.byte_begin));
  const std::string after(text.substr(run.byte_end));
  std::vector<std::string> command{
      "/usr/bin/hb-shape",
      "--font-file=" + font_path(run.face),
      "--direction=" + std::string((run.level & 1U) != 0 ? "rtl" : "ltr"),
      "--script=" + script_tag(run.script),
      "--language=" + std::string(language_tag(run.script)),
      "--text=" + middle,
      "--no-glyph-names",
      "--utf8-clusters",
      "--output-format=json",
      "--bot",
      "--eot"};
  if (!before.empty()) {
    command.push_back("--text-before=" + before);
  }
  if (!after.empty()) {
    command.push_back("--text-after=" + after);
  }
  const odop::test::Finished finished = odop::test::run(command);
  REQUIRE(finished.exit_code == 0);
  std::vector<Placed> out;
  for (const auto& glyph : nlohmann::json::parse(finished.out)) {
    out.push_back({glyph.at("g").get<std::uint32_t>(),
                   glyph.at("cl").get<std::uint32_t>() + run.byte_begin, glyph.at("dx").get<int>(),
                   glyph.at("dy").get<int>(), glyph.at("ax").get<int>()});
  }
  return out;
}

// What the layout did, in font units, from the glyphs' final places.
std::vector<Placed> by_layout(const Layout& layout, const Run& run) {
  const float baseline = layout.lines.front().baseline;
  std::vector<Placed> out;
  float pen = run.x;
  for (std::size_t g = run.first_glyph; g < run.first_glyph + run.glyph_count; ++g) {
    const Glyph& glyph = layout.glyphs[g];
    CHECK(glyph.face == run.face);
    out.push_back({glyph.id, glyph.byte, static_cast<int>(std::lround(glyph.x - pen)),
                   static_cast<int>(std::lround(baseline - glyph.y)),
                   static_cast<int>(std::lround(glyph.advance))});
    pen += glyph.advance;
  }
  return out;
}

std::string show_runs(const Layout& layout) {
  std::string out;
  for (const Run& run : layout.runs) {
    out += fmt::format("{}{} {} «{}»\n", FontSet::file_name(run.face),
                       (run.level & 1U) != 0 ? " rtl" : "", script_tag(run.script),
                       text_of(layout, run));
  }
  return out;
}

}  // namespace

TEST_CASE("The golden list is long and names no text twice", "[kiosk][text][golden]") {
  const auto all = golden_strings();
  CHECK(all.size() >= 60);
  std::set<std::string> seen;
  for (const GoldenString& golden : all) {
    const auto key = fmt::format("{}/{}/{}", golden.text, static_cast<int>(golden.role),
                                 static_cast<int>(golden.language));
    INFO(key);
    CHECK(seen.insert(key).second);
  }
}

TEST_CASE("Every text is cut into runs of the right face and direction", "[kiosk][text][golden]") {
  const TextFixture fixture;
  for (const GoldenString& golden : golden_strings()) {
    const Layout& layout =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role, kUnitsPx));
    INFO(golden.what << "\n" << show_runs(layout));
    REQUIRE(layout.lines.size() == 1);
    REQUIRE(layout.runs.size() == golden.runs.size());
    for (std::size_t i = 0; i < layout.runs.size(); ++i) {
      CHECK(layout.runs[i].face == golden.runs[i].face);
      CHECK(((layout.runs[i].level & 1U) != 0) == golden.runs[i].right_to_left);
      CHECK(text_of(layout, layout.runs[i]) == golden.runs[i].text);
    }
  }
}

TEST_CASE("Glyph ids and positions are those of HarfBuzz", "[kiosk][text][golden]") {
  const TextFixture fixture;
  for (const GoldenString& golden : golden_strings()) {
    const Layout& layout =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role, kUnitsPx));
    float pen = 0.0F;
    for (const Run& run : layout.runs) {
      const auto ours = by_layout(layout, run);
      const auto expected = by_harfbuzz(golden.text, run);
      INFO(golden.what << ": " << text_of(layout, run));
      INFO(show(ours) << "\n" << show(expected));
      CHECK(ours == expected);
      CHECK(run.x == Approx(pen));  // runs follow each other without a gap
      pen += run.width;
    }
    CHECK(layout.width_px == Approx(pen));
  }
}

TEST_CASE("Glyph ids and positions are those of the program hb-shape", "[kiosk][text][golden]") {
  if (!std::filesystem::exists("/usr/bin/hb-shape")) {
    WARN("libharfbuzz-bin is not installed: the comparison with hb-shape was left out");
    return;
  }
  const TextFixture fixture;
  std::size_t compared = 0;
  for (const GoldenString& golden : golden_strings()) {
    const Layout& layout =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role, kUnitsPx));
    for (const Run& run : layout.runs) {
      const auto ours = by_layout(layout, run);
      const auto expected = by_hb_shape(golden.text, run);
      INFO(golden.what << ": " << text_of(layout, run));
      INFO(show(ours) << "\n" << show(expected));
      CHECK(ours == expected);
      ++compared;
    }
  }
  CHECK(compared >= 80);
}

TEST_CASE("No golden text shows a missing glyph", "[kiosk][text][golden]") {
  const TextFixture fixture;
  for (const GoldenString& golden : golden_strings()) {
    const Layout& layout =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role));
    INFO(golden.what);
    CHECK(std::ranges::none_of(layout.glyphs, [](const Glyph& g) { return g.id == 0; }));
  }
}

TEST_CASE("Positions grow with the size and with nothing else", "[kiosk][text]") {
  const TextFixture fixture;
  for (const GoldenString& golden : golden_strings()) {
    const Layout& units =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role, kUnitsPx));
    const Layout& small =
        fixture.engine().layout(golden.text, style_of(golden.language, golden.role, 20.0F));
    INFO(golden.what);
    REQUIRE(units.glyphs.size() == small.glyphs.size());
    for (std::size_t g = 0; g < units.glyphs.size(); ++g) {
      CHECK(units.glyphs[g].id == small.glyphs[g].id);
      CHECK(units.glyphs[g].x * 0.02F == Approx(small.glyphs[g].x).margin(0.01));
    }
  }
}

}  // namespace odop::typeset::test
