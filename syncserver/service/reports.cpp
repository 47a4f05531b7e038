#include "syncserver/service/reports.h"

#include "syncserver/service/answers_json.h"
#include "syncserver/service/import_forms.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace odop::syncserver {

namespace {

using namespace std::chrono;

constexpr std::int64_t kIndiaMs = 330LL * 60 * 1000;
constexpr std::string_view kWithdrawn = "withdrawn";

std::int64_t begins_ms(year_month month) {
  const sys_days first{month / day{1}};
  return duration_cast<milliseconds>(first.time_since_epoch()).count() - kIndiaMs;
}

std::string name_of(year_month month) {
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()),
                     static_cast<unsigned>(month.month()));
}

std::optional<year_month> parse_month(std::string_view text) {
  int year_part = 0;
  unsigned month_part = 0;
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  const auto y = std::from_chars(text.data(), text.data() + 4, year_part);
  const auto m = std::from_chars(text.data() + 5, text.data() + 7, month_part);
  if (y.ec != std::errc{} || y.ptr != text.data() + 4 || m.ec != std::errc{} ||
      m.ptr != text.data() + 7) {
    return std::nullopt;
  }
  const year_month month = year{year_part} / std::chrono::month{month_part};
  return month.ok() && year_part >= 2018 && year_part <= 2200 ? std::optional(month) : std::nullopt;
}

// Form id -> scheme id, of the forms in the draft.
Result<std::map<std::string, std::string>> schemes_of(Store& store) {
  const auto forms = store.draft_of(kFormType);
  if (!forms.has_value()) return fail(forms.error());
  std::map<std::string, std::string> schemes;
  const nlohmann::json::json_pointer pointer("/scheme/id");
  for (const CatalogueRecord& form : *forms) {
    const auto fields = nlohmann::json::parse(form.json, nullptr, false);
    if (!fields.is_object() || !fields.contains(pointer)) continue;
    if (fields.at(pointer).is_string()) schemes[form.id] = fields.at(pointer).get<std::string>();
  }
  return schemes;
}

}  // namespace

KindFigures& KindFigures::operator+=(const KindFigures& other) {
  received += other.received;
  answered += other.answered;
  withdrawn += other.withdrawn;
  open += other.open;
  overdue += other.overdue;
  return *this;
}

Result<ReportPeriod> report_period(std::string_view last_month, int months) {
  const auto last = parse_month(last_month);
  if (!last.has_value()) {
    return fail(ErrorCode::kInvalidArgument,
                "write the month as YYYY-MM, such as 2026-11, from 2018 on");
  }
  const year_month first = *last - std::chrono::months{months - 1};
  ReportPeriod period;
  period.from_ms = begins_ms(first);
  period.until_ms = begins_ms(*last + std::chrono::months{1});
  period.name = months == 1 ? name_of(*last) : name_of(first) + "/" + name_of(*last);
  return period;
}

Report count_cases(std::span<const CaseFact> facts, const ReportPeriod& period,
                   const std::map<std::string, std::string>& schemes, std::int64_t now_ms) {
  Report report;
  report.period = period;
  const std::int64_t end_ms = std::min(period.until_ms, now_ms);
  std::map<std::string, DistrictReport> districts;
  std::map<std::string, std::map<std::pair<std::string, std::string>, SchemeFigures>> applications;
  for (const CaseFact& one : facts) {
    if (one.received_ms >= period.until_ms) continue;
    const bool withdrawn = one.state == kWithdrawn;
    const bool came = one.received_ms >= period.from_ms;
    const bool ended = one.closed_ms >= period.from_ms && one.closed_ms < period.until_ms;
    const bool open = one.closed_ms == 0 || one.closed_ms >= period.until_ms;
    KindFigures figures;
    figures.received = came ? 1 : 0;
    figures.answered = ended && !withdrawn ? 1 : 0;
    figures.withdrawn = ended && withdrawn ? 1 : 0;
    figures.open = open ? 1 : 0;
    figures.overdue = open && one.due_ms != 0 && one.due_ms < end_ms ? 1 : 0;
    const std::string kind(kind_name(one.kind));
    DistrictReport& district = districts[one.district];
    district.district = one.district;
    if (figures != KindFigures{}) {
      district.kinds[kind] += figures;
      report.kinds[kind] += figures;
    }
    if (kind != "application") continue;
    const auto scheme = schemes.find(one.form_id);
    const std::string& id = scheme == schemes.end() ? one.form_id : scheme->second;
    SchemeFigures& count = applications[one.district][{id, one.state}];
    count.scheme = id;
    count.state = one.state;
    count.received += came ? 1U : 0U;
    ++count.total;
  }
  for (auto& [id, district] : districts) {
    for (auto& [key, figures] : applications[id]) district.applications.push_back(figures);
    report.districts.push_back(std::move(district));
  }
  return report;
}

Result<Report> make_report(Store& store, const ReportPeriod& period, const std::string& district,
                           std::int64_t now_ms) {
  if (!district.empty()) {
    const auto districts = store.draft_of("district");
    if (!districts.has_value()) return fail(districts.error());
    if (std::ranges::find(*districts, district, &CatalogueRecord::id) == districts->end()) {
      return fail(ErrorCode::kNotFound, fmt::format("there is no district \"{}\"", district));
    }
  }
  const auto schemes = schemes_of(store);
  if (!schemes.has_value()) return fail(schemes.error());
  const auto facts = store.case_facts(period.until_ms, district);
  if (!facts.has_value()) return fail(facts.error());
  return count_cases(*facts, period, *schemes, now_ms);
}

std::string shown_count(std::size_t count, bool is_public) {
  if (is_public && count > 0 && count < kSmallestPublicCell) {
    return fmt::format("<{}", kSmallestPublicCell);
  }
  return std::to_string(count);
}

std::vector<std::vector<std::string>> report_rows(const Report& report, bool is_public) {
  std::vector<std::vector<std::string>> rows = {
      {"period", "district", "measure", "kind", "scheme", "state", "count"}};
  const auto add = [&](const std::string& district, const char* measure, const std::string& kind,
                       const std::string& scheme, const std::string& state, std::size_t count) {
    rows.push_back({report.period.name, district, measure, kind, scheme, state,
                    shown_count(count, is_public)});
  };
  const auto add_kinds = [&](const std::string& district,
                             const std::map<std::string, KindFigures>& kinds) {
    for (const auto& [kind, figures] : kinds) {
      add(district, "received", kind, "", "", figures.received);
      add(district, "answered", kind, "", "", figures.answered);
      add(district, "withdrawn", kind, "", "", figures.withdrawn);
      add(district, "open", kind, "", "", figures.open);
      add(district, "overdue", kind, "", "", figures.overdue);
    }
  };
  for (const DistrictReport& one : report.districts) {
    const std::string district = one.district.empty() ? "state-cell" : one.district;
    add_kinds(district, one.kinds);
    for (const SchemeFigures& figures : one.applications) {
      add(district, "applications_received", "application", figures.scheme, figures.state,
          figures.received);
      add(district, "applications_total", "application", figures.scheme, figures.state,
          figures.total);
    }
  }
  if (report.districts.size() > 1) add_kinds("all", report.kinds);
  return rows;
}

}  // namespace odop::syncserver
