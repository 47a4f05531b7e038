#include "tests/sim/power_cut_disk.h"

#include "tests/sim/power_cut_files.h"
#include "tests/sim/power_cut_vfs.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace odop::test {
namespace {

void apply(std::string& content, std::string_view bytes, std::size_t at) {
  if (content.size() < at + bytes.size()) content.resize(at + bytes.size(), '\0');
  content.replace(at, bytes.size(), bytes);
}

// What was written since the last sync becomes durable.
void settle(PowerCutDisk::File& file) {
  for (const PowerCutDisk::Change& change : file.pending) {
    if (change.truncates) {
      file.durable.resize(change.at, '\0');
    } else {
      apply(file.durable, change.bytes, change.at);
    }
  }
  file.pending.clear();
}

}  // namespace

PowerCutDisk::PowerCutDisk(std::uint64_t seed, DiskDefects defects)
    : random_(seed), defects_(defects), files_(std::make_unique<PowerCutFiles>(*this)) {
  begin_power_cut_vfs(*this);
}

PowerCutDisk::~PowerCutDisk() { end_power_cut_vfs(); }

PowerCutDisk::Folder& PowerCutDisk::at(const std::filesystem::path& folder) {
  const auto [found, fresh] = folders_.try_emplace(folder);
  if (fresh) found->second.defects = defects_;
  return found->second;
}

PowerCutDisk::Folder& PowerCutDisk::folder_of(const std::filesystem::path& file) {
  const std::filesystem::path parent = file.parent_path();
  // What lies in a folder of its own, on the same disk: a server's keys, a kiosk's releases.
  const std::filesystem::path last = parent.filename();
  if (last == "keys" || last == "staging" || last == "media") return at(parent.parent_path());
  return at(parent);
}

bool PowerCutDisk::holds(const std::filesystem::path& file) const {
  const std::string name = file.filename();
  for (const char* ours : {"journal.", "releases.db", "catalogue-"}) {
    if (name.starts_with(ours)) return true;
  }
  if (served_.empty()) return false;
  const std::filesystem::path parent = file.parent_path();
  return (name.starts_with("odop.db") && served_.contains(parent)) ||
         (name.starts_with("records.db") && served_.contains(parent.parent_path()));
}

void PowerCutDisk::serve(const std::filesystem::path& folder, DiskDefects defects) {
  served_.insert(folder);
  Folder& held = at(folder);
  held.defects = defects;
  for (const auto& file : {folder / "odop.db", folder / "keys" / "records.db"}) {
    std::ifstream in(file, std::ios::binary);
    if (!in) continue;
    auto there = std::make_shared<File>();
    there->live.assign(std::istreambuf_iterator<char>(in), {});
    there->durable = there->live;
    there->is_database = true;
    there->parent = file.parent_path();
    held.live[file] = held.durable[file] = std::move(there);
  }
}

void PowerCutDisk::forget(const std::filesystem::path& folder) {
  served_.erase(folder);
  folders_.erase(folder);
}

void PowerCutDisk::cut_after(const std::filesystem::path& folder, std::uint64_t operations) {
  at(folder).left = operations;
  at(folder).killed = false;
}

void PowerCutDisk::kill_after(const std::filesystem::path& folder, std::uint64_t operations) {
  at(folder).left = operations;
  at(folder).killed = true;
}

bool PowerCutDisk::dark(const std::filesystem::path& folder) const {
  const auto found = folders_.find(folder);
  return found != folders_.end() && found->second.dark;
}

std::string PowerCutDisk::content(const std::filesystem::path& folder) const {
  std::string all;
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return all;
  for (const auto& [name, file] : found->second.live) all += file->live;
  return all;
}

bool PowerCutDisk::operate(Folder& folder) {
  ++operations_;
  if (folder.left == 0 || --folder.left > 0) return true;
  folder.dark = true;
  ++(folder.killed ? kills_ : cuts_);
  return false;
}

void PowerCutDisk::write(Folder& folder, File& file, std::string_view bytes, std::size_t at) {
  if (file.is_database && folder.defects.commit_without_sync) {
    // A checkpoint: now the log is synced even with synchronous=NORMAL.
    for (auto& [name, other] : folder.live) {
      if (!std::exchange(other->sync_owed, false)) continue;
      settle(*other);
    }
  }
  apply(file.live, bytes, at);
  file.pending.push_back({at, std::string(bytes), false});
  if (file.is_database && folder.defects.checkpoint_first) settle(file);
}

