#include "shared/text/collation.h"
#include "shared/text/dates.h"
#include "shared/text/language.h"
#include "shared/text/numbers.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

using namespace odop;
using namespace std::chrono_literals;

TEST_CASE("languages have codes, positions and directions", "[text]") {
  CHECK(code(Language::kUrdu) == "ur");
  CHECK(index(Language::kHindi) == 0);
  CHECK(language_of("en") == Language::kEnglish);
  CHECK_FALSE(language_of("fr").has_value());
  CHECK(is_right_to_left(Language::kUrdu));
  CHECK_FALSE(is_right_to_left(Language::kHindi));
}

TEST_CASE("numbers are grouped the Indian way", "[text]") {
  CHECK(group_indian(0) == "0");
  CHECK(group_indian(999) == "999");
  CHECK(group_indian(1000) == "1,000");
  CHECK(group_indian(99'999) == "99,999");
  CHECK(group_indian(100'000) == "1,00,000");
  CHECK(group_indian(1'234'567) == "12,34,567");
  CHECK(group_indian(-50'000'000) == "-5,00,00,000");
  CHECK(group_indian(std::numeric_limits<std::int64_t>::min()) == "-92,23,37,20,36,85,47,75,808");
  CHECK(rupees(1'250) == "₹1,250");
  CHECK(rupees(-1'250) == "-₹1,250");
  CHECK(rupees_range(250, 1'200) == "₹250–₹1,200");
  CHECK(rupees_range(250, 250) == "₹250");
}

TEST_CASE("decimals keep every digit that was typed", "[text]") {
  CHECK(group_decimal("1234567.50") == "12,34,567.50");
  CHECK(group_decimal("0.5") == "0.5");
  CHECK(group_decimal("-12345") == "-12,345");
  for (const std::string odd : {"", "-", ".5", "5.", "1,000", "12a", "1.2.3"}) {
    CHECK(group_decimal(odd) == odd);
  }
}

TEST_CASE("dates read and write, impossible ones do not", "[text]") {
  const Date day = parse_date("2026-11-21").value();
  CHECK(iso_date(day) == "2026-11-21");
  CHECK(short_date(day) == "21-11-2026");
  CHECK(long_date(day, Language::kHindi) == "21 नवंबर 2026");
  CHECK(long_date(day, Language::kEnglish) == "21 November 2026");
  CHECK(long_date(day, Language::kUrdu) == "21 نومبر 2026");
  CHECK(weekday(day, Language::kEnglish) == "Saturday");
  CHECK(weekday(day, Language::kHindi) == "शनिवार");
  CHECK(weekday(day, Language::kUrdu) == "ہفتہ");
  CHECK(parse_date("2024-02-29").has_value());
  for (const std::string wrong :
       {"2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "26-11-21", "2026/11/21",
        "2026-1-021", "1899-12-31", "", "2026-11-21 ", "२०२६-११-२१", "-026-11-21"}) {
    CAPTURE(wrong);
    CHECK(parse_date(wrong).error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("ranges of dates say each month and year once", "[text]") {
  const auto range = [](const char* from, const char* to) {
    return date_range(parse_date(from).value(), parse_date(to).value(), Language::kEnglish);
  };
  CHECK(range("2026-11-21", "2026-11-21") == "21 November 2026");
  CHECK(range("2026-11-21", "2026-11-23") == "21–23 November 2026");
  CHECK(range("2026-11-28", "2026-12-02") == "28 November – 2 December 2026");
  CHECK(range("2026-12-30", "2027-01-02") == "30 December 2026 – 2 January 2027");
}

TEST_CASE("the day begins at midnight in India", "[text]") {
  const WallTime evening = std::chrono::sys_days{parse_date("2026-11-20").value()} + 18h + 29min;
  CHECK(iso_date(india_date(evening)) == "2026-11-20");
  CHECK(india_time(evening) == "23:59");
  CHECK(iso_date(india_date(evening + 1min)) == "2026-11-21");
  CHECK(india_time(evening + 1min) == "00:00");
  CHECK(india_time(WallTime{-1ms}) == "05:29");
}

TEST_CASE("days are counted over months and leap years", "[text]") {
  const Date from = parse_date("2024-02-28").value();
  CHECK(days_between(from, parse_date("2024-03-01").value()) == 2);
  CHECK(days_between(parse_date("2024-03-01").value(), from) == -2);
  CHECK(iso_date(add_days(from, 2)) == "2024-03-01");
  CHECK(iso_date(add_days(from, -59)) == "2023-12-31");
}

TEST_CASE("names sort as their readers expect", "[text]") {
  const auto sorted = [](Language language, std::vector<std::string> names) {
    const Collation order = Collation::of(language).value();
    std::sort(names.begin(), names.end(),
              [&](const auto& a, const auto& b) { return order.less(a, b); });
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(sorted(Language::kEnglish, {"etawah", "Etah", "Agra", "bijnor", "Stall 10", "Stall 9"}) ==
        Names{"Agra", "bijnor", "Etah", "etawah", "Stall 9", "Stall 10"});
  CHECK(sorted(Language::kHindi, {"हाथरस", "आगरा", "कन्नौज", "अलीगढ़", "एटा", "झांसी"}) ==
        Names{"अलीगढ़", "आगरा", "एटा", "कन्नौज", "झांसी", "हाथरस"});
  // Urdu letters stand in their own order: پ after ب, ٹ after ت, گ after ک.
  CHECK(sorted(Language::kUrdu, {"گونڈہ", "کانپور", "پیلی بھیت", "بستی", "ٹانڈہ", "تلہر"}) ==
        Names{"بستی", "پیلی بھیت", "تلہر", "ٹانڈہ", "کانپور", "گونڈہ"});
}

TEST_CASE("sort keys order as comparing does", "[text]") {
  const Collation order = Collation::of(Language::kHindi).value();
  const std::vector<std::string> names{"",
                                       "हाथरस",
                                       "आगरा",
                                       "Agra",
                                       "कन्नौज",
                                       "अलीगढ़",
                                       "عطر",
                                       "2",
                                       "10",
                                       "\xFF",
                                       std::string(500, 'x')};
  for (const auto& a : names) {
    for (const auto& b : names) {
      const int by_key = order.sort_key(a).compare(order.sort_key(b));
      const int direct = order.compare(a, b);
      CHECK((by_key < 0) == (direct < 0));
      CHECK((by_key > 0) == (direct > 0));
    }
  }
}
