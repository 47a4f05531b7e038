#include "tests/kiosk/text/golden_strings.h"

// Isolates within literals are what is tested here.
// NOLINTBEGIN(misc-misleading-bidirectional)
namespace odop::typeset::test {
namespace {

constexpr Language kHi = Language::kHindi;
constexpr Language kEn = Language::kEnglish;
constexpr Language kUr = Language::kUrdu;
constexpr TextRole kRead = TextRole::kRead;
constexpr TextRole kTitle = TextRole::kTitle;
constexpr TextRole kSmall = TextRole::kSmallBold;

void add_hindi(std::vector<GoldenString>& all) {
  const auto read = [&all](std::string_view what, std::string_view text) {
    all.push_back(one_run(what, kHi, kRead, FaceId::kDevanagari, text));
  };
  read("conjunct and au", "कन्नौज इत्र");
  read("three consonants and a matra", "ष्ट्री");
  read("words with long conjuncts", "राष्ट्रीय श्रृंगार");
  read("conjuncts with letters of their own", "क्षत्रिय ज्ञान त्रिशूल");
  read("reph", "कर्ता धर्म र्क");
  read("reph over a matra", "र्कि वार्षिक निर्यात");
  read("reph over a conjunct", "विद्यार्थी कार्त्तिक");
  read("reordered i", "हिन्दी किताब विशिष्ट");
  read("reordered i before a conjunct", "शक्ति स्थिति त्रिकोण द्वितीय");
  read("nukta apart", "ज़री ज़रदोज़ी फ़िरोज़ाबाद");
  read("nukta within the letter", "\u095B\u0930\u0940 \u092B\u093C\u093E \u0958\u0932\u092E");
  read("all nukta letters", "क़ ख़ ग़ ड़ ढ़ फ़");
  read("chandrabindu", "काँच चाँदी मूँज");
  read("anusvara", "हिंदी संगमरमर पीतांबरी");
  read("stacks of d and h", "द्ध द्व द्म द्य ह्म ह्न ह्य ह्ल");
  read("rakar below round letters", "ट्र ड्र छ्र ढ्र");
  read("trailing halant", "सत्यम् जगत् र्");
  read("ZWJ keeps the half letter", "क्\u200Dष न्\u200Dय");
  read("ZWNJ keeps the halant", "क्\u200Cष श्री\u200Cमान");
  read("eyelash ra", "र्\u200Dया ऱ्या");
  read("ru, hri, hru", "रु रू हृ ह्रू शृ");
  read("signs on the dotted circle, as on keys", "◌ा ◌ि ◌ी ◌ु ◌्र");
  read("a sign alone", "ि");
  read("dandas and om", "श्री। ॥ ॐ ॥");
  read("punctuation of the same face", "मिट्टी के बर्तन, काला नमक।");
  read("colon and hyphen", "बनारसी साड़ी: ज़री-ज़रदोज़ी");
  read("candra vowels of English words", "ऑफ़िस कॉलेज ट्रॉली बैंक");
  read("Devanagari digits", "१२३ ४५६७८९०");
  read("a sentence", "लखनऊ की चिकनकारी विश्व भर में प्रसिद्ध है");
  const FaceId serif = FaceId::kDevanagariSerifBold;
  all.push_back(one_run("title", kHi, kTitle, serif, "एक जनपद एक उत्पाद"));
  all.push_back(one_run("title with conjuncts", kHi, kTitle, serif, "शृंगार श्रद्धा ब्रह्मांड"));
  all.push_back(one_run("title with reph", kHi, kTitle, serif, "मूर्ति शिल्प, निर्यात"));
  all.push_back(one_run("bold label", kHi, kSmall, FaceId::kDevanagariBold, "ज़िला उद्योग केंद्र"));
  all.push_back(one_run("Hindi in an Urdu title", kEn, kTitle, serif, "कन्नौज"));
}

void add_latin(std::vector<GoldenString>& all) {
  all.push_back(one_run("Latin", kEn, kRead, FaceId::kSans, "Kannauj Attar"));
  all.push_back(one_run("ligatures", kEn, kTitle, FaceId::kSerifBold, "office affluent fjord"));
  all.push_back(one_run("kerning", kEn, kRead, FaceId::kSans, "AVATAR To Wa. LT"));
  all.push_back(one_run("combining accent", kEn, kRead, FaceId::kSans, "cafe\u0301 nai\u0308ve"));
  all.push_back(one_run("quotes and dashes", kEn, kRead, FaceId::kSans, "“attar” – ‘itr’ — 50%…"));
  all.push_back(one_run("telephone", kHi, kRead, FaceId::kSans, "+91 98765 43210"));
  all.push_back(one_run("Hindi price", kHi, kRead, FaceId::kSans, "₹12,34,567.50"));
  all.push_back(one_run("digits of a Hindi title", kHi, kTitle, FaceId::kSerifBold, "2026"));
  all.push_back(one_run("long number", kHi, kSmall, FaceId::kSansBold, "100 0042 17"));
}

void add_urdu(std::vector<GoldenString>& all) {
  const auto read = [&all](std::string_view what, std::string_view text) {
    all.push_back(one_run(what, kUr, kRead, FaceId::kNaskh, text));
  };
  const auto title = [&all](std::string_view what, std::string_view text) {
    all.push_back(one_run(what, kUr, kTitle, FaceId::kNastaliqBold, text));
  };
  read("Naskh", "قنوج کا عطر");
  read("Naskh comma", "مٹی کی خوشبو، لکھنؤ");
  read("vowel marks", "شِلپ سچّا مُرَبّہ");
  read("question mark", "کیا حال ہے؟");
  read("ZWNJ cuts a join", "بے\u200Cشمار می\u200Cخواہم");
  read("forms of he and ye", "ہہہ ھھھ ے ۓ یی");
  read("lam alef", "لا لأ لآ لإ بلا");
  read("full stop", "اودھ شلپ گرام۔");
  title("Nastaliq", "قنوج کا عطر");
  title("Nastaliq cascade", "بھیجیں");
  title("Nastaliq with che and he", "پوچھ گچھ");
  title("Nastaliq words", "میری فہرست میں شامل کریں");
  title("Nastaliq with hamza", "لکھنؤ کی چکن کاری");
  title("Nastaliq r and d", "زری زردوزی");
  title("Nastaliq long", "سہارنپور کی لکڑی کی نقاشی");
  title("Nastaliq madda", "فیروزآباد کا شیشہ");
  title("Nastaliq dots that move", "بیٹی پہیے ٹیپ");
  all.push_back(one_run("bold label", kUr, kSmall, FaceId::kNaskhBold, "واپس"));
  all.push_back(one_run("Urdu in a Hindi text", kHi, kRead, FaceId::kNaskh, "قنوج"));
}

void add_mixed(std::vector<GoldenString>& all) {
  const FaceId dev = FaceId::kDevanagari;
  const FaceId sans = FaceId::kSans;
  const FaceId naskh = FaceId::kNaskh;
  all.push_back({"Hindi and digits",
                 kHi,
                 kRead,
                 "कन्नौज 1,250 वर्ष",
                 {{dev, false, "कन्नौज "}, {sans, false, "1,250 "}, {dev, false, "वर्ष"}}});
  all.push_back({"Hinglish",
                 kHi,
                 kRead,
                 "मेरा order कब आएगा?",
                 {{dev, false, "मेरा "}, {sans, false, "order "}, {dev, false, "कब आएगा?"}}});
  all.push_back({"brackets belong together",
                 kHi,
                 kRead,
                 "इत्र (attar) है",
                 {{dev, false, "इत्र ("}, {sans, false, "attar"}, {dev, false, ") है"}}});
  all.push_back(
      {"Hindi price in isolates",
       kHi,
       kRead,
       "मूल्य \u2066₹1,250 / 100 ml\u2069।",
       {{dev, false, "मूल्य \u2066"}, {sans, false, "₹1,250 / 100 ml\u2069"}, {dev, false, "।"}}});
  all.push_back({"title with Latin",
                 kHi,
                 kTitle,
                 "ODOP 2026: एक जनपद",
                 {{FaceId::kSerifBold, false, "ODOP 2026: "},
                  {FaceId::kDevanagariSerifBold, false, "एक जनपद"}}});
  all.push_back({"Urdu price in a left-to-right isolate",
                 kUr,
                 kRead,
                 "پیداوار \u2066₹1,250 / 100 ml\u2069",
                 {{sans, true, "\u2069"},
                  {sans, false, "₹1,250 / 100 ml"},
                  {naskh, true, "پیداوار \u2066"}}});
  all.push_back(
      {"Urdu digits", kUr, kRead, "۱۲۳ عطر", {{naskh, true, " عطر"}, {naskh, false, "۱۲۳"}}});
  all.push_back({"Latin at the start of Urdu",
                 kUr,
                 kRead,
                 "GI ٹیگ",
                 {{naskh, true, "ٹیگ"}, {sans, true, " "}, {sans, false, "GI"}}});
  all.push_back({"three scripts in English",
                 kEn,
                 kRead,
                 "Kannauj कन्नौज قنوج attar",
                 {{sans, false, "Kannauj "},
                  {dev, false, "कन्नौज "},
                  {naskh, true, "قنوج"},
                  {naskh, false, " "},
                  {sans, false, "attar"}}});
  all.push_back(
      {"brackets that Naskh UI lacks",
       kUr,
       kRead,
       "عطر (خوشبو)",
       {{sans, true, ")"}, {naskh, true, "خوشبو"}, {sans, true, "("}, {naskh, true, "عطر "}}});
  all.push_back({"Nastaliq with a price it lacks",
                 kUr,
                 kTitle,
                 "عطر \u2066₹500\u2069",
                 {{FaceId::kSerifBold, true, "\u2069"},
                  {FaceId::kSerifBold, false, "₹500"},
                  {FaceId::kNastaliqBold, true, "عطر \u2066"}}});
  all.push_back(
      {"telephone in Urdu",
       kUr,
       kRead,
       "فون: \u2066+91 5694 234567\u2069",
       {{sans, true, "\u2069"}, {sans, false, "+91 5694 234567"}, {naskh, true, "فون: \u2066"}}});
  all.push_back({"isolates within isolates",
                 kEn,
                 kRead,
                 "a \u2067عطر \u2066GI 12\u2069 قنوج\u2069 b",
                 {{sans, false, "a \u2067"},
                  {naskh, true, " قنوج"},
                  {sans, true, "\u2069"},
                  {sans, false, "GI 12"},
                  {naskh, true, "عطر \u2066"},
                  {naskh, false, "\u2069"},
                  {sans, false, " b"}}});
  all.push_back({"what follows an isolate goes on from before it",
                 kHi,
                 kRead,
                 "दाम \u2066₹50\u2069, और",
                 {{dev, false, "दाम \u2066"}, {sans, false, "₹50\u2069"}, {dev, false, ", और"}}});
  all.push_back({"isolates alone", kHi, kRead, "\u2068\u2069", {{dev, false, "\u2068\u2069"}}});
}

}  // namespace

std::vector<GoldenString> golden_strings() {
  std::vector<GoldenString> all;
  add_hindi(all);
  add_latin(all);
  add_urdu(all);
  add_mixed(all);
  return all;
}

}  // namespace odop::typeset::test
// NOLINTEND(misc-misleading-bidirectional)
