#include "syncserver/service/case_sheet.h"

#include "shared/core/reference_number.h"
#include "shared/text/dates.h"
#include "shared/text/digits.h"
#include "shared/text/normalise.h"
#include "syncserver/service/answers_json.h"
#include "syncserver/service/cell_formats.h"
#include "syncserver/service/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace odop::syncserver {

namespace {

constexpr std::string_view kReference = "reference";
constexpr std::string_view kDistrict = "district";
constexpr std::string_view kSeen = "seen";
constexpr std::array<std::string_view, 6> kNeeded = {kReference,  kDistrict,    kSeen,
                                                     kSheetState, kSheetRemark, kSheetPortal};

std::string day_of(std::int64_t unix_ms) {
  if (unix_ms == 0) return {};
  return iso_date(india_date(WallTime(std::chrono::milliseconds(unix_ms))));
}

// Without the apostrophe by which csv_cell disarmed it.
std::string armed(std::string text) {
  const bool disarmed = text.size() > 1 && text[0] == '\'' &&
                        std::string_view("=+-@").find(text[1]) != std::string_view::npos;
  return disarmed ? text.substr(1) : text;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "; "));
}

struct Cells {
  std::size_t row = 0;
  std::map<std::string_view, std::string> by_column;  // of kNeeded
  [[nodiscard]] const std::string& operator[](std::string_view column) const {
    return by_column.find(column)->second;
  }
};

// Finds the columns by name, wherever the officer moved them; others may be there or not.
std::optional<std::vector<Cells>> read_cells(std::string_view csv, SheetReport& report) {
  const auto wrong = [&](std::size_t row, std::string_view column, const char* code,
                         std::string message) {
    report.problems.push_back({row, std::string(column), code, std::move(message)});
  };
  const auto rows = parse_csv(csv);
  if (!rows.has_value()) {
    wrong(0, "", "bad_csv",
          rows.error().context + "; save the sheet as CSV (UTF-8, comma separated) again");
    return std::nullopt;
  }
  if (!is_utf8(csv)) {
    wrong(0, "", "not_utf8", "the file is not UTF-8; save the sheet as CSV UTF-8 and try again");
    return std::nullopt;
  }
  if (rows->empty()) {
    wrong(0, "", "empty_file", "the file is empty; export the sheet anew");
    return std::nullopt;
  }
  if (rows->size() > kMaxSheetRows + 1) {
    wrong(0, "", "too_many_rows",
          fmt::format("there are more than {} rows; split the sheet", kMaxSheetRows));
    return std::nullopt;
  }
  std::map<std::string_view, std::size_t> place;
  for (const std::string_view column : kNeeded) {
    const auto& header = rows->front().cells;
    const auto found = std::ranges::find(header, column);
    if (found == header.end()) {
      wrong(1, column, "missing_column",
            "the sheet has lost this column; put it back with its name, or export anew");
      continue;
    }
    place[column] = static_cast<std::size_t>(found - header.begin());
  }
  if (!report.problems.empty()) return std::nullopt;
  std::vector<Cells> all;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    Cells cells;
    cells.row = row.number;
    // A spreadsheet may leave out empty cells at the end.
    for (const auto& [column, at] : place) {
      cells.by_column[column] = at < row.cells.size() ? armed(trimmed(row.cells[at])) : "";
    }
    all.push_back(std::move(cells));
  }
  return all;
}

// Checks one row; what it would do, or what is wrong with it.
class RowCheck {
 public:
  RowCheck(Submissions& submissions, const CasePaths& paths, const std::string& district,
           const Cells& cells, SheetReport& report)
      : submissions_(submissions),
        paths_(paths),
        district_(district),
        cells_(cells),
        report_(report) {}

  Status run(std::set<std::string>& done, const std::string& actor,
             std::vector<AnswerOrder>& orders) {
    if (cells_[kSheetState].empty() && cells_[kSheetRemark].empty() &&
        cells_[kSheetPortal].empty()) {
      ++report_.untouched;
      return {};
    }
    const std::size_t before = report_.problems.size();
    if (cells_[kDistrict] != district_) {
      wrong(kDistrict, "other_district",
            fmt::format("the sheet is {}'s, this row {}'s; move it to that district's sheet",
                        district_, cells_[kDistrict].empty() ? "nobody" : cells_[kDistrict]));
    }
    const auto reference = parse_reference(cells_[kReference]);
    if (!reference.has_value()) {
      wrong(kReference, "bad_reference",
            "this is no reference number: a digit is wrong or missing; copy it from the receipt "
            "or export the sheet anew");
    } else if (!done.insert(*reference).second) {
      wrong(kReference, "duplicate_row", "another row is about this case; keep one");
    }
    word_check(kSheetRemark, check_answer_text(cells_[kSheetRemark]));
    word_check(kSheetPortal, check_portal_reference(cells_[kSheetPortal]));
    if (report_.problems.size() != before) return {};
    const auto found = submissions_.show(*reference, district_);
    if (!found.has_value()) {
      if (found.error().code != ErrorCode::kNotFound) return fail(found.error());
      wrong(kReference, "unknown_case",
            fmt::format("there is no such case in {}; remove the row", district_));
      return {};
    }
    take(*found, actor, orders);
    return {};
  }

