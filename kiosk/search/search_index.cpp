#include "kiosk/search/search_index.h"

#include "kiosk/search/word_keys.h"
#include "shared/text/fold.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

namespace odop::kiosk {
namespace {

// How much a match is worth. Only the order matters: exact before begun before mistyped, and names
// before aliases before descriptions.
constexpr float kExact = 1.0F;
constexpr float kBegun = 0.6F;  // and up to kBegunWhole more, the nearer to the whole word
constexpr float kBegunWhole = 0.3F;
constexpr float kTypo = 0.5F;
constexpr float kTypoAtStart = 0.42F;  // people rarely miss the first letter
constexpr float kTypoBegun = 0.3F;
constexpr float kPartly = 0.5F;                                     // when not all words were found
constexpr std::array kFieldWeight{1.0F, 0.85F, 0.6F, 0.45F, 0.3F};  // by SearchField

using FieldMask = unsigned;
constexpr FieldMask mask_of(SearchField field) { return 1U << static_cast<unsigned>(field); }
constexpr FieldMask kNameOnly = mask_of(SearchField::kName);
constexpr FieldMask kAllFields = 0x1F;
constexpr FieldMask kNotDescriptions = kAllFields & ~mask_of(SearchField::kDescription);

// Words which join others: not stored, and not looked for but as the beginning of another word.
bool is_joining_word(std::string_view folded) {
  constexpr std::array<std::string_view, 24> kWords{
      "का", "की",  "के", "से",  "में",  "और", "एवं", "व",  "the", "of", "and", "from",
      "in", "for", "a", "ka", "ki", "ke", "se", "کا", "کی",  "کے", "سے",  "اور"};
  return std::find(kWords.begin(), kWords.end(), folded) != kWords.end();
}

// ---- Building ----------------------------------------------------------------------------------

class IndexBuilder {
 public:
  void text(std::uint32_t document, SearchField field, std::string_view content) {
    for (const auto& word : words_of(content)) {
      const Known& known = known_word(word);
      if (!known.joining) builder_.add(known.keys.front(), {document, field, 1});
    }
  }

  // A name or alias; what brackets and commas part is taken as a name of its own.
  void phrase(std::uint32_t document, SearchField field, std::string_view content) {
    while (!content.empty()) {
      const std::size_t end = content.find_first_of("(),;/|");
      part(document, field, content.substr(0, end));
      content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    }
  }

  void phrases(std::uint32_t document, SearchField field, const LocalText& texts) {
    for (const auto& each : texts.by_language) phrase(document, field, each);
  }

  [[nodiscard]] Vocabulary build() && { return std::move(builder_).build(); }

 private:
  void part(std::uint32_t document, SearchField field, std::string_view content) {
    std::vector<std::string> words = words_of(content);
    std::erase_if(words, [&](const std::string& word) { return known_word(word).joining; });
    const auto count = static_cast<std::uint32_t>(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (const std::uint32_t key : known_word(words[i]).keys) {
        builder_.add(key, {document, field, count});
      }
      // "zari zardozi" is also typed as one word.
      if (i + 1 < words.size()) {
        const Posting posting{document, field, count - 1};
        for (auto& key : keys_of_joined(words[i] + words[i + 1])) {
          builder_.add(builder_.intern(std::move(key)), posting);
        }
      }
    }
  }

  struct Known {
    bool joining = false;
    std::vector<std::uint32_t> keys;  // none when joining
  };

  // Folding and sounding out are the cost of building, and most words come again and again.
  const Known& known_word(const std::string& word) {
    const auto [found, fresh] = known_.try_emplace(word);
    Known& known = found->second;
    if (fresh) {
      known.joining = is_joining_word(fold(word));
      if (!known.joining) {
        for (auto& key : keys_of_word(word)) known.keys.push_back(builder_.intern(std::move(key)));
      }
    }
    return known;
  }

  Vocabulary::Builder builder_;
  std::unordered_map<std::string, Known> known_;
};

void add_product(IndexBuilder& builder, std::uint32_t document, const Product& product,
                 const Story& story, const Catalogue& catalogue) {
  builder.phrases(document, SearchField::kName, product.name);
  for (const auto& term : story.search_terms) {
    builder.phrase(document, SearchField::kAlias, term);
  }
  builder.phrase(document, SearchField::kAlias, product.gi_name);
  for (const auto& id : product.districts) {
    const auto at = catalogue.district_at.find(id);
    if (at == catalogue.district_at.end()) continue;
    const District& district = catalogue.districts[at->second];
    builder.phrases(document, SearchField::kPlace, district.name);
    for (const auto& term : district.search_terms) {
      builder.phrase(document, SearchField::kPlace, term);
    }
  }
  if (const Family* family = catalogue.family(product.family); family != nullptr) {
    builder.phrases(document, SearchField::kFamily, family->name);
  }
  builder.phrase(document, SearchField::kFamily, story.sector);
  for (const auto& text : story.description.by_language) {
    builder.text(document, SearchField::kDescription, text);
  }
  for (const auto& fact : story.facts) {
    for (const auto& text : fact.text.by_language) {
      builder.text(document, SearchField::kDescription, text);
    }
  }
}

void add_district(IndexBuilder& builder, std::uint32_t document, const District& district) {
  builder.phrases(document, SearchField::kName, district.name);
  for (const auto& term : district.search_terms) {
    builder.phrase(document, SearchField::kAlias, term);
  }
  builder.phrases(document, SearchField::kPlace, district.division);
}

// ---- Searching ---------------------------------------------------------------------------------

struct Cell {
  float score = 0;
  SearchField field = SearchField::kDescription;
};
using Cells = std::vector<Cell>;  // by document

class WordSearch {
 public:
  WordSearch(const Vocabulary& vocabulary, std::size_t documents)
      : vocabulary_(vocabulary), cells_(documents) {}

