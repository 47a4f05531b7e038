#include "shared/core/bytes.h"

#include <catch2/catch.hpp>

using namespace odop;

TEST_CASE("hexadecimal goes there and back, and refuses what is none", "[core]") {
  const Bytes bytes{"\x00\xff\x10z", 4};
  CHECK(to_hex(bytes) == "00ff107a");
  Bytes back = "untouched";
  REQUIRE(from_hex("00FF107a", back));
  CHECK(back == bytes);
  back = "untouched";
  CHECK_FALSE(from_hex("0", back));
  CHECK_FALSE(from_hex("0g", back));
  CHECK(back == "untouched");
}

TEST_CASE("base64 follows the vectors of RFC 4648 and has one spelling", "[core]") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(to_base64(plain) == text);
    Bytes back;
    REQUIRE(from_base64(text, back));
    CHECK(back == plain);
  }
  Bytes out;
  for (const char* bad :
       {"Zg=", "Zg", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9", "====", "Zm9v\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad, out));
  }
}
