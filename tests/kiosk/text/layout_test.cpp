#include "tests/kiosk/text/text_fixture.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

// Isolates within literals are what is tested here.
// NOLINTBEGIN(misc-misleading-bidirectional)
namespace odop::typeset::test {
namespace {

constexpr std::string_view kStory =
    "कन्नौज का इत्र मिट्टी की ख़ुशबू से बनता है। ताँबे की देग में फूल और पानी रखकर, बाँस की नली से भाप "
    "को चंदन के तेल तक ले जाया जाता है।";

std::vector<std::string> lines_of(const Layout& layout) {
  std::vector<std::string> out;
  for (const Line& line : layout.lines) {
    out.push_back(text_of(layout, line));
  }
  return out;
}

// The text of the runs in visual order, without isolates.
std::string visual(const Layout& layout) {
  std::string out;
  for (const Run& run : layout.runs) {
    std::string part = text_of(layout, run);
    for (const char* isolate : {"\u2066", "\u2067", "\u2068", "\u2069"}) {
      for (auto at = part.find(isolate); at != std::string::npos; at = part.find(isolate)) {
        part.erase(at, 3);
      }
    }
    if (!part.empty()) {
      out += "|" + part;
    }
  }
  return out;
}

// Width of the ink and advances of a line never exceed this by more than float rounding.
constexpr float kSlack = 0.02F;

}  // namespace

TEST_CASE("Text without a width stays on one line", "[kiosk][text]") {
  const TextFixture fixture;
  const Layout& layout = fixture.engine().layout(kStory, style_of(Language::kHindi));
  REQUIRE(layout.lines.size() == 1);
  CHECK(layout.box_width_px == layout.width_px);
  CHECK_FALSE(layout.truncated);
}

TEST_CASE("Lines break at words, fill the width and lose no letter", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kHindi);
  for (const float width : {220.0F, 301.0F, 480.0F, 777.0F}) {
    style.max_width_px = width;
    const Layout& layout = fixture.engine().layout(kStory, style);
    REQUIRE(layout.lines.size() > 1);
    CHECK(layout.box_width_px == width);
    std::string joined;
    for (std::size_t i = 0; i < layout.lines.size(); ++i) {
      const Line& line = layout.lines[i];
      INFO(width << ": " << text_of(layout, line));
      CHECK(line.width <= width + kSlack);
      CHECK(line.wrapped == (i + 1 < layout.lines.size()));
      CHECK(text_of(layout, line).front() != ' ');
      CHECK(text_of(layout, line).back() != ' ');
      joined += (i > 0 ? " " : "") + text_of(layout, line);
      if (i + 1 < layout.lines.size()) {
        // Greedy: the next word would not have fitted.
        const std::string next = text_of(layout, layout.lines[i + 1]);
        const std::string longer = text_of(layout, line) + " " + next.substr(0, next.find(' '));
        CHECK(fixture.engine().measure(longer, style_of(Language::kHindi)).width_px > width);
      }
    }
    CHECK(joined == kStory);
  }
}

TEST_CASE("A line is shaped as it would be alone", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kUrdu, TextRole::kTitle, 40.0F);
  style.max_width_px = 400.0F;
  const Layout& layout = fixture.engine().layout(
      "سہارنپور کی لکڑی کی نقاشی اور فیروزآباد کا شیشہ پوری دنیا میں مشہور ہیں", style);
  REQUIRE(layout.lines.size() >= 3);
  for (const Line& line : layout.lines) {
    const Layout& alone =
        fixture.engine().layout(text_of(layout, line), style_of(style.language, style.role, 40.0F));
    INFO(text_of(layout, line));
    CHECK(alone.width_px == Approx(line.width).margin(0.05));
    const Run& first = layout.runs[line.first_run];
    REQUIRE(alone.glyphs.size() >= first.glyph_count);
    for (std::size_t g = 0; g < first.glyph_count; ++g) {
      CHECK(alone.glyphs[g].id == layout.glyphs[first.first_glyph + g].id);
    }
  }
}

