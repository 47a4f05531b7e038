// The tables of tests/data/forms: what people type, and what is stored or said.
#include "shared/forms/format.h"
#include "shared/forms/formats.h"
#include "tests/shared/forms/rows.h"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>

using namespace odop;
using namespace odop::forms;

namespace {

const Date kToday{std::chrono::year{2026}, std::chrono::November, std::chrono::day{24}};

struct Named {
  Format format{};
  FormatContext context;
};

// "birth:18-120", "money:INR", "text:40", "pin".
Named read_format(const std::string& field) {
  const std::size_t colon = field.find(':');
  const auto format = format_of(field.substr(0, colon));
  REQUIRE(format.has_value());
  Named named{.format = *format, .context = {.today = kToday, .ages = {}, .currency = {}}};
  if (colon == std::string::npos) return named;
  const std::string parameter = field.substr(colon + 1);
  if (*format == Format::kMoneyAmount) {
    named.context.currency = parameter;
  } else if (*format == Format::kBirth) {
    named.context.ages.least = std::stoi(parameter);
    named.context.ages.most = std::stoi(parameter.substr(parameter.find('-') + 1));
  } else {
    named.context.max_bytes = std::stoul(parameter);
  }
  return named;
}

}  // namespace

TEST_CASE("each typed value becomes its one spelling or its problem", "[forms]") {
  const auto rows = test::read_rows("formats.tsv", 3);
  CHECK(rows.size() >= 300);
  std::map<Format, std::pair<int, int>> seen;  // good, bad
  for (const auto& row : rows) {
    CAPTURE(row.line, row.fields[0], row.fields[1]);
    const auto [format, context] = read_format(row.fields[0]);
    const Checked checked = check_format(format, row.fields[1], context);
    const std::string& wanted = row.fields[2];
    const bool good = wanted.empty() || wanted.front() != '!';
    ++(good ? seen[format].first : seen[format].second);
    if (!good) {
      CHECK((checked.has_value() ? checked.value() : std::string(checked.error().text_key)) ==
            "form.error." + wanted.substr(1));
      continue;
    }
    CHECK((checked.has_value() ? checked.value() : std::string(checked.error().text_key)) ==
          wanted);
    if (format != Format::kMoneyAmount) {
      CHECK(check_format(format, wanted, context).value() == wanted);  // what is stored stays
    }
  }
  // No format is left out, neither its good values nor its bad ones.
  CHECK(seen.size() == 22);
  for (const auto& [format, counts] : seen) {
    CAPTURE(name_of(format));
    CHECK(counts.first > 0);
    CHECK(counts.second > 0);
  }
}

TEST_CASE("the Aadhaar table", "[forms]") {
  std::set<std::string> kinds;
  for (const auto& row : test::read_rows("aadhaar.tsv", 2)) {
    CAPTURE(row.line, row.fields[1]);
    kinds.insert(row.fields[0]);
    CHECK(holds_aadhaar(row.fields[1]) == (row.fields[0] == "yes"));
  }
  CHECK(kinds == std::set<std::string>{"yes", "no"});
}

TEST_CASE("an Aadhaar number passes through no format but as a phone's 91", "[forms]") {
  const std::string number = "234567890124";
  REQUIRE(holds_aadhaar(number));
  for (int i = 0; i <= static_cast<int>(Format::kItemId); ++i) {
    const auto format = static_cast<Format>(i);
    CAPTURE(name_of(format));
    REQUIRE_FALSE(name_of(format).empty());
    CHECK(format_of(name_of(format)) == format);
    const FormatContext context{.today = kToday, .ages = {}, .currency = "INR", .max_bytes = 400};
    const Checked checked = check_format(format, number, context);
    REQUIRE_FALSE(checked.has_value());
    const bool receipt = format == Format::kReferenceNumber || format == Format::kStatusCodeNumber;
    if (!receipt) CHECK(checked.error().text_key == kAadhaar);
  }
}