  Cells run(std::string_view word, bool with_typos) && {
    const std::vector<KeyQuery> lookups = lookups_of_word(word);
    for (const KeyQuery& lookup : lookups) find_written(lookup);
    if (with_typos && !known_) {
      for (const KeyQuery& lookup : lookups) {
        if (lookup.typo) find_mistyped(lookup);
      }
    }
    return std::move(cells_);
  }

 private:
  void find_written(const KeyQuery& lookup) {
    if (!lookup.exact && !lookup.prefix) return;
    const KeyRange range = vocabulary_.with_prefix(lookup.key);
    const FieldMask begun_fields = lookup.letters < 2   ? kNameOnly
                                   : lookup.letters < 3 ? kNotDescriptions
                                                        : kAllFields;
    for (std::uint32_t i = range.first; i < range.last; ++i) {
      const std::size_t size = vocabulary_.key(i).size();
      if (size == lookup.key.size()) {
        if (lookup.exact) mark(i, kExact * lookup.quality, kAllFields, lookup.settles);
      } else if (lookup.prefix) {
        const float share = static_cast<float>(lookup.letters) / static_cast<float>(size - 1);
        mark(i, (kBegun + kBegunWhole * share) * lookup.quality, begun_fields, false);
      } else {
        break;  // the whole key is the first of its range
      }
    }
  }

  void find_mistyped(const KeyQuery& lookup) {
    vocabulary_.near(lookup.key, [&](KeyRange range, std::size_t length, std::size_t at) {
      if (length <= lookup.typo_from) return;  // with the tag
      for (std::uint32_t i = range.first; i < range.last; ++i) {
        if (vocabulary_.key(i).size() == length) {
          mark(i, (at == 1 ? kTypoAtStart : kTypo) * lookup.quality, kNotDescriptions, false);
        } else if (lookup.typo_prefix) {
          mark(i, kTypoBegun * lookup.quality, kNotDescriptions, false);
        } else {
          break;
        }
      }
    });
  }

  void mark(std::uint32_t key, float worth, FieldMask fields, bool settles) {
    for (PostingReader reader = vocabulary_.postings(key); const auto p = reader.next();) {
      if ((mask_of(p->field()) & fields) == 0) continue;
      // A name of one word says more about the thing than a word in a long name.
      const float whole = 0.8F + 0.2F / static_cast<float>(p->phrase_words());
      const float score = worth * kFieldWeight.at(static_cast<std::size_t>(p->field())) * whole;
      known_ = known_ || (settles && p->field() <= SearchField::kPlace);
      Cell& cell = cells_[p->document()];
      if (score > cell.score) cell = {score, p->field()};
    }
  }

  const Vocabulary& vocabulary_;
  Cells cells_;
  bool known_ = false;
};

struct Candidate {
  std::uint32_t document = 0;
  float score = 0;
  SearchField field = SearchField::kDescription;
};

// A way to read what was typed: which of the searched words must be found.
using Reading = std::vector<std::size_t>;

class Readings {
 public:
  Readings(const std::vector<Cells>& words, std::size_t documents)
      : words_(words), documents_(documents) {}

  // What each document is worth by its best reading that it satisfies wholly, or, when there is no
  // such document, by at least half of the first reading.
  [[nodiscard]] std::vector<Candidate> candidates(const std::vector<Reading>& readings) const {
    std::vector<Candidate> found;
    for (std::uint32_t document = 0; document < documents_; ++document) {
      std::optional<Candidate> best;
      for (const Reading& reading : readings) {
        const auto candidate = judge(document, reading, reading.size());
        if (candidate && (!best || candidate->score > best->score)) best = candidate;
      }
      if (best) found.push_back(*best);
    }
    if (!found.empty() || readings.front().size() < 2) return found;
    const std::size_t half = (readings.front().size() + 1) / 2;
    for (std::uint32_t document = 0; document < documents_; ++document) {
      auto candidate = judge(document, readings.front(), half);
      if (!candidate || candidate->field == SearchField::kDescription) continue;
      candidate->score *= kPartly;
      found.push_back(*candidate);
    }
    return found;
  }

