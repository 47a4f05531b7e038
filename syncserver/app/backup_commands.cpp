#include "syncserver/app/commands.h"
#include "syncserver/service/backup.h"
#include "syncserver/service/verify.h"
#include "syncserver/store/sql_store.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

int say(const CommonOptions& common, const char* what, const BackupSummary& summary) {
  if (common.json) {
    return print_json(
        {{"files", summary.files}, {"bytes", summary.bytes}, {"generation", summary.generation}});
  }
  fmt::print("{}: {} files, {} bytes, read back and whole\n", what, summary.files, summary.bytes);
  return kDone;
}

void warn_of_damage(const BackupSummary& summary) {
  fmt::print(stderr,
             "odop-syncserver: note: {} submissions are damaged here and are not covered, so that "
             "kiosks keep theirs; the first: {}\n",
             summary.damaged.size(), summary.damaged.front());
}

struct BackupOptions {
  BackupPlaces places;
  std::vector<std::filesystem::path> erased;  // lists, of a restore
};

int backup(const CommonOptions& common, const BackupOptions& options) {
  const BackupPlaces& places = options.places;
  return with_context(common, [&](Context& context) {
    return audited(context, "backup", places.to.string(), [&](std::string& text) {
      const auto done = make_backup(*context.store, *context.record_keys, context.folder, places,
                                    context.clock.wall());
      if (!done.has_value()) return fail_with_words(done.error());
      text = fmt::format("{} files, {} bytes", done->files, done->bytes);
      if (!done->damaged.empty()) {
        warn_of_damage(*done);
        text += fmt::format(", {} damaged submissions not covered", done->damaged.size());
      }
      return say(common, "backed up", *done);
    });
  });
}

int restore(const CommonOptions& common, const BackupOptions& options) {
  const BackupPlaces& places = options.places;
  const SystemClock clock;
  SystemRandom random;
  const auto done = restore_backup(
      places, DataFolder{common.data},
      [](const std::filesystem::path& file) { return open_store(file.string()); }, random,
      clock.wall(), options.erased);
  if (!done.has_value()) return fail_with(done.error());
  if (!done->damaged.empty()) warn_of_damage(*done);
  if (!done->noted) {
    fmt::print(stderr,
               "odop-syncserver: note: the backup cannot be written, so nothing there says that it "
               "was restored; restore it a second time only when this life is lost\n");
  }
  // Kiosks remember: they believe no key that was revoked, whoever signs with it again.
  fmt::print(stderr,
             "odop-syncserver: note: keys and kiosks are those of the day of the backup; what was "
             "revoked since, revoke again (keys rotate publisher --revoke, kiosk revoke)\n");
  // The first entry of the new life says what lies before the gap.
  return with_context(common, [&](Context& context) {
    const Status entered = context.audit().note_restore(
        places.to.string(), fmt::format("done: {} files, {} bytes", done->files, done->bytes));
    return entered.has_value() ? say(common, "restored", *done) : fail_with(entered.error());
  });
}

int verify(const CommonOptions& common) {
  return with_context(common, [&](Context& context) {
    const auto done =
        verify_all(*context.store, *context.record_keys, context.keys, context.folder);
    if (!done.has_value()) return fail_with(done.error());
    if (common.json) {
      print_json({{"ok", done->problems.empty()},
                  {"submissions", done->submissions},
                  {"media", done->media},
                  {"releases", done->releases},
                  {"audit", done->audit},
                  {"problems", done->problems}});
    } else {
      for (const auto& problem : done->problems) fmt::print("{}\n", problem);
      fmt::print("verified {} submissions, {} media, {} releases, {} audit entries: {} problems\n",
                 done->submissions, done->media, done->releases, done->audit,
                 done->problems.size());
    }
    if (done->problems.empty()) return kDone;
    return fail_with(
        {ErrorCode::kCorrupt,
         fmt::format("{} problems, the first: {}", done->problems.size(), done->problems.front())});
  });
}

}  // namespace

void add_backup_commands(CLI::App& app, Action& chosen) {
  const auto add = [&app, &chosen](const char* name, const char* about, const char* path,
                                   const char* keys, const char* keys_about, auto work) {
    CLI::App* command = app.add_subcommand(name, about);
    auto common = common_options(*command);
    auto options = std::make_shared<BackupOptions>();
    command->add_option("path", options->places.to, path)->required();
    command->add_option(keys, options->places.keys_to, keys_about)->type_name("DIR");
    command->callback([&chosen, common, options, work] {
      chosen = [common, options, work] { return work(*common, *options); };
    });
    return std::pair(command, options);
  };
  (void)add("backup", "Copy database, media and keys, and read the copy back",
            "Folder to make for the copy", "--keys-to", "Put the keys there instead of PATH/keys",
            backup);
  const auto [restoring, options] =
      add("restore", "Fill an empty data folder from a backup", "Folder of the backup",
          "--keys-from", "Take the keys from there instead of PATH/keys", restore);
  restoring
      ->add_option("--erased", options->erased,
                   "Lists (erased.list of later backups) of what was erased since; those of the "
                   "backups beside PATH are found by themselves")
      ->type_name("FILE");

  CLI::App* command =
      app.add_subcommand("verify", "Check hashes and signatures of all that is kept");
  auto common = common_options(*command);
  command->callback([&chosen, common] { chosen = [common] { return verify(*common); }; });
}

}  // namespace odop::syncserver
