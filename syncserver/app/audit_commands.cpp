// The audit log, for whoever looks after those who act.
#include "syncserver/app/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct ListOptions {
  std::uint64_t after = 0;
  std::size_t limit = 1'000;
};

json as_json(const AuditEntry& entry) {
  return {{"number", entry.number},
          {"at", iso_time(entry.at_ms)},
          {"actor", entry.actor},
          {"act", entry.act},
          {"subject", entry.subject},
          {"outcome", entry.outcome},
          {"ends", entry.order},
          {"hash", to_hex(entry.hash)},
          {"previous", to_hex(entry.previous)}};
}

int list(Context& context, const CommonOptions& common, const ListOptions& options) {
  const auto entries = context.store->audit_after(options.after, options.limit);
  if (!entries.has_value()) return fail_with(entries.error());
  if (common.json) {
    json all = json::array();
    for (const AuditEntry& entry : *entries) all.push_back(as_json(entry));
    return print_json(all);
  }
  for (const AuditEntry& entry : *entries) {
    fmt::print(
        "{:>6}  {}  {:<16}  {:<20}  {}{}{}\n", entry.number, local_time(entry.at_ms), entry.actor,
        entry.act, entry.subject, entry.subject.empty() ? "" : "  ",
        entry.order == 0 ? entry.outcome : fmt::format("{} (of {})", entry.outcome, entry.order));
  }
  return kDone;
}

}  // namespace

void add_audit_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("audit", "Who did what, and when");
  group->require_subcommand(1);
  const auto [command, options] = add_command<ListOptions>(
      *group, chosen, "list", "Entries in their order; `verify` checks their chain", list);
  command->add_option("--after", options->after, "Only entries above this number")
      ->check(check_number);
  command->add_option("--limit", options->limit, "At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

}  // namespace odop::syncserver
