#include "shared/core/reference_number.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>

using namespace odop;

TEST_CASE("Damm's check digit fits the published example", "[core]") {
  CHECK(damm_check_digit("572") == '4');
  CHECK(damm_check_digit("5724") == '0');
}

TEST_CASE("a reference reads back, in any digits and grouping", "[core]") {
  SeededRandom random{3};
  const std::string digits = make_reference(KioskNumber{17}, Sequence{42}, random);
  REQUIRE(digits.size() == 10);
  CHECK(digits.substr(0, 7) == "0170042");
  CHECK(parse_reference(digits).value() == digits);
  CHECK(parse_reference(group_reference(digits)).value() == digits);
  CHECK(group_reference("0170042836") == "017 0042 836");
  CHECK(fold_digits("०१२३४५६७८९ ۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ क") == "0123456789 0123456789 0123456789 क");
}

TEST_CASE("each wrong digit and each swap of neighbours is noticed", "[core]") {
  SeededRandom random{5};
  const std::string digits = make_reference(KioskNumber{208}, Sequence{6103}, random);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      if (c == digits[i]) continue;
      std::string wrong = digits;
      wrong[i] = c;
      CHECK_FALSE(parse_reference(wrong).has_value());
    }
    if (i + 1 < digits.size() && digits[i] != digits[i + 1]) {
      std::string swapped = digits;
      std::swap(swapped[i], swapped[i + 1]);
      CHECK_FALSE(parse_reference(swapped).has_value());
    }
  }
}

TEST_CASE("a reference never has twelve digits, and numbers grow when they must", "[core]") {
  SeededRandom random{9};
  for (const std::uint64_t kiosk : {1U, 999U, 1000U, 99'999U}) {
    for (const std::uint64_t sequence : {1U, 9'999U, 10'000U, 99'999U, 100'000U, 99'999'999U}) {
      const std::string digits = make_reference(KioskNumber{kiosk}, Sequence{sequence}, random);
      CAPTURE(kiosk, sequence, digits);
      CHECK(digits.size() != 12);
      CHECK(digits.size() <= 16);
      CHECK(parse_reference(digits).has_value());
    }
  }
}

TEST_CASE("what no receipt shows is refused", "[core]") {
  for (const char* bad : {"", "123", "12345678901234567", "017004283a", "0000000001"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_reference(bad).has_value());
  }
}
