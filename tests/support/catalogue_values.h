// Catalogues as values, without a store: the real one read from its CSV files, and products made up
// in any number. For tests and benches of what reads kiosk::Catalogue.
#pragma once

#include "kiosk/model/catalogue.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace odop::test {

using CsvRow = std::map<std::string, std::string>;  // by column name

// RFC 4180 with a header row. Throws std::runtime_error when the file cannot be read.
[[nodiscard]] std::vector<CsvRow> read_csv(const std::filesystem::path& file);

// A catalogue and all that is told of its products.
struct ToldCatalogue {
  kiosk::Catalogue catalogue;
  kiosk::Stories stories;

  [[nodiscard]] kiosk::Story story_of(const kiosk::Product& product) const;
  // As SearchIndex::build takes them; this outlives what it returns.
  [[nodiscard]] std::function<kiosk::Story(const kiosk::Product&)> source() const;
};

// Families, districts and products of assets/catalogue, indexed.
[[nodiscard]] ToldCatalogue real_catalogue(const std::filesystem::path& folder);

// Adds `count` products in three languages: an invented word, a craft, aliases, descriptions of 15
// to 24 words. Some 6,000 different invented words a language, drawn unevenly, as words are. The
// same seed gives the same products. Indexes the catalogue again.
void add_invented_products(ToldCatalogue& told, std::size_t count, std::uint64_t seed);

// tests/data/search/unseen_words.txt: some 200 words in three scripts that are in no product.
[[nodiscard]] std::vector<std::string> unseen_words(const std::filesystem::path& source_root);

}  // namespace odop::test