TEST_CASE("A cut through a ligature or a kerned pair shapes both sides anew", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kEnglish, TextRole::kRead, 20.0F);
  std::size_t cut_ligatures = 0;
  for (float width = 12.0F; width < 90.0F; width += 1.0F) {
    style.max_width_px = width;
    const Layout& layout = fixture.engine().layout("ffiffiAVAVffiffiTo.To.ffi", style);
    for (const Line& line : layout.lines) {
      const std::string part = text_of(layout, line);
      const Layout& alone =
          fixture.engine().layout(part, style_of(Language::kEnglish, TextRole::kRead, 20.0F));
      INFO(width << ": " << part);
      const Run& run = layout.runs[line.first_run];
      REQUIRE(alone.glyphs.size() == run.glyph_count);
      CHECK(alone.width_px == Approx(line.width).margin(0.01));
      for (std::size_t g = 0; g < run.glyph_count; ++g) {
        CHECK(alone.glyphs[g].id == layout.glyphs[run.first_glyph + g].id);
      }
      cut_ligatures += part.starts_with("fi") || part.starts_with("i") ? 1U : 0U;
    }
  }
  CHECK(cut_ligatures > 5);
}

TEST_CASE("A word wider than the line breaks between graphemes", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kHindi);
  style.max_width_px = 60.0F;
  const std::string_view word = "राष्ट्रीयकरण";
  const Layout& layout = fixture.engine().layout(word, style);
  REQUIRE(layout.lines.size() > 1);
  std::string joined;
  for (const Line& line : layout.lines) {
    CHECK(line.width <= 60.0F + kSlack);
    joined += text_of(layout, line);
    // No line starts with a matra or a virama, whose bytes are E0 A4 BE and above.
    const std::string text = text_of(layout, line);
    CHECK_FALSE((text.starts_with("ा") || text.starts_with("ी") || text.starts_with("्")));
  }
  CHECK(joined == word);

  SECTION("and a line too narrow for anything still takes one grapheme") {
    style.max_width_px = 1.0F;
    const Layout& narrow = fixture.engine().layout("कखग", style);
    CHECK(lines_of(narrow) == std::vector<std::string>{"क", "ख", "ग"});
  }
}

TEST_CASE("Each newline begins a paragraph, and an empty one has its line", "[kiosk][text]") {
  const TextFixture fixture;
  const Layout& layout = fixture.engine().layout("एक\n\nदो\r\nतीन\n", style_of(Language::kHindi));
  REQUIRE(layout.lines.size() == 5);
  CHECK(text_of(layout, layout.lines[0]) == "एक");
  CHECK(text_of(layout, layout.lines[1]).empty());
  CHECK(text_of(layout, layout.lines[4]).empty());
  CHECK(layout.height_px == Approx(5.0F * layout.lines[0].height));

  const Layout& nothing = fixture.engine().layout("", style_of(Language::kHindi));
  REQUIRE(nothing.lines.size() == 1);
  CHECK(nothing.height_px > 24.0F);
  CHECK(nothing.width_px == 0.0F);
}

TEST_CASE("What does not fit ends in an ellipsis", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kHindi);
  style.max_width_px = 300.0F;
  style.max_lines = 2;
  const Layout& layout = fixture.engine().layout(kStory, style);
  REQUIRE(layout.lines.size() == 2);
  CHECK(layout.truncated);
  CHECK(layout.lines.back().width <= 300.0F + kSlack);
  const Run& last = layout.runs.back();
  CHECK(last.ellipsis);
  CHECK(last.x + last.width == Approx(layout.lines.back().x + layout.lines.back().width));
  CHECK(kStory.starts_with(layout.text.substr(0, layout.lines.back().byte_end)));
  CHECK(text_of(layout, layout.lines.back()).back() != ' ');

  SECTION("one grapheme more would not have fitted") {
    TextStyle free = style;
    free.max_width_px = 0.0F;
    free.max_lines = 0;
    const std::size_t end =
        fixture.engine().next_stop(fixture.engine().layout(kStory, free), last.byte_begin);
    const std::string longer(
        kStory.substr(layout.lines[1].byte_begin, end - layout.lines[1].byte_begin));
    CHECK(fixture.engine().measure(longer + "…", free).width_px > 300.0F);
  }
  SECTION("in Urdu it stands at the left") {
    TextStyle urdu = style_of(Language::kUrdu);
    urdu.max_width_px = 200.0F;
    urdu.max_lines = 1;
    const Layout& cut = fixture.engine().layout("لکھنؤ کی چکن کاری پوری دنیا میں مشہور ہے", urdu);
    REQUIRE(cut.truncated);
    CHECK(cut.runs.front().ellipsis);
    CHECK(cut.runs.front().x == Approx(cut.lines.front().x));
  }
  SECTION("text that fits has none") {
    const Layout& fits = fixture.engine().layout("इत्र", style);
    CHECK_FALSE(fits.truncated);
    CHECK(std::ranges::none_of(fits.runs, &Run::ellipsis));
  }
  SECTION("text that exactly fills the lines has none") {
    TextStyle exact = style;
    exact.max_lines = 0;
    const auto lines = fixture.engine().layout(kStory, exact).lines.size();
    exact.max_lines = static_cast<std::int32_t>(lines);
    CHECK_FALSE(fixture.engine().layout(kStory, exact).truncated);
  }
  SECTION("paragraphs left out count, also without a width") {
    TextStyle one = style_of(Language::kHindi);
    one.max_lines = 1;
    const Layout& cut = fixture.engine().layout("एक\nदो", one);
    CHECK(cut.truncated);
    CHECK(cut.lines.size() == 1);
    CHECK(text_of(cut, cut.lines[0]) == "एक");
  }
}

