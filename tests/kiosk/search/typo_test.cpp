// One typo in a word of four letters and more, wherever it falls, still finds what was meant.
#include "kiosk/search/search_index.h"
#include "shared/text/fold.h"
#include "shared/text/utf8.h"
#include "tests/support/catalogue_values.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <vector>

using namespace odop;
using namespace odop::kiosk;

namespace {

std::u32string wide(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points.push_back(next_code_point(text, at));
  return points;
}

std::string narrow(const std::u32string& points) {
  std::string text;
  for (const char32_t c : points) append_utf8(text, c);
  return text;
}

// One random typo; the new letter comes from the word itself or its script's alphabet.
std::string with_typo(const std::string& word, std::mt19937_64& random) {
  std::u32string points = wide(word);
  const char32_t first = points.front();
  const bool latin = first < 0x80;
  const bool urdu = first >= 0x600 && first < 0x700;
  const std::u32string letters = latin  ? U"abcdefghijklmnoprstuvyz"
                                 : urdu ? U"ابپتجچدرزسشکگلمنوہی"
                                        : U"कखगचजटडतदनपबमयरलवसहािीुूेो";
  const auto pick = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  const std::size_t at = pick(points.size());
  const auto where = points.begin() + static_cast<std::ptrdiff_t>(at);
  switch (pick(4)) {
    case 0:
      points.erase(where);
      break;
    case 1:
      *where = letters[pick(letters.size())];
      break;
    case 2:
      points.insert(where, letters[pick(letters.size())]);
      break;
    default:
      if (at + 1 < points.size()) std::swap(points[at], points[at + 1]);
  }
  return narrow(points);
}

}  // namespace

TEST_CASE("one typo in the words of real names is forgiven", "[search][slow]") {
  const test::ToldCatalogue told =
      test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  const Catalogue& catalogue = told.catalogue;
  const SearchIndex index = SearchIndex::build(catalogue, told.source());
  std::mt19937_64 random(20261124);  // seed
  std::size_t tried = 0;
  std::size_t found = 0;
  for (const Product& product : catalogue.products) {
    for (const auto& name : product.name.by_language) {
      for (const std::string& written : words_of(name)) {
        const std::string word = fold(written);
        if (wide(word).size() < 4) continue;
        const std::string typed = with_typo(word, random);
        if (fold(typed).empty()) continue;
        ++tried;
        const auto hits = index.search(typed, catalogue.products.size());
        const bool hit = std::any_of(hits.begin(), hits.end(), [&](const RankedHit& h) {
          return h.kind == HitKind::kProduct && h.id == product.id;
        });
        found += hit ? 1 : 0;
        if (!hit) std::cout << "  missed: " << word << " typed as " << typed << "\n";
      }
    }
  }
  std::cout << "typos: " << found << " of " << tried << " found (seed 20261124)\n";
  REQUIRE(tried > 500);
  // Some typos make another word of the catalogue, which is then taken at its word.
  CHECK(static_cast<double>(found) >= 0.98 * static_cast<double>(tried));
}
