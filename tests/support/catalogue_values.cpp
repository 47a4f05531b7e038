#include "tests/support/catalogue_values.h"

#include "shared/text/slug.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace odop::test {
namespace {

std::vector<std::vector<std::string>> records(const std::string& text) {
  std::vector<std::vector<std::string>> all(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        all.back().back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        all.back().back() += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      all.back().emplace_back();
    } else if (c == '\n') {
      all.emplace_back(1);
    } else if (c != '\r') {
      all.back().back() += c;
    }
  }
  if (all.back().size() == 1 && all.back().front().empty()) all.pop_back();
  return all;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, ';');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

kiosk::LocalText local(CsvRow& row, const std::string& column) {
  return {{row[column + "_hi"], row[column + "_en"], row[column + "_ur"]}};
}

// One syllable in the three scripts; words made of them read alike in all.
struct Syllable {
  std::string_view en, hi, ur;
};
constexpr std::array kSyllables{
    Syllable{"ka", "का", "کا"},  Syllable{"ki", "की", "کی"},   Syllable{"ku", "कू", "کو"},
    Syllable{"ga", "गा", "گا"},  Syllable{"go", "गो", "گو"},   Syllable{"cha", "चा", "چا"},
    Syllable{"chi", "ची", "چی"}, Syllable{"ja", "जा", "جا"},   Syllable{"jo", "जो", "جو"},
    Syllable{"ta", "टा", "ٹا"},  Syllable{"ti", "ती", "تی"},   Syllable{"da", "दा", "دا"},
    Syllable{"de", "दे", "دے"},   Syllable{"dho", "धो", "دھو"}, Syllable{"na", "ना", "نا"},
    Syllable{"ni", "नी", "نی"},  Syllable{"pa", "पा", "پا"},   Syllable{"pu", "पू", "پو"},
    Syllable{"ba", "बा", "با"},  Syllable{"bi", "बी", "بی"},   Syllable{"bha", "भा", "بھا"},
    Syllable{"ma", "मा", "ما"},  Syllable{"me", "मे", "مے"},    Syllable{"mo", "मो", "مو"},
    Syllable{"ra", "रा", "را"},  Syllable{"ri", "री", "ری"},   Syllable{"ru", "रू", "رو"},
    Syllable{"la", "ला", "لا"},  Syllable{"li", "ली", "لی"},   Syllable{"lo", "लो", "لو"},
    Syllable{"va", "वा", "وا"},  Syllable{"sha", "शा", "شا"},  Syllable{"sa", "सा", "سا"},
    Syllable{"si", "सी", "سی"},  Syllable{"ha", "हा", "ہا"},   Syllable{"hu", "हू", "ہو"},
};

struct Craft {
  std::string_view en, hi, ur, sector;
};
constexpr std::array kCrafts{
    Craft{"saree", "साड़ी", "ساڑی", "textiles"},
    Craft{"brassware", "पीतल के बर्तन", "پیتل کے برتن", "metalware"},
    Craft{"wood carving", "लकड़ी की नक्काशी", "لکڑی کی نقاشی", "woodwork"},
    Craft{"pottery", "मिट्टी के बर्तन", "مٹی کے برتن", "pottery-ceramics"},
    Craft{"leather shoes", "चमड़े के जूते", "چمڑے کے جوتے", "leather"},
    Craft{"perfume", "सुगंध", "خوشبو", "perfumery"},
    Craft{"carpet", "कालीन", "قالین", "textiles"},
    Craft{"embroidery", "कढ़ाई", "کڑھائی", "textiles"},
    Craft{"toys", "खिलौने", "کھلونے", "woodwork"},
    Craft{"sweets", "मिठाई", "مٹھائی", "food-processing"},
    Craft{"rice", "चावल", "چاول", "agriculture"},
    Craft{"jewellery", "आभूषण", "زیور", "jewellery"},
};

using Word = std::array<std::string, 3>;  // hi, en, ur

std::vector<Word> invent_words(std::size_t count, std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> any(0, kSyllables.size() - 1);
  std::uniform_int_distribution<std::size_t> length(2, 4);
  std::vector<Word> words(count);
  for (auto& word : words) {
    for (std::size_t left = length(random); left > 0; --left) {
      const Syllable& syllable = kSyllables.at(any(random));
      word[0] += syllable.hi;
      word[1] += syllable.en;
      word[2] += syllable.ur;
    }
  }
  return words;
}

}  // namespace

