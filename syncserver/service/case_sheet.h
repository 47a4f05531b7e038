// The officer's round trip: open cases of a district go out as a sheet that spreadsheets open, and
// come back with states, remarks and portal references filled in.
//
// The sheet holds personal data: it is for the district's officer alone.
#pragma once

#include "shared/core/result.h"
#include "syncserver/service/submissions.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace odop::syncserver {

// The columns that an officer fills; what stands in the others is for reading, except the first
// three and `seen`, by which a row is found again.
inline constexpr std::string_view kSheetState = "new_state";
inline constexpr std::string_view kSheetRemark = "remark";
inline constexpr std::string_view kSheetPortal = "portal_reference";

// Rows of one sheet; a district's open cases are hundreds. More is another file.
inline constexpr std::size_t kMaxSheetRows = 5'000;

struct SheetProblem {
  std::size_t row = 0;  // as a spreadsheet counts, the header is 1; 0 = the whole file
  std::string column{};
  std::string code{};     // stable word
  std::string message{};  // what is wrong and what to do
};

struct SheetChange {
  std::size_t row = 0;
  std::string reference{};  // plain digits
  std::string from{};       // state now
  std::string to{};
  std::string remark{};
  std::string portal_reference{};
};

struct SheetReport {
  std::string district{};
  std::vector<SheetChange> changes{};  // of the rows that are right
  std::size_t untouched = 0;           // rows in which nothing was filled
  std::vector<SheetProblem> problems{};
  bool applied = false;
};

struct SheetImport {
  std::string district{};   // the officer's own; empty: that of the sheet's first row
  bool preview = false;     // say what would happen, change nothing
  bool valid_only = false;  // take the rows that are right even when others are wrong
  std::string actor = "sheet";
};

// Threads: any; all state is in the stores.
class CaseSheet {
 public:
  // References outlive the object.
  CaseSheet(Store& store, Submissions& submissions) : store_(store), submissions_(submissions) {}

  // Header and a row for each open case, oldest first; see to_csv. Errors: kNotFound (no such
  // district in the catalogue), those of the stores.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> rows(const std::string& district);

  // Reads a sheet and, unless it is a preview or something is wrong, answers all of its cases in
  // one transaction. What is wrong with a row is in the report; an Error is a store's, or kConflict
  // when somebody else answered between check and commit: nothing was changed then, import again.
  [[nodiscard]] Result<SheetReport> import(std::string_view csv, const SheetImport& how);

 private:
  Store& store_;
  Submissions& submissions_;
};

}  // namespace odop::syncserver