void PowerCutDisk::truncate(File& file, std::size_t size) {
  file.live.resize(size, '\0');
  file.pending.push_back({size, {}, true});
}

void PowerCutDisk::sync(Folder& folder, File& file) {
  if (file.folder_unsynced && !folder.defects.no_folder_sync) {
    file.folder_unsynced = false;
    sync_folder(folder, file.parent);
  }
  if (file.is_log && folder.defects.commit_without_sync) {
    file.sync_owed = true;
    return;
  }
  if (file.is_log && folder.defects.checkpoint_first) return;
  settle(file);
}

void PowerCutDisk::remove(Folder& folder, const std::string& name, bool sync_folder) {
  folder.live.erase(name);
  if (sync_folder) this->sync_folder(folder, std::filesystem::path(name).parent_path());
}

void PowerCutDisk::trouble_after(const std::filesystem::path& folder, DiskTrouble trouble,
                                 std::uint64_t calls) {
  at(folder).trouble = trouble;
  at(folder).trouble_left = calls;
}

bool PowerCutDisk::troubled(Folder& folder, DiskTrouble kind) {
  if (folder.trouble_left == 0 || folder.trouble != kind || --folder.trouble_left > 0) return false;
  ++troubles_;
  return true;
}

PowerCutDisk::Folder PowerCutDisk::image(const std::filesystem::path& path) const {
  Folder copy;
  const auto found = folders_.find(path);
  if (found == folders_.end()) return copy;
  for (const auto& [name, file] : found->second.live) {
    auto same = std::make_shared<File>();
    same->live = same->durable = file->live;
    same->is_log = file->is_log;
    same->is_database = file->is_database;
    same->parent = file->parent;
    copy.live[name] = copy.durable[name] = same;
  }
  return copy;
}

void PowerCutDisk::copy(const std::filesystem::path& from, const std::filesystem::path& to) {
  Folder& copy = at(to);
  for (const auto& [name, file] : at(from).live) {
    auto same = std::make_shared<File>();
    same->live = same->durable = file->live;
    same->is_log = file->is_log;
    same->is_database = file->is_database;
    // Files are known by their whole path.
    const std::filesystem::path there = to / std::filesystem::path(name).lexically_relative(from);
    same->parent = there.parent_path();
    copy.live[there] = copy.durable[there] = std::move(same);
  }
}

void PowerCutDisk::put_back(const std::filesystem::path& path, const Folder& image) {
  Folder& folder = at(path);
  const DiskDefects defects = folder.defects;
  folder = {};
  folder.defects = defects;
  for (const auto& [name, file] : image.live) {
    folder.live[name] = folder.durable[name] = std::make_shared<File>(*file);
  }
}

void PowerCutDisk::rename(Folder& folder, const std::string& from, const std::string& to) {
  const auto found = folder.live.find(from);
  if (found == folder.live.end()) return;
  // Another name of the same bytes: the old one may come back without the new one's folder.
  found->second->parent = std::filesystem::path(to).parent_path();
  folder.live[to] = found->second;
  folder.live.erase(from);
}

void PowerCutDisk::sync_folder(Folder& folder, const std::string& path) {
  if (folder.defects.no_folder_sync) return;
  const std::string begin = path + "/";
  const auto inside = [&](const std::string& name) {
    return name.starts_with(begin) && name.find('/', begin.size()) == std::string::npos;
  };
  std::erase_if(folder.durable, [&](const auto& one) {
    return inside(one.first) && !folder.live.contains(one.first);
  });
  for (const auto& [name, file] : folder.live) {
    if (inside(name)) folder.durable[name] = file;
  }
}

void PowerCutDisk::sync_all(Folder& folder) {
  if (folder.defects.release_without_sync) return;
  for (auto& [name, file] : folder.live) settle(*file);
  folder.durable = folder.live;
}

