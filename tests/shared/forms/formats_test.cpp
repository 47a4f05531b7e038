#include "shared/forms/formats.h"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace odop::forms;

namespace {

struct Row {
  std::string typed;
  std::string stored;             // when accepted
  std::string_view problem = {};  // when refused
};

template <typename Check>
void check_rows(const std::vector<Row>& rows, Check check) {
  for (const auto& row : rows) {
    CAPTURE(row.typed);
    const Checked checked = check(row.typed);
    REQUIRE(checked.has_value() == row.problem.empty());
    if (checked.has_value()) {
      CHECK(checked.value() == row.stored);
      CHECK(check(checked.value()).value() == row.stored);  // what is stored stays
    } else {
      CHECK(checked.error().text_key == row.problem);
    }
  }
}

}  // namespace

TEST_CASE("Indian mobile numbers", "[forms]") {
  check_rows(
      {
          {"9876543210", "+919876543210"},
          {"6000000000", "+916000000000"},
          {"7012345678", "+917012345678"},
          {"8888888888", "+918888888888"},
          {"+919876543210", "+919876543210"},
          {"+91 98765 43210", "+919876543210"},
          {"91 9876543210", "+919876543210"},
          {"919876543210", "+919876543210"},
          {"0091-98765-43210", "+919876543210"},
          {"09876543210", "+919876543210"},
          {"+91 09876543210", "+919876543210"},
          {"0 98765 43210", "+919876543210"},
          {"(98765) 432.10", "+919876543210"},
          {"९८७६५४३२१०", "+919876543210"},
          {"+९१ ९८७६५ ४३२१०", "+919876543210"},
          {"۹۸۷۶۵۴۳۲۱۰", "+919876543210"},
          {"٩٨٧٦٥٤٣٢١٠", "+919876543210"},
          {"\u206898765\u200E43210\u2069", "+919876543210"},
          {"98765–43210", "+919876543210"},
          {"9191919191", "+919191919191"},  // begins with 91 and is whole
          {"919191919191", "+919191919191"},
          {"", "", kMissing},
          {"   ", "", kMissing},
          {"98765", "", kMobileShort},
          {"987654321", "", kMobileShort},
          {"+91 98765", "", kMobileShort},
          {"98765432101", "", kMobileLong},
          {"+9198765432101", "", kMobileLong},
          {"5876543210", "", kMobileStart},
          {"0000000000", "", kMobileStart},
          {"1234567890", "", kMobileStart},
          {"05222 123456", "", kMobileStart},  // a Lucknow landline
          {"+1 202 555 0123", "", kPhone},
          {"+92 300 1234567", "", kPhone},
          {"98765abcde", "", kPhone},
          {"9876543210 घर", "", kPhone},
          {"98765+43210", "", kPhone},
          {"98765/43210", "", kPhone},
          {"9876543210\xFF", "", kPhone},
      },
      indian_mobile);
}

