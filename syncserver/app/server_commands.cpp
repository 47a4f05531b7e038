#include "shared/core/ids.h"
#include "syncserver/app/commands.h"
#include "syncserver/app/serve.h"
#include "syncserver/store/sql_store.h"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>

namespace odop::syncserver {

namespace {

int init(const CommonOptions& options) {
  const DataFolder folder{options.data};
  const SystemClock clock;
  SystemRandom random;
  std::error_code problem;
  for (const auto& path : {folder.root, folder.media(), folder.releases()}) {
    std::filesystem::create_directories(path, problem);
    if (problem) return fail_with({ErrorCode::kIo, path.string() + ": " + problem.message()});
  }
  const Status made = create_server_keys(folder.keys(), clock.wall());
  if (!made.has_value()) return fail_with(made.error());
  auto store = open_store(database_address(options));
  if (!store.has_value()) return fail_with(store.error());
  const std::string generation = make_uuid7(clock.wall(), random);
  const Status named = (*store)->set_generation(generation);
  if (!named.has_value()) return fail_with(named.error());
  auto keys = open_key_store(folder.record_keys());
  if (!keys.has_value()) return fail_with(keys.error());
  const auto context = open_context(options);
  if (!context.has_value()) return fail_with(context.error());
  const Status entered = (*context)->audit().note("init", "", "done: generation " + generation);
  if (!entered.has_value()) return fail_with(entered.error());
  if (options.json) return print_json({{"data", options.data}, {"generation", generation}});
  fmt::print("initialised {}; keep {} off line and back it up\n", options.data,
             (folder.keys() / "root.key").string());
  return kDone;
}

}  // namespace

void add_server_commands(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("init", "Make a data folder with new keys");
  auto options = common_options(*command);
  command->callback([&chosen, options] { chosen = [options] { return init(*options); }; });

  CLI::App* serving = app.add_subcommand("serve", "Serve the kiosks until SIGTERM");
  auto common = common_options(*serving, false);
  auto serve_options = std::make_shared<ServeOptions>();
  serving->add_option("--listen", serve_options->listen, "HOST:PORT; port 0: the system chooses")
      ->capture_default_str();
  serving->add_flag("--behind-proxy", serve_options->behind_proxy,
                    "Allow another address than loopback: nginx stands in front");
  serving
      ->add_option("--rate-limit", serve_options->rate_limit,
                   "Requests a second and token, 0 for none")
      ->check(CLI::Range(0.0, 1e6));
  serving->callback([&chosen, common, serve_options] {
    chosen = [common, serve_options] {
      return with_context(*common,
                          [&](Context& context) { return serve(context, *serve_options); });
    };
  });
}

}  // namespace odop::syncserver
