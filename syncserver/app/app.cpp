#include "syncserver/app/app.h"

#include "shared/text/normalise.h"
#include "syncserver/app/commands.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>
#include <exception>
#include <string>

namespace odop::syncserver {

std::shared_ptr<CommonOptions> common_options(CLI::App& command, bool reports) {
  auto options = std::make_shared<CommonOptions>();
  command.add_option("--data", options->data, "Folder with the server's data")
      ->required()
      ->check([](const std::string& folder) {
        return folder.empty() ? std::string("may not be empty") : std::string();
      })
      ->type_name("DIR");
  command
      .add_option("--database", options->database,
                  "postgresql://... instead of the SQLite file in the data folder")
      ->type_name("ADDRESS");
  command.add_option("--as", options->as, "Who acts, for the audit log (by default the user)")
      ->check([](const std::string& name) {
        const bool good = !name.empty() && is_utf8(name) && name.size() <= kMaxActorBytes &&
                          one_line(name) == name;
        return good ? std::string() : std::string("takes a name of at most 64 bytes");
      })
      ->type_name("NAME");
  if (reports) command.add_flag("--json", options->json, "Report as JSON on stdout");
  return options;
}

std::string check_number(const std::string& typed) {
  constexpr std::size_t kMaxDigits = 15;
  const bool digits = typed.find_first_not_of("0123456789") == std::string::npos;
  return digits && !typed.empty() && typed.size() <= kMaxDigits ? std::string()
                                                                : typed + " is no such number";
}

int run(int argc, const char* const* argv) {
  ::umask(S_IRWXG | S_IRWXO);  // whatever it writes is for its own user only
  try {
    CLI::App app("The sync server of the ODOP kiosks", "odop-syncserver");
    app.require_subcommand(1);
    Action chosen;
    add_server_commands(app, chosen);
    add_catalogue_commands(app, chosen);
    add_kiosk_commands(app, chosen);
    add_submission_commands(app, chosen);
    add_case_commands(app, chosen);
    add_office_commands(app, chosen);
    add_backup_commands(app, chosen);
    add_bundle_commands(app, chosen);
    add_audit_commands(app, chosen);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app.exit(error);  // --help
      fmt::print(stderr, "odop-syncserver: {}; see --help\n", one_line(error.what()));
      return kWrongArguments;
    }
    return chosen ? chosen() : kWrongArguments;
  } catch (const std::exception& error) {
    fmt::print(stderr, "odop-syncserver: {}\n", one_line(error.what()));
    return kFailed;
  }
}

}  // namespace odop::syncserver
