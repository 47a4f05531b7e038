#include "shared/core/program.h"
#include "shared/wire/pack.h"
#include "syncserver/app/commands.h"
#include "syncserver/service/catalogue.h"
#include "syncserver/service/releases.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <set>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct CatalogueOptions {
  std::string path;
  bool valid_only = false;
  std::vector<std::string> names;
  int expires_days = static_cast<int>(kPointerLife.count());
  std::uint64_t release = 0;
  std::optional<std::uint64_t> from;
  std::optional<std::uint32_t> minimum_app;
  std::size_t last = 20;
};

std::chrono::days life_of(const CatalogueOptions& options) {
  return std::chrono::days{options.expires_days};
}

std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}

std::string where(const ImportError& error) {
  std::string text = error.file;
  if (error.row != 0) text += fmt::format(", row {}", error.row);
  if (!error.column.empty()) text += fmt::format(", column {}", error.column);
  return text;
}

int import(Context& context, const CommonOptions& common, const CatalogueOptions& options,
           std::string& done) {
  const auto report = import_catalogue(*context.store, context.media, options.path,
                                       options.valid_only, context.clock.wall());
  if (!report.has_value()) return fail_with(report.error());
  const bool good = report->errors.empty() || options.valid_only;
  done = fmt::format("{} records, {} pictures, {} errors", report->imported, report->pictures,
                     report->errors.size());
  if (common.json) {
    json errors = json::array();
    for (const ImportError& error : report->errors) {
      errors.push_back({{"file", error.file},
                        {"row", error.row},
                        {"column", error.column},
                        {"code", error.code},
                        {"message", error.message}});
    }
    print_json({{"imported", report->imported},
                {"pictures", report->pictures},
                {"recordings", report->recordings},
                {"errors", std::move(errors)}});
  } else {
    for (const ImportError& error : report->errors) {
      fmt::print("{}: {} [{}]\n", where(error), error.message, error.code);
    }
    fmt::print("imported {} records, {} pictures, {} recordings\n", report->imported,
               report->pictures, report->recordings);
  }
  if (good) return kDone;
  return fail_with({ErrorCode::kInvalidArgument,
                    fmt::format("nothing was imported: {} errors, the first in {}",
                                report->errors.size(), where(report->errors.front()))});
}

int say_published(const CommonOptions& common, const Published& published, std::string& done) {
  done = fmt::format("release {}, {} records, {} media, for program {}{}", published.release.value,
                     published.records, published.media, published.minimum_app,
                     published.changed ? "" : ", unchanged");
  if (published.minimum_app < published.before) {
    fmt::print(stderr,
               "odop-syncserver: note: the release before was for program {}; kiosks with an older "
               "one take this one\n",
               published.before);
  }
  if (published.minimum_app > kProgramNumber) {
    fmt::print(stderr,
               "odop-syncserver: note: program {} is newer than what came with this server "
               "({}); see with `kiosk list` which kiosks wait for it\n",
               published.minimum_app, kProgramNumber);
  }
  if (common.json) {
    return print_json({{"release", published.release.value},
                       {"records", published.records},
                       {"media", published.media},
                       {"minimum_app", published.minimum_app},
                       {"changed", published.changed}});
  }
  fmt::print("{} {}: {} records, {} media, for kiosks from program {} on\n",
             published.changed ? "published release" : "nothing changed, it stays release",
             published.release.value, published.records, published.media, published.minimum_app);
  return kDone;
}

int list_releases(const CommonOptions& common, const std::vector<Release>& releases) {
  json list = json::array();
  for (const Release& one : releases) {
    const std::uint32_t program = minimum_app_of(one);
    if (!common.json) {
      fmt::print("{:>10}  {:<16}  {:>6} records {:>6} media  from program {} on\n",
                 one.number.value, local_time(one.created_ms), one.records, one.media, program);
    }
    list.push_back({{"release", one.number.value},
                    {"previous", one.previous.value},
                    {"created_at", iso_time(one.created_ms)},
                    {"records", one.records},
                    {"media", one.media},
                    {"minimum_app", program}});
  }
  return common.json ? print_json(list) : kDone;
}