std::shared_ptr<PowerCutDisk::File> PowerCutDisk::create(Folder& folder,
                                                         const std::filesystem::path& file) {
  auto made = std::make_shared<File>();
  made->parent = file.parent_path();
  folder.live[file] = made;
  return made;
}

void PowerCutDisk::ruin(const std::filesystem::path& path, std::string_view begin) {
  enum Way : std::uint8_t { kGone, kEmpty, kHead, kCutShort, kEverySector };
  const auto way = static_cast<Way>(random_.below(5));
  Folder& folder = at(path);
  std::vector<std::string> names;
  for (const auto& [name, file] : folder.live) {
    const std::string last = std::filesystem::path(name).filename();
    if (last.starts_with(begin) && last.find("damaged") == std::string::npos) names.push_back(name);
  }
  for (const std::string& name : names) {
    std::string& content = folder.live[name]->live;
    if (way == kGone) folder.live.erase(name);
    if (way == kEmpty) content.clear();
    if (way == kHead) content.replace(0, std::min<std::size_t>(content.size(), 64), 64, '?');
    if (way == kCutShort) content.resize(random_.below(content.size() + 1));
    for (std::size_t at = 0; way == kEverySector && at < content.size(); at += kDiskSector) {
      content.replace(at, std::min<std::size_t>(content.size() - at, 16), 16, '?');
    }
  }
  for (auto& [name, file] : folder.live) {
    file->durable = file->live;
    file->pending.clear();
  }
  folder.durable = folder.live;
}

void PowerCutDisk::survive(File& file) {
  enum Fate : std::uint8_t { kNone, kAll, kFirst, kSome };
  const auto fate = static_cast<Fate>(random_.below(4));
  const std::uint64_t first = random_.below(file.pending.size() + 1);
  std::string content = std::move(file.durable);
  for (std::size_t i = 0; i < file.pending.size(); ++i) {
    const Change& change = file.pending[i];
    const bool kept =
        fate == kAll || (fate == kFirst && i < first) || (fate == kSome && random_.below(2) == 0);
    if (change.truncates) {
      if (kept) content.resize(change.at, '\0');
      continue;
    }
    const bool torn = random_.below(3) == 0;
    for (std::size_t from = change.at; kept && from < change.at + change.bytes.size();) {
      const std::size_t to =
          std::min((from / kDiskSector + 1) * kDiskSector, change.at + change.bytes.size());
      if (!torn || random_.below(2) == 0) {
        apply(content, std::string_view(change.bytes).substr(from - change.at, to - from), from);
      }
      from = to;
    }
    // A sector that was written in part may come back as garbage, but for what was written.
    const std::size_t head = change.at / kDiskSector * kDiskSector;
    const std::size_t end = change.at + change.bytes.size();
    const std::size_t tail = (end + kDiskSector - 1) / kDiskSector * kDiskSector;
    const auto spoil = [&](std::size_t from, std::size_t to) {
      if (random_.below(8) != 0) return;
      for (std::size_t at = from; at < std::min(to, content.size()); ++at) {
        content[at] = static_cast<char>(random_.below(256));
      }
    };
    spoil(head, change.at);
    spoil(end, tail);
  }
  file.pending.clear();
  file.sync_owed = false;
  file.live = content;
  file.durable = std::move(content);
}

void PowerCutDisk::power_up(const std::filesystem::path& path) {
  Folder& folder = at(path);
  if (folder.killed) {
    // The system lives on, and writes in its own time what it was given.
    folder.left = 0;
    folder.dark = folder.killed = false;
    return;
  }
  std::map<std::string, std::shared_ptr<File>> left;
  auto names = folder.live;
  names.insert(folder.durable.begin(), folder.durable.end());
  for (const auto& [name, ignored] : names) {
    const auto live = folder.live.find(name);
    const auto durable = folder.durable.find(name);
    const bool as_live = random_.below(2) == 0;
    const auto& chosen = as_live ? live : durable;
    const auto& none = as_live ? folder.live.end() : folder.durable.end();
    if (chosen != none) left[name] = chosen->second;
  }
  for (auto& [name, file] : left) survive(*file);
  const DiskDefects defects = folder.defects;
  folder = {};
  folder.defects = defects;
  folder.live = folder.durable = std::move(left);
}

}  // namespace odop::test
