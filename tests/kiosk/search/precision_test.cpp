// It must not match everything: words that are in no product, not even nearly, find nothing. The
// words were chosen before the first run, from schoolbook, newspaper and travel vocabulary.
#include "kiosk/search/search_index.h"
#include "shared/text/fold.h"
#include "tests/support/catalogue_values.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <iostream>
#include <set>
#include <string>
#include <vector>

using namespace odop;
using namespace odop::kiosk;

namespace {

const std::vector<std::string> kLatin{
    "computer",   "television", "airport",    "elephant",   "dinosaur",   "mathematics",
    "democracy",  "parliament", "satellite",  "volcano",    "penguin",    "glacier",
    "submarine",  "helicopter", "bicycle",    "motorcycle", "passport",   "insurance",
    "mortgage",   "algorithm",  "software",   "keyboard",   "internet",   "telephone",
    "newspaper",  "magazine",   "orchestra",  "symphony",   "theatre",    "cinema",
    "astronomy",  "philosophy", "chemistry",  "biology",    "geography",  "psychology",
    "university", "professor",  "laboratory", "hospital",   "surgeon",    "medicine",
    "vaccine",    "virus",      "bacteria",   "hurricane",  "tornado",    "earthquake",
    "tsunami",    "avalanche",  "kangaroo",   "crocodile",  "giraffe",    "leopard",
    "dolphin",    "octopus",    "spaghetti",  "chocolate",  "sandwich",   "lemonade",
    "Wednesday",  "January",    "Europe",     "Australia",  "Kenya",      "bridge",
    "railway",    "platform",   "ticket",     "diesel",     "samachar",   "chunav",
    "sarkar",     "kanoon",     "adalat",     "vidyalaya",  "pustakalaya"};

const std::vector<std::string> kHindi{
    "हवाईजहाज",  "रेलगाड़ी",    "विश्वविद्यालय", "अस्पताल",   "लोकतंत्र",   "संसद",        "संविधान",
    "चुनाव",      "न्यायालय",   "पुलिस",        "डॉक्टर",    "अध्यापक",   "विद्यार्थी",   "पुस्तकालय",
    "समाचार",    "अखबार",     "दूरदर्शन",      "मोबाइल",   "इंटरनेट",    "कंप्यूटर",      "हाथीघर",
    "जिराफ",     "मगरमच्छ",    "डायनासोर",    "ज्वालामुखी", "भूकंप",      "तूफान",       "बर्फबारी",
    "समुद्र",      "द्वीप",      "गणित",        "विज्ञान",   "इतिहास",   "भूगोल",       "रसायन",
    "दर्शनशास्त्र", "मनोविज्ञान", "नाटक",        "कविता",    "उपन्यास",   "सोमवार",     "बुधवार",
    "जनवरी",     "दिसंबर",     "यूरोप",        "अफ्रीका",   "ऑस्ट्रेलिया", "पासपोर्ट",    "बीमा",
    "वेतन",       "किराया",    "टिकट",        "हवाईअड्डा", "साइकिल",   "मोटरसाइकिल", "ट्रैक्टर",
    "इंजेक्शन",     "टीका",      "बुखार",        "सर्दी",     "खाँसी",     "दोस्ती",      "नींद",
    "सपना",      "गुस्सा",      "प्रेम"};

const std::vector<std::string> kUrdu{
    "ہوائی",  "جہاز",    "یونیورسٹی", "ہسپتال", "جمہوریت",  "پارلیمنٹ", "آئین",     "انتخابات",
    "عدالت",  "پولیس",   "ڈاکٹر",     "استاد",  "طالبعلم",  "کتب",      "اخبار",    "ٹیلیویژن",
    "موبائل", "انٹرنیٹ", "کمپیوٹر",   "ہاتھی",  "زرافہ",    "مگرمچھ",   "ڈائناسور", "زلزلہ",
    "طوفان",  "برفباری", "سمندر",     "جزیرہ",  "ریاضی",    "سائنس",    "تاریخ",    "جغرافیہ",
    "کیمیا",  "فلسفہ",   "نفسیات",    "ڈرامہ",  "شاعری",    "ناول",     "سوموار",   "بدھوار",
    "جنوری",  "دسمبر",   "یورپ",      "افریقہ", "آسٹریلیا", "پاسپورٹ",  "انشورنس",  "تنخواہ",
    "کرایہ",  "ٹکٹ",     "سائیکل",    "ٹریکٹر", "ٹیکہ",     "بخار",     "زکام",     "کھانسی",
    "دوستی",  "نیند",    "خواب",      "غصہ",    "محبت",     "وزیراعظم", "صدر",      "قانون"};

// Every folded word of the catalogue.
std::set<std::string> words_in(const Catalogue& catalogue) {
  std::set<std::string> words;
  const auto add = [&](const std::string& text) {
    for (const auto& word : words_of(text)) words.insert(fold(word));
  };
  const auto add_all = [&](const LocalText& text) {
    for (const auto& each : text.by_language) add(each);
  };
  for (const auto& product : catalogue.products) {
    add_all(product.name);
    add_all(product.description);
    for (const auto& term : product.search_terms) add(term);
    for (const auto& fact : product.facts) add_all(fact.text);
    add(product.gi_name);
    add(product.sector);
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
  const Catalogue catalogue =
      test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  const SearchIndex index = SearchIndex::build(catalogue);
  const std::set<std::string> known = words_in(catalogue);
  std::size_t unseen = 0;
  std::size_t matched = 0;
  for (const auto* list : {&kLatin, &kHindi, &kUrdu}) {
    std::size_t list_unseen = 0;
    std::size_t list_matched = 0;
    for (const auto& word : *list) {
      // It is in a product after all, or begins a word that is.
      const auto next = known.lower_bound(fold(word));
      if (next != known.end() && next->starts_with(fold(word))) continue;
      ++list_unseen;
      const auto hits = index.search(word, 3);
      if (hits.empty()) continue;
      ++list_matched;
      std::cout << "  unseen word " << word << " finds " << hits.front().id << "\n";
    }
    unseen += list_unseen;
    matched += list_matched;
    CHECK(static_cast<double>(list_matched) <= 0.12 * static_cast<double>(list_unseen));
  }
  std::cout << "precision on unseen words: " << unseen - matched << " of " << unseen
            << " find nothing\n";
  REQUIRE(unseen >= 190);
  CHECK(static_cast<double>(matched) <= 0.07 * static_cast<double>(unseen));
}
