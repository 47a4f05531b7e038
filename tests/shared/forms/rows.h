// Rows of the tables in tests/data/forms: fields apart by tabs, escapes \n \r \t \\ \u{HEX}, '#'
// begins a remark.
#pragma once

#include <string>
#include <vector>

namespace odop::test {

struct Row {
  int line = 0;
  std::vector<std::string> fields;  // unescaped
};

// Every row of tests/data/forms/NAME. Fails the running test when the file is missing or a row has
// not `fields` fields.
[[nodiscard]] std::vector<Row> read_rows(const std::string& name, std::size_t fields);

}  // namespace odop::test
