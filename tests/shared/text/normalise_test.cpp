#include "shared/text/normalise.h"

#include "shared/text/digits.h"
#include "shared/text/isolate.h"
#include "shared/text/utf8.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;

TEST_CASE("NFC composes, and leaves nukta letters decomposed", "[text]") {
  CHECK(nfc("Cafe\u0301").value() == "Café");
  CHECK(nfc("\u0958").value() == "\u0915\u093C");  // composition exclusion
  CHECK(nfc("\u0928\u093C").value() == "\u0929");  // no exclusion
  CHECK(nfc("").value().empty());
  CHECK(is_nfc("साड\u093Cी"));
  CHECK_FALSE(is_nfc("सा\u095Cी"));
  CHECK_FALSE(is_nfc("e\u0301"));
  CHECK(is_nfc("Kannauj"));
}

TEST_CASE("what is not UTF-8 is told apart", "[text]") {
  for (const std::string wrong : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                                  "\xF4\x90\x80\x80", "\xF5", "\xE0\xA4", "a\xFF"}) {
    CHECK_FALSE(is_utf8(wrong));
    CHECK_FALSE(is_nfc(wrong));
    CHECK(nfc(wrong).error().code == ErrorCode::kMalformed);
    CHECK(has_legacy_font_letters(wrong));
  }
  CHECK(is_utf8("a ä क 𐍈"));
}

TEST_CASE("code points survive a walk and a rebuild", "[text]") {
  const std::string text = "aäक𐍈\u200D!";
  std::string rebuilt;
  for (std::size_t at = 0; at < text.size();) append_utf8(rebuilt, next_code_point(text, at));
  CHECK(rebuilt == text);
}

TEST_CASE("legacy-font Hindi is recognised, honest text is not", "[text]") {
  // As Kruti Dev and its relatives come out of a PDF: "उत्तर प्रदेश", "एक जनपद" and the like.
  for (const std::string wrong : {"mŸkj çns'k", "Áns'k", "fo|qr ¼Å½ ÅtkZ", "vkSj Ωk", "ªkks", "ʃa",
                                  "ḍhākā", "कन्नौज ɑ", "ﬁ ñ"}) {
    CAPTURE(wrong);
    CHECK(has_legacy_font_letters(wrong));
  }
  for (const std::string right : {"उत्तर प्रदेश", "GI टैग", "₹1,250 – 100 ml", "एक जनपद × एक उत्पाद",
                                  "“इत्र”", "25 °C", "½ किलो", ""}) {
    CAPTURE(right);
    CHECK_FALSE(has_legacy_font_letters(right));
  }
}

TEST_CASE("digits of three scripts are one", "[text]") {
  CHECK(digits_of("+९१ ۹۸۷-٦٥٤ 3210") == "919876543210");
  CHECK(digits_of("कोई नहीं").empty());
  CHECK(fold_every_digit("২৩ ੪५ ６a\xFF٧") ==
        "23 45 6a\xFF"
        "7");
}

TEST_CASE("isolates surround a value and can be taken away", "[text]") {
  CHECK(isolate("₹5") == "\u2068₹5\u2069");
  CHECK(isolate_left_to_right("₹5") == "\u2066₹5\u2069");
  CHECK(isolate("").empty());
  CHECK(without_isolates("قیمت \u2068₹5\u2069\u200F") == "قیمت ₹5");
}
