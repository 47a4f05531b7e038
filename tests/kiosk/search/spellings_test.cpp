// The real catalogue, asked as visitors ask: in three scripts, as they spell, half typed and
// mistyped. Each line must find its craft among the first results.
#include "kiosk/search/search_index.h"
#include "tests/support/catalogue_values.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace odop;
using namespace odop::kiosk;

namespace {

const SearchIndex& real_index() {
  static const SearchIndex index = [] {
    const test::ToldCatalogue told =
        test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
    return SearchIndex::build(told.catalogue, told.source());
  }();
  return index;
}

// Position (from 0) of the first hit among `wanted`, or the number of hits.
std::size_t rank_of(std::string_view typed, const std::vector<std::string>& wanted) {
  const auto hits = real_index().search(typed, 50);
  const auto found = std::find_if(hits.begin(), hits.end(), [&](const RankedHit& hit) {
    return std::find(wanted.begin(), wanted.end(), hit.id) != wanted.end();
  });
  return found == hits.end() ? 50 : static_cast<std::size_t>(found - hits.begin());
}

struct Craft {
  std::vector<std::string> ids;  // any of them will do
  std::vector<std::string> typed;
};

const std::vector<Craft> kCrafts{
    {{"kannauj-attar"},
     {"इत्र", "itra", "ittar", "attar", "itr", "عطر", "attr", "itar", "atar", "ittra", "itrr", "इतर",
      "ईत्र", "perfume", "kannauj attar", "कन्नौज इत्र", "قنوج عطر", "kannauj ka itra"}},
    {{"kannauj-incense"}, {"agarbatti", "agarbati", "अगरबत्ती", "اگربتی", "incense stick", "dhoop"}},
    {{"lucknow-chikankari"},
     {"chikankari", "chikan kari", "chikan", "चिकनकारी", "चिकन", "चिकन कारी", "چکن کاری",
      "chikankri", "chikenkari", "lucknow chikan", "लखनऊ चिकन", "chikank", "چکن"}},
    {{"firozabad-glassware"},
     {"काँच", "कांच", "kaanch", "glassware", "bangles", "चूड़ी", "चूड़ियाँ", "चूडी", "چوڑیاں", "کانچ",
      "choori", "glasware"}},
    {{"auraiya-desi-ghee"}, {"घी", "ghee", "گھی", "desi ghi", "देसी घी", "देशी घी", "گهي"}},
    {{"agra-petha"}, {"petha", "पेठा", "پیٹھا", "pethaa", "peta", "agra petha", "आगरा का पेठा"}},
    {{"agra-stone-marble-handicrafts"},
     {"marble", "संगमरमर", "sangmarmar", "سنگ مرمر", "marbel", "stone inlay", "सन्गमरमर"}},
    {{"agra-leather-products", "kanpur-nagar-leather-products", "unnao-leather-products"},
     {"leather", "चमड़ा", "चमडा", "chamda", "chamra", "چمڑا", "lather", "leathr"}},
    {{"aligarh-locks-hardware"}, {"lock", "locks", "ताला", "ताले", "taala", "tala", "تالا", "loks"}},
    {{"varanasi-banarasi-silk-saree"},
     {"banarasi saree", "banarsi sari", "बनारसी साड़ी", "बनारसी साडी", "بنارسی ساڑی", "banarasi",
      "benarasi", "banarasee", "banaras saree"}},
    {{"varanasi-gulabi-meenakari"},
     {"meenakari", "minakari", "मीनाकारी", "मिनाकारी", "میناکاری", "gulabi meena", "menakari"}},
    {{"varanasi-wooden-lacquerware-toys", "chitrakoot-wooden-toys", "jhansi-soft-toys"},
     {"khilona", "khilone", "खिलौने", "खिलौना", "کھلونے", "toys", "toyes", "khilaunaa"}},
    {{"moradabad-metal-craft", "sant-kabir-nagar-brassware", "mirzapur-brass-metal-industry"},
     {"पीतल", "pital", "peetal", "brass", "پیتل", "पितल", "bras", "brasware"}},
    {{"saharanpur-wood-carving", "bijnor-wood-craft"},
     {"wood carving", "नक्काशी", "नक़्क़ाशी", "nakkashi", "naqqashi", "نقاشی", "woodcarving",
      "wod carving"}},
    {{"bhadohi-carpets", "mirzapur-carpets-dari", "jaunpur-woollen-carpets", "sonbhadra-carpets"},
     {"carpet", "carpets", "कालीन", "क़ालीन", "kaleen", "qaleen", "قالین", "carpt", "karpet",
      "rug"}},
    {{"sitapur-durries", "mirzapur-carpets-dari", "jaunpur-woollen-carpets"},
     {"dari", "दरी", "دری", "durrie", "durry", "darri"}},
    {{"gorakhpur-terracotta"},
     {"terracotta", "terakota", "टेराकोटा", "ٹیراکوٹا", "teracota", "terracota", "terracot"}},
    {{"azamgarh-black-pottery"},
     {"black pottery", "काली मिट्टी", "kali mitti", "blackpottery", "ब्लैक पॉटरी", "ब्लैक पाटरी",
      "کالی مٹی"}},
    {{"bulandshahr-ceramic-products"},
     {"khurja", "खुर्जा", "ceramic", "सिरेमिक", "خورجہ", "khurja pottery"}},
    {{"siddharthnagar-kalanamak-rice"},
     {"kalanamak", "kala namak", "कालानमक", "काला नमक", "کالا نمک", "kalanamak rice", "kalanamk"}},
    {{"chandauli-black-rice"}, {"black rice", "काला चावल", "kala chawal", "کالا چاول"}},
    {{"hathras-hing"}, {"hing", "heeng", "हींग", "हिंग", "हिङ्ग", "ہینگ", "asafoetida", "asafetida"}},
    {{"pilibhit-flute"},
     {"bansuri", "baansuri", "बांसुरी", "बाँसुरी", "بانسری", "flute", "bansoori", "bansri"}},
    {{"amroha-musical-instruments"}, {"dholak", "ढोलक", "ڈھولک", "dolak", "dholk", "dhol"}},
    {{"prayagraj-moonj-products", "amethi-moonj-products", "sultanpur-moonj-products"},
     {"moonj", "munj", "मूंज", "मूँज", "मूञ्ज", "مونج", "moonz"}},
    {{"mainpuri-tarkashi"}, {"tarkashi", "tarkasi", "तारकशी", "تارکشی", "tarakashi", "तार कशी"}},
    {{"bareilly-zari-zardozi", "budaun-zari-zardozi", "farrukhabad-zari-zardozi",
      "lucknow-zari-zardozi", "unnao-zari-zardozi", "kasganj-zari-zardozi",
      "chandauli-zari-zardozi", "shahjahanpur-zari-zardozi"},
     {"ज़री", "जरी", "zari", "jari", "زری", "zardozi", "jardoji", "ज़रदोज़ी", "जरदोजी", "زردوزی",
      "zardosi", "zari zardozi", "zarizardozi", "zardoz"}},
    {{"ballia-bindi"}, {"bindi", "बिंदी", "बिन्दी", "بندی", "tikuli", "टिकुली", "bindee"}},
    {{"ballia-sattu"}, {"sattu", "सत्तू", "सत्तु", "ستو", "satu", "sattoo"}},
    {{"banda-shazar-stone-craft"}, {"shazar", "शजर", "शज़र", "شجر", "shajar", "shazar stone"}},
    {{"basti-sirka-vinegar"}, {"sirka", "सिरका", "سرکہ", "vinegar", "vineger", "sirkaa"}},
    {{"etah-ghungroo-bells-brass"},
     {"ghungroo", "घुंघरू", "घुँघरू", "घुङ्घरू", "گھنگرو", "ghungru", "ankle bells", "घंटी", "घण्टी"}},
    {{"farrukhabad-textile-printing"},
     {"block print", "chhapai", "छपाई", "چھپائی", "textile printing"}},
    {{"ghazipur-jute-wall-hanging"},
     {"jute", "juet", "जूट", "جوٹ", "wall hanging", "वॉल हैंगिंग", "वाल हैंगिंग"}},
    {{"hamirpur-shoes"}, {"jutti", "juttis", "जूती", "جوتی", "jooti", "mojari"}},
    {{"jalaun-handmade-paper"},
     {"handmade paper", "kagaz", "कागज", "काग़ज़", "کاغذ", "kaagaz", "हस्तनिर्मित कागज"}},
    {{"kaushambi-banana-products", "kushinagar-banana-products",
      "kushinagar-banana-fibre-products"},
     {"banana", "kela", "केला", "کیلا", "bananna", "keley"}},
    {{"ayodhya-jaggery", "muzaffarnagar-jaggery", "lakhimpur-kheri-jaggery"},
     {"gud", "gur", "गुड़", "गुड", "گڑ", "jaggery", "jagery", "jaggary"}},
    {{"mahoba-gaura-stone-craft"}, {"gaura stone", "गौरा पत्थर", "گورا پتھر", "gora patthar"}},
    {{"mathura-thakurji-attire"}, {"poshak", "पोशाक", "پوشاک", "thakurji", "ठाकुर जी", "thakur ji"}},
    {{"mathura-idols-kanthi-mala"},
     {"kanthi mala", "कंठी माला", "कण्ठी माला", "کنٹھی مالا", "tulsi mala"}},
    {{"meerut-sports-goods"}, {"sports", "cricket bat", "खेल", "क्रिकेट", "کھیل", "criket"}},
    {{"pratapgarh-amla-products"}, {"amla", "aamla", "आंवला", "आँवला", "آملہ", "awla"}},
    {{"rampur-applique-patchwork"}, {"patchwork", "patch work", "पैचवर्क", "पैच वर्क", "applique"}},
    {{"rampur-mentha"}, {"mentha", "मेंथा", "मेन्था", "مینتھا", "mint", "pudina", "पुदीना"}},
    {{"sambhal-horn-bone-craft"}, {"horn", "bone", "सींग", "सीङ्ग", "हड्डी", "سینگ", "ہڈی", "haddi"}},
    {{"bahraich-wheat-stalk-craft"}, {"wheat stalk", "गेहूं", "गेहूँ", "gehun", "گیہوں", "wheat"}},
    {{"lakhimpur-kheri-tharu-tribal-craft", "shravasti-tribal-craft"},
     {"tharu", "थारू", "थारु", "تھارو", "tribal", "tharoo"}},
    {{"bareilly-bamboo-products"}, {"bamboo", "bans", "बांस", "बाँस", "بانس", "cane", "bambo"}},
    {{"kanpur-dehat-aluminium-utensils"},
     {"aluminium", "aluminum", "एल्युमिनियम", "ایلومینیم", "bartan"}},
};

}  // namespace