 private:
  [[nodiscard]] std::optional<Candidate> judge(std::uint32_t document, const Reading& reading,
                                               std::size_t needed) const {
    Candidate candidate{document};
    std::size_t matched = 0;
    float best = 0;
    for (const std::size_t word : reading) {
      const Cell& cell = words_[word][document];
      if (cell.score <= 0) continue;
      ++matched;
      candidate.score += cell.score;
      if (cell.score > best) {
        best = cell.score;
        candidate.field = cell.field;
      }
    }
    if (matched < needed) return std::nullopt;
    candidate.score /= static_cast<float>(reading.size());
    return candidate;
  }

  const std::vector<Cells>& words_;
  std::size_t documents_;
};

std::vector<std::string> typed_words(std::string_view typed) {
  std::vector<std::string> words =
      words_of(typed.substr(0, 4 * SearchIndex::kMaxWords * SearchIndex::kMaxWordBytes));
  if (words.size() > SearchIndex::kMaxWords) words.resize(SearchIndex::kMaxWords);
  std::erase_if(words, [](const auto& word) { return word.size() > SearchIndex::kMaxWordBytes; });
  // All but the last, which may be the beginning of a longer word.
  for (std::size_t i = 0; i + 1 < words.size();) {
    if (is_joining_word(fold(words[i]))) {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return words;
}

}  // namespace

SearchIndex SearchIndex::build(const Catalogue& catalogue, const StorySource& story_of) {
  SearchIndex index;
  IndexBuilder builder;
  const auto open = [&](HitKind kind, std::size_t position, const std::string& id,
                        const std::string& family) {
    index.ids_ += id;
    index.documents_.push_back({kind, index.number_of_family(family),
                                static_cast<std::uint32_t>(position),
                                static_cast<std::uint32_t>(index.ids_.size())});
    return static_cast<std::uint32_t>(index.documents_.size() - 1);
  };
  // Equal scores keep this order.
  for (std::size_t i = 0; i < catalogue.districts.size(); ++i) {
    const District& district = catalogue.districts[i];
    add_district(builder, open(HitKind::kDistrict, i, district.id, district.family), district);
  }
  for (std::size_t i = 0; i < catalogue.families.size(); ++i) {
    const Family& family = catalogue.families[i];
    builder.phrases(open(HitKind::kFamily, i, family.id, family.id), SearchField::kName,
                    family.name);
  }
  for (std::size_t i = 0; i < catalogue.products.size(); ++i) {
    const Product& product = catalogue.products[i];
    add_product(builder, open(HitKind::kProduct, i, product.id, product.family), product,
                story_of(product), catalogue);
  }
  index.ids_.shrink_to_fit();
  index.vocabulary_ = std::move(builder).build();
  return index;
}

std::uint16_t SearchIndex::number_of_family(std::string_view id) {
  const auto found = std::find(families_.begin(), families_.end(), id);
  const auto number = static_cast<std::uint16_t>(found - families_.begin());
  if (found == families_.end()) families_.emplace_back(id);
  return number;
}

std::string SearchIndex::id_of(std::size_t document) const {
  const std::uint32_t first = document == 0 ? 0 : documents_[document - 1].id_end;
  return ids_.substr(first, documents_[document].id_end - first);
}

std::vector<RankedHit> SearchIndex::search(std::string_view typed, std::size_t limit,
                                           std::string_view family) const {
  const std::vector<std::string> words = typed_words(typed);
  if (words.empty() || documents_.empty() || limit == 0) return {};

  // The words as typed; then with two neighbours as one word ("chikan kari"); then without a last
  // word that only joins.
  std::vector<Cells> cells;
  std::vector<Reading> readings(1);
  for (const auto& word : words) {
    readings.front().push_back(cells.size());
    cells.push_back(WordSearch(vocabulary_, documents_.size()).run(word, true));
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    Reading reading = readings.front();
    reading.erase(reading.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    reading[i] = cells.size();
    cells.push_back(WordSearch(vocabulary_, documents_.size()).run(words[i] + words[i + 1], false));
    readings.push_back(std::move(reading));
  }
  if (words.size() > 1 && is_joining_word(fold(words.back()))) {
    readings.emplace_back(readings.front().begin(), readings.front().end() - 1);
  }

  std::vector<Candidate> found = Readings(cells, documents_.size()).candidates(readings);
  if (!family.empty()) {
    std::erase_if(found, [&](const Candidate& c) {
      return families_[documents_[c.document].family] != family;
    });
  }
  const std::size_t kept = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    [](const Candidate& a, const Candidate& b) {
                      return a.score != b.score ? a.score > b.score : a.document < b.document;
                    });
  std::vector<RankedHit> hits;
  hits.reserve(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const Document& document = documents_[found[i].document];
    hits.push_back(
        {document.kind, document.index, id_of(found[i].document), found[i].score, found[i].field});
  }
  return hits;
}

std::size_t SearchIndex::memory() const {
  return vocabulary_.memory() + documents_.capacity() * sizeof(Document) + ids_.capacity() +
         families_.capacity() * sizeof(std::string);
}

std::vector<SearchHit> to_search_hits(const std::vector<RankedHit>& ranked) {
  std::vector<SearchHit> hits;
  hits.reserve(ranked.size());
  for (const auto& hit : ranked) hits.push_back({hit.kind, hit.id});
  return hits;
}

}  // namespace odop::kiosk
