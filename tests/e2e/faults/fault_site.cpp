#include "tests/e2e/faults/fault_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

namespace odop::test {

namespace fs = std::filesystem;

bool is_long() { return std::getenv("ODOP_LONG") != nullptr; }

Said what_was_said(const std::string& out) {
  Said said;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("kept ")) said.kept.push_back(line.substr(5));
    if (line.starts_with("unsent ")) said.unsent = line.substr(7);
  }
  return said;
}

FaultSite::FaultSite() : server(temp_ / "server") {
  (void)server.json({"init"});
  server.start();
}

FaultSite::Stand FaultSite::new_stand() {
  const auto added = server.json({"kiosk", "add", "--name", "Sweep", "--venue", "shilp-gram"});
  Stand stand{temp_ / fmt::format("kiosk-{}", ++stands_), added.at("code").get<std::string>()};
  fs::create_directory(stand.folder);
  // Of the reserve's size but without its blocks: 64 MB for each run would be slow.
  std::ofstream{stand.folder / "reserve"}.close();
  fs::resize_file(stand.folder / "reserve", 64ULL * 1024 * 1024);
  return stand;
}

std::vector<std::string> FaultSite::kiosk(const Stand& stand, int submissions) const {
  return {program("odop-fault-kiosk"), stand.folder, server.url(), stand.code,
          std::to_string(submissions)};
}

void FaultSite::go_on(const Stand& stand, Tally& tally) {
  const Said said = what_was_said(run(kiosk(stand, 1)).out);
  note(said);
  if (said.unsent != "0" || said.kept.size() != 1) {
    ++tally.stuck;
    tally.troubles += "stuck: unsent " + said.unsent + "\n";
  }
  std::error_code error;
  fs::remove_all(stand.folder, error);
}

void FaultSite::judge(Tally& tally) const {
  std::map<std::string, std::size_t> here;
  for (const auto& one : server.json({"submissions", "list", "--limit", "100000"})) {
    std::string digits = one.at("reference").get<std::string>();
    std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
    if (++here[digits] == 2) ++tally.duplicated;
  }
  tally.kept += kept_.size();
  tally.lost += static_cast<std::size_t>(
      std::ranges::count_if(kept_, [&](const std::string& one) { return !here.contains(one); }));
}

}  // namespace odop::test
