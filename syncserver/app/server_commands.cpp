#include "shared/core/ids.h"
#include "syncserver/app/commands.h"
#include "syncserver/app/serve.h"
#include "syncserver/service/releases.h"
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

struct RotateOptions {
  bool revoke = false;
};

int rotate(Context& context, const CommonOptions& common, const RotateOptions& options) {
  return audited(
      context, "keys rotate publisher", options.revoke ? "the old key is revoked" : "",
      [&](std::string& text) {
        const Status rotated =
            rotate_publisher(context.folder.keys(), context.clock.wall(), options.revoke);
        if (!rotated.has_value()) return fail_with(rotated.error());
        auto keys = load_server_keys(context.folder.keys());
        if (!keys.has_value()) return fail_with(keys.error());
        Publisher publisher(*context.store, *keys, context.media, context.folder.root);
        const auto signed_anew = publisher.sign_anew(context.clock.wall());
        if (!signed_anew.has_value()) return fail_with(signed_anew.error());
        text = fmt::format("key {}, release {} signed anew", keys->publisher->id(),
                           signed_anew->value);
        if (common.json) {
          return print_json({{"key", keys->publisher->id()}, {"release", signed_anew->value}});
        }
        fmt::print(
            "the publisher's key is now {}; restart `serve`, so that the fleet hears of it, and "
            "take root.key off line again\n",
            keys->publisher->id());
        return kDone;
      });
}

}  // namespace

void add_server_commands(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("init", "Make a data folder with new keys");
  auto options = common_options(*command);
  command->callback([&chosen, options] { chosen = [options] { return init(*options); }; });

  CLI::App* keys = app.add_subcommand("keys", "The server's own keys");
  keys->require_subcommand(1);
  CLI::App* rotating = keys->add_subcommand("rotate", "Put a new key in the place of an old one");
  rotating->require_subcommand(1);
  const auto [rotate_command, rotate_options] = add_command<RotateOptions>(
      *rotating, chosen, "publisher", "A new publisher's key, vouched for by the root key", rotate);
  rotate_command->add_flag("--revoke", rotate_options->revoke,
                           "The old key may be in other hands: nobody believes it any more");

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