TEST_CASE("foreign telephone numbers under a dialling code", "[forms]") {
  struct Foreign {
    std::string code;
    Row row;
  };
  const std::vector<Foreign> rows{
      {"+971", {"50 123 4567", "+971501234567"}},
      {"+971", {"050 123 4567", "+971501234567"}},
      {"+971", {"+971 50 123 4567", "+971501234567"}},
      {"+971", {"00971501234567", "+971501234567"}},
      {"+971", {"+971 (0)50 1234567", "+971501234567"}},
      {"+971", {"٠٥٠١٢٣٤٥٦٧", "+971501234567"}},
      {"+1", {"(202) 555-0123", "+12025550123"}},
      {"+1", {"+1 202 555 0123", "+12025550123"}},
      {"+44", {"020 7946 0958", "+442079460958"}},
      {"+39", {"06 698 1234", "+39066981234"}},
      {"+65", {"6123 4567", "+6561234567"}},
      {"+49", {"030 1234567890", "+49301234567890"}},
      {"971", {"501234567", "+971501234567"}},
      {"+91", {"98765 43210", "+919876543210"}},
      {"+91", {"12345", "", kMobileStart}},
      // An Aadhaar number behind a country's code, as typed and in other spellings.
      {"+49", {"234567890124", "", kAadhaar}},
      {"+49", {"2345 6789 0124", "", kAadhaar}},
      {"+49", {"(2345) 6789-0124", "", kAadhaar}},
      {"+49", {"0234567890124", "", kAadhaar}},
      {"+49", {"+49 234567890124", "", kAadhaar}},
      {"+49", {"0049 2345 6789 0124", "", kAadhaar}},
      {"+49", {"+49 (0)234567890124", "", kAadhaar}},
      {"+49", {"२३४५६७८९०१२४", "", kAadhaar}},
      {"+49", {"+۴۹ ۲۳۴۵ ۶۷۸۹ ۰۱۲۴", "", kAadhaar}},
      {"+49", {"+234567890124", "", kAadhaar}},
      {"+1", {"1 2345 6789 0124", "", kAadhaar}},
      {"+39", {"234567890124", "", kAadhaar}},
      {"+234", {"234567890124", "", kAadhaar}},
      // Twelve digits with the code that pass Verhoeff by chance, and twelve that do not.
      {"+234", {"567890124", "+234567890124"}},
      {"+234", {"+234 567 890 124", "+234567890124"}},
      {"+44", {"+44 20 7946 0958", "+442079460958"}},
      {"+49", {"234567890125", "+49234567890125"}},
      {"+86", {"138 0013 8000", "+8613800138000"}},
      {"+971", {"", "", kMissing}},
      {"+971", {"1234", "", kPhone}},
      {"+971", {"1234567890123", "", kPhone}},
      {"+971", {"+44 20 7946 0958", "", kPhone}},
      {"+971", {"50-ABC-4567", "", kPhone}},
      {"", {"501234567", "", kCountry}},
      {"+", {"501234567", "", kCountry}},
      {"+0", {"501234567", "", kCountry}},
      {"+12345", {"501234567", "", kCountry}},
      {"+9a", {"501234567", "", kCountry}},
  };
  for (const auto& [code, row] : rows) {
    CAPTURE(code);
    check_rows({row}, [&, c = code](std::string_view typed) { return foreign_phone(typed, c); });
  }
}

TEST_CASE("e-mail addresses", "[forms]") {
  check_rows(
      {
          {"a@b.in", "a@b.in"},
          {"Ravi.Kumar+odop@Example.CO.IN", "Ravi.Kumar+odop@example.co.in"},
          {"  ravi@example.com ", "ravi@example.com"},
          {"o'neil_x@mail-host.example", "o'neil_x@mail-host.example"},
          {"ravi१२@example.com", "ravi12@example.com"},
          {"x@xn--h1aagp.xn--h2brj9c", "x@xn--h1aagp.xn--h2brj9c"},
          {"1@2.3com", "1@2.3com"},
          {std::string(64, 'a') + "@example.com", std::string(64, 'a') + "@example.com"},
          {"", "", kMissing},
          {" ", "", kMissing},
          {"ravi", "", kEmail},
          {"ravi@", "", kEmail},
          {"@example.com", "", kEmail},
          {"ravi@example", "", kEmail},
          {"ravi@example.c", "", kEmail},
          {"ravi@example.12", "", kEmail},
          {"ravi@@example.com", "", kEmail},
          {"ravi@ex ample.com", "", kEmail},
          {"ra vi@example.com", "", kEmail},
          {".ravi@example.com", "", kEmail},
          {"ravi.@example.com", "", kEmail},
          {"ra..vi@example.com", "", kEmail},
          {"ravi@.example.com", "", kEmail},
          {"ravi@example..com", "", kEmail},
          {"ravi@example.com.", "", kEmail},
          {"ravi@-example.com", "", kEmail},
          {"ravi@example-.com", "", kEmail},
          {"रवि@example.com", "", kEmail},
          {"\"ravi k\"@example.com", "", kEmail},
          {"ravi,k@example.com", "", kEmail},
          {"ravi@[127.0.0.1]", "", kEmail},
          {"ravi@example.com\nBcc: x@y.in", "", kEmail},
          {std::string(65, 'a') + "@example.com", "", kEmail},
          {"a@" + std::string(64, 'b') + ".com", "", kEmail},
          {"a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') +
               "." + std::string(60, 'b') + "." + std::string(20, 'b'),
           "", kEmail},
      },
      email);
}

