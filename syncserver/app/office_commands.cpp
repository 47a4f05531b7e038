// What the office keeps an eye on: duplicates, figures, and what is to be destroyed.
#include "shared/core/reference_number.h"
#include "syncserver/app/commands.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/duplicates.h"
#include "syncserver/service/erasure.h"
#include "syncserver/service/producers.h"
#include "syncserver/service/reports.h"
#include "syncserver/store/sql_store.h"

#include <fmt/format.h>

#include <cstdio>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct DuplicateOptions {
  std::string district;
  bool settled = false;
  std::string first;
  std::string second;
  bool same = false;
  bool different = false;
};

json as_json(const Registrant& one) {
  return {{"reference", one.reference}, {"name", one.name},       {"mobile", one.mobile},
          {"district", one.district},   {"village", one.village}, {"pin", one.pin},
          {"product", one.craft}};
}

int list_duplicates(Context& context, const CommonOptions& common,
                    const DuplicateOptions& options) {
  if (const Status known = known_district(context, options.district); !known.has_value()) {
    return fail_with(known.error());
  }
  const Status seen = audit_look(context, "duplicates list",
                                 options.district.empty() ? "all" : "district " + options.district);
  if (!seen.has_value()) return fail_with(seen.error());
  const auto pairs = Duplicates(*context.store, *context.record_keys, context.clock)
                         .list(options.district, options.settled);
  if (!pairs.has_value()) return fail_with(pairs.error());
  if (common.json) {
    json all = json::array();
    for (const DuplicatePair& pair : *pairs) {
      all.push_back({{"first", as_json(pair.first)},
                     {"second", as_json(pair.second)},
                     {"score", pair.likeness.score},
                     {"reasons", pair.likeness.reasons},
                     {"verdict", pair.verdict}});
    }
    return print_json(all);
  }
  for (const DuplicatePair& pair : *pairs) {
    fmt::print("{:3}  {}  {}  ({})\n     {}  {}  {}{}\n", pair.likeness.score,
               group_reference(pair.first.reference), pair.first.name, pair.first.district,
               group_reference(pair.second.reference), pair.second.name,
               fmt::join(pair.likeness.reasons, ", "),
               pair.verdict.empty() ? "" : ": " + pair.verdict);
  }
  fmt::print("{} pairs; settle each with `duplicates settle A B --same` or `--different`\n",
             pairs->size());
  return kDone;
}

int settle_duplicate(Context& context, const CommonOptions& common,
                     const DuplicateOptions& options) {
  const char* verdict = options.same ? "same" : "different";
  const int exit_code = audited(
      context, "duplicates settle",
      fmt::format("references {} and {}: {}", options.first, options.second, verdict),
      [&](std::string&) {
        const Status done = Duplicates(*context.store, *context.record_keys, context.clock)
                                .settle(options.first, options.second, options.same, context.actor);
        return done.has_value() ? kDone : fail_with_words(done.error());
      });
  if (exit_code != kDone) return exit_code;
  if (common.json) {
    return print_json({{"first", options.first}, {"second", options.second}, {"verdict", verdict}});
  }
  fmt::print("settled: {}\n", verdict);
  return kDone;
}

struct ReportOptions {
  std::string month;
  std::string state_months;
  std::string district;
  bool csv = false;
  bool is_public = false;
};

json count_json(std::size_t count, bool is_public) {
  const std::string shown = shown_count(count, is_public);
  return shown.front() == '<' ? json(shown) : json(count);
}

json as_json(const std::map<std::string, KindFigures>& kinds, bool is_public) {
  json all = json::object();
  for (const auto& [kind, figures] : kinds) {
    all[kind] = {{"received", count_json(figures.received, is_public)},
                 {"answered", count_json(figures.answered, is_public)},
                 {"withdrawn", count_json(figures.withdrawn, is_public)},
                 {"open", count_json(figures.open, is_public)},
                 {"overdue", count_json(figures.overdue, is_public)}};
  }
  return all;
}

