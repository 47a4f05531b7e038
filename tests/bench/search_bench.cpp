// Promise P7: search latency with 122 and with 20,122 products, and precision on unseen words.
#include "kiosk/search/search_index.h"
#include "tests/support/catalogue_values.h"

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace odop;
using namespace odop::kiosk;

constexpr std::uint64_t kSeed = 20'261'124;
constexpr std::size_t kResults = 20;  // a screen of hits

test::ToldCatalogue catalogue_with(std::size_t invented) {
  test::ToldCatalogue told =
      test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  test::add_invented_products(told, invented, kSeed);
  return told;
}

// What people type, as it arrives: each beginning of a name or an alias, up to the whole of it;
// every third whole word with a letter missing; and words that are nowhere.
std::vector<std::string> keystrokes(const test::ToldCatalogue& told) {
  const Catalogue& catalogue = told.catalogue;
  std::mt19937_64 random(kSeed);
  std::vector<std::string> typed = test::unseen_words(ODOP_SOURCE_DIR);
  std::vector<std::string> whole;
  std::uniform_int_distribution<std::size_t> any(0, catalogue.products.size() - 1);
  for (int i = 0; i < 120; ++i) {
    const Product& product = catalogue.products[any(random)];
    for (const auto& name : product.name.by_language) whole.push_back(name);
    const Story story = told.story_of(product);
    if (!story.search_terms.empty()) whole.push_back(story.search_terms.front());
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::string& text = whole[i];
    for (std::size_t end = 1; end <= text.size(); ++end) {
      const bool boundary =
          end == text.size() || (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
      if (boundary) typed.push_back(text.substr(0, end));
    }
    if (i % 3 == 0 && text.size() > 8) {
      std::string mistyped = text;
      std::size_t at = mistyped.size() / 2;
      do {
        mistyped.erase(at, 1);
      } while (at < mistyped.size() && (static_cast<unsigned char>(mistyped[at]) & 0xC0U) == 0x80U);
      typed.push_back(mistyped);
    }
  }
  std::shuffle(typed.begin(), typed.end(), random);
  return typed;
}

struct Setting {
  SearchIndex index;
  std::vector<std::string> typed;
};

const Setting& setting(std::size_t invented) {
  static std::map<std::size_t, std::unique_ptr<Setting>> made;  // one thread: the benchmark's
  auto& one = made[invented];
  if (one == nullptr) {
    const test::ToldCatalogue told = catalogue_with(invented);
    one = std::make_unique<Setting>(
        Setting{SearchIndex::build(told.catalogue, told.source()), keystrokes(told)});
  }
  return *one;
}

double thread_cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void search_keystrokes(benchmark::State& state) {
  const Setting& one = setting(static_cast<std::size_t>(state.range(0)));
  std::vector<double> microseconds;      // as a visitor waits
  std::vector<double> cpu_microseconds;  // without what other programs took meanwhile
  std::size_t next = 0;
  for (auto _ : state) {
    const double cpu_from = thread_cpu_microseconds();
    const auto from = std::chrono::steady_clock::now();
    auto hits = one.index.search(one.typed[next], kResults);
    benchmark::DoNotOptimize(hits);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - from;
    microseconds.push_back(took.count());
    cpu_microseconds.push_back(thread_cpu_microseconds() - cpu_from);
    next = (next + 1) % one.typed.size();
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::sort(cpu_microseconds.begin(), cpu_microseconds.end());
  state.counters["p50_us"] = percentile(microseconds, 0.50);
  state.counters["p99_us"] = percentile(microseconds, 0.99);
  state.counters["max_us"] = microseconds.back();
  state.counters["p99_cpu_us"] = percentile(cpu_microseconds, 0.99);
  state.counters["max_cpu_us"] = cpu_microseconds.back();
  state.counters["different_inputs"] = static_cast<double>(one.typed.size());
  state.counters["documents"] = static_cast<double>(one.index.documents());
  state.counters["index_bytes"] = static_cast<double>(one.index.memory());
}
BENCHMARK(search_keystrokes)
    ->Arg(0)
    ->Arg(20'000)
    ->Iterations(10'000)
    ->Unit(benchmark::kMicrosecond);

// The share of words that are in no product, and find none; on the real catalogue, whose words they
// were checked against.
void search_unseen_words(benchmark::State& state) {
  const SearchIndex& index = setting(0).index;
  const std::vector<std::string> words = test::unseen_words(ODOP_SOURCE_DIR);
  std::size_t silent = 0;
  for (auto _ : state) {
    silent = 0;
    for (const auto& word : words) silent += index.search(word, kResults).empty() ? 1 : 0;
  }
  state.counters["precision"] = static_cast<double>(silent) / static_cast<double>(words.size());
  state.counters["words"] = static_cast<double>(words.size());
}
BENCHMARK(search_unseen_words)->Iterations(3)->Unit(benchmark::kMicrosecond);

// Whether each spelling of the promise has Kannauj's attar among the first three (1 = all).
void search_attar(benchmark::State& state) {
  const SearchIndex& index = setting(static_cast<std::size_t>(state.range(0))).index;
  const std::vector<std::string> spellings{"इत्र", "itra", "ittar", "attar", "itr", "عطر"};
  std::size_t found = 0;
  for (auto _ : state) {
    found = 0;
    for (const auto& typed : spellings) {
      const auto hits = index.search(typed, 3);
      found += std::any_of(hits.begin(), hits.end(),
                           [](const RankedHit& hit) { return hit.id == "kannauj-attar"; })
                   ? 1
                   : 0;
    }
  }
  state.counters["in_first_three"] =
      static_cast<double>(found) / static_cast<double>(spellings.size());
}
BENCHMARK(search_attar)->Arg(0)->Arg(20'000)->Iterations(3)->Unit(benchmark::kMicrosecond);

void search_build(benchmark::State& state) {
  const test::ToldCatalogue told = catalogue_with(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    SearchIndex index = SearchIndex::build(told.catalogue, told.source());
    benchmark::DoNotOptimize(index);
  }
}
BENCHMARK(search_build)
    ->Arg(0)
    ->Arg(1'121)
    ->Arg(20'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
