#include "syncserver/service/backup.h"

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/crypto/digest.h"
#include "syncserver/service/erasure_list.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/new_life.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/service/verify.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kIndexFile = "backup.json";
constexpr const char* kKnownFile = "backups.list";  // in the data folder
constexpr std::size_t kMaxKnownBytes = 1024 * 1024;
constexpr std::size_t kMaxIndexBytes = 256 * 1024 * 1024;

Status io(const fs::path& path, const std::error_code& problem) {
  const bool full = problem == std::errc::no_space_on_device;
  return fail(full ? ErrorCode::kDiskFull : ErrorCode::kIo,
              path.string() + ": " + problem.message());
}

Status sync_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!good) return fail(ErrorCode::kIo, path.string() + ": could not be synced");
  return {};
}

// Copies files into one folder and remembers their hashes.
class Copier {
 public:
  explicit Copier(fs::path root) : root_(std::move(root)) {}

  Status copy(const fs::path& from, const fs::path& name) {
    const fs::path target = root_ / name;
    std::error_code problem;
    fs::create_directories(target.parent_path(), problem);
    if (!problem) fs::copy_file(from, target, problem);
    if (problem) return io(target, problem);
    return sync_file(target).and_then([&] { return note(name); });
  }

  // A file that was written there by somebody else.
  Status note(const fs::path& name) {
    const auto hash = crypto::sha256_file((root_ / name).string());
    if (!hash.has_value()) return fail(hash.error());
    std::error_code problem;
    const std::uint64_t size = fs::file_size(root_ / name, problem);
    files_.push_back({{"path", name.generic_string()}, {"size", size}, {"sha256", to_hex(*hash)}});
    bytes_ += size;
    return {};
  }

  // Everything below `from`; what disappears meanwhile or is half written has no place in a backup.
  Status copy_tree(const fs::path& from, const fs::path& name) {
    std::error_code problem;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(from, problem)) {
      if (!entry.is_regular_file(problem)) continue;
      const fs::path inside = fs::relative(entry.path(), from, problem);
      if (inside.string().find(".part") != std::string::npos) continue;
      if (Status copied = copy(entry.path(), name / inside); !copied.has_value()) return copied;
    }
    return {};
  }

  Status finish(const std::string& generation, std::int64_t created_ms) {
    const json index = {
        {"format", 1}, {"generation", generation}, {"created_ms", created_ms}, {"files", files_}};
    return write_durably(root_ / kIndexFile, index.dump() + "\n", 0600);
  }

  [[nodiscard]] std::size_t count() const { return files_.size(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  fs::path root_;
  json files_ = json::array();
  std::uint64_t bytes_ = 0;
};

struct Listed {
  std::vector<fs::path> files;
  std::uint64_t bytes = 0;
  std::string generation;
  std::int64_t created_ms = 0;
};

bool holds(const Listed& listed, const char* file) {
  return std::ranges::find(listed.files, fs::path{file}) != listed.files.end();
}

bool stays_inside(const fs::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const fs::path& part : name) {
    if (part == "..") return false;
  }
  return true;
}

// Reads every file of a backup back and compares.
Result<Listed> read_back(const fs::path& root) {
  const auto text = read_file(root / kIndexFile, kMaxIndexBytes);
  if (!text.has_value()) {
    if (text.error().code != ErrorCode::kNotFound) return fail(text.error());
    return fail(ErrorCode::kNotFound, root.string() + " holds no backup");
  }
  const json index = json::parse(*text, nullptr, false);
  Listed listed;
  try {
    if (index.at("format") != 1) {
      return fail(ErrorCode::kUnsupported, root.string() + ": made by a newer program");
    }
    listed.generation = index.at("generation").get<std::string>();
    listed.created_ms = index.at("created_ms").get<std::int64_t>();
    for (const json& file : index.at("files")) {
      const fs::path name = file.at("path").get<std::string>();
      if (!stays_inside(name)) return fail(ErrorCode::kCorrupt, name.string());
      const auto hash = crypto::sha256_file((root / name).string());
      if (!hash.has_value() || to_hex(*hash) != file.at("sha256").get<std::string>()) {
        return fail(ErrorCode::kCorrupt, (root / name).string() + ": missing or changed");
      }
      listed.files.push_back(name);
      listed.bytes += file.at("size").get<std::uint64_t>();
    }
  } catch (const json::exception&) {
    return fail(ErrorCode::kCorrupt, (root / kIndexFile).string());
  }
  return listed;
}

fs::path keys_place(const BackupPlaces& places) {
  return places.keys_to.empty() ? places.to / "keys" : places.keys_to;
}

