#include "shared/core/reference_number.h"
#include "syncserver/app/commands.h"
#include "syncserver/service/case_sheet.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/lookup.h"
#include "syncserver/service/media_folder.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct CaseOptions {
  std::string district;
  std::string file;
  SheetImport how;
};

int export_sheet(Context& context, const CommonOptions& common, const CaseOptions& options,
                 std::string& done) {
  if (const Status known = known_district(context, options.district); !known.has_value()) {
    return fail_with(known.error());
  }
  Submissions submissions = submissions_of(context);
  const auto rows = CaseSheet(*context.store, submissions).rows(options.district);
  if (!rows.has_value()) return fail_with(rows.error());
  done = fmt::format("{} cases", rows->size() - 1);
  const std::string text = to_csv(*rows);
  if (options.file.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  }
  const Status written = write_durably(std::filesystem::absolute(options.file), text, 0600);
  if (!written.has_value()) return fail_with(written.error());
  if (common.json) return print_json({{"file", options.file}, {"cases", rows->size() - 1}});
  fmt::print("wrote {} open cases to {}\n", rows->size() - 1, options.file);
  return kDone;
}

json as_json(const SheetReport& report) {
  json changes = json::array();
  for (const SheetChange& one : report.changes) {
    changes.push_back({{"row", one.row},
                       {"reference", one.reference},
                       {"from", one.from},
                       {"to", one.to},
                       {"remark", one.remark},
                       {"portal_reference", one.portal_reference}});
  }
  json problems = json::array();
  for (const SheetProblem& one : report.problems) {
    problems.push_back(
        {{"row", one.row}, {"column", one.column}, {"code", one.code}, {"message", one.message}});
  }
  return {{"district", report.district},
          {"applied", report.applied},
          {"untouched", report.untouched},
          {"changes", std::move(changes)},
          {"errors", std::move(problems)}};
}

void print(const SheetReport& report) {
  for (const SheetProblem& one : report.problems) {
    fmt::print("row {}{}: {} [{}]\n", one.row, one.column.empty() ? "" : ", column " + one.column,
               one.message, one.code);
  }
  for (const SheetChange& one : report.changes) {
    fmt::print("row {}: {}  {} -> {}{}{}\n", one.row, group_reference(one.reference), one.from,
               one.to, one.portal_reference.empty() ? "" : ", portal " + one.portal_reference,
               one.remark.empty() ? "" : "  \"" + one_line(one.remark) + "\"");
  }
  fmt::print("{}: {} {}, {} untouched, {} wrong\n", report.district, report.changes.size(),
             report.applied ? "answered" : "to answer", report.untouched, report.problems.size());
}

int import_sheet(Context& context, const CommonOptions& common, const CaseOptions& options,
                 std::string& done) {
  const auto text = read_file(options.file, kMaxCsvBytes);
  if (!text.has_value()) return fail_with(text.error());
  Submissions submissions = submissions_of(context);
  const auto report = CaseSheet(*context.store, submissions).import(*text, options.how);
  if (!report.has_value()) return fail_with(report.error());
  std::vector<std::string> references;
  for (const SheetChange& one : report->changes) references.push_back(one.reference);
  done = fmt::format("district {}, {} {}, {} wrong: {}", report->district, references.size(),
                     report->applied ? "answered" : "not answered", report->problems.size(),
                     fmt::join(references, " "));
  if (common.json) {
    print_json(as_json(*report));
  } else {
    print(*report);
  }
  if (report->problems.empty() || options.how.valid_only) return kDone;
  const SheetProblem& first = report->problems.front();
  return fail_with({ErrorCode::kInvalidArgument,
                    fmt::format("nothing was changed: {} rows are wrong, the first is row {}",
                                report->problems.size(), first.row)});
}

}  // namespace

Submissions submissions_of(Context& context) {
  return {*context.store, *context.record_keys, lookup_key(context.keys), context.clock};
}

void add_case_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("cases", "A district's open cases as a sheet, out and back");
  group->require_subcommand(1);
  const auto [export_command, export_options] = add_command<CaseOptions>(
      *group, chosen, "export", "Write the open cases of a district as CSV",
      [](Context& context, const CommonOptions& common, const CaseOptions& options) {
        return audited(
            context, "cases export", "district " + options.district,
            [&](std::string& done) { return export_sheet(context, common, options, done); });
      });
  export_command->add_option("--district", export_options->district, "District id")->required();
  export_command->add_option("--out", export_options->file, "File; by default stdout");

  const auto [import_command, import_options] = add_command<CaseOptions>(
      *group, chosen, "import", "Take new_state, remark and portal_reference back from a sheet",
      [](Context& context, const CommonOptions& common, const CaseOptions& options) {
        const std::string subject = options.how.preview ? "preview" : options.how.district;
        return audited(context, "cases import", subject, [&](std::string& done) {
          return import_sheet(context, common, options, done);
        });
      });
  import_command->add_option("file", import_options->file, "CSV file")->required();
  import_command->add_option("--district", import_options->how.district,
                             "The officer's own; by default that of the first row");
  import_command->add_flag("--preview", import_options->how.preview,
                           "Say what each row would do and change nothing");
  import_command->add_flag("--valid-only", import_options->how.valid_only,
                           "Take the rows that are right even when others are wrong");
}

}  // namespace odop::syncserver
