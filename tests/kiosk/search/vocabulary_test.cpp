#include "kiosk/search/vocabulary.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace odop::kiosk;

namespace {

Vocabulary vocabulary_of(const std::vector<std::u16string>& keys) {
  Vocabulary::Builder builder;
  std::uint32_t document = 0;
  for (const auto& key : keys) {
    builder.add(builder.intern(key), {document++, SearchField::kName, 1});
  }
  return std::move(builder).build();
}

std::vector<Posting> postings_of(const Vocabulary& vocabulary, std::uint32_t key) {
  std::vector<Posting> all;
  for (PostingReader reader = vocabulary.postings(key); const auto posting = reader.next();) {
    all.push_back(*posting);
  }
  return all;
}

// Optimal string alignment distance by the textbook, as a second opinion.
std::size_t distance(std::u16string_view a, std::u16string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

TEST_CASE("prefixes give the range of keys, the equal one first", "[search]") {
  const Vocabulary vocabulary = vocabulary_of({u"Tab", u"Ta", u"Tabc", u"Tb", u"Ub", u"T"});
  REQUIRE(vocabulary.size() == 6);
  const KeyRange range = vocabulary.with_prefix(u"Tab");
  REQUIRE(range.last - range.first == 2);
  CHECK(vocabulary.key(range.first) == u"Tab");
  CHECK(vocabulary.key(range.first + 1) == u"Tabc");
  CHECK(vocabulary.with_prefix(u"Tx").empty());
  CHECK(vocabulary.with_prefix(u"").last == 6);
  CHECK(vocabulary.with_prefix(u"Tabcd").empty());
}

TEST_CASE("of one document the best field of a key stays", "[search]") {
  Vocabulary::Builder builder;
  const std::uint32_t key = builder.intern(u"Tab");
  CHECK(builder.intern(u"Tab") == key);
  builder.add(key, {7, SearchField::kDescription, 1});
  builder.add(key, {7, SearchField::kAlias, 2});
  builder.add(key, {3, SearchField::kPlace, 1});
  const Vocabulary vocabulary = std::move(builder).build();
  CHECK(postings_of(vocabulary, 0) ==
        std::vector<Posting>{{3, SearchField::kPlace, 1}, {7, SearchField::kAlias, 2}});
}

TEST_CASE("postings come back as they were put in, however far apart", "[search]") {
  std::mt19937_64 random(47);  // seed
  std::vector<std::vector<Posting>> wanted(40);
  Vocabulary::Builder builder;
  for (std::uint32_t key = 0; key < wanted.size(); ++key) {
    const auto number = builder.intern(
        {u'T', static_cast<char16_t>(u'a' + key / 8), static_cast<char16_t>(u'a' + key % 8)});
    std::uint64_t document = 0;
    for (int i = 0; i < 60; ++i) {
      // Steps of 0 to 23 bits.
      document += 1 + random() % (std::uint64_t{1} << (random() % 24));
      if (document >= Posting::kMaxDocuments) break;
      const Posting posting(static_cast<std::uint32_t>(document),
                            static_cast<SearchField>(random() % 5),
                            static_cast<std::uint32_t>(random() % 3 == 0 ? 40 : 1));
      wanted[key].push_back(posting);
      builder.add(number, posting);
    }
  }
  builder.add(builder.intern(u"Tz"), {Posting::kMaxDocuments - 1, SearchField::kDescription, 31});
  const Vocabulary vocabulary = std::move(builder).build();
  REQUIRE(vocabulary.size() == wanted.size() + 1);
  for (std::uint32_t key = 0; key < wanted.size(); ++key) {
    CHECK(postings_of(vocabulary, key) == wanted[key]);
  }
  CHECK(postings_of(vocabulary, 40).front().document() == Posting::kMaxDocuments - 1);
}

TEST_CASE("an empty vocabulary finds nothing", "[search]") {
  const Vocabulary vocabulary;
  CHECK(vocabulary.with_prefix(u"T").empty());
  bool called = false;
  vocabulary.near(u"Tab", [&](KeyRange, std::size_t, std::size_t) { called = true; });
  CHECK_FALSE(called);
}

TEST_CASE("one-typo look-ups find exactly what the textbook distance says", "[search]") {
  std::mt19937_64 random(31);  // seed
  std::uniform_int_distribution<int> letter(0, 3);
  std::uniform_int_distribution<std::size_t> length(0, 6);
  const auto word = [&] {
    std::u16string made = u"T";
    for (std::size_t left = length(random); left > 0; --left) {
      made.push_back(static_cast<char16_t>(u'a' + letter(random)));
    }
    return made;
  };
  std::set<std::u16string> keys;
  for (int i = 0; i < 400; ++i) keys.insert(word());
  const Vocabulary vocabulary = vocabulary_of({keys.begin(), keys.end()});
  for (int i = 0; i < 300; ++i) {
    const std::u16string typed = word();
    std::set<std::u16string> found;
    vocabulary.near(typed, [&](KeyRange range, std::size_t size, std::size_t) {
      for (std::uint32_t k = range.first; k < range.last; ++k) {
        if (vocabulary.key(k).size() == size) found.emplace(vocabulary.key(k));
      }
    });
    for (const auto& key : keys) {
      // A letter missing at the very end is a prefix, and an equal key no typo.
      if (key == typed || key.starts_with(typed)) continue;
      CAPTURE(std::string(key.begin(), key.end()), std::string(typed.begin(), typed.end()));
      CHECK((found.count(key) > 0) == (distance(typed, key) == 1));
    }
  }
}
