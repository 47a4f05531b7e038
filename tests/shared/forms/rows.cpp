#include "tests/shared/forms/rows.h"

#include "shared/text/utf8.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <string_view>

namespace odop::test {
namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    const char next = text[++i];
    if (next == 'u') {
      const std::size_t close = text.find('}', i);
      const std::string hex(text.substr(i + 2, close - i - 2));
      append_utf8(out, static_cast<char32_t>(std::stoul(hex, nullptr, 16)));
      i = close;
    } else {
      out.push_back(next == 'n' ? '\n' : next == 'r' ? '\r' : next == 't' ? '\t' : next);
    }
  }
  return out;
}

}  // namespace

std::vector<Row> read_rows(const std::string& name, std::size_t fields) {
  std::ifstream file(std::string(ODOP_SOURCE_DIR) + "/tests/data/forms/" + name);
  REQUIRE(file.good());
  std::vector<Row> rows;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    Row row{.line = number, .fields = {}};
    std::size_t from = 0;
    while (true) {
      const std::size_t tab = line.find('\t', from);
      row.fields.push_back(unescaped(std::string_view(line).substr(from, tab - from)));
      if (tab == std::string::npos) break;
      from = tab + 1;
    }
    CAPTURE(name, number);
    REQUIRE(row.fields.size() == fields);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace odop::test
