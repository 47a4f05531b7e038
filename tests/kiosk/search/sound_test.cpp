#include "kiosk/search/sound.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace odop::kiosk;

namespace {

bool share_a_spoken_key(const std::string& a, const std::string& b) {
  const auto keys = spoken_keys(a);
  const auto others = spoken_keys(b);
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    return std::find(others.begin(), others.end(), key) != others.end();
  });
}

bool share_a_bare_key(const std::string& a, const std::string& b) {
  const auto keys = spoken_keys(a);
  const auto others = spoken_keys(b);
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    return std::any_of(others.begin(), others.end(),
                       [&](const auto& other) { return bare_key(key) == bare_key(other); });
  });
}

}  // namespace

TEST_CASE("the script of a word is that of its first letter", "[search]") {
  CHECK(script_of("attar") == Script::kLatin);
  CHECK(script_of("इत्र") == Script::kDevanagari);
  CHECK(script_of("عطر") == Script::kUrdu);
  CHECK(script_of("2इत्र") == Script::kDevanagari);
  CHECK(script_of("२०२६") == Script::kOther);
  CHECK(script_of("۲۰") == Script::kOther);
  CHECK(script_of("2026") == Script::kOther);
  CHECK(script_of("") == Script::kOther);
}

TEST_CASE("Hindi words sound as people romanise them", "[search]") {
  const std::vector<std::pair<std::string, std::string>> same{
      {"आगरा", "agra"},       {"चिकनकारी", "chikankari"},
      {"कन्नौज", "kannauj"},   {"कन्नौज", "kanauj"},
      {"कन्नौज", "kanoj"},     {"ज़री", "zari"},
      {"जरी", "jari"},        {"काँच", "kaanch"},
      {"कांच", "kanch"},       {"साड़ी", "saree"},
      {"साड़ी", "sari"},       {"साड़ी", "saadi"},
      {"चमड़ा", "chamda"},     {"चमड़ा", "chamra"},
      {"गुड़", "gur"},          {"गुड़", "gud"},
      {"फूल", "phool"},        {"मूंज", "moonj"},
      {"मूँज", "munj"},         {"घी", "ghee"},
      {"हींग", "heeng"},       {"हींग", "hing"},
      {"संभल", "sambhal"},     {"सम्भल", "sambhal"},
      {"अंबेडकर", "ambedkar"},  {"लखनऊ", "lakhnau"},
      {"खुर्जा", "khurja"},     {"मिर्ज़ापुर", "mirzapur"},
      {"बनारसी", "banarsi"},  {"खिलौने", "khilone"},
      {"कढ़ाई", "karhai"},     {"मीनाकारी", "meenakari"},
      {"बांसुरी", "baansuri"},  {"फ़र्नीचर", "farnichar"},
      {"शीशम", "sheesham"},   {"क़ालीन", "qaleen"},
      {"वाराणसी", "varansi"}, {"ज्ञान", "gyan"},
      {"दरी", "dari"},        {"घुंघरू", "ghungroo"},
      {"टिकुली", "tikuli"},    {"पीतल", "peetal"},
  };
  for (const auto& [hindi, latin] : same) {
    CAPTURE(hindi, latin, spoken_keys(hindi), spoken_keys(latin));
    CHECK(share_a_spoken_key(hindi, latin));
  }
}

TEST_CASE("bare keys do not depend on where a schwa is said", "[search]") {
  for (const std::string latin : {"itra", "ittar", "itr", "itar"}) {
    CAPTURE(latin);
    CHECK(share_a_bare_key("इत्र", latin));
  }
  CHECK(share_a_bare_key("बनारसी", "banarasi"));
  CHECK(share_a_bare_key("वाराणसी", "varanasi"));
  CHECK(share_a_bare_key("तारकशी", "tarakashi"));
  CHECK_FALSE(share_a_bare_key("इत्र", "utara"));
  CHECK(bare_key("agra") == "agr");
  CHECK(bare_key("").empty());
}

TEST_CASE("Urdu and Hindi words share their abjad key", "[search]") {
  const std::vector<std::pair<std::string, std::string>> same{
      {"इत्र", "عطر"},      {"चिकनकारी", "چکنکاری"}, {"कालीन", "قالین"},  {"पीतल", "پیتل"},
      {"ज़री", "زری"},      {"चूड़ियां", "چوڑیاں"},     {"खिलौने", "کھلونے"}, {"कढ़ाई", "کڑھائی"},
      {"आगरा", "آگرہ"},    {"लकड़ी", "لکڑی"},        {"मिट्टी", "مٹی"},    {"साड़ी", "ساڑی"},
      {"बर्तन", "برتن"},    {"बांस", "بانس"},         {"मूर्ति", "مورت"},    {"काग़ज़", "کاغذ"},
      {"बांसुरी", "بانسری"}, {"ढोलक", "ڈھولک"},       {"लखनऊ", "لکھنؤ"},   {"अचार", "اچار"},
  };
  for (const auto& [hindi, urdu] : same) {
    CAPTURE(hindi, urdu);
    CHECK(abjad_key(hindi) == abjad_key(urdu));
    CHECK_FALSE(abjad_key(urdu).empty());
  }
  CHECK(abjad_key("attar").empty());
  CHECK(spoken_keys("عطر").empty());
}

TEST_CASE("consonants compare Latin with Urdu", "[search]") {
  const auto latin = [](const std::string& word) {
    return consonants_of_spoken(spoken_keys(word).front());
  };
  CHECK(latin("chikankari") == consonants_of_abjad(abjad_key("چکنکاری")));
  CHECK(latin("agarbatti") == consonants_of_abjad(abjad_key("اگربتی")));
  CHECK(latin("zardozi") == consonants_of_abjad(abjad_key("زردوزی")));
  CHECK(latin("attar") == consonants_of_abjad(abjad_key("عطر")));
}

TEST_CASE("words with digits and foreign letters do no harm", "[search]") {
  CHECK(spoken_keys("2026").empty());
  CHECK(spoken_keys("").empty());
  CHECK(abjad_key("").empty());
  CHECK(spoken_keys("Ω").empty());
  CHECK(spoken_keys("a2z").size() == 1);
  CHECK(spoken_keys("२क").front() == "2ka");
}