TEST_CASE("Isolates keep a price in order inside Urdu", "[kiosk][text]") {
  const TextFixture fixture;
  const TextStyle style = style_of(Language::kUrdu);
  CHECK(visual(fixture.engine().layout("پیداوار — \u2066₹1,250 / 100 ml\u2069", style)) ==
        "|₹1,250 / 100 ml|— |پیداوار ");
  CHECK(visual(fixture.engine().layout("پیداوار — \u2068₹1,250 / 100 ml\u2069", style)) ==
        "|₹1,250 / 100 ml|— |پیداوار ");
  // The trap that makes isolates a rule: without them the price falls apart.
  CHECK(
      visual(fixture.engine().layout("پیداوار — ₹1,250 / 100 ml", style)).find("₹1,250 / 100 ml") ==
      std::string::npos);
}

TEST_CASE("Isolates draw nothing and take no room", "[kiosk][text]") {
  const TextFixture fixture;
  for (const Language language : kLanguages) {
    for (const TextRole role : {TextRole::kRead, TextRole::kTitle, TextRole::kSmallBold}) {
      const TextStyle style = style_of(language, role);
      const Layout& bare = fixture.engine().layout("1,250", style);
      const Layout& wrapped = fixture.engine().layout("\u20661,250\u2069", style);
      const Layout& alone = fixture.engine().layout("\u2066\u2067\u2068\u2069\u200E\u200F", style);
      CHECK(wrapped.width_px == Approx(bare.width_px));
      CHECK(fixture.engine().quads(wrapped).size() == fixture.engine().quads(bare).size());
      CHECK(fixture.engine().quads(alone).empty());
      CHECK(alone.width_px == 0.0F);
    }
  }
}

TEST_CASE("Lines stand at the start, middle and end of their direction", "[kiosk][text]") {
  const TextFixture fixture;
  const auto x_of = [&](Language language, std::string_view text, Align align) {
    TextStyle style = style_of(language);
    style.align = align;
    style.max_width_px = 500.0F;
    const Layout& layout = fixture.engine().layout(text, style);
    const float free = 500.0F - layout.lines[0].width;
    return layout.lines[0].x / free;  // 0 left, 1 right
  };
  const auto near = [](float share) { return Approx(share).margin(0.01); };
  CHECK(x_of(Language::kHindi, "इत्र", Align::kStart) == near(0.0F));
  CHECK(x_of(Language::kHindi, "इत्र", Align::kCenter) == near(0.5F));
  CHECK(x_of(Language::kHindi, "इत्र", Align::kEnd) == near(1.0F));
  CHECK(x_of(Language::kUrdu, "عطر", Align::kStart) == near(1.0F));
  CHECK(x_of(Language::kUrdu, "عطر", Align::kEnd) == near(0.0F));
  CHECK(x_of(Language::kUrdu, "attar", Align::kStart) == near(1.0F));  // the language decides
  CHECK(x_of(Language::kUrdu, "عطر", Align::kLeft) == near(0.0F));
  CHECK(x_of(Language::kHindi, "इत्र", Align::kRight) == near(1.0F));
}