 private:
  void wrong(std::string_view column, const char* code, std::string message) {
    report_.problems.push_back({cells_.row, std::string(column), code, std::move(message)});
  }
  void word_check(std::string_view column, const Status& checked) {
    if (!checked.has_value())
      wrong(column, "bad_words", checked.error().context + "; shorten or correct it");
  }

  void take(const std::vector<SubmissionView>& found, const std::string& actor,
            std::vector<AnswerOrder>& orders) {
    const auto open = std::ranges::find_if(found, [](const SubmissionView& one) {
      return one.state != "restricted" && one.state != "erased";
    });
    if (open == found.end()) {
      return wrong(kReference, "withdrawn", "the asker has withdrawn; remove the row");
    }
    const CaseView& one = open->cases.front();
    std::uint64_t seen = 0;
    const std::string typed = fold_digits(cells_[kSeen]);
    const auto read = std::from_chars(typed.data(), typed.data() + typed.size(), seen);
    if (read.ec != std::errc{} || read.ptr != typed.data() + typed.size()) {
      return wrong(kSeen, "bad_number", "this cell was changed; copy it from the exported sheet");
    }
    if (seen != one.changes) {
      return wrong(
          kSeen, "changed_since",
          fmt::format("somebody went on with this case since the export, it is \"{}\" now; "
                      "export anew and fill the row again",
                      one.state));
    }
    const bool same_portal = cells_[kSheetPortal] == one.portal_reference;
    if (same_portal && cells_[kSheetState].empty() && cells_[kSheetRemark].empty()) {
      ++report_.untouched;
      return;
    }
    const std::string& state = cells_[kSheetState].empty() ? one.state : cells_[kSheetState];
    const Status step = paths_.step(paths_.path_of(open->form, open->kind), one.state, state);
    if (!step.has_value()) {
      return wrong(kSheetState, "bad_state", step.error().context + "; write one of these");
    }
    report_.changes.push_back({cells_.row, open->reference, one.state, state, cells_[kSheetRemark],
                               cells_[kSheetPortal]});
    AnswerOrder order;
    order.reference = open->reference;
    order.state = state;
    order.text = cells_[kSheetRemark];
    if (!same_portal) order.portal_reference = cells_[kSheetPortal];
    order.district = district_;
    order.actor = actor;
    order.seen = seen;
    orders.push_back(std::move(order));
  }

  Submissions& submissions_;
  const CasePaths& paths_;
  const std::string& district_;
  const Cells& cells_;
  SheetReport& report_;
};

}  // namespace

Result<std::vector<std::vector<std::string>>> CaseSheet::rows(const std::string& district) {
  const auto districts = store_.draft_of("district");
  if (!districts.has_value()) return fail(districts.error());
  if (std::ranges::find(*districts, district, &CatalogueRecord::id) == districts->end()) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no district \"{}\"", district));
  }
  const auto paths = case_paths(store_);
  if (!paths.has_value()) return fail(paths.error());
  SubmissionQuery query;
  query.district = district;
  query.limit = std::size_t{1'000'000};
  const auto views = submissions_.list(query);
  if (!views.has_value()) return fail(views.error());
  std::vector<std::vector<std::string>> rows = {
      {"reference", "kind", "form", "district", "received", "due", "overdue", "state", "may_become",
       "new_state", "remark", "portal_reference", "seen", "name", "mobile", "answers", "consents"}};
  for (const SubmissionView& view : *views) {
    for (const CaseView& one : view.cases) {
      if (one.closed_ms != 0) continue;
      const CaseState* state = paths->find(paths->path_of(view.form, view.kind), one.state);
      rows.push_back({group_reference(view.reference), view.kind, view.form, one.district,
                      day_of(view.received_ms), day_of(one.due_ms), one.overdue ? "yes" : "no",
                      one.state, state == nullptr ? "" : joined(office_states(state->next)), "", "",
                      one.portal_reference, std::to_string(one.changes),
                      field_text(view.fields, "name"), number_to_call(view.fields),
                      joined(other_fields(view.fields)), purposes_given(view.consents)});
    }
  }
  return rows;
}

Result<SheetReport> CaseSheet::import(std::string_view csv, const SheetImport& how) {
  SheetReport report;
  const auto cells = read_cells(csv, report);
  if (!cells.has_value()) return report;
  report.district = how.district;
  if (report.district.empty() && !cells->empty()) report.district = cells->front()[kDistrict];
  const auto paths = case_paths(store_);
  if (!paths.has_value()) return fail(paths.error());
  std::vector<AnswerOrder> orders;
  std::set<std::string> done;
  for (const Cells& row : *cells) {
    Status checked =
        RowCheck(submissions_, *paths, report.district, row, report).run(done, how.actor, orders);
    if (!checked.has_value()) return fail(std::move(checked.error()));
  }
  const bool good = report.problems.empty() || how.valid_only;
  if (how.preview || !good || orders.empty()) return report;
  if (Status answered = submissions_.answer_all(orders); !answered.has_value()) {
    return fail(std::move(answered.error()));
  }
  report.applied = true;
  return report;
}

}  // namespace odop::syncserver