// Both folders of a backup, read back. One of another backup would open nothing, and look well.
Result<std::pair<Listed, Listed>> read_both(const BackupPlaces& places) {
  auto main = read_back(places.to);
  if (!main.has_value()) return fail(main.error());
  auto keys = read_back(keys_place(places));
  if (!keys.has_value()) return fail(keys.error());
  if (!holds(*main, "odop.db")) {
    return fail(ErrorCode::kCorrupt,
                places.to.string() + " holds no database: name the folder of the backup itself");
  }
  if (!holds(*keys, "records.db")) {
    return fail(ErrorCode::kCorrupt, keys_place(places).string() +
                                         " holds no keys: name the folder that --keys-to named");
  }
  if (main->generation != keys->generation || main->created_ms != keys->created_ms) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} holds the keys of another backup than {}",
                                                 keys_place(places).string(), places.to.string()));
  }
  return std::pair(std::move(*main), std::move(*keys));
}

Result<Copier> copy_keys(KeyStore& record_keys, const DataFolder& folder, const fs::path& to,
                         const std::string& generation, std::int64_t created_ms) {
  Copier copier(to);
  std::error_code problem;
  fs::create_directories(to, problem);
  if (!problem) fs::permissions(to, fs::perms::owner_all, problem);
  if (problem) return fail(io(to, problem).error());
  Status done =
      record_keys.copy_to(to / "records.db").and_then([&] { return copier.note("records.db"); });
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.keys(), problem)) {
    const std::string name = entry.path().filename().string();
    if (!done.has_value()) break;
    if (name.starts_with("records.db")) continue;  // copied above, as one consistent file
    done = copier.copy(entry.path(), name);
  }
  if (done.has_value()) done = copier.finish(generation, created_ms);
  if (!done.has_value()) return fail(done.error());
  return copier;
}

json as_json(const BackupPlaces& places) {
  return {{"to", fs::absolute(places.to).string()},
          {"keys_to", places.keys_to.empty() ? "" : fs::absolute(places.keys_to).string()}};
}

// So that `erase due` finds it.
Status note_backup(const DataFolder& folder, const BackupPlaces& places) {
  auto text = read_file(folder.root / kKnownFile, kMaxKnownBytes);
  if (!text.has_value() && text.error().code != ErrorCode::kNotFound) return fail(text.error());
  const std::string line = as_json(places).dump() + "\n";
  const std::string before = text.has_value() ? *text : std::string();
  if (before.find(line) != std::string::npos) return {};
  return write_durably(folder.root / kKnownFile, before + line, 0600);
}