int show_difference(const CommonOptions& common, const Difference& difference) {
  if (common.json) {
    return print_json({{"from", difference.from.value},
                       {"added", difference.added},
                       {"changed", difference.changed},
                       {"removed", difference.removed}});
  }
  for (const auto& name : difference.added) fmt::print("+ {}\n", name);
  for (const auto& name : difference.changed) fmt::print("~ {}\n", name);
  for (const auto& name : difference.removed) fmt::print("- {}\n", name);
  fmt::print("against release {}: {} added, {} changed, {} removed\n", difference.from.value,
             difference.added.size(), difference.changed.size(), difference.removed.size());
  return kDone;
}

// Whether kiosks may have the record: it is in the draft, or was in some release. A name that is
// mistyped would else leave on show what should be hidden.
Result<bool> may_be_shown(Store& store, const std::string& type, const std::string& id) {
  const auto holds = [&id](const std::vector<CatalogueRecord>& records) {
    return std::ranges::find(records, id, &CatalogueRecord::id) != records.end();
  };
  const auto draft = store.draft_of(type);
  if (!draft.has_value()) return fail(draft.error());
  if (holds(*draft)) return true;
  const auto published = store.published(type);
  if (!published.has_value()) return fail(published.error());
  return holds(*published);
}

// Before anything is changed. Errors: kInvalidArgument, kNotFound.
Status check_names(Store& store, const std::vector<std::string>& names, bool lift) {
  const auto down = store.take_downs();
  if (!down.has_value()) return fail(down.error());
  for (const std::string& name : names) {
    std::string type;
    std::string id;
    if (!wire::split_record_id(name, type, id)) {
      return fail(ErrorCode::kInvalidArgument, name + " is no TYPE/ID");
    }
    if (std::ranges::find(*down, name) != down->end()) continue;
    if (lift) return fail(ErrorCode::kNotFound, name + " is not taken down");
    const auto shown = may_be_shown(store, type, id);
    if (!shown.has_value()) return fail(shown.error());
    if (!*shown) {
      return fail(ErrorCode::kNotFound,
                  "there is no " + name + ", neither in the draft nor in any release");
    }
  }
  return {};
}

int take_down(Context& context, const CommonOptions& common, const CatalogueOptions& options,
              bool lift, std::string& done_text) {
  const std::int64_t now_ms = context.clock.wall().time_since_epoch().count();
  if (const Status good = check_names(*context.store, options.names, lift); !good.has_value()) {
    return fail_with_words(good.error());
  }
  for (const std::string& name : options.names) {
    const Status done = lift ? context.store->lift_take_down(name)
                             : context.store->take_down(name, "admin", now_ms);
    if (!done.has_value()) return fail_with(done.error());
  }
  Publisher publisher(*context.store, context.keys, context.media, context.folder.root);
  const auto shown = publisher.show_take_downs(context.clock.wall());
  if (!shown.has_value()) return fail_with(shown.error());
  const auto all = context.store->take_downs();
  if (!all.has_value()) return fail_with(all.error());
  done_text = fmt::format("{} records are taken down now", all->size());
  if (common.json) return print_json({{"taken_down", *all}});
  fmt::print("{} records are taken down; kiosks learn it with their next call\n", all->size());
  return kDone;
}

void add_expiry(CLI::App& command, CatalogueOptions& options) {
  command
      .add_option("--expires-days", options.expires_days,
                  "Days until kiosks mark the release as stale")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
}

}  // namespace

