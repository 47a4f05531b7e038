#include "kiosk/media/clauses.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace odop::kiosk::media;  // NOLINT: a test of this room

namespace {

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> out;
  for (const Clause& clause : clauses_of(text)) out.push_back(clause.text);
  return out;
}

std::vector<std::string> words(const Clause& clause) {
  std::vector<std::string> out;
  for (const Word& word : clause.words) {
    out.push_back(clause.text.substr(word.begin, word.end - word.begin));
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("A clause ends at a mark of any of the three scripts", "[kiosk][media]") {
  CHECK(texts("यह इत्र है। कन्नौज का।") == Texts{"यह इत्र है।", "कन्नौज का।"});
  CHECK(texts("یہ عطر ہے۔ قنوج، لکھنؤ؟") == Texts{"یہ عطر ہے۔", "قنوج،", "لکھنؤ؟"});
  CHECK(texts("Attar, of Kannauj: old.\nYes!") == Texts{"Attar,", "of Kannauj:", "old.", "Yes!"});
  CHECK(texts("").empty());
  CHECK(texts(" \n . , ").empty());
}

TEST_CASE("A mark between digits ends nothing", "[kiosk][media]") {
  CHECK(texts("₹1,250 for 2.5 ml at 10:30, please") ==
        Texts{"₹1,250 for 2.5 ml at 10:30,", "please"});
}

TEST_CASE("Words are told by their bytes, without marks and spaces", "[kiosk][media]") {
  const auto clauses = clauses_of("  यह   इत्र है।");
  REQUIRE(clauses.size() == 1);
  CHECK(clauses[0].text == "यह इत्र है।");
  CHECK(words(clauses[0]) == Texts{"यह", "इत्र", "है"});
}

TEST_CASE("A long sentence is cut between words and loses none", "[kiosk][media]") {
  std::string text;
  Texts all;
  for (int i = 0; i < 100; ++i) {
    all.push_back("w" + std::to_string(i));
    text += all.back() + " ";
  }
  Texts said;
  for (const Clause& clause : clauses_of(text)) {
    CHECK(clause.words.size() <= kMostWords);
    for (std::string& word : words(clause)) said.push_back(std::move(word));
  }
  CHECK(said == all);
}

TEST_CASE("Words begin in proportion to their phonemes, else to their letters", "[kiosk][media]") {
  const Clause clause = clauses_of("क कन्नौज है").at(0);
  const std::vector<std::size_t> phonemes{2, 6, 2};
  CHECK(word_starts(clause, phonemes, 100) == std::vector<double>{0, 20, 80});
  // As many letters as code points: 1, 6, 2.
  const std::vector<std::size_t> another{1, 2};
  const auto starts = word_starts(clause, another, 90);
  REQUIRE(starts.size() == 3);
  CHECK(starts[1] == Approx(10));
  CHECK(starts[2] == Approx(70));
  CHECK(word_starts(Clause{}, {}, 10).empty());
}
