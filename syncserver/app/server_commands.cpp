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

// Of the roots: --keys, --threshold and the files that their holders brought back.
struct RootOptions {
  RootPlan plan;
  std::vector<std::string> files;
};

void add_root_plan(CLI::App& command, RootOptions& options) {
  command.add_option("--roots", options.plan.keys, "How many root keys to make, a file for each")
      ->check(CLI::Range(std::size_t{1}, wire::kMaxRootKeys))
      ->capture_default_str();
  command
      .add_option("--threshold", options.plan.threshold,
                  "How many of them must agree before a key is believed or revoked")
      ->capture_default_str();
}

void add_root_files(CLI::App& command, RootOptions& options) {
  command.add_option("--root", options.files,
                     "A file with a root key, once for each; default: those in DATA/keys");
}

int init(const CommonOptions& options, const RootOptions& roots) {
  const DataFolder folder{options.data};
  const SystemClock clock;
  SystemRandom random;
  std::error_code problem;
  for (const auto& path : {folder.root, folder.media(), folder.releases()}) {
    std::filesystem::create_directories(path, problem);
    if (problem) return fail_with({ErrorCode::kIo, path.string() + ": " + problem.message()});
  }
  const Status made = create_server_keys(folder.keys(), clock.wall(), roots.plan);
  if (!made.has_value()) return fail_with_words(made.error());
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
  if (roots.plan.keys == 1) {
    fmt::print("initialised {}; keep {} off line and back it up\n", options.data,
               (folder.keys() / "root.key").string());
  } else {
    fmt::print(
        "initialised {}; give each of {}/root-1.*.key to another holder, off line and backed up; "
        "{} of {} must come together to change a key\n",
        options.data, folder.keys().string(), roots.plan.threshold, roots.plan.keys);
  }
  return kDone;
}

struct RotateOptions {
  bool revoke = false;
  RootOptions roots;
};

// The newest release once more, so that what is shown is signed by a key that is vouched for now.
int signed_anew(Context& context, const CommonOptions& common, std::string& text) {
  auto keys = load_server_keys(context.folder.keys());
  if (!keys.has_value()) return fail_with(keys.error());
  if (!keys->publisher.has_value()) {
    return fail_with({ErrorCode::kNotFound, "publisher.key is not here"});
  }
  Publisher publisher(*context.store, *keys, context.media, context.folder.root);
  const auto anew = publisher.sign_anew(context.clock.wall());
  if (!anew.has_value()) return fail_with(anew.error());
  text = fmt::format("key {}, roots of version {}, release {} signed anew", keys->publisher->id(),
                     keys->roots.version, anew->value);
  if (common.json) {
    return print_json(
        {{"key", keys->publisher->id()}, {"roots", keys->roots.version}, {"release", anew->value}});
  }
  return kDone;
}

std::vector<std::filesystem::path> files_of(const RotateOptions& options) {
  return {options.roots.files.begin(), options.roots.files.end()};
}

int rotate_publisher_key(Context& context, const CommonOptions& common,
                         const RotateOptions& options) {
  return audited(
      context, "keys rotate publisher", options.revoke ? "the old key is revoked" : "",
      [&](std::string& text) {
        const Status rotated = rotate_publisher(context.folder.keys(), context.clock.wall(),
                                                options.revoke, files_of(options));
        if (!rotated.has_value()) return fail_with(rotated.error());
        const int code = signed_anew(context, common, text);
        if (code != kDone || common.json) return code;
        fmt::print(
            "{}; restart `serve`, so that the fleet hears of it, and take the root keys off line "
            "again\n",
            text);
        return kDone;
      });
}

int rotate_root_keys(Context& context, const CommonOptions& common, const RotateOptions& options) {
  const RootPlan& plan = options.roots.plan;
  return audited(
      context, "keys rotate roots", fmt::format("{} of {}", plan.threshold, plan.keys),
      [&](std::string& text) {
        const Status rotated =
            rotate_roots(context.folder.keys(), context.clock.wall(), plan, files_of(options));
        if (!rotated.has_value()) return fail_with_words(rotated.error());
        const int code = signed_anew(context, common, text);
        if (code != kDone || common.json) return code;
        fmt::print(
            "{}; restart `serve`, so that the fleet hears of it; give each new root key to its "
            "holder, and keep the old ones until every kiosk has been heard of\n",
            text);
        return kDone;
      });
}

}  // namespace

void add_server_commands(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("init", "Make a data folder with new keys");
  auto options = common_options(*command);
  auto roots = std::make_shared<RootOptions>();
  add_root_plan(*command, *roots);
  command->callback(
      [&chosen, options, roots] { chosen = [options, roots] { return init(*options, *roots); }; });

  CLI::App* keys = app.add_subcommand("keys", "The server's own keys");
  keys->require_subcommand(1);
  CLI::App* rotating = keys->add_subcommand("rotate", "Put a new key in the place of an old one");
  rotating->require_subcommand(1);
  const auto [rotate_command, rotate_options] = add_command<RotateOptions>(
      *rotating, chosen, "publisher", "A new publisher's key, vouched for by the roots",
      rotate_publisher_key);
  rotate_command->add_flag("--revoke", rotate_options->revoke,
                           "The old key may be in other hands: nobody believes it any more");
  add_root_files(*rotate_command, rotate_options->roots);
  const auto [roots_command, roots_options] = add_command<RotateOptions>(
      *rotating, chosen, "roots", "New root keys, signed by the old ones; the fleet follows",
      rotate_root_keys);
  add_root_plan(*roots_command, roots_options->roots);
  add_root_files(*roots_command, roots_options->roots);

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