TEST_CASE("Typed text takes the direction of its first letter", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kHindi);
  style.direction = Direction::kContent;
  CHECK(fixture.engine().layout("عطر kya hai", style).lines[0].right_to_left);
  CHECK_FALSE(fixture.engine().layout("attar عطر", style).lines[0].right_to_left);
  CHECK_FALSE(fixture.engine().layout("123", style).lines[0].right_to_left);
  style.language = Language::kUrdu;
  CHECK(fixture.engine().layout("123", style).lines[0].right_to_left);
  style.direction = Direction::kLeftToRight;
  CHECK_FALSE(fixture.engine().layout("عطر", style).lines[0].right_to_left);
}

TEST_CASE("Line height follows the style, the faces, and what stands out", "[kiosk][text]") {
  const TextFixture fixture;
  TextStyle style = style_of(Language::kHindi, TextRole::kRead, 20.0F);
  // Noto Sans Devanagari: ascent 0.896 em, descent 0.408 em.
  CHECK(fixture.engine().measure("क", style).height_px == Approx(20.0F * 1.304F));
  style.line_height_em = 1.5F;
  CHECK(fixture.engine().measure("क", style).height_px == Approx(30.0F));
  CHECK(fixture.engine().measure("क 2026 attar", style).height_px == Approx(30.0F));

  TextStyle title = style_of(Language::kUrdu, TextRole::kTitle, 20.0F);
  CHECK(fixture.engine().measure("عطر", title).height_px == Approx(50.0F));  // 2.5 em
  title.line_height_em = 2.1F;
  CHECK(fixture.engine().measure("عطر", title).height_px == Approx(42.0F));

  // A Nastaliq word in an English title of 1.2 em needs more, and gets it.
  TextStyle english = style_of(Language::kEnglish, TextRole::kTitle, 40.0F);
  english.line_height_em = 1.2F;
  const Layout& mixed = fixture.engine().layout("Kannauj پوچھ گچھ", english);
  CHECK(mixed.height_px > 48.0F);
  CHECK(mixed.ink.top >= -1.0F);
  CHECK(mixed.ink.bottom <= mixed.height_px + 1.0F);
}

TEST_CASE("Ink bounds hold every quad", "[kiosk][text]") {
  const TextFixture fixture;
  for (const std::string_view text : {"विद्यार्थी कूँ", "Áj gp", "بھیجیں پوچھ گچھ"}) {
    for (const TextRole role : {TextRole::kRead, TextRole::kTitle}) {
      const Layout& layout = fixture.engine().layout(text, style_of(Language::kHindi, role, 48.0F));
      float left = 1e9F;
      float right = -1e9F;
      float top = 1e9F;
      float bottom = -1e9F;
      for (const Quad& quad : fixture.engine().quads(layout)) {
        left = std::min(left, quad.x0);
        right = std::max(right, quad.x1);
        top = std::min(top, quad.y0);
        bottom = std::max(bottom, quad.y1);
      }
      INFO(text);
      CHECK(left == Approx(layout.ink.left).margin(2.0));
      CHECK(right == Approx(layout.ink.right).margin(2.0));
      CHECK(top == Approx(layout.ink.top).margin(2.0));
      CHECK(bottom == Approx(layout.ink.bottom).margin(2.0));
    }
  }
}

TEST_CASE("Bytes that are no text are shown or skipped, never a crash", "[kiosk][text]") {
  const TextFixture fixture;
  const TextStyle style = style_of(Language::kHindi);
  const Layout& broken = fixture.engine().layout("क\xE0\xA4 ख\xFF", style);
  CHECK(broken.width_px > 0.0F);
  const Layout& controls = fixture.engine().layout("\x01\x02\x7F", style);
  CHECK(fixture.engine().quads(controls).empty());
  CHECK(controls.width_px == 0.0F);
  CHECK(fixture.engine().measure("a\tb", style).width_px ==
        Approx(fixture.engine().measure("a b", style).width_px));
  TextStyle odd = style;
  odd.px = -3.0F;
  odd.max_width_px = -5.0F;
  odd.max_lines = -1;
  CHECK(fixture.engine().layout("क", odd).lines.size() == 1);
}

}  // namespace odop::typeset::test
// NOLINTEND(misc-misleading-bidirectional)
