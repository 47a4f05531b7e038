#include "syncserver/app/commands.h"
#include "syncserver/service/bundles.h"
#include "syncserver/service/kiosk_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

struct Place {
  std::string path;
  std::optional<std::uint64_t> kiosk;
  bool factory = false;
};

json as_json(const TakenBundle& one) {
  json told = {{"file", one.file.string()},      {"kiosk", one.kiosk.value},
               {"passed_over", one.passed_over}, {"enrolled", one.asked},
               {"stored", one.stored},           {"duplicates", one.duplicates},
               {"quarantined", one.quarantined}, {"rejected", one.rejected},
               {"attachments", one.attachments}, {"damaged", one.damaged}};
  if (!one.fingerprint.empty()) {
    told["fingerprint"] = one.fingerprint;
    told["name"] = one.name;
  }
  if (one.problem && !one.passed_over) {
    told["error"] = {{"code", name_of(one.problem->code)}, {"message", one.problem->context}};
  }
  return told;
}

void print(const TakenBundle& one) {
  const std::string file = one_line(one.file.filename().string());
  if (one.passed_over) {
    fmt::print("{}: for kiosks, passed over\n", file);
  } else if (!one.fingerprint.empty()) {
    fmt::print("{}: asks to be let in{}{}, fingerprint {}: {}\n", file,
               one.name.empty() ? "" : " as ", one_line(one.name), one.fingerprint,
               one.asked ? fmt::format("kiosk {}", one.kiosk.value) : "refused");
  } else {
    fmt::print("{}: kiosk {}: {} stored, {} here before, {} quarantined, {} rejected\n", file,
               one.kiosk.value, one.stored, one.duplicates, one.quarantined, one.rejected);
  }
}

// The first thing that is wrong with what was not passed over.
std::optional<Error> first_problem(const std::vector<TakenBundle>& taken) {
  for (const TakenBundle& one : taken) {
    const std::string file = one.file.filename().string();
    if (one.problem && !one.passed_over) {
      return Error{one.problem->code, file + ": " + one.problem->context};
    }
    if (one.damaged > 0) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("{}: {} parts are damaged, the others were taken; bring it again",
                               file, one.damaged)};
    }
  }
  return std::nullopt;
}

int take_now(Context& context, const CommonOptions& common, const Place& place, std::string& done) {
  KioskApi api(*context.store, context.keys, context.clock, context.random, context.folder.root);
  Bundles bundles(*context.store, api, context.keys, context.clock);
  const auto taken = bundles.take(place.path);
  if (!taken.has_value()) return fail_with(taken.error());
  done = fmt::format("{} bundles", taken->size());
  if (common.json) {
    json files = json::array();
    std::size_t stored = 0, duplicates = 0, quarantined = 0, rejected = 0, enrolled = 0;
    for (const TakenBundle& one : *taken) {
      stored += one.stored;
      duplicates += one.duplicates;
      quarantined += one.quarantined;
      rejected += one.rejected;
      enrolled += one.asked ? 1U : 0U;
      files.push_back(as_json(one));
    }
    print_json({{"stored", stored},
                {"duplicates", duplicates},
                {"quarantined", quarantined},
                {"rejected", rejected},
                {"enrolled", enrolled},
                {"bundles", std::move(files)}});
  } else {
    for (const TakenBundle& one : *taken) print(one);
  }
  const bool all_passed_over =
      std::ranges::all_of(*taken, [](const TakenBundle& one) { return one.passed_over; });
  if (all_passed_over) {
    return fail_with(
        {ErrorCode::kNotFound, "no kiosk's bundle is here, only those of a server for kiosks"});
  }
  if (const auto problem = first_problem(*taken)) return fail_with(*problem);
  return kDone;
}

int take(Context& context, const CommonOptions& common, const Place& place) {
  return audited(context, "bundle import", place.path,
                 [&](std::string& done) { return take_now(context, common, place, done); });
}

int give_now(Context& context, const CommonOptions& common, const Place& place, std::string& done) {
  KioskApi api(*context.store, context.keys, context.clock, context.random, context.folder.root);
  Bundles bundles(*context.store, api, context.keys, context.clock);
  const auto give_to = [&]() -> Result<std::vector<GivenBundle>> {
    if (place.factory) {
      auto one = bundles.give_factory(place.path);
      if (!one.has_value()) return fail(std::move(one.error()));
      return std::vector{std::move(*one)};
    }
    std::optional<KioskNumber> kiosk;
    if (place.kiosk) kiosk = KioskNumber{*place.kiosk};
    return bundles.give(place.path, kiosk);
  };
  const auto given = give_to();
  if (!given.has_value()) return fail_with_words(given.error());
  done = fmt::format("{} bundles", given->size());
  json files = json::array();
  for (const GivenBundle& one : *given) {
    if (common.json) {
      json told = {{"file", one.file.string()},  {"kiosk", one.kiosk.value},
                   {"enrolment", one.enrolment}, {"receipts", one.receipts},
                   {"entries", one.entries},     {"release", one.release.value},
                   {"bytes", one.bytes}};
      if (one.pack_from) told["pack_from"] = one.pack_from->value;
      files.push_back(std::move(told));
    } else if (one.kiosk.value == 0) {
      fmt::print("{}: release {} for every kiosk, {} bytes\n", one.file.string(), one.release.value,
                 one.bytes);
    } else {
      fmt::print("{}: kiosk {}: {}{} receipts, {} entries of the feed, release {}, {} bytes\n",
                 one.file.string(), one.kiosk.value, one.enrolment ? "enrolment, " : "",
                 one.receipts, one.entries, one.release.value, one.bytes);
    }
  }
  return common.json ? print_json({{"bundles", std::move(files)}}) : kDone;
}

int give(Context& context, const CommonOptions& common, const Place& place) {
  return audited(context, "bundle export", place.path,
                 [&](std::string& done) { return give_now(context, common, place, done); });
}

}  // namespace

void add_bundle_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("bundle", "Carry to and from kiosks by USB stick");
  group->require_subcommand(1);
  const auto [import_command, from] =
      add_command<Place>(*group, chosen, "import",
                         "Take what kiosks put on a stick: submissions, enrolment requests", take);
  import_command->add_option("path", from->path, "A .odop file, or a folder with several")
      ->required();
  const auto [export_command, to] = add_command<Place>(
      *group, chosen, "export",
      "Put on a stick what kiosks wait for: enrolment, receipts, answers, the release", give);
  export_command
      ->add_option("path", to->path, "A folder: a bundle for each kiosk; or a file for one")
      ->required();
  auto* one = export_command->add_option("--kiosk", to->kiosk, "Only this kiosk's, by its number");
  export_command
      ->add_flag("--factory", to->factory,
                 "Into a file: the release for kiosks that know no server yet, for their package")
      ->excludes(one);
}

}  // namespace odop::syncserver
