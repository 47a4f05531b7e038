// Reads every #include of the product and fails on an arrow that include_rules.txt does not list.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Rule {
  std::vector<std::string> rooms;
  std::vector<std::string> third_party;  // prefixes; "*" = any
};

using Rules = std::map<std::string, Rule>;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in{text};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Rules read_rules(std::istream& in) {
  Rules rules;
  for (std::string line; std::getline(in, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto bar = line.find('|', colon);
    REQUIRE(bar != std::string::npos);
    const auto name = words_of(line.substr(0, colon));
    REQUIRE(name.size() == 1);
    rules[name.front()] =
        Rule{words_of(line.substr(colon + 1, bar - colon - 1)), words_of(line.substr(bar + 1))};
  }
  return rules;
}

bool lies_in(const std::string& path, const std::string& room) {
  return path == room || path.starts_with(room + "/");
}

// Empty when no rule covers the file.
std::string room_of(const Rules& rules, const std::string& path) {
  std::string best;
  for (const auto& [room, rule] : rules) {
    if (lies_in(path, room) && room.size() > best.size()) best = room;
  }
  return best;
}

const std::vector<std::string>& standard_prefixes() {
  static const std::vector<std::string> posix_headers = {
      "sys/",      "netinet/", "arpa/",     "linux/",   "unistd.h", "fcntl.h",  "poll.h",
      "pthread.h", "signal.h", "termios.h", "dirent.h", "mqueue.h", "dlfcn.h",  "netdb.h",
      "sched.h",   "spawn.h",  "pwd.h",     "grp.h",    "time.h",   "stdlib.h", "malloc.h"};
  return posix_headers;
}

bool is_standard(const std::string& header) {
  if (header.find('.') == std::string::npos && header.find('/') == std::string::npos) return true;
  return std::ranges::any_of(standard_prefixes(),
                             [&](const auto& prefix) { return header.starts_with(prefix); });
}

// One complaint a line; empty = the file keeps the rules.
std::vector<std::string> check_file(const Rules& rules, const std::string& path,
                                    std::istream& source) {
  std::vector<std::string> complaints;
  const std::string room = room_of(rules, path);
  if (room.empty()) {
    complaints.push_back(path + ": no rule names this room");
    return complaints;
  }
  const Rule& rule = rules.at(room);
  for (std::string line; std::getline(source, line);) {
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') continue;
    const auto word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
    const auto open = line.find_first_of("<\"", word);
    if (open == std::string::npos) continue;
    const char closing = line[open] == '<' ? '>' : '"';
    const auto close = line.find(closing, open + 1);
    if (close == std::string::npos) continue;
    const std::string header = line.substr(open + 1, close - open - 1);

    if (closing == '"') {
      const bool ours =
          lies_in(header, room) || std::ranges::any_of(rule.rooms, [&](const auto& allowed) {
            return lies_in(header, allowed);
          });
      if (!ours) complaints.push_back(path + ": " + room + " may not include \"" + header + "\"");
    } else if (!is_standard(header)) {
      const auto names_it = [&](const auto& prefix) {
        return prefix == "*" || header.starts_with(prefix);
      };
      const auto everywhere = rules.find("everywhere");
      const bool allowed = std::ranges::any_of(rule.third_party, names_it) ||
                           (everywhere != rules.end() &&
                            std::ranges::any_of(everywhere->second.third_party, names_it));
      if (!allowed) complaints.push_back(path + ": " + room + " may not include <" + header + ">");
    }
  }
  return complaints;
}

}  // namespace

TEST_CASE("every include follows an arrow that the table lists", "[rules]") {
  const fs::path root = ODOP_SOURCE_DIR;
  std::ifstream table{root / "tests/rules/include_rules.txt"};
  const Rules rules = read_rules(table);
  REQUIRE(rules.size() > 15);

  std::size_t files = 0;
  std::vector<std::string> complaints;
  for (const char* top : {"shared", "kiosk", "syncserver", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator{root / top}) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      ++files;
      std::ifstream source{entry.path()};
      for (auto& complaint :
           check_file(rules, entry.path().lexically_relative(root).generic_string(), source)) {
        complaints.push_back(std::move(complaint));
      }
    }
  }
  CHECK(files > 20);
  std::string all;
  for (const auto& complaint : complaints) all += complaint + "\n";
  INFO(all);
  CHECK(complaints.empty());
}

TEST_CASE("a foreign arrow, a foreign library and an unknown room are noticed", "[rules]") {
  std::istringstream table{
      "everywhere : | fmt/\n"
      "shared/core : |\n"
      "kiosk/ui : kiosk/model | imgui\n"
      "kiosk/model : shared/core |\n"};
  const Rules rules = read_rules(table);
  const auto complaints_about = [&](const std::string& path, const std::string& text) {
    std::istringstream source{text};
    return check_file(rules, path, source).size();
  };
  CHECK(complaints_about("kiosk/ui/a.cpp",
                         "#include \"kiosk/model/state.h\"\n#include <imgui.h>\n"
                         "#include <vector>\n#include <sys/mman.h>\n"
                         "#include <fmt/format.h>\n") == 0);
  CHECK(complaints_about("kiosk/ui/a.cpp", "#include \"kiosk/store/journal.h\"\n") == 1);
  CHECK(complaints_about("kiosk/ui/a.cpp", "#  include <sqlite3.h>\n") == 1);
  CHECK(complaints_about("kiosk/model/a.h", "#include \"kiosk/models/b.h\"\n") == 1);
  CHECK(complaints_about("kiosk/model/a.h", "#include \"state.h\"\n") == 1);
  CHECK(complaints_about("kiosk/other/a.h", "") == 1);
}

TEST_CASE("kiosk and server never know each other", "[rules]") {
  std::ifstream table{fs::path{ODOP_SOURCE_DIR} / "tests/rules/include_rules.txt"};
  for (const auto& [room, rule] : read_rules(table)) {
    for (const auto& allowed : rule.rooms) {
      CAPTURE(room, allowed);
      if (room.starts_with("kiosk")) CHECK_FALSE(lies_in(allowed, "syncserver"));
      if (room.starts_with("syncserver")) CHECK_FALSE(lies_in(allowed, "kiosk"));
      if (room.starts_with("shared")) CHECK(lies_in(allowed, "shared"));
    }
  }
}
