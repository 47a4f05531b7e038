// Typesetting: words of Hindi, English and Urdu, cold (shaped anew) and warm (from the cache), and
// their glyphs rastered anew. Items are words, so items_per_second is words a second.
#include "kiosk/text/memory_atlas.h"
#include "kiosk/text/text_engine.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odop::typeset {
namespace {

struct Sample {
  Language language;
  std::string_view text;
};

constexpr Sample kHindi{Language::kHindi,
                        "कन्नौज का इत्र मिट्टी की ख़ुशबू से बनता है और ताँबे की देग में फूल और पानी रखकर "
                        "बाँस की नली से भाप को चंदन के तेल तक ले जाया जाता है"};
constexpr Sample kEnglish{Language::kEnglish,
                          "The attar of Kannauj is distilled in copper stills from petals and "
                          "water and the vapour runs through bamboo into oil of sandalwood"};
constexpr Sample kUrdu{
    Language::kUrdu,
    "قنوج کا عطر مٹی کی خوشبو سے بنتا ہے اور تانبے کی دیگ میں پھول اور پانی رکھ کر "
    "بانس کی نلی سے بھاپ کو صندل کے تیل تک لے جایا جاتا ہے"};

struct Bench {
  MemoryAtlas atlas;
  std::unique_ptr<TextEngine> engine;
  TextStyle style;
  std::string text;
  std::int64_t words = 0;

  Bench(const Sample& sample, TextRole role) : text(sample.text) {
    auto opened = TextEngine::open(atlas);
    if (opened.has_value()) {
      engine = std::move(*opened);
    }
    style.language = sample.language;
    style.role = role;
    style.px = 24.42F;  // `read` at the reference panel
    style.max_width_px = 900.0F;
    style.line_height_em = 1.5F;
    words = std::ranges::count(sample.text, ' ') + 1;
  }
};

void text_cold(benchmark::State& state, const Sample& sample, TextRole role) {
  Bench bench(sample, role);
  if (!bench.engine) {
    state.SkipWithError("fonts are missing");
    return;
  }
  for (auto _ : state) {
    bench.engine->forget();
    benchmark::DoNotOptimize(bench.engine->layout(bench.text, bench.style).width_px);
  }
  state.SetItemsProcessed(state.iterations() * bench.words);
}

void text_warm(benchmark::State& state, const Sample& sample, TextRole role) {
  Bench bench(sample, role);
  if (!bench.engine) {
    state.SkipWithError("fonts are missing");
    return;
  }
  std::vector<Quad> quads;
  for (auto _ : state) {
    quads.clear();
    const Layout& layout = bench.engine->layout(bench.text, bench.style);
    bench.engine->quads(layout, 10.0F, 20.0F, quads);
    benchmark::DoNotOptimize(quads.data());
  }
  state.SetItemsProcessed(state.iterations() * bench.words);
}

void text_raster(benchmark::State& state, const Sample& sample, TextRole role) {
  Bench bench(sample, role);
  if (!bench.engine) {
    state.SkipWithError("fonts are missing");
    return;
  }
  const Layout& layout = bench.engine->layout(bench.text, bench.style);
  for (auto _ : state) {
    bench.engine->reset_atlas();
    benchmark::DoNotOptimize(bench.engine->quads(layout).data());
  }
  state.SetItemsProcessed(state.iterations() * bench.words);
}

BENCHMARK_CAPTURE(text_cold, hindi, kHindi, TextRole::kRead);
BENCHMARK_CAPTURE(text_cold, english, kEnglish, TextRole::kRead);
BENCHMARK_CAPTURE(text_cold, urdu_naskh, kUrdu, TextRole::kRead);
BENCHMARK_CAPTURE(text_cold, urdu_nastaliq, kUrdu, TextRole::kTitle);
BENCHMARK_CAPTURE(text_warm, hindi, kHindi, TextRole::kRead);
BENCHMARK_CAPTURE(text_warm, urdu_nastaliq, kUrdu, TextRole::kTitle);
BENCHMARK_CAPTURE(text_raster, hindi, kHindi, TextRole::kRead);

}  // namespace
}  // namespace odop::typeset