std::vector<CsvRow> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::stringstream content;
  content << in.rdbuf();
  const auto all = records(content.str());
  std::vector<CsvRow> rows;
  for (std::size_t i = 1; i < all.size(); ++i) {
    CsvRow row;
    for (std::size_t k = 0; k < all.front().size() && k < all[i].size(); ++k) {
      row[all.front()[k]] = all[i][k];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

kiosk::Story ToldCatalogue::story_of(const kiosk::Product& product) const {
  const auto found = stories.find(product.id);
  return found == stories.end() ? kiosk::Story{} : found->second;
}

std::function<kiosk::Story(const kiosk::Product&)> ToldCatalogue::source() const {
  return [this](const kiosk::Product& product) { return story_of(product); };
}

ToldCatalogue real_catalogue(const std::filesystem::path& folder) {
  ToldCatalogue told;
  kiosk::Catalogue& catalogue = told.catalogue;
  for (auto& row : read_csv(folder / "families.csv")) {
    catalogue.families.push_back({row["id"], local(row, "name"), row["texture"], row["colour"]});
  }
  for (auto& row : read_csv(folder / "districts.csv")) {
    kiosk::District district;
    district.id = slug(row["name_en"]);
    district.name = local(row, "name");
    district.division = local(row, "division");
    district.family = row["family"];
    district.search_terms = split(row["search_terms"]);
    for (const auto& name : split(row["neighbours"])) district.neighbours.push_back(slug(name));
    catalogue.districts.push_back(std::move(district));
  }
  for (auto& row : read_csv(folder / "products.csv")) {
    kiosk::Product product;
    product.id = row["product_slug"];
    product.districts = {slug(row["district_en"])};
    product.name = local(row, "name");
    product.family = row["family"];
    product.gi_name = row["gi_name"];
    kiosk::Story story;
    story.description = local(row, "description");
    story.sector = row["sector"];
    story.search_terms = split(row["search_terms"]);
    for (const std::string fact : {"fact1", "fact2", "fact3"}) {
      if (!row[fact + "_en"].empty()) story.facts.push_back({local(row, fact), {}});
    }
    product.facts = static_cast<int>(story.facts.size());
    told.stories.emplace(product.id, std::move(story));
    catalogue.products.push_back(std::move(product));
  }
  catalogue.index();
  return told;
}

void add_invented_products(ToldCatalogue& told, std::size_t count, std::uint64_t seed) {
  kiosk::Catalogue& catalogue = told.catalogue;
  constexpr std::size_t kWords = 6'000;
  std::mt19937_64 random(seed);
  const std::vector<Word> words = invent_words(kWords, random);
  // Squaring makes the first words common and the last ones rare.
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const auto draw = [&]() -> const Word& {
    const double u = uniform(random);
    return words.at(static_cast<std::size_t>(u * u * static_cast<double>(words.size())));
  };
  std::uniform_int_distribution<std::size_t> description_words(15, 24);
  std::uniform_int_distribution<std::size_t> craft_index(0, kCrafts.size() - 1);
  std::uniform_int_distribution<std::size_t> place(
      0, std::max<std::size_t>(catalogue.districts.size(), 1) - 1);

  for (std::size_t i = 0; i < count; ++i) {
    kiosk::Product product;
    product.id = "invented-" + std::to_string(i);
    const Craft& craft = kCrafts.at(craft_index(random));
    const Word& first = draw();
    product.name.by_language = {first[0] + " " + std::string(craft.hi),
                                first[1] + " " + std::string(craft.en),
                                first[2] + " " + std::string(craft.ur)};
    kiosk::Story story;
    story.sector = craft.sector;
    for (std::size_t language = 0; language < 3; ++language) {
      for (std::size_t left = description_words(random); left > 0; --left) {
        story.description.by_language.at(language) += draw().at(language) + " ";
      }
    }
    const Word& alias = draw();
    story.search_terms = {alias[0], alias[1], alias[2]};
    if (!catalogue.districts.empty()) {
      product.districts = {catalogue.districts[place(random)].id};
    }
    if (!catalogue.families.empty()) {
      product.family = catalogue.families[i % catalogue.families.size()].id;
    }
    told.stories.emplace(product.id, std::move(story));
    catalogue.products.push_back(std::move(product));
  }
  catalogue.index();
}

std::vector<std::string> unseen_words(const std::filesystem::path& source_root) {
  const auto file = source_root / "tests/data/search/unseen_words.txt";
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<std::string> words;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') words.push_back(line);
  }
  return words;
}

}  // namespace odop::test
