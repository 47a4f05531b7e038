// What an import would do, and everything that is wrong with it. Pure: the files' text and the
// draft come in, records and errors go out.
#pragma once

#include "syncserver/store/catalogue_records.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

// Errors beyond this are counted as one more: a wrong file is wrong in every row.
inline constexpr std::size_t kMaxImportErrors = 1000;
inline constexpr std::size_t kMaxCellBytes = 32 * 1024;

struct ImportError {
  std::string file;
  std::size_t row = 0;  // as a spreadsheet counts, the header is 1; 0 = the whole file
  std::string column;
  std::string code;     // stable word: not_utf8, not_nfc, legacy_font, missing_language ...
  std::string message;  // what is wrong and what to do
};

struct ImportFile {
  std::string name;  // "products.csv"; another name is told by its columns
  std::string text;
};

struct ImportPlan {
  std::vector<CatalogueRecord> upserts;  // of the rows that are right
  std::vector<ImportError> errors;
};

// Rows are merged into what the draft holds under the same id: a column that a file does not have
// keeps its value, an empty cell clears it. With `valid_only` a right row that refers to a wrong
// one is left out too, and said so.
[[nodiscard]] ImportPlan plan_import(std::span<const ImportFile> files,
                                     std::span<const CatalogueRecord> draft, bool valid_only);

}  // namespace odop::syncserver
