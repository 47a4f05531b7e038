// Search in memory over products, districts and craft families, in three languages and scripts at
// once. Built once per release, off the UI thread; then immutable: searching is const and safe from
// any thread. Cost (tests/bench/search_bench): under 5 ms at the 99th percentile among 20,000
// products.
//
// What a typed word finds, best first: the same word, folded across scripts and spellings; a word
// that it begins (so results come while somebody types); a word that sounds the same in another
// script; and, from four letters on, a word that is one typo away (only in names and aliases, and
// only when the word itself is in none of them). Several words must all be found in a document;
// when no document has them all, those that have at least half. Words that are in no document, not
// even nearly, find nothing.
#pragma once

#include "kiosk/model/catalogue.h"
#include "kiosk/model/state.h"
#include "kiosk/search/vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk {

struct RankedHit {
  HitKind kind = HitKind::kProduct;
  std::size_t index = 0;                   // in the catalogue's products, districts, families
  std::string id;                          // of it
  float score = 0;                         // 0..1; comparable within one answer only
  SearchField field = SearchField::kName;  // where the best word was found
};

class SearchIndex {
 public:
  // Longer input is cut: nobody types more at a kiosk, and cost grows with it.
  static constexpr std::size_t kMaxWords = 6;
  static constexpr std::size_t kMaxWordBytes = 96;

  // An index that finds nothing.
  SearchIndex() = default;

  // Asked once for each product, in the catalogue's order, on the thread that builds.
  using StorySource = std::function<Story(const Product&)>;

  // Keeps no reference to either.
  [[nodiscard]] static SearchIndex build(const Catalogue& catalogue, const StorySource& story_of);

  // At most `limit` hits, the best first; equal scores in the catalogue's order, districts before
  // families before products. With a family id, only what belongs to that family.
  [[nodiscard]] std::vector<RankedHit> search(std::string_view typed, std::size_t limit,
                                              std::string_view family = {}) const;

  [[nodiscard]] std::size_t documents() const { return documents_.size(); }
  [[nodiscard]] std::size_t keys() const { return vocabulary_.size(); }
  [[nodiscard]] std::size_t memory() const;  // bytes of heap memory, about

 private:
  struct Document {
    HitKind kind = HitKind::kProduct;
    std::uint16_t family = 0;  // in families_
    std::uint32_t index = 0;
    std::uint32_t id_end = 0;  // in ids_
  };
  [[nodiscard]] std::string id_of(std::size_t document) const;
  [[nodiscard]] std::uint16_t number_of_family(std::string_view id);

  std::vector<Document> documents_;
  std::string ids_;                    // of all documents, one behind the other
  std::vector<std::string> families_;  // ids that documents name
  Vocabulary vocabulary_;
};

// The ids and kinds alone, as the screens' state takes them.
[[nodiscard]] std::vector<SearchHit> to_search_hits(const std::vector<RankedHit>& ranked);

}  // namespace odop::kiosk
