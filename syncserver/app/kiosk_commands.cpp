#include "shared/core/program.h"
#include "shared/crypto/fingerprint.h"
#include "syncserver/app/commands.h"
#include "syncserver/service/csv.h"
#include "syncserver/service/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

using nlohmann::json;

std::map<std::string, KioskMode> modes() {
  return {{"test", KioskMode::kTest}, {"production", KioskMode::kProduction}};
}

// What the kiosk's maintenance screen shows too; empty before enrolment.
std::string fingerprint_of(const Context& context, const Device& device) {
  if (device.id.empty()) return {};
  return crypto::enrolment_fingerprint(device.public_key, context.keys.server.public_key());
}

// What it shows while the answer to its request is still on a stick.
std::string request_fingerprint_of(const Device& device) {
  return device.id.empty() ? std::string() : crypto::request_fingerprint(device.public_key);
}

json as_json(const Context& context, const KioskView& view) {
  const Kiosk& kiosk = view.row.kiosk;
  const Device& device = view.row.device;
  json missing = json::array();
  for (const Sequence sequence : view.missing) missing.push_back(sequence.value);
  json replaced_by = json::array();
  for (const KioskNumber number : view.replaced_by) replaced_by.push_back(number.value);
  return {{"kiosk", kiosk.number.value},
          {"name", kiosk.name},
          {"venue", kiosk.venue},
          {"district", kiosk.district},
          {"ring", kiosk.ring},
          {"mode", name_of(mode_of(kiosk))},
          {"state", name_of(view.state)},
          {"replaced_by", std::move(replaced_by)},
          {"device", device.id},
          {"fingerprint", fingerprint_of(context, device)},
          {"request_fingerprint", request_fingerprint_of(device)},
          {"seen_ms", device.state.seen_ms},
          {"release", device.state.release_shown.value},
          {"queue", device.state.queue},
          {"oldest_unsent_ms", device.state.oldest_unsent_ms},
          {"free_bytes", device.state.free_bytes},
          {"clock_offset_ms", device.state.clock_offset_ms},
          {"app_version", device.state.app_version},
          {"app_number", device.state.app_number},
          {"waiting_release", view.waiting.value},
          {"waiting_program", view.waiting_program},
          {"last_sequence", device.state.last_sequence.value},
          {"missing", std::move(missing)}};
}

void print(const Context& context, const KioskView& view) {
  const Device& device = view.row.device;
  fmt::print("{:>5}  {:<8}  release {:<5} queue {:<5} seen {:<16}  {} ({})\n",
             view.row.kiosk.number.value, name_of(view.state), device.state.release_shown.value,
             device.state.queue, local_time(device.state.seen_ms), view.row.kiosk.name,
             view.row.kiosk.venue);
  if (const auto fingerprint = fingerprint_of(context, device); !fingerprint.empty()) {
    fmt::print(
        "       fingerprint {}: the same as on the kiosk's maintenance screen ({} while it "
        "waits for its stick)\n",
        fingerprint, request_fingerprint_of(device));
  }
  for (const KioskNumber number : view.replaced_by) {
    fmt::print("       enrolled anew as kiosk {}\n", number.value);
  }
  if (view.state == KioskState::kForked) {
    fmt::print(
        "       its disk was copied or put back: add a kiosk and enrol it anew with that code{}\n",
        view.replaced_by.empty() ? "" : "; another copy still speaks under this number");
  }
  if (view.waiting_program != 0) {
    fmt::print("       release {} waits there for program {}; the kiosk runs {} ({})\n",
               view.waiting.value, view.waiting_program,
               std::max(device.state.app_number, kFirstProgramNumber), device.state.app_version);
  }
  if (!view.missing.empty()) {
    fmt::print("       {} submissions were given a number and never arrived, the first is {}\n",
               view.missing.size(), view.missing.front().value);
  }
}

