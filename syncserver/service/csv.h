// Comma-separated values after RFC 4180, as spreadsheets write and read them. Pure.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

// A file beyond this is not a catalogue table; 20,000 products take about 30 MB.
inline constexpr std::size_t kMaxCsvBytes = 64 * 1024 * 1024;

struct CsvRow {
  std::size_t number = 0;  // as a spreadsheet counts: the header is row 1
  std::vector<std::string> cells;
};

// All rows, the header first. A byte order mark is skipped; LF and CR LF end a row; rows without
// any text are left out. Errors: kMalformed (a quote that is never closed, text after a closing
// quote; the context names the row), kTooLarge.
[[nodiscard]] Result<std::vector<CsvRow>> parse_csv(std::string_view text);

// One cell as a spreadsheet may safely open it: quoted where needed, and with an apostrophe in
// front when it begins like a formula (= + - @, tab, CR), so that nobody's text is run as one.
[[nodiscard]] std::string csv_cell(std::string_view text);

// Cells joined to a row that ends with CR LF.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

}  // namespace odop::syncserver
