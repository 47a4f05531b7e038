// The keys of all words of the catalogue, sorted, with the places where each occurs. Exact, prefix
// and one-typo look-ups cost microseconds among 100,000 keys, because each narrows a sorted range.
//
// A key begins with a tag that says what kind of key it is, so that all kinds share one table.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace odop::kiosk {

// Where in a document a word stands; a smaller value weighs more.
enum class SearchField : std::uint8_t { kName, kAlias, kPlace, kFamily, kDescription };

// In order of document, field, words.
class Posting {
 public:
  static constexpr std::uint32_t kMaxDocuments = 1U << 24U;
  static constexpr std::uint32_t kMaxPhraseWords = 31;

  // `document` is below kMaxDocuments; a longer phrase counts as one of kMaxPhraseWords.
  Posting(std::uint32_t document, SearchField field, std::uint32_t phrase_words)
      : packed_(document << 8U | static_cast<std::uint32_t>(field) << 5U |
                std::min(phrase_words, kMaxPhraseWords)) {}

  // `place`: as `place()` gives it.
  Posting(std::uint32_t document, std::uint8_t place) : packed_(document << 8U | place) {}

  [[nodiscard]] std::uint32_t document() const { return packed_ >> 8U; }
  [[nodiscard]] std::uint8_t place() const { return static_cast<std::uint8_t>(packed_); }
  [[nodiscard]] SearchField field() const { return static_cast<SearchField>(packed_ >> 5U & 7U); }
  // Of the name or alias it stands in; from 1.
  [[nodiscard]] std::uint32_t phrase_words() const { return packed_ & kMaxPhraseWords; }

  // clang-tidy 14 takes the comparison with 0 that the compiler writes for ours.
  friend auto operator<=>(const Posting&,
                          const Posting&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::uint32_t packed_;
};

// The postings of one key, from the bytes that Vocabulary keeps them in: each the distance to the
// document before it, doubled, as a varint (LEB128); odd when a byte with field and words follows,
// even when they are those of the posting before. Most take one byte.
class PostingReader {
 public:
  PostingReader(const std::uint8_t* first, const std::uint8_t* last) : at_(first), last_(last) {}

  [[nodiscard]] std::optional<Posting> next() {
    if (at_ == last_) return std::nullopt;
    std::uint32_t coded = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint32_t byte = *at_++;
      coded |= (byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    document_ += coded >> 1U;
    if ((coded & 1U) != 0) place_ = *at_++;
    return Posting(document_, place_);
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* last_;
  std::uint32_t document_ = 0;
  std::uint8_t place_ = 0;
};

// Keys [first, last) of the sorted table.
struct KeyRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  [[nodiscard]] bool empty() const { return first == last; }
};

// Immutable after building: const calls are safe from any thread.
class Vocabulary {
 public:
  class Builder;

  [[nodiscard]] std::size_t size() const { return key_end_.size(); }
  [[nodiscard]] std::u16string_view key(std::uint32_t index) const;

  // The postings of one key, by document; one each.
  [[nodiscard]] PostingReader postings(std::uint32_t index) const;

  // Keys that begin with `prefix`. One that equals it is the first of the range.
  [[nodiscard]] KeyRange with_prefix(std::u16string_view prefix) const;

  // Calls `found(range, length, at)` for each range of keys whose first `length` characters lie one
  // typo from `typed`: a letter too many, too few, another, or two neighbours swapped; `at` is the
  // position of the typo. The character at position 0 (the tag) is taken as right. A key that
  // equals that beginning is the first of its range. Ranges may repeat and overlap.
  using Found = std::function<void(KeyRange range, std::size_t length, std::size_t at)>;
  void near(std::u16string_view typed, const Found& found) const;

  // Bytes of heap memory held.
  [[nodiscard]] std::size_t memory() const;

 private:
  [[nodiscard]] char16_t char_at(std::uint32_t index, std::size_t depth) const;
  [[nodiscard]] KeyRange narrow(KeyRange range, std::size_t depth, char16_t c) const;
  [[nodiscard]] KeyRange narrow(KeyRange range, std::size_t depth, std::u16string_view rest) const;

  std::u16string letters_;                  // all keys, one behind the other
  std::vector<std::uint32_t> key_end_;      // end of each key in letters_
  std::vector<std::uint32_t> posting_end_;  // end of each key's postings
  std::vector<std::uint8_t> postings_;      // see PostingReader
};

class Vocabulary::Builder {
 public:
  // The number of a key, the same for the same key.
  [[nodiscard]] std::uint32_t intern(std::u16string key);
  void add(std::uint32_t key, Posting posting) { entries_.push_back({key, posting}); }

  // Sorts everything; of several postings of a key in one document the best field stays.
  [[nodiscard]] Vocabulary build() &&;

 private:
  struct Entry {
    std::uint32_t key;
    Posting posting;
  };
  std::unordered_map<std::u16string, std::uint32_t> numbers_;
  std::vector<Entry> entries_;
};

}  // namespace odop::kiosk