TEST_CASE("fifty crafts are found however they are spelt", "[search]") {
  REQUIRE(kCrafts.size() >= 40);
  for (const auto& [wanted, spellings] : kCrafts) {
    for (const auto& typed : spellings) {
      CAPTURE(typed, wanted.front());
      CHECK(rank_of(typed, wanted) < 3);
    }
  }
}

TEST_CASE("districts are found by old and other names", "[search]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Allahabad", "prayagraj"},
      {"इलाहाबाद", "prayagraj"},
      {"Faizabad", "ayodhya"},
      {"अम्बेडकर नगर", "ambedkar-nagar"},
      {"फीरोजाबाद", "firozabad"},
      {"फ़िरोज़ाबाद", "firozabad"},
      {"आज़मगढ़", "azamgarh"},
      {"बदायूँ", "budaun"},
      {"कौशाम्बी", "kaushambi"},
      {"लखनऊ", "lucknow"},
      {"لکھنؤ", "lucknow"},
      {"lakhnau", "lucknow"},
      {"sambhal", "sambhal"},
      {"सम्भल", "sambhal"},
      {"Benares", "varanasi"},
      {"muradabad", "moradabad"},
      {"Raebareli", "rae-bareli"},
      {"gautam buddh nagar", "gautam-buddha-nagar"},
      {"kanauj", "kannauj"},
      {"آگرہ", "agra"},
      {"آگره", "agra"},
  };
  for (const auto& [typed, id] : rows) {
    CAPTURE(typed);
    CHECK(rank_of(typed, {id}) < 3);
  }
}

