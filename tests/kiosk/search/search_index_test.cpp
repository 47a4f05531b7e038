#include "kiosk/search/search_index.h"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace odop::kiosk;

namespace {

Product product(const std::string& id, const LocalText& name) {
  Product made;
  made.id = id;
  made.name = name;
  made.family = "h";
  return made;
}

// Few products, each there for a reason.
Catalogue small_catalogue() {
  Catalogue catalogue;
  catalogue.families.push_back({"h", {{"सुगंध", "Scent", "خوشبو"}}, "", ""});
  catalogue.families.push_back({"t", {{"वस्त्र", "Textiles", "کپڑا"}}, "", ""});
  District district;
  district.id = "kannauj";
  district.name = {{"कन्नौज", "Kannauj", "قنوج"}};
  district.family = "h";
  catalogue.districts.push_back(district);

  const Product lamp = product("lamp", {{"दीपक", "Lamp", "چراغ"}});
  const Product box = product("box", {{"डिब्बा", "Box", "ڈبہ"}});
  Product attar = product("attar", {{"इत्र", "Attar", "عطر"}});
  attar.districts = {"kannauj"};
  Product attarwala = product("attarwala", {{"इत्रदान", "Attardan", "عطردان"}});
  Product saree = product("saree", {{"रेशमी साड़ी", "Silk saree", "ریشمی ساڑی"}});
  saree.family = "t";
  Product ghee = product("ghee", {{"घी", "Butter", "گھی"}});
  catalogue.products = {lamp, box, attarwala, attar, saree, ghee};
  catalogue.index();
  return catalogue;
}

Story story_of(const Product& product) {
  Story story;
  if (product.id == "lamp") story.description = {{"इत्र वाला दीपक", "A lamp with attar", ""}};
  if (product.id == "box") story.search_terms = {"attar", "इत्र"};
  return story;
}

std::vector<std::string> ids(const SearchIndex& index, std::string_view typed,
                             std::size_t limit = 10, std::string_view family = {}) {
  std::vector<std::string> found;
  for (const auto& hit : index.search(typed, limit, family)) found.push_back(hit.id);
  return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("names come before begun names, aliases and descriptions", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "इत्र") == Ids{"attar", "box", "attarwala", "lamp"});
  CHECK(ids(index, "attar") == Ids{"attar", "box", "attarwala", "lamp"});
  CHECK(ids(index, "عطر").at(0) == "attar");
  CHECK(index.search("attar", 10)[0].field == SearchField::kName);
  CHECK(index.search("attar", 10)[1].field == SearchField::kAlias);
  CHECK(index.search("attar", 10)[3].field == SearchField::kDescription);
}

TEST_CASE("a mistyped name comes behind names that are spelt so", "[search]") {
  Catalogue catalogue = small_catalogue();
  catalogue.products.push_back(product("altar", {{"वेदी", "Altar", ""}}));
  catalogue.index();
  const SearchIndex index = SearchIndex::build(catalogue, story_of);
  CHECK(ids(index, "attxr").at(0) == "attar");
  CHECK(ids(index, "altar") == Ids{"altar"});  // a known word is no typo
  CHECK(ids(index, "altat").at(0) == "altar");
}

TEST_CASE("typos are forgiven from four letters on", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "bxo").empty());
  CHECK(ids(index, "lap") == Ids{"lamp"});  // a word of four letters that lost one
  CHECK(ids(index, "lmp") == Ids{"lamp"});
  CHECK(ids(index, "lxp").empty());
  CHECK(ids(index, "lamb") == Ids{"lamp"});
  CHECK(ids(index, "saere") == Ids{"saree"});
}

TEST_CASE("results come while a word is typed", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  for (const std::string typed : {"s", "sa", "sar", "sare", "saree"}) {
    CAPTURE(typed);
    const Ids found = ids(index, typed);
    REQUIRE_FALSE(found.empty());
    CHECK(std::find(found.begin(), found.end(), "saree") != found.end());
  }
  for (const std::string typed : {"स", "सा", "साड", "साड़", "साड़ी"}) {
    CAPTURE(typed);
    const Ids found = ids(index, typed);
    CHECK(std::find(found.begin(), found.end(), "saree") != found.end());
  }
}

TEST_CASE("two-letter words are found", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "घी") == Ids{"ghee"});
  CHECK(ids(index, "گھی") == Ids{"ghee"});
  CHECK(ids(index, "گهي") == Ids{"ghee"});
  CHECK(ids(index, "ghee") == Ids{"ghee"});  // no Latin word in this catalogue: by sound
}