int add(Context& context, const CommonOptions& common, const NewKiosk& wanted, std::string& done) {
  if (const Status known = known_district(context, wanted.district); !known.has_value()) {
    (void)fail_with(known.error());
    return kWrongArguments;
  }
  const auto added = add_kiosk(*context.store, wanted, context.clock.wall());
  if (!added.has_value()) return fail_with_words(added.error());
  done = fmt::format("kiosk {}", added->kiosk.value);
  if (!wanted.venue.empty() && !added->venue_known) {
    fmt::print(stderr, "odop-syncserver: note: the catalogue has no venue {}\n", wanted.venue);
  }
  if (common.json) {
    return print_json({{"kiosk", added->kiosk.value},
                       {"code", added->code},
                       {"expires_ms", added->expires_ms},
                       {"district", added->district}});
  }
  fmt::print("kiosk {}: enrolment code {}, valid once and until {}\n", added->kiosk.value,
             added->code, local_time(added->expires_ms));
  return kDone;
}

int list(Context& context, const CommonOptions& common) {
  const auto views = list_kiosks(*context.store, context.clock.wall());
  if (!views.has_value()) return fail_with(views.error());
  if (common.json) {
    json all = json::array();
    for (const KioskView& view : *views) all.push_back(as_json(context, view));
    return print_json(all);
  }
  for (const KioskView& view : *views) print(context, view);
  return kDone;
}

// What a person must look at: forks, pushes of revoked kiosks, withdrawals that do not fit.
int alarms(Context& context, const CommonOptions& common) {
  constexpr std::size_t kNewest = 1'000;
  const auto all = context.store->alarms(kNewest);
  if (!all.has_value()) return fail_with(all.error());
  if (common.json) {
    json list = json::array();
    for (const Alarm& one : *all) {
      list.push_back({{"id", one.id},
                      {"at", iso_time(one.at_ms)},
                      {"kind", one.kind},
                      {"device", one.device},
                      {"detail", one.detail}});
    }
    return print_json(list);
  }
  for (const Alarm& one : *all) {
    fmt::print("{:>5}  {}  {:<18}  {}  {}\n", one.id, local_time(one.at_ms), one.kind, one.device,
               one.detail);
  }
  return kDone;
}

int configure(Context& context, const CommonOptions& common, std::uint64_t number, KioskMode mode) {
  const auto view =
      configure_kiosk(*context.store, KioskNumber{number}, mode, context.clock.wall());
  if (!view.has_value()) return fail_with(view.error());
  if (common.json) return print_json(as_json(context, *view));
  print(context, *view);
  fmt::print("mode {}; the kiosk hears of it with its next heartbeat\n", name_of(mode));
  return kDone;
}

// NAME,PIN a line, under a header that says so.
Result<std::vector<StaffMember>> read_staff(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::kNotFound, "cannot read " + file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto rows = parse_csv(text);
  wipe(text);
  if (!rows.has_value()) return fail(rows.error());
  const std::vector<std::string> header{"name", "pin"};
  if (rows->empty() || rows->front().cells != header) {
    return fail(ErrorCode::kInvalidArgument, "the first line must be name,pin");
  }
  std::vector<StaffMember> staff;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.cells.size() != header.size()) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("row {}: it must be a name and a PIN", row.number));
    }
    staff.push_back({row.cells[0], row.cells[1]});
  }
  return staff;
}

int staff(Context& context, const CommonOptions& common, std::uint64_t number,
          const std::string& file, std::string& done) {
  const auto people = read_staff(file);
  if (!people.has_value()) return fail_with(people.error());
  const auto view = set_staff(*context.store, KioskNumber{number}, *people, context.clock.wall());
  if (!view.has_value()) return fail_with(view.error());
  done = fmt::format("{} people", people->size());
  if (common.json) return print_json(as_json(context, *view));
  print(context, *view);
  fmt::print("{} people have a PIN there; the kiosk hears of it with its next heartbeat\n",
             people->size());
  return kDone;
}

int revoke(Context& context, const CommonOptions& common, std::uint64_t number) {
  const auto view = revoke_kiosk(*context.store, KioskNumber{number}, context.clock.wall());
  if (!view.has_value()) return fail_with(view.error());
  if (common.json) return print_json(as_json(context, *view));
  print(context, *view);
  fmt::print("revoked; what it made after its last contact, {}, is unknown\n",
             local_time(view->row.device.state.seen_ms));
  return kDone;
}

}  // namespace

