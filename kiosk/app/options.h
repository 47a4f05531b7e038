// The command line of odop-kiosk.
#pragma once

#include "shared/text/language.h"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace odop::kiosk::app {

struct Options {
  std::filesystem::path data;
  std::string server;                         // URL; empty: the one of last time
  std::string enrol;                          // one-time code; empty: none
  std::string printer;                        // ipp://HOST/PATH, "none"; empty: as before
  std::filesystem::path ca;                   // authority of the server, PEM; empty: as before
  std::optional<std::pair<int, int>> window;  // pixels; else the whole first monitor
  std::optional<std::pair<double, double>> panel_mm;
  double panel_floor_mm = 0;  // floor to lower edge of the glass; 0: not known
  Language language = Language::kHindi;
  std::filesystem::path inspect;  // socket; empty: off
  std::filesystem::path assets;   // empty: found
  std::string sticks;  // below it the system mounts USB sticks, or none; empty: as before
  std::filesystem::path mounts = "/proc/self/mountinfo";  // or a file of that form (tests)
  std::filesystem::path factory;  // release for a kiosk that has none; empty: the package's
};

// The options, or the exit status when the program has nothing to do any more (help was printed, or
// one clear line about what is wrong: 2).
[[nodiscard]] std::variant<Options, int> parse_options(int argc, const char* const* argv);

// For options that take a one-time code: empty, or what is wrong with it.
[[nodiscard]] std::string check_code(const std::string& typed);

struct Places {
  std::filesystem::path drawings;  // craft/ icons/ ornament/ texture/
  std::filesystem::path words;     // hi.mo en.mo ur.mo
};

// Where the program's own data lies: `assets` when given, else beside the build (program in
// BUILD/bin of the source tree), else /usr/share/odop-kiosk.
[[nodiscard]] Places find_places(const std::filesystem::path& assets,
                                 const std::filesystem::path& program);

}  // namespace odop::kiosk::app