TEST_CASE("all words must be found, else at least half", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "silk saree") == Ids{"saree"});
  CHECK(ids(index, "saree silk") == Ids{"saree"});
  CHECK(ids(index, "रेशमी saree") == Ids{"saree"});
  CHECK(ids(index, "attar from kannauj") == Ids{"attar"});
  CHECK(ids(index, "कन्नौज का इत्र") == Ids{"attar"});
  CHECK(ids(index, "silk qwerty") == Ids{"saree"});
  CHECK(ids(index, "qwerty uiopqs").empty());
  CHECK(ids(index, "qwerty uiopqs saree").empty());
  const float whole = index.search("silk saree", 1)[0].score;
  CHECK(index.search("silk qwerty", 1)[0].score < whole);
}

TEST_CASE("a compound is found in two words, and two words as one", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "attar dan").at(0) == "attarwala");
  CHECK(ids(index, "silksaree") == Ids{"saree"});
}

TEST_CASE("words that only join find nothing alone, and begin other words", "[search]") {
  Catalogue catalogue = small_catalogue();
  catalogue.products.push_back(
      product("doll", {{"मिट्टी की गुड़िया", "Doll of clay", "مٹی کی گڑیا"}}));
  catalogue.products.push_back(product("nail", {{"कील", "Nail", "کیل"}}));
  catalogue.index();
  const SearchIndex index = SearchIndex::build(catalogue, story_of);
  CHECK(ids(index, "की") == Ids{"nail"});
  CHECK(ids(index, "کی") == Ids{"nail"});
  CHECK(ids(index, "of").empty());
  CHECK(ids(index, "मिट्टी की") == Ids{"doll"});
  CHECK(ids(index, "मिट्टी की गुड़िया") == Ids{"doll"});
  CHECK(ids(index, "clay doll") == Ids{"doll"});
}

TEST_CASE("a word spelt the same comes before one that sounds so in another script", "[search]") {
  Catalogue catalogue;
  catalogue.products = {product("shoes", {{"जूते", "Shoes", "جوتے"}}),
                        product("jute", {{"पटसन की रंगीन चटाई", "Coloured mats of jute", ""}})};
  catalogue.index();
  const SearchIndex index = SearchIndex::build(catalogue, story_of);
  CHECK(ids(index, "jute") == Ids{"jute", "shoes"});
}

TEST_CASE("districts and families are found, and the family filters", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  const auto hits = index.search("kannauj", 10);
  REQUIRE(hits.size() == 2);
  CHECK(hits[0].kind == HitKind::kDistrict);
  CHECK(hits[0].index == 0);
  CHECK(hits[1].id == "attar");
  CHECK(hits[1].field == SearchField::kPlace);
  CHECK(index.search("textiles", 10)[0].kind == HitKind::kFamily);
  CHECK(ids(index, "s", 10, "t") == Ids{"saree"});
  CHECK(ids(index, "saree", 10, "h").empty());
  CHECK(ids(index, "kannauj", 10, "h").size() == 2);
  CHECK(ids(index, "saree", 10, "nothing").empty());
  CHECK(to_search_hits(hits)[0] == SearchHit{HitKind::kDistrict, "kannauj"});
}

TEST_CASE("limits and odd input are harmless", "[search][fault]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  CHECK(ids(index, "a", 2).size() == 2);
  CHECK(ids(index, "attar", 0).empty());
  for (const std::string& odd :
       {std::string(), std::string("   "), std::string("!?।"), std::string("\xFF\xFE"),
        std::string("़ं्"), std::string("\u200D\u200C"), std::string("😀"), std::string(5, '\0')}) {
    CAPTURE(odd);
    CHECK(ids(index, odd).empty());
  }
  CHECK(ids(index, std::string(100'000, 'x')).empty());
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "saree ";
  CHECK(ids(index, many) == Ids{"saree"});
  CHECK(SearchIndex().search("attar", 10).empty());
  CHECK(SearchIndex::build(Catalogue{}, story_of).search("attar", 10).empty());
}

TEST_CASE("searching from several threads gives the same answers", "[search]") {
  const SearchIndex index = SearchIndex::build(small_catalogue(), story_of);
  const Ids expected = ids(index, "इत्र");
  std::vector<Ids> answers(4);
  std::vector<std::thread> threads;
  threads.reserve(answers.size());
  for (auto& answer : answers) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) answer = ids(index, "इत्र");
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& answer : answers) CHECK(answer == expected);
}
