// The commands, by subject. Each function adds its subcommands to `app`; the one that was chosen
// puts what is to be done into `chosen`, so that nothing runs before all arguments are known to be
// right. Internal to the room.
#pragma once

#include "syncserver/app/context.h"
#include "syncserver/service/submissions.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace odop::syncserver {

using Action = std::function<int()>;

void add_server_commands(CLI::App& app, Action& chosen);      // init, serve
void add_backup_commands(CLI::App& app, Action& chosen);      // backup, restore, verify
void add_kiosk_commands(CLI::App& app, Action& chosen);       // kiosk ...
void add_submission_commands(CLI::App& app, Action& chosen);  // submissions ...
void add_catalogue_commands(CLI::App& app, Action& chosen);   // catalogue ...
void add_office_commands(CLI::App& app, Action& chosen);      // duplicates, report, erase
void add_case_commands(CLI::App& app, Action& chosen);        // cases ...
void add_bundle_commands(CLI::App& app, Action& chosen);      // bundle ...
void add_audit_commands(CLI::App& app, Action& chosen);       // audit ...

// The office's view on the opened data folder.
[[nodiscard]] Submissions submissions_of(Context& context);

// A subcommand with --data and --database (and --json when it reports). The options live as long as
// the command's action.
[[nodiscard]] std::shared_ptr<CommonOptions> common_options(CLI::App& command, bool reports = true);

// Checks that an argument is a whole number of digits alone: "-1" would else become a huge one.
[[nodiscard]] std::string check_number(const std::string& typed);

// Opens the data folder and runs `work(context)`, which returns the exit code.
template <typename Work>
int with_context(const CommonOptions& options, const Work& work) {
  auto context = open_context(options);
  if (!context.has_value()) return fail_with(context.error());
  return work(**context);
}

// Adds `name` under `group`: with the common options, an Options of its own that lives as long as
// the action, and `work(context, common, options)` to be done when it is chosen.
template <typename Options, typename Work>
std::pair<CLI::App*, std::shared_ptr<Options>> add_command(CLI::App& group, Action& chosen,
                                                           const char* name, const char* about,
                                                           Work work) {
  CLI::App* command = group.add_subcommand(name, about);
  auto common = common_options(*command);
  auto options = std::make_shared<Options>();
  command->callback([&chosen, common, options, work] {
    chosen = [common, options, work] {
      return with_context(*common,
                          [&](Context& context) { return work(context, *common, *options); });
    };
  });
  return {command, options};
}

}  // namespace odop::syncserver