// What lies beside the backup, and what was named.
Result<std::vector<Erased>> erased_since(const BackupPlaces& from,
                                         std::span<const fs::path> named) {
  std::vector<fs::path> lists{erasure_list(from.to)};
  std::error_code problem;
  const fs::path parent = fs::absolute(from.to).parent_path();
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, problem)) {
    std::error_code ignored;
    if (fs::exists(entry.path() / kIndexFile, ignored)) lists.push_back(erasure_list(entry.path()));
  }
  lists.insert(lists.end(), named.begin(), named.end());
  std::vector<Erased> all;
  for (const fs::path& list : lists) {
    auto some = read_erased(list);
    if (!some.has_value()) return some;
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<BackupSummary> write_backup(Store& store, KeyStore& record_keys, const DataFolder& folder,
                                   const BackupPlaces& places, WallTime now) {
  const auto generation = store.generation();
  if (!generation.has_value()) return fail(generation.error());
  const std::int64_t created_ms = now.time_since_epoch().count();
  std::error_code problem;
  fs::create_directories(places.to, problem);
  if (problem) return fail(io(places.to, problem).error());
  // The database first: whatever it names (media, packs, record keys) was durable before it.
  const auto covered = store.copy_to(places.to / "odop.db");
  if (!covered.has_value()) return fail(covered.error());
  Copier copier(places.to);
  std::error_code missing;
  const bool erased_before = fs::exists(erasure_list(folder.root), missing);
  Status done =
      copier.note("odop.db")
          .and_then([&] {
            return erased_before ? copier.copy(erasure_list(folder.root), "erased.list") : Status();
          })
          .and_then([&] { return copier.copy_tree(folder.media(), "media"); })
          .and_then([&] { return copier.copy_tree(folder.releases(), "releases"); })
          .and_then([&] { return copier.finish(*generation, created_ms); });
  if (!done.has_value()) return fail(done.error());
  const auto keys = copy_keys(record_keys, folder, keys_place(places), *generation, created_ms);
  if (!keys.has_value()) return fail(keys.error());
  if (Status synced = sync_folder(places.to); !synced.has_value()) return fail(synced.error());

  if (const auto whole = read_both(places); !whole.has_value()) return fail(whole.error());
  // A faithful copy of damage covers nothing.
  const auto server_keys = load_server_keys(folder.keys());
  if (!server_keys.has_value()) return fail(server_keys.error());
  auto whole = whole_part(store, record_keys, *server_keys, folder, *covered);
  if (!whole.has_value()) return fail(whole.error());
  if (Status noted = note_backup(folder, places); !noted.has_value()) return fail(noted.error());
  if (Status told = store.set_covered(whole->marks); !told.has_value()) return fail(told.error());
  return BackupSummary{.files = copier.count() + keys->count(),
                       .bytes = copier.bytes() + keys->bytes(),
                       .generation = *generation,
                       .damaged = std::move(whole->problems)};
}

// In the database that was restored from `backup`.
Result<Life> begin_life(Store& store, const fs::path& backup, const std::string& generation,
                        Random& random, WallTime now) {
  // A note that cannot be read keeps nobody from having the data back.
  const std::vector<Life> before = lives_around(backup);
  const auto fleet = store.fleet();
  if (!fleet.has_value()) return fail(fleet.error());
  std::vector<KioskNumber> given;
  for (const FleetRow& row : *fleet) given.push_back(row.kiosk.number);
  const auto last = store.floors();
  if (!last.has_value()) return fail(last.error());
  const auto kiosks = kiosks_of_new_life(given, last->kiosk, before, random);
  if (!kiosks.has_value()) return fail(kiosks.error());
  Store::NewLife life{.generation = generation,
                      .now_ms = now.time_since_epoch().count(),
                      .kiosks_after = *kiosks,
                      .releases_after = {}};
  for (const Life& one : before) {
    const ReleaseNumber beyond{one.releases_after.value + kReleasesOfALife};
    life.releases_after = std::max(life.releases_after, beyond);
  }
  if (Status begun = store.begin_new_life(life); !begun.has_value()) return fail(begun.error());
  const auto begins = store.floors();
  if (!begins.has_value()) return fail(begins.error());
  return Life{generation, *kiosks, begins->release};
}

// A copy in there would be lost with the original, and be copied into itself without end.
bool lies_in(const fs::path& place, const fs::path& folder) {
  std::error_code problem;
  const fs::path inner = fs::weakly_canonical(fs::absolute(place), problem);
  const fs::path outer = fs::weakly_canonical(fs::absolute(folder), problem);
  const auto ends = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return ends.first == outer.end();
}

// Makes the folder, empty but for the mark that a restore is at work in it.
Status begin_restore(const DataFolder& folder) {
  std::error_code problem;
  const bool again = fs::exists(folder.unfinished(), problem);
  if (!again && fs::exists(folder.root, problem) && !fs::is_empty(folder.root, problem)) {
    return fail(ErrorCode::kConflict, folder.root.string() + " holds something already");
  }
  fs::create_directories(folder.root, problem);
  if (problem) return io(folder.root, problem);
  if (!again) return write_durably(folder.unfinished(), "", 0600);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.root, problem)) {
    if (entry.path() == folder.unfinished()) continue;
    fs::remove_all(entry.path(), problem);
    if (problem) return io(entry.path(), problem);
  }
  return problem ? io(folder.root, problem) : Status{};
}

Status finish_restore(const DataFolder& folder) {
  if (Status synced = sync_folder(folder.root); !synced.has_value()) return synced;
  std::error_code problem;
  fs::remove(folder.unfinished(), problem);
  if (problem) return io(folder.unfinished(), problem);
  return sync_folder(folder.root);
}

// Fills the folder; nothing of it counts before finish_restore().
Result<BackupSummary> fill(const BackupPlaces& from, const Listed& main, const Listed& keys,
                           const DataFolder& folder, const StoreOpener& open, Random& random,
                           WallTime now, const std::vector<Erased>& erased) {
  Copier copier(folder.root);
  for (const fs::path& name : main.files) {
    const Status copied = copier.copy(from.to / name, name);
    if (!copied.has_value()) return fail(copied.error());
  }
  Copier key_copier(folder.keys());
  for (const fs::path& name : keys.files) {
    const Status copied = key_copier.copy(keys_place(from) / name, name);
    if (!copied.has_value()) return fail(copied.error());
  }
  std::error_code problem;
  fs::permissions(folder.keys(), fs::perms::owner_all, problem);
  for (const fs::path& place : {folder.media(), folder.releases()}) {
    fs::create_directories(place, problem);
  }
  if (problem) return fail(io(folder.root, problem).error());

  const auto store = open(folder.database());
  if (!store.has_value()) return fail(store.error());
  // Before anything else may look.
  const auto record_keys = open_key_store(folder.record_keys());
  if (!record_keys.has_value()) return fail(record_keys.error());
  Status gone = forget_all(**store, **record_keys, erased);
  if (gone.has_value() && !erased.empty()) {
    gone = append_erased(erasure_list(folder.root), erased);
  }
  if (!gone.has_value()) return fail(gone.error());
  BackupSummary summary{.files = copier.count() + key_copier.count(),
                        .bytes = copier.bytes() + key_copier.bytes(),
                        .generation = make_uuid7(now, random)};
  const auto marks = (*store)->watermarks();
  if (!marks.has_value()) return fail(marks.error());
  const auto server_keys = load_server_keys(folder.keys());
  if (!server_keys.has_value()) return fail(server_keys.error());
  auto whole = whole_part(**store, **record_keys, *server_keys, folder, *marks);
  if (!whole.has_value()) return fail(whole.error());
  summary.damaged = std::move(whole->problems);
  const auto life = begin_life(**store, from.to, summary.generation, random, now);
  if (!life.has_value()) return fail(life.error());
  if (Status told = (*store)->set_covered(whole->marks); !told.has_value()) {
    return fail(told.error());
  }
  summary.noted = note_life(from.to, *life).has_value();
  return summary;
}

}  // namespace

