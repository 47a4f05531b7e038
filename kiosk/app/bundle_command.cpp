#include "kiosk/app/bundle_command.h"

#include "kiosk/app/hardening.h"
#include "kiosk/app/options.h"
#include "kiosk/sync/bundle_exchange.h"
#include "shared/core/clock.h"
#include "shared/core/program.h"
#include "shared/core/random.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace odop::kiosk::app {
namespace {

using nlohmann::json;

struct Arguments {
  BundleOrder order;
  bool json = false;
  bool progress = false;
};

// Bundles and their names come from strangers: one line that a terminal can show.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 500));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

int complain(std::string_view what, int status = 1) {
  fmt::print(stderr, "odop-kiosk: {}\n", one_line(what));
  return status;
}

void say(const json& value) {
  fmt::print("{}\n", value.dump(-1, ' ', false, json::error_handler_t::replace));
  std::fflush(stdout);
}

// On stdout beside the line for people, so that a program need not read that.
int complain(const Arguments& arguments, const Error& error) {
  if (arguments.json) say({{"error", name_of(error.code)}, {"message", one_line(error.context)}});
  return complain(fmt::format("{} ({})", error.context, name_of(error.code)),
                  error.code == ErrorCode::kInvalidArgument ? 2 : 1);
}

int give(const Arguments& arguments) {
  const SystemClock clock;
  const auto given = give_bundle(arguments.order, clock);
  if (!given) return complain(arguments, given.error());
  if (arguments.json) {
    say({{"file", given->file.string()},
         {"enrolment", given->enrolment},
         {"fingerprint", given->fingerprint},
         {"submissions", given->submissions},
         {"left", given->left},
         {"bytes", given->bytes}});
  } else if (given->enrolment) {
    fmt::print("{}: asks to be let in, fingerprint {}\n", given->file.string(), given->fingerprint);
  } else {
    fmt::print("{}: {} submissions\n", given->file.string(), given->submissions);
  }
  if (given->left == 0) return 0;
  return complain(
      fmt::format("{} submissions are not on the stick: take another bundle when this "
                  "one was carried",
                  given->left));
}

int take(const Arguments& arguments) {
  const SystemClock clock;
  SystemRandom random;
  BundleOrder order = arguments.order;
  if (arguments.progress) {
    order.progress = [](std::uint32_t permille) { say({{"progress_permille", permille}}); };
  }
  const auto taken = take_bundles(order, clock, random);
  if (!taken) return complain(arguments, taken.error());
  if (arguments.json) {
    say({{"bundles", taken->bundles},
         {"passed_over", taken->passed_over},
         {"damaged", taken->damaged},
         {"enrolled", taken->enrolled},
         {"kiosk", taken->kiosk.value},
         {"arrived", taken->arrived.size()},
         {"answers", taken->answers.size()},
         {"release", taken->release.value},
         {"new_release", taken->new_release},
         {"waiting", taken->waiting.value},
         {"waiting_program", taken->waiting_program},
         {"older", taken->older},
         {"trouble", taken->trouble}});
  } else {
    if (taken->enrolled) {
      fmt::print("enrolled as kiosk {}, {}\n", taken->kiosk.value, one_line(taken->kiosk_name));
    }
    fmt::print("{} arrived, {} answers, release {}{}{}\n", taken->arrived.size(),
               taken->answers.size(), taken->release.value, taken->new_release ? " (new)" : "",
               taken->older ? "; some of it is older than what is here" : "");
  }
  if (taken->damaged > 0) {
    return complain(
        fmt::format("{} parts of the bundle are damaged, the others were taken; bring "
                    "it again",
                    taken->damaged));
  }
  if (taken->waiting_program != 0) {
    return complain(
        fmt::format("release {} waits for a newer program (number {}, this is {}); the rest of the "
                    "stick was taken",
                    taken->waiting.value, taken->waiting_program, kProgramNumber));
  }
  if (!taken->trouble.empty()) {
    return complain(fmt::format("not everything of the stick could be taken ({})", taken->trouble));
  }
  return 0;
}

}  // namespace

bool is_bundle_command(int argc, const char* const* argv) {
  return argc > 1 && std::string_view(argv[1]) == "bundle";
}

int run_bundle_command(int argc, const char* const* argv) {
  harden_process();
  ::umask(S_IRWXG | S_IRWXO);
  Arguments arguments;
  int (*chosen)(const Arguments&) = nullptr;
  CLI::App app{"What a kiosk carries by USB stick."};
  app.name("odop-kiosk bundle");
  app.require_subcommand(1);
  const auto add = [&](const char* name, const char* about, int (*work)(const Arguments&)) {
    CLI::App* command = app.add_subcommand(name, about);
    command->add_option("file", arguments.order.place, "a .odop file, or a folder on the stick")
        ->required();
    command->add_option("--data", arguments.order.folder, "folder of this kiosk")->required();
    command
        ->add_option("--enrol", arguments.order.enrol_code,
                     "one-time code from `odop-syncserver kiosk add`; remembered until enrolled")
        ->check(check_code);
    command->add_flag("--json", arguments.json, "report as JSON on stdout");
    command->callback([&chosen, work] { chosen = work; });
    return command;
  };
  CLI::App* out = add("export", "submissions, or a request to be enrolled, for the server", give);
  out->add_option("--name", arguments.order.name, "what people call this kiosk")
      ->check([](const std::string& name) {
        return name.size() > 200 ? std::string("is longer than 200 bytes") : std::string();
      });
  CLI::App* in = add("import", "enrolment, receipts, answers and releases from the server", take);
  in->add_flag("--factory", arguments.order.factory,
               "the file is the release that came with the program: trust the keys that it names");
  in->add_flag("--progress", arguments.progress,
               "before the report, a line of JSON whenever more of a release has come");
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    return complain(error.what(), 2);
  }
  std::error_code error;
  std::filesystem::create_directories(arguments.order.folder, error);
  if (error) {
    return complain("cannot make " + arguments.order.folder.string() + ": " + error.message());
  }
  return chosen(arguments);
}

}  // namespace odop::kiosk::app
