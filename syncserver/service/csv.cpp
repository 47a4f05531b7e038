#include "syncserver/service/csv.h"

#include <algorithm>
#include <utility>

namespace odop::syncserver {

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
  if (text.size() > kMaxCsvBytes) return fail(ErrorCode::kTooLarge, "more than 64 MiB");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<CsvRow> rows;
  CsvRow row{1, {}};
  std::string cell;
  bool quoted = false;      // inside quotes
  bool was_quoted = false;  // the cell had quotes, which are closed now
  const auto end_cell = [&] {
    row.cells.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
  };
  const auto end_row = [&] {
    end_cell();
    const std::size_t next = row.number + 1;
    const auto empty = [](const std::string& one) { return one.empty(); };
    const bool blank = std::ranges::all_of(row.cells, empty);
    if (!blank) rows.push_back(std::move(row));
    row = CsvRow{next, {}};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool pair = i + 1 < text.size();
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (pair && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
        was_quoted = true;
      }
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c == '\r' && pair && text[i + 1] == '\n') {
      continue;
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = true;
    } else if (was_quoted) {
      return fail(ErrorCode::kMalformed,
                  "row " + std::to_string(row.number) + ": text after a closing quote");
    } else {
      cell += c;
    }
  }
  if (quoted) {
    return fail(ErrorCode::kMalformed,
                "row " + std::to_string(row.number) + ": a quote is never closed");
  }
  if (!cell.empty() || was_quoted || !row.cells.empty()) end_row();
  return rows;
}

std::string csv_cell(std::string_view text) {
  std::string out(text);
  if (!out.empty() && std::string_view("=+-@\t\r").find(out.front()) != std::string_view::npos) {
    out.insert(out.begin(), '\'');
  }
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) out += ',';
    out += csv_cell(cell);
  }
  return out + "\r\n";
}

}  // namespace odop::syncserver
