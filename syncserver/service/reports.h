// The office's figures: a district's month, the state's two months. Counts of cases only; nothing
// that a person wrote. Counting itself is pure.
#pragma once

#include "shared/core/result.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

// Below this a public figure could point at a person (design, section 4).
inline constexpr std::size_t kSmallestPublicCell = 5;

struct ReportPeriod {
  std::int64_t from_ms = 0;   // first day's beginning in India
  std::int64_t until_ms = 0;  // the day after the last
  std::string name{};         // "2026-11" or "2026-10/2026-11"
};

// `months` that end with the one named "YYYY-MM". Errors: kInvalidArgument.
[[nodiscard]] Result<ReportPeriod> report_period(std::string_view last_month, int months);

struct KindFigures {
  std::size_t received = 0;   // in the period
  std::size_t answered = 0;   // came to an end in the period, whenever they came in
  std::size_t withdrawn = 0;  // in the period
  std::size_t open = 0;       // at its end, or now if it is not over
  std::size_t overdue = 0;    // of those
  KindFigures& operator+=(const KindFigures& other);
  friend bool operator==(const KindFigures&, const KindFigures&) = default;
};

struct SchemeFigures {
  std::string scheme{};      // id, or the form's where it names none
  std::string state{};       // where they stand now
  std::size_t received = 0;  // in the period
  std::size_t total = 0;     // ever, until its end
};

struct DistrictReport {
  std::string district{};                      // empty: the state's cell
  std::map<std::string, KindFigures> kinds{};  // by kind; those with any figure
  std::vector<SchemeFigures> applications{};   // by scheme, state
};

struct Report {
  ReportPeriod period{};
  std::vector<DistrictReport> districts{};     // by id
  std::map<std::string, KindFigures> kinds{};  // of all of them
};

// `schemes`: form id -> scheme id. A period that is not over ends at `now_ms`.
[[nodiscard]] Report count_cases(std::span<const CaseFact> facts, const ReportPeriod& period,
                                 const std::map<std::string, std::string>& schemes,
                                 std::int64_t now_ms);

// Of one district (which must be in the catalogue), or with an empty one of all that have cases.
// Errors: kNotFound (no such district), those of the store.
[[nodiscard]] Result<Report> make_report(Store& store, const ReportPeriod& period,
                                         const std::string& district, std::int64_t now_ms);

// Rows of one long table, the header first: period, district, measure, kind, scheme, state, count.
// `is_public`: cells below kSmallestPublicCell read "<5", zeros stay.
[[nodiscard]] std::vector<std::vector<std::string>> report_rows(const Report& report,
                                                                bool is_public);
// A count as it may be shown.
[[nodiscard]] std::string shown_count(std::size_t count, bool is_public);

}  // namespace odop::syncserver
