#include "syncserver/service/new_life.h"

#include "syncserver/service/media_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr const char* kLivesFile = "lives.list";
constexpr std::size_t kMaxLivesBytes = 256 * 1024;
constexpr std::size_t kMostNeighbours = 4'000;  // a backup a day for ten years

// Blocks are counted from 0: 1 to 100, 101 to 200 ...
std::optional<std::uint64_t> one_of(const std::set<std::uint64_t>& used, std::uint64_t from,
                                    std::uint64_t to, Random& random) {
  std::vector<std::uint64_t> free;
  for (std::uint64_t block = from; block < to; ++block) {
    if (!used.contains(block)) free.push_back(block);
  }
  if (free.empty()) return std::nullopt;
  return free[random.below(free.size())];
}

}  // namespace

Result<KioskNumber> kiosks_of_new_life(std::span<const KioskNumber> given, KioskNumber last,
                                       std::span<const Life> lives, Random& random) {
  std::set<std::uint64_t> used = {0};
  for (const KioskNumber number : given) {
    if (number.value > 0) used.insert((number.value - 1) / kKioskBlock);
  }
  // Whoever filled a block went on with the next one.
  const auto went_on = [&used](KioskNumber after) {
    used.insert(after.value / kKioskBlock);
    used.insert(after.value / kKioskBlock + 1);
  };
  went_on(last);
  for (const Life& life : lives) went_on(life.kiosks_after);
  auto block = one_of(used, 1, kMostShortKiosks / kKioskBlock, random);
  if (!block) {
    block = one_of(used, kMostShortKiosks / kKioskBlock + 1, kMostKiosks / kKioskBlock, random);
  }
  if (!block) return fail(ErrorCode::kTooLarge, "no kiosk numbers are left");
  return KioskNumber{*block * kKioskBlock};
}

Result<std::vector<Life>> read_lives(const std::filesystem::path& backup) {
  std::vector<Life> lives;
  const auto text = read_file(backup / kLivesFile, kMaxLivesBytes);
  if (!text.has_value()) {
    if (text.error().code == ErrorCode::kNotFound) return lives;
    return fail(text.error());
  }
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const json one = json::parse(line, nullptr, false);
    try {
      lives.push_back({one.at("generation").get<std::string>(),
                       KioskNumber{one.at("kiosks_after").get<std::uint64_t>()},
                       ReleaseNumber{one.at("releases_after").get<std::uint64_t>()}});
    } catch (const json::exception&) {
      continue;  // damaged: the others still count
    }
  }
  return lives;
}

std::vector<Life> lives_around(const std::filesystem::path& backup) {
  std::vector<Life> all = read_lives(backup).value_or(std::vector<Life>{});
  std::error_code problem;
  const std::filesystem::path own = std::filesystem::canonical(backup, problem);
  if (problem) return all;
  std::size_t neighbours = 0;
  for (std::filesystem::directory_iterator at(own.parent_path(), problem), end;
       !problem && at != end && neighbours < kMostNeighbours; at.increment(problem)) {
    if (at->path() == own) continue;
    ++neighbours;
    const auto lives = read_lives(at->path());
    if (lives) all.insert(all.end(), lives->begin(), lives->end());
  }
  return all;
}

Status note_life(const std::filesystem::path& backup, const Life& life) {
  auto text = read_file(backup / kLivesFile, kMaxLivesBytes);
  if (!text.has_value() && text.error().code != ErrorCode::kNotFound) return fail(text.error());
  const json line = {{"generation", life.generation},
                     {"kiosks_after", life.kiosks_after.value},
                     {"releases_after", life.releases_after.value}};
  return write_durably(backup / kLivesFile, text.value_or("") + line.dump() + "\n", 0600);
}

}  // namespace odop::syncserver
