// It must not match everything: words that are in no product, not even nearly, find nothing. The
// words are in tests/data/search.
#include "kiosk/search/search_index.h"
#include "kiosk/search/sound.h"
#include "shared/text/fold.h"
#include "tests/support/catalogue_values.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <iostream>
#include <map>
#include <set>
#include <string>

using namespace odop;
using namespace odop::kiosk;

namespace {

// Every folded word of the catalogue.
std::set<std::string> words_in(const test::ToldCatalogue& told) {
  const Catalogue& catalogue = told.catalogue;
  std::set<std::string> words;
  const auto add = [&](const std::string& text) {
    for (const auto& word : words_of(text)) words.insert(fold(word));
  };
  const auto add_all = [&](const LocalText& text) {
    for (const auto& each : text.by_language) add(each);
  };
  for (const auto& product : catalogue.products) {
    add_all(product.name);
    add(product.gi_name);
    const Story story = told.story_of(product);
    add_all(story.description);
    for (const auto& term : story.search_terms) add(term);
    for (const auto& fact : story.facts) add_all(fact.text);
    add(story.sector);
  }
  for (const auto& district : catalogue.districts) {
    add_all(district.name);
    add_all(district.division);
    for (const auto& term : district.search_terms) add(term);
  }
  for (const auto& family : catalogue.families) add_all(family.name);
  return words;
}

}  // namespace

TEST_CASE("words that are in no product find nothing, with few exceptions", "[search]") {
  const test::ToldCatalogue told =
      test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  const SearchIndex index = SearchIndex::build(told.catalogue, told.source());
  const std::set<std::string> known = words_in(told);
  std::map<Script, std::size_t> unseen;
  std::map<Script, std::size_t> matched;
  for (const auto& word : test::unseen_words(ODOP_SOURCE_DIR)) {
    // It is in a product after all, or begins a word that is.
    const auto next = known.lower_bound(fold(word));
    if (next != known.end() && next->starts_with(fold(word))) continue;
    ++unseen[script_of(word)];
    const auto hits = index.search(word, 3);
    if (hits.empty()) continue;
    ++matched[script_of(word)];
    std::cout << "  unseen word " << word << " finds " << hits.front().id << "\n";
  }
  std::size_t all = 0;
  std::size_t all_matched = 0;
  for (const auto& [script, count] : unseen) {
    CHECK(static_cast<double>(matched[script]) <= 0.12 * static_cast<double>(count));
    all += count;
    all_matched += matched[script];
  }
  std::cout << "precision on unseen words: " << all - all_matched << " of " << all
            << " find nothing\n";
  REQUIRE(unseen.size() == 3);
  REQUIRE(all >= 190);
  CHECK(static_cast<double>(all_matched) <= 0.07 * static_cast<double>(all));
}
