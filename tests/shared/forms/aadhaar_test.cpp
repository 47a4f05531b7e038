#include "shared/forms/formats.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <random>
#include <string>

using namespace odop::forms;

namespace {

// A made-up number with a fitting check digit: nobody's, since 999999990019 and the like are
// UIDAI's own test numbers, and the others are computed here from chosen digits.
std::string with_check_digit(const std::string& eleven) {
  for (char c = '0'; c <= '9'; ++c) {
    if (verhoeff_fits(eleven + c)) return eleven + c;
  }
  return {};
}

}  // namespace

TEST_CASE("Verhoeff's check digit fits published examples", "[forms]") {
  CHECK(verhoeff_fits("2363"));
  CHECK(verhoeff_fits("123451"));
  CHECK(verhoeff_fits("84736430954837284567892"));
  CHECK(verhoeff_fits("1428570"));
  CHECK(verhoeff_fits("999999990019"));
  CHECK_FALSE(verhoeff_fits("2364"));
  CHECK_FALSE(verhoeff_fits(""));
  CHECK_FALSE(verhoeff_fits("23a3"));
}

TEST_CASE("each wrong digit and each swap of neighbours breaks the check", "[forms]") {
  const std::string number = with_check_digit("29384756102");
  REQUIRE(number.size() == 12);
  for (std::size_t i = 0; i < number.size(); ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      if (c == number[i]) continue;
      std::string changed = number;
      changed[i] = c;
      CHECK_FALSE(verhoeff_fits(changed));
    }
    if (i + 1 < number.size() && number[i] != number[i + 1]) {
      std::string swapped = number;
      std::swap(swapped[i], swapped[i + 1]);
      CHECK_FALSE(verhoeff_fits(swapped));
    }
  }
}

TEST_CASE("an Aadhaar number is found in each disguise", "[forms]") {
  const std::string n = with_check_digit("23456789012");
  const std::string a = n.substr(0, 4);
  const std::string b = n.substr(4, 4);
  const std::string c = n.substr(8, 4);
  for (const std::string& text :
       {n, a + " " + b + " " + c, a + "-" + b + "-" + c, a + "–" + b + "—" + c,
        a + "\u00A0" + b + "\u202F" + c, a + "\u200B" + b + "\u2060" + c, a + "\n" + b + "\n" + c,
        "my number is " + n + ".", "आधार: " + a + " " + b + " " + c + "।", "x" + n + "y",
        "5 pieces, " + n, "12 " + a + " " + b + " " + c, a + " " + b + " " + c + " 77",
        n.substr(0, 1) + " " + n.substr(1, 5) + "  " + n.substr(6)}) {
    CAPTURE(text);
    CHECK(holds_aadhaar(text));
  }
}

TEST_CASE("an Aadhaar number is found in each script of digits", "[forms]") {
  const std::string n = with_check_digit("87654321098");
  for (const std::uint32_t zero : {0x966U, 0x6F0U, 0x660U, 0x9E6U, 0xA66U, 0xAE6U, 0xFF10U}) {
    std::string text;
    for (const char digit : n) {
      const std::uint32_t c = zero + static_cast<std::uint32_t>(digit - '0');
      if (c < 0x800) {
        text += static_cast<char>(0xC0U | c >> 6U);
      } else {
        text += static_cast<char>(0xE0U | c >> 12U);
        text += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
      }
      text += static_cast<char>(0x80U | (c & 0x3FU));
    }
    CAPTURE(text);
    CHECK(holds_aadhaar(text));
    CHECK(holds_aadhaar("आधार " + text));
  }
}

TEST_CASE("other numbers are let through", "[forms]") {
  const std::string low = with_check_digit("13456789012");
  const std::string good = with_check_digit("23456789012");
  std::string bad = good;
  bad.back() = bad.back() == '9' ? '0' : static_cast<char>(bad.back() + 1);
  for (const std::string& text :
       {low, bad, std::string("9876543210"), std::string("226001"), good + "1", "1" + good,
        good.substr(0, 6) + "x" + good.substr(6), good.substr(0, 6) + ", " + good.substr(6),
        std::string("12,34,567"), std::string(), std::string("500 pieces by 21-11-2026")}) {
    CAPTURE(text);
    CHECK_FALSE(holds_aadhaar(text));
  }
}

TEST_CASE("of random 12-digit numbers a tenth passes the check", "[forms]") {
  std::mt19937_64 random(20261124);  // seed
  std::uniform_int_distribution<std::int64_t> any(200'000'000'000, 999'999'999'999);
  int found = 0;
  for (int i = 0; i < 10'000; ++i) found += holds_aadhaar(std::to_string(any(random))) ? 1 : 0;
  CHECK(found > 850);
  CHECK(found < 1150);
}

TEST_CASE("an Aadhaar number is refused in each text field, not in phone fields", "[forms]") {
  const std::string n = with_check_digit("91987654321");  // as 91 and a mobile number
  REQUIRE(holds_aadhaar(n));
  CHECK(person_name("Ravi " + n).error().text_key == kAadhaar);
  CHECK(free_text("call " + n, 1000).error().text_key == kAadhaar);
  CHECK(email(n + "@example.com").error().text_key == kAadhaar);
  CHECK(indian_mobile(n).value() == "+" + n);
}
