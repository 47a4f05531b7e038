#include "kiosk/app/options.h"

#include "shared/crypto/enrolment.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <iostream>
#include <string_view>
#include <system_error>
#include <vector>

namespace odop::kiosk::app {
namespace {

// "1080x1920"
template <typename Number>
std::optional<std::pair<Number, Number>> parse_pair(std::string_view text, Number least,
                                                    Number most) {
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return std::nullopt;
  const auto parse = [&](std::string_view part) -> std::optional<Number> {
    Number value{};
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    if (!(value >= least && value <= most)) return std::nullopt;
    return value;
  };
  const auto first = parse(text.substr(0, cross));
  const auto second = parse(text.substr(cross + 1));
  if (!first || !second) return std::nullopt;
  return std::pair{*first, *second};
}

}  // namespace

std::string check_code(const std::string& typed) {
  return crypto::has_code_shape(typed) ? std::string()
                                       : "is no one-time code, such as 7K3M-9QXR-2T4V";
}

std::variant<Options, int> parse_options(int argc, const char* const* argv) {
  Options options;
  std::string window;
  std::string panel;
  std::string language = "hi";
  CLI::App app{"The ODOP kiosk: shows the crafts of 75 districts and keeps what visitors leave."};
  app.name("odop-kiosk");
  app.add_option("--data", options.data, "folder of this kiosk (made when absent)")->required();
  app.add_option("--server", options.server, "URL of the sync server; remembered");
  app.add_option("--enrol", options.enrol,
                 "one-time code from `odop-syncserver kiosk add`; an enrolled kiosk uses it when "
                 "its server "
                 "wants it enrolled anew")
      ->check(check_code);
  app.add_option("--ca", options.ca,
                 "PEM file of the authority that signs the server's certificate; kept, and trusted "
                 "alone from then on");
  app.add_option("--printer", options.printer,
                 "ipp:// address of a printer for slips, or none; remembered");
  app.add_option("--window", window, "a window of WIDTHxHEIGHT pixels instead of the whole screen");
  app.add_option("--panel-mm", panel, "size of the glass, WIDTHxHEIGHT in millimetres");
  app.add_option("--panel-floor-mm", options.panel_floor_mm,
                 "height of the glass's lower edge over the floor, in millimetres")
      ->check(CLI::Range(0.0, 3000.0));
  app.add_option("--language", language, "a session's first language")
      ->check(CLI::IsMember({"hi", "en", "ur"}));
  app.add_option("--inspect", options.inspect, "Unix socket for tests; it only observes");
  app.add_option("--assets", options.assets, "folder with drawings/ and i18n/");
  app.add_option("--sticks", options.sticks,
                 "folder below which the system mounts USB sticks, or none; remembered; at first "
                 "/media");
  app.add_option("--mounts", options.mounts,
                 "a file to read in place of /proc/self/mountinfo, for tests");
  app.add_option(
      "--factory", options.factory,
      "a .odop file with the release to show while this kiosk has none; the keys that it "
      "names are trusted");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "odop-kiosk: " << error.what() << "\n";
    return 2;
  }
  const auto refuse = [](std::string_view name, std::string_view what) {
    std::cerr << "odop-kiosk: " << name << " " << what << "\n";
    return 2;
  };
  if (!window.empty()) {
    options.window = parse_pair<int>(window, 320, 8192);
    if (!options.window) return refuse("--window", "wants WIDTHxHEIGHT, 320 to 8192 pixels");
  }
  if (!panel.empty()) {
    options.panel_mm = parse_pair<double>(panel, 100, 3000);
    if (!options.panel_mm) return refuse("--panel-mm", "wants WIDTHxHEIGHT, 100 to 3000 mm");
  }
  options.language = language_of(language).value_or(Language::kHindi);
  return options;
}

Places find_places(const std::filesystem::path& assets, const std::filesystem::path& program) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (!assets.empty()) return {assets / "drawings", assets / "i18n"};
  const fs::path bin = fs::weakly_canonical(program, ignored).parent_path();
  Places places;
  for (const fs::path& folder :
       {bin / "../../../assets", bin / "../share/odop-kiosk", fs::path("/usr/share/odop-kiosk")}) {
    if (fs::is_directory(folder / "drawings", ignored)) {
      places.drawings = folder / "drawings";
      break;
    }
  }
  for (const fs::path& folder :
       {bin / "../share/odop/i18n", bin / "../share/odop-kiosk/i18n",
        fs::path("/usr/share/odop/i18n"), fs::path("/usr/share/odop-kiosk/i18n")}) {
    if (fs::exists(folder / "hi.mo", ignored)) {
      places.words = folder;
      break;
    }
  }
  return places;
}

}  // namespace odop::kiosk::app