void add_catalogue_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("catalogue", "Import, publish and compare the catalogue");
  group->require_subcommand(1);
  const auto add = [&chosen, group](const char* name, const char* about, auto work) {
    return add_command<CatalogueOptions>(*group, chosen, name, about, work);
  };

  const auto [import_command, import_options] = add(
      "import", "Import a folder of CSV files with media/, or one CSV file",
      [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
        return audited(context, "catalogue import", options.path,
                       [&](std::string& done) { return import(context, common, options, done); });
      });
  import_command->add_option("path", import_options->path, "Folder or CSV file")->required();
  import_command->add_flag("--valid-only", import_options->valid_only,
                           "Import the rows that are right even when others are wrong");

  const auto [remove_command, remove_options] =
      add("remove", "Remove records from the draft",
          [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
            const std::set<std::string> once(options.names.begin(), options.names.end());
            const std::vector<std::string> names(once.begin(), once.end());
            return audited(context, "catalogue remove", list_of(names), [&](std::string& done) {
              const Status removed = remove_records(*context.store, names, context.clock.wall());
              if (!removed.has_value()) return fail_with(removed.error());
              done = fmt::format("{} records", names.size());
              if (common.json) return print_json({{"removed", names.size()}});
              fmt::print("removed {} records\n", names.size());
              return kDone;
            });
          });
  remove_command->add_option("names", remove_options->names, "TYPE/ID ...")->required();

  const auto [down_command, down_options] = add(
      "take-down", "Hide records at once, without a new release",
      [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
        return audited(
            context, "catalogue take-down", list_of(options.names),
            [&](std::string& done) { return take_down(context, common, options, false, done); });
      });
  down_command->add_option("names", down_options->names, "TYPE/ID ...")->required();
  const auto [lift_command, lift_options] = add(
      "lift", "Show again what was taken down",
      [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
        return audited(context, "catalogue lift", list_of(options.names), [&](std::string& done) {
          return take_down(context, common, options, true, done);
        });
      });
  lift_command->add_option("names", lift_options->names, "TYPE/ID ...")->required();

  const auto [publish_command, publish_options] = add(
      "publish", "Publish the draft as the next release",
      [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
        Publisher publisher(*context.store, context.keys, context.media, context.folder.root);
        return audited(context, "catalogue publish", "", [&](std::string& text) {
          const auto done =
              publisher.publish(context.clock.wall(), life_of(options), options.minimum_app);
          return done.has_value() ? say_published(common, *done, text) : fail_with(done.error());
        });
      });
  add_expiry(*publish_command, *publish_options);
  publish_command
      ->add_option("--minimum-app", publish_options->minimum_app,
                   "Number of the oldest program that shall show it; by default that of the "
                   "release before, or more when the content wants it")
      ->check(CLI::Range(1, 1'000'000));

  const auto [releases_command, releases_options] =
      add("releases", "List the releases, newest first",
          [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
            Publisher publisher(*context.store, context.keys, context.media, context.folder.root);
            const auto releases = publisher.history(options.last);
            return releases.has_value() ? list_releases(common, *releases)
                                        : fail_with(releases.error());
          });
  releases_command->add_option("--last", releases_options->last, "At most so many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();

  const auto [rollback_command, rollback_options] = add(
      "rollback", "Publish the content of an earlier release under the next number",
      [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
        Publisher publisher(*context.store, context.keys, context.media, context.folder.root);
        const std::string subject = fmt::format("release {}", options.release);
        return audited(context, "catalogue rollback", subject, [&](std::string& text) {
          const auto done = publisher.rollback(ReleaseNumber{options.release}, context.clock.wall(),
                                               life_of(options));
          return done.has_value() ? say_published(common, *done, text) : fail_with(done.error());
        });
      });
  rollback_command->add_option("release", rollback_options->release, "Number of the release")
      ->required()
      ->check(check_number);
  add_expiry(*rollback_command, *rollback_options);

  const auto [diff_command, diff_options] =
      add("diff", "Show what publishing would change",
          [](Context& context, const CommonOptions& common, const CatalogueOptions& options) {
            Publisher publisher(*context.store, context.keys, context.media, context.folder.root);
            std::optional<ReleaseNumber> from;
            if (options.from.has_value()) from = ReleaseNumber{*options.from};
            const auto difference = publisher.diff(from);
            return difference.has_value() ? show_difference(common, *difference)
                                          : fail_with(difference.error());
          });
  diff_command
      ->add_option("--from", diff_options->from, "Compare with this release instead of the newest")
      ->check(check_number);
}

}  // namespace odop::syncserver
