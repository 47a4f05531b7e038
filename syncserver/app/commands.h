// The commands, by subject. Each function adds its subcommands to `app`; the one that was chosen
// puts what is to be done into `chosen`, so that nothing runs before all arguments are known to be
// right. Internal to the room.
#pragma once

#include "syncserver/app/context.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

namespace odop::syncserver {

using Action = std::function<int()>;

void add_server_commands(CLI::App& app, Action& chosen);      // init, serve
void add_backup_commands(CLI::App& app, Action& chosen);      // backup, restore, verify
void add_kiosk_commands(CLI::App& app, Action& chosen);       // kiosk ...
void add_submission_commands(CLI::App& app, Action& chosen);  // submissions ...
void add_catalogue_commands(CLI::App& app, Action& chosen);   // catalogue ...

// A subcommand with --data and --database (and --json when it reports). The options live as long as
// the command's action.
[[nodiscard]] std::shared_ptr<CommonOptions> common_options(CLI::App& command, bool reports = true);

// Opens the data folder and runs `work(context)`, which returns the exit code.
template <typename Work>
int with_context(const CommonOptions& options, const Work& work) {
  auto context = open_context(options);
  if (!context.has_value()) return fail_with(context.error());
  return work(**context);
}

}  // namespace odop::syncserver