TEST_CASE("spellings that a reader takes for the same give the same answer", "[search]") {
  const auto ids = [](std::string_view typed) {
    std::vector<std::string> found;
    for (const auto& hit : real_index().search(typed, 20)) found.push_back(hit.id);
    return found;
  };
  CHECK(ids("ज़री") == ids("जरी"));
  CHECK(ids("काँच") == ids("कांच"));
  CHECK(ids("सम्भल") == ids("संभल"));
  CHECK(ids("ساڑي") == ids("ساڑی"));
  CHECK(ids("كالين") == ids("کالین"));
  CHECK(ids("KANNAUJ") == ids("kannauj"));
  CHECK_FALSE(ids("काँच").empty());
}

TEST_CASE("among twenty thousand products the attar is still among the first three",
          "[search][slow]") {
  test::ToldCatalogue told =
      test::real_catalogue(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue");
  test::add_invented_products(told, 20'000, 7);
  const SearchIndex index = SearchIndex::build(told.catalogue, told.source());
  for (const std::string typed : {"इत्र", "itra", "ittar", "attar", "itr", "عطر", "attr", "itrra"}) {
    CAPTURE(typed);
    const auto hits = index.search(typed, 3);
    CHECK(std::any_of(hits.begin(), hits.end(),
                      [](const RankedHit& hit) { return hit.id == "kannauj-attar"; }));
  }
}