json as_json(const Report& report, bool is_public) {
  json districts = json::array();
  for (const DistrictReport& one : report.districts) {
    json applications = json::array();
    for (const SchemeFigures& figures : one.applications) {
      applications.push_back({{"scheme", figures.scheme},
                              {"state", figures.state},
                              {"received", count_json(figures.received, is_public)},
                              {"total", count_json(figures.total, is_public)}});
    }
    districts.push_back({{"district", one.district},
                         {"kinds", as_json(one.kinds, is_public)},
                         {"applications", std::move(applications)}});
  }
  return {{"period", report.period.name},
          {"from", iso_time(report.period.from_ms)},
          {"until", iso_time(report.period.until_ms)},
          {"kinds", as_json(report.kinds, is_public)},
          {"districts", std::move(districts)}};
}

int make(Context& context, const CommonOptions& common, const ReportOptions& options) {
  const bool whole_state = !options.state_months.empty();
  const auto period =
      report_period(whole_state ? options.state_months : options.month, whole_state ? 2 : 1);
  if (!period.has_value()) return fail_with_words(period.error());
  const auto report = make_report(*context.store, *period, options.district,
                                  context.clock.wall().time_since_epoch().count());
  if (!report.has_value()) return fail_with(report.error());
  if (common.json) return print_json(as_json(*report, options.is_public));
  const auto rows = report_rows(*report, options.is_public);
  if (options.csv) {
    const std::string text = to_csv(rows);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  }
  for (const auto& row : rows) {
    fmt::print("{:16} {:22} {:14} {:28} {:18} {:>6}\n", row[1], row[2], row[3], row[4], row[5],
               row[6]);
  }
  return kDone;
}

struct DraftOptions {
  std::string reference;
  std::string stall;
};

int list_drafts(Context& context, const CommonOptions& common, const DraftOptions& /*options*/) {
  const Status seen = audit_look(context, "drafts list", "all");
  if (!seen.has_value()) return fail_with(seen.error());
  const auto drafts = Producers(*context.store, *context.record_keys, context.clock).list();
  if (!drafts.has_value()) return fail_with(drafts.error());
  if (common.json) {
    json all = json::array();
    for (const ProducerView& one : *drafts) {
      all.push_back({{"reference", one.reference},
                     {"record", one.record},
                     {"district", one.district},
                     {"accepted", one.accepted},
                     {"may_have_stall", one.may_have_stall},
                     {"place", one.place},
                     {"stall", one.stall},
                     {"made_at", iso_time(one.made_ms)},
                     {"fields", json::parse(one.json, nullptr, false)}});
    }
    return print_json(all);
  }
  for (const ProducerView& one : *drafts) {
    const std::string stall = one.stall.empty() ? "" : " with " + one.stall;
    fmt::print("{}  {}  {}  {}{}\n", group_reference(one.reference), one.record, one.district,
               one.json, one.accepted ? "  in the catalogue" + stall : "");
  }
  return kDone;
}

int accept_draft(Context& context, const CommonOptions& common, const DraftOptions& options) {
  return audited(
      context, "drafts accept", "reference " + options.reference, [&](std::string& done) {
        const auto accepted = Producers(*context.store, *context.record_keys, context.clock)
                                  .accept(options.reference, options.stall);
        if (!accepted.has_value()) return fail_with_words(accepted.error());
        done = accepted->producer + (accepted->stall.empty() ? "" : ", " + accepted->stall);
        if (common.json) {
          return print_json({{"record", accepted->producer}, {"stall", accepted->stall}});
        }
        fmt::print("{} is in the catalogue's draft; the next publication shows it\n", done);
        return kDone;
      });
}

struct EraseOptions {
  bool preview = false;
};

