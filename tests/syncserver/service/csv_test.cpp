#include "syncserver/service/csv.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> cells(const std::string& text) {
  std::vector<Cells> out;
  const auto rows = parse_csv(text).value();
  out.reserve(rows.size());
  for (const CsvRow& row : rows) out.push_back(row.cells);
  return out;
}

}  // namespace

TEST_CASE("CSV is read as spreadsheets write it", "[syncserver][csv]") {
  const auto rows = parse_csv(
      "\xEF\xBB\xBF"
      "a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n\r\n,\r\nlast,\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 3);
  CHECK(rows->at(0).cells == Cells{"a", "b"});
  CHECK(rows->at(1).cells == Cells{"x, \"y\"", "two\nlines"});
  CHECK(rows->at(2).cells == Cells{"last", ""});
  // Counted as the spreadsheet counts, with the rows that hold nothing.
  CHECK(rows->at(1).number == 2);
  CHECK(rows->at(2).number == 5);
}

TEST_CASE("CSV ends with or without a line end", "[syncserver][csv]") {
  CHECK(cells("a,b\n1,2") == cells("a,b\r\n1,2\r\n"));
  CHECK(cells("a\n\"\"\nb").size() == 2);
  CHECK(cells("").empty());
  CHECK(cells("\n\n,,\n").empty());
  CHECK(cells("a,") == std::vector<Cells>{{"a", ""}});
  CHECK(cells("\"\r\n\",x")[0] == Cells{"\r\n", "x"});
}

TEST_CASE("Quotes out of place are an error that names the row", "[syncserver][csv]") {
  const auto error = parse_csv("a\nb\n\"open\nend").error();
  CHECK(error.code == ErrorCode::kMalformed);
  CHECK(error.context.find("row 3") != std::string::npos);
  CHECK(parse_csv("a\n\"x\"y\n").error().code == ErrorCode::kMalformed);
  // A quote inside a plain cell is a letter, as inches are written.
  CHECK(cells("12\" wide,b")[0] == Cells{"12\" wide", "b"});
  std::string huge;
  huge.assign(kMaxCsvBytes + 1, 'x');
  CHECK(parse_csv(huge).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("No exported cell is run as a formula", "[syncserver][csv]") {
  CHECK(csv_cell("=1+1") == "'=1+1");
  CHECK(csv_cell("+91987") == "'+91987");
  CHECK(csv_cell("-x, y") == "\"'-x, y\"");
  CHECK(csv_cell("@cmd") == "'@cmd");
  CHECK(csv_cell("\t=1") == "'\t=1");
  CHECK(csv_cell("\r=1") == "\"'\r=1\"");
  CHECK(csv_cell("a=1") == "a=1");
  CHECK(csv_cell("a \"b\"") == "\"a \"\"b\"\"\"");
  CHECK(csv_row({"a", "b,c", ""}) == "a,\"b,c\",\r\n");
  CHECK(csv_row({}) == "\r\n");
}

TEST_CASE("What is written is read again", "[syncserver][csv]") {
  const Cells odd = {"इत्र, \"उत्तम\"",         "two\r\nlines", "", " spaces ", "عطر;", "\"",
                     std::string(40'000, 'x')};
  CHECK(cells(csv_row(odd) + csv_row(odd)) == std::vector<Cells>{odd, odd});
}

}  // namespace odop::syncserver