TEST_CASE("names in three scripts", "[forms]") {
  check_rows(
      {
          {"Ravi Kumar", "Ravi Kumar"},
          {"  रवि   कुमार ", "रवि कुमार"},
          {"محمد عارف", "محمد عارف"},
          {"डॉ. श्रीमती मीना-देवी", "डॉ. श्रीमती मीना-देवी"},
          {"O’Neil D'Souza", "O’Neil D'Souza"},
          {"José Müller", "José Müller"},
          {"Jose\u0301", "José"},
          {"सा\u095Cी", "साड\u093Cी"},
          {"शर्\u200Dमा", "शर्\u200Dमा"},
          {"\u2068Ravi\u2069", "Ravi"},
          {"A.", "A."},
          {"ए", "ए"},
          {"پروین بیگم", "پروین بیگم"},
          {std::string(80, 'x'), std::string(80, 'x')},
          {"", "", kMissing},
          {" \t", "", kMissing},
          {"...", "", kName},
          {"-", "", kName},
          {"Ravi 2", "", kName},
          {"रवि २", "", kName},
          {"عارف ۲", "", kName},
          {"Ravi@home", "", kName},
          {"<script>", "", kName},
          {"रवि।", "", kName},
          {"عارف۔", "", kName},
          {"Иван", "", kName},
          {"李", "", kName},
          {"Ravi 😀", "", kName},
          {"Ravi\x07", "", kName},
          {"Ravi\xC3", "", kUnreadable},
          {std::string(81, 'x'), "", kTooLong},
      },
      person_name);
}

TEST_CASE("quantities are kept digit by digit", "[forms]") {
  check_rows(
      {
          {"1", "1"},
          {"500", "500"},
          {"12,500", "12500"},
          {"1,00,000", "100000"},
          {"100,000", "100000"},
          {"0.5", "0.5"},
          {"2.50", "2.50"},
          {"2.125", "2.125"},
          {"007", "7"},
          {"00.5", "0.5"},
          {"५००", "500"},
          {"۵۰۰", "500"},
          {"۲٫۵", "2.5"},
          {"१,२५०", "1250"},
          {" 42 ", "42"},
          {"999999999", "999999999"},
          {"", "", kMissing},
          {"0", "", kQuantity},
          {"0.000", "", kQuantity},
          {"-5", "", kQuantity},
          {"+5", "", kQuantity},
          {"5 kg", "", kQuantity},
          {"1e5", "", kQuantity},
          {"1.2.3", "", kQuantity},
          {"5.", "", kQuantity},
          {".5", "", kQuantity},
          {"2.1234", "", kQuantity},
          {"1,2", "", kQuantity},
          {"1,,000", "", kQuantity},
          {",500", "", kQuantity},
          {"1,0000", "", kQuantity},
          {"1000000000", "", kQuantity},
          {"½", "", kQuantity},
          {"पाँच", "", kQuantity},
      },
      quantity);
}

TEST_CASE("PIN codes", "[forms]") {
  check_rows(
      {
          {"226001", "226001"},
          {"226 001", "226001"},
          {"२२६००१", "226001"},
          {"۲۲۶۰۰۱", "226001"},
          {" 110001 ", "110001"},
          {"", "", kMissing},
          {"026001", "", kPin},
          {"22600", "", kPin},
          {"2260011", "", kPin},
          {"22 6001", "", kPin},
          {"226-001", "", kPin},
          {"22600a", "", kPin},
      },
      postal_pin);
}

TEST_CASE("messages keep their lines and lose what cannot be seen", "[forms]") {
  const auto check = [](std::string_view typed) { return free_text(typed, 40); };
  check_rows(
      {
          {"", ""},
          {"  दो सौ साड़ियां  ", "दो सौ साड\u093Cियां"},
          {"a\nb", "a\nb"},
          {"a\r\nb\x1B[31m", "a\nb[31m"},
          {"Cafe\u0301", "Café"},
          {std::string(40, 'x'), std::string(40, 'x')},
          {std::string(41, 'x'), "", kTooLong},
          {"bad\xFF", "", kUnreadable},
      },
      check);
}