void add_kiosk_commands(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("kiosk", "Add, list and revoke kiosks");
  group->require_subcommand(1);

  CLI::App* add_command = group->add_subcommand("add", "Make a one-time enrolment code");
  auto add_common = common_options(*add_command);
  auto wanted = std::make_shared<NewKiosk>();
  add_command->add_option("--name", wanted->name, "What people call it")->required();
  add_command->add_option("--venue", wanted->venue, "Id of the venue where it stands");
  add_command->add_option("--district", wanted->district, "Id; by default that of the venue");
  add_command->add_option("--ring", wanted->ring, "Which releases it gets")->capture_default_str();
  add_command
      ->add_option("--mode", wanted->mode,
                   "test, or production: then the kiosk refuses --inspect (test by default)")
      ->transform(CLI::CheckedTransformer(modes()));
  add_command->callback([&chosen, add_common, wanted] {
    chosen = [add_common, wanted] {
      return with_context(*add_common, [&](Context& context) {
        return audited(context, "kiosk add",
                       fmt::format("{}, venue {}", wanted->name, wanted->venue),
                       [&](std::string& done) { return add(context, *add_common, *wanted, done); });
      });
    };
  });

  CLI::App* list_command = group->add_subcommand("list", "Show the fleet");
  auto list_common = common_options(*list_command);
  list_command->callback([&chosen, list_common] {
    chosen = [list_common] {
      return with_context(*list_common,
                          [&](Context& context) { return list(context, *list_common); });
    };
  });

  CLI::App* alarms_command =
      group->add_subcommand("alarms", "What kiosks did that a person must look at, newest first");
  auto alarms_common = common_options(*alarms_command);
  alarms_command->callback([&chosen, alarms_common] {
    chosen = [alarms_common] {
      return with_context(*alarms_common,
                          [&](Context& context) { return alarms(context, *alarms_common); });
    };
  });

  CLI::App* configure_command = group->add_subcommand("configure", "Set how a kiosk runs");
  auto configure_common = common_options(*configure_command);
  auto which = std::make_shared<std::uint64_t>(0);
  auto mode = std::make_shared<KioskMode>(KioskMode::kTest);
  configure_command->add_option("kiosk", *which, "Number of the kiosk")
      ->required()
      ->check(check_number);
  configure_command->add_option("--mode", *mode, "test or production")
      ->required()
      ->transform(CLI::CheckedTransformer(modes()));
  configure_command->callback([&chosen, configure_common, which, mode] {
    chosen = [configure_common, which, mode] {
      return with_context(*configure_common, [&](Context& context) {
        return audited(
            context, "kiosk configure", fmt::format("kiosk {}, mode {}", *which, name_of(*mode)),
            [&](std::string&) { return configure(context, *configure_common, *which, *mode); });
      });
    };
  });

  CLI::App* staff_command = group->add_subcommand(
      "staff", "Set whose PIN says at a kiosk that a form is filled with help");
  auto staff_common = common_options(*staff_command);
  auto staffed = std::make_shared<std::uint64_t>(0);
  auto from = std::make_shared<std::string>();
  staff_command->add_option("kiosk", *staffed, "Number of the kiosk")
      ->required()
      ->check(check_number);
  staff_command
      ->add_option("--from", *from,
                   "CSV with the columns name and pin (six digits); replaces those that were there")
      ->required();
  staff_command->callback([&chosen, staff_common, staffed, from] {
    chosen = [staff_common, staffed, from] {
      return with_context(*staff_common, [&](Context& context) {
        return audited(context, "kiosk staff", fmt::format("kiosk {}", *staffed),
                       [&](std::string& done) {
                         return staff(context, *staff_common, *staffed, *from, done);
                       });
      });
    };
  });

  CLI::App* revoke_command = group->add_subcommand("revoke", "Trust a kiosk no longer");
  auto revoke_common = common_options(*revoke_command);
  auto number = std::make_shared<std::uint64_t>(0);
  revoke_command->add_option("kiosk", *number, "Number of the kiosk")
      ->required()
      ->check(check_number);
  revoke_command->callback([&chosen, revoke_common, number] {
    chosen = [revoke_common, number] {
      return with_context(*revoke_common, [&](Context& context) {
        return audited(context, "kiosk revoke", fmt::format("kiosk {}", *number),
                       [&](std::string&) { return revoke(context, *revoke_common, *number); });
      });
    };
  });
}

}  // namespace odop::syncserver