Result<BackupSummary> make_backup(Store& store, KeyStore& record_keys, const DataFolder& folder,
                                  const BackupPlaces& places, WallTime now) {
  std::error_code problem;
  if (!places.keys_to.empty() &&
      (lies_in(places.keys_to, places.to) || lies_in(places.to, places.keys_to))) {
    return fail(ErrorCode::kInvalidArgument,
                places.keys_to.string() +
                    " is not apart from the backup; name a folder elsewhere for the keys, or none");
  }
  for (const fs::path& place : {places.to, keys_place(places)}) {
    if (lies_in(place, folder.root)) {
      return fail(ErrorCode::kInvalidArgument,
                  place.string() +
                      " lies in the data folder itself; name a folder elsewhere, best on "
                      "another disk");
    }
    if (fs::exists(place, problem)) return fail(ErrorCode::kConflict, place.string() + " exists");
  }
  Result<BackupSummary> summary = write_backup(store, record_keys, folder, places, now);
  if (!summary.has_value()) {
    fs::remove_all(places.to, problem);
    fs::remove_all(keys_place(places), problem);
  }
  return summary;
}

Result<BackupSummary> restore_backup(const BackupPlaces& from, const DataFolder& folder,
                                     const StoreOpener& open, Random& random, WallTime now,
                                     std::span<const fs::path> erased_lists) {
  const auto both = read_both(from);
  if (!both.has_value()) return fail(both.error());
  for (const fs::path& list : erased_lists) {
    if (std::error_code missing; !fs::exists(list, missing)) {
      return fail(ErrorCode::kNotFound, list.string() + " is not there");
    }
  }
  const auto erased = erased_since(from, erased_lists);
  if (!erased.has_value()) return fail(erased.error());
  if (Status begun = begin_restore(folder); !begun.has_value()) return fail(begun.error());
  auto summary = fill(from, both->first, both->second, folder, open, random, now, *erased);
  if (!summary.has_value()) return summary;
  if (Status done = finish_restore(folder); !done.has_value()) return fail(done.error());
  return summary;
}

Result<std::vector<BackupPlaces>> known_backups(const DataFolder& folder) {
  std::vector<BackupPlaces> places;
  const auto text = read_file(folder.root / kKnownFile, kMaxKnownBytes);
  if (!text.has_value()) {
    if (text.error().code == ErrorCode::kNotFound) return places;
    return fail(text.error());
  }
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const json one = json::parse(line, nullptr, false);
    if (!one.is_object()) return fail(ErrorCode::kCorrupt, (folder.root / kKnownFile).string());
    places.push_back({one.value("to", ""), one.value("keys_to", "")});
  }
  return places;
}

Status forget_in_backup(const BackupPlaces& places, std::span<const Erased> erased,
                        const StoreOpener& open) {
  const fs::path keys = keys_place(places);
  std::vector<std::pair<fs::path, Listed>> indexes;
  for (const fs::path& place : {places.to, keys}) {
    auto whole = read_back(place);
    if (!whole.has_value()) return fail(whole.error());
    indexes.emplace_back(place, std::move(*whole));
  }
  {
    const auto store = open(places.to / "odop.db");
    if (!store.has_value()) return fail(store.error());
    const auto record_keys = open_key_store(keys / "records.db");
    if (!record_keys.has_value()) return fail(record_keys.error());
    Status gone = forget_all(**store, **record_keys, erased);
    if (!gone.has_value()) return gone;
  }  // closed: no log stays beside them
  for (auto& [place, listed] : indexes) {
    Copier copier(place);
    for (const fs::path& name : listed.files) {
      if (Status noted = copier.note(name); !noted.has_value()) return noted;
    }
    if (Status done = copier.finish(listed.generation, listed.created_ms); !done.has_value())
      return done;
  }
  return {};
}

}  // namespace odop::syncserver