int erase(Context& context, const CommonOptions& common, const EraseOptions& options,
          std::string& done) {
  const auto report = erase_due(
      *context.store, *context.record_keys, context.folder,
      [](const std::filesystem::path& file) { return open_store(file.string()); },
      context.clock.wall(), options.preview);
  if (!report.has_value()) return fail_with(report.error());
  done = fmt::format("{}: {}", report->references.size(), fmt::join(report->references, " "));
  if (common.json) {
    return print_json({{"references", report->references},
                       {"done", report->done},
                       {"backups_cleaned", report->backups_cleaned},
                       {"backups_left", report->backups_left}});
  }
  for (const std::string& one : report->references) fmt::print("{}\n", group_reference(one));
  fmt::print("{} {}\n", report->references.size(),
             report->done ? "destroyed" : "would be destroyed");
  for (const std::string& place : report->backups_cleaned) {
    fmt::print("gone from the backup {}\n", place);
  }
  for (const std::string& place : report->backups_left) {
    fmt::print(
        "not gone from the backup {}, which is not there or damaged: restore it with the "
        "list of a later backup (--erased)\n",
        place);
  }
  return kDone;
}

}  // namespace

void add_office_commands(CLI::App& app, Action& chosen) {
  CLI::App* duplicates =
      app.add_subcommand("duplicates", "Registrations that may be the same person's");
  duplicates->require_subcommand(1);
  const auto [list_command, list_options] = add_command<DuplicateOptions>(
      *duplicates, chosen, "list", "Pairs with their reasons, likeliest first", list_duplicates);
  list_command->add_option("--district", list_options->district, "Only of this district (id)");
  list_command->add_flag("--settled", list_options->settled, "Also those that were settled");
  const auto [settle_command, settle_options] = add_command<DuplicateOptions>(
      *duplicates, chosen, "settle", "Say what a pair is; nothing is merged", settle_duplicate);
  settle_command->add_option("first", settle_options->first, "Reference")->required();
  settle_command->add_option("second", settle_options->second, "Reference")->required();
  auto* verdict = settle_command->add_option_group("verdict");
  verdict->add_flag("--same", settle_options->same, "The same person registered twice");
  verdict->add_flag("--different", settle_options->different, "Two people");
  verdict->require_option(1);

  const auto [report_command, report_options] = add_command<ReportOptions>(
      app, chosen, "report", "A district's month, or the state's two months, in figures", make);
  auto* period = report_command->add_option_group("period");
  period->add_option("--month", report_options->month, "YYYY-MM");
  period->add_option("--state-months", report_options->state_months,
                     "YYYY-MM: this month and the one before, of every district");
  period->require_option(1);
  report_command->add_option("--district", report_options->district, "Only this district (id)");
  report_command->add_flag("--csv", report_options->csv, "A CSV table on stdout");
  report_command->add_flag("--public", report_options->is_public,
                           "For the public: counts below five are not told");

  CLI::App* drafts = app.add_subcommand("drafts", "Producers who may come into the catalogue");
  drafts->require_subcommand(1);
  (void)add_command<DraftOptions>(*drafts, chosen, "list",
                                  "Approved registrations whose people agreed to be shown",
                                  list_drafts);
  const auto [accept_command, accept_options] = add_command<DraftOptions>(
      *drafts, chosen, "accept", "Take one into the catalogue's draft", accept_draft);
  accept_command->add_option("reference", accept_options->reference, "Of the registration")
      ->required();
  accept_command->add_option("--stall", accept_options->stall,
                             "Where the producer stands: id of a stall of the catalogue");

  CLI::App* erase_group = app.add_subcommand("erase", "Destroy what was withdrawn");
  erase_group->require_subcommand(1);
  const auto [due_command, due_options] = add_command<EraseOptions>(
      *erase_group, chosen, "due", "Destroy what was withdrawn more than a year ago",
      [](Context& context, const CommonOptions& common, const EraseOptions& options) {
        return audited(context, "erase due", options.preview ? "preview" : "",
                       [&](std::string& done) { return erase(context, common, options, done); });
      });
  due_command->add_flag("--preview", due_options->preview, "Only say what would be destroyed");
}

}  // namespace odop::syncserver
