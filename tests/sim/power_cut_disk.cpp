#include "tests/sim/power_cut_disk.h"

#include "tests/sim/power_cut_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace odop::test {
namespace {

constexpr std::size_t kSector = 4096;

// What SQLite sees as an open file.
struct Handle {
  sqlite3_file base;  // first: SQLite reads its methods
  PowerCutDisk* disk;
  PowerCutDisk::Folder* folder;
  std::shared_ptr<PowerCutDisk::File> file;
  int level;  // SQLITE_LOCK_*
  bool overwrite_is_safe;
  bool uses_index;
  unsigned slots_shared;
  unsigned slots_exclusive;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

// The VFS that does the rest.
sqlite3_vfs* base() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

// The disk that is there now; null between two.
PowerCutDisk* disk_of(sqlite3_vfs* vfs) { return static_cast<PowerCutDisk*>(vfs->pAppData); }

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

// ---- A file ----

int unlock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  PowerCutDisk::File& shared = *handle.file;
  if (handle.level >= SQLITE_LOCK_EXCLUSIVE) shared.exclusive = false;
  if (handle.level >= SQLITE_LOCK_PENDING) shared.waiting = false;
  if (handle.level >= SQLITE_LOCK_RESERVED) shared.reserved = false;
  if (handle.level >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) --shared.shared;
  handle.level = std::min(handle.level, level);
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  PowerCutDisk::File& shared = *handle.file;
  if (level <= handle.level) return SQLITE_OK;
  if (handle.level == SQLITE_LOCK_NONE) {
    if (shared.exclusive || shared.waiting) return SQLITE_BUSY;
    ++shared.shared;
    handle.level = SQLITE_LOCK_SHARED;
  }
  if (level >= SQLITE_LOCK_RESERVED && handle.level < SQLITE_LOCK_RESERVED) {
    if (shared.reserved) return SQLITE_BUSY;
    shared.reserved = true;
    handle.level = SQLITE_LOCK_RESERVED;
  }
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    shared.waiting = true;
    handle.level = SQLITE_LOCK_PENDING;
    if (shared.shared > 1) return SQLITE_BUSY;
    shared.exclusive = true;
    handle.level = SQLITE_LOCK_EXCLUSIVE;
  }
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* out) {
  *out = handle_of(file).file->reserved ? 1 : 0;
  return SQLITE_OK;
}

int unmap_index(sqlite3_file* file, int /*remove*/) {
  Handle& handle = handle_of(file);
  if (!handle.uses_index) return SQLITE_OK;
  handle.uses_index = false;
  if (--handle.file->index_users == 0) handle.file->index.clear();
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  unlock(file, SQLITE_LOCK_NONE);
  unmap_index(file, 0);
  Handle& handle = handle_of(file);
  handle.file.~shared_ptr();
  handle.base.pMethods = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
  const Handle& handle = handle_of(file);
  if (handle.folder->dark) return SQLITE_IOERR_READ;
  if (handle.disk->troubled(*handle.folder, DiskTrouble::kReadError)) return SQLITE_IOERR_READ;
  const std::string& content = handle.file->live;
  const auto wanted = static_cast<std::size_t>(size);
  const auto from = std::min(static_cast<std::size_t>(at), content.size());
  const std::size_t there = std::min(wanted, content.size() - from);
  std::memcpy(out, content.data() + from, there);
  std::memset(static_cast<char*>(out) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  const Handle& handle = handle_of(file);
  if (handle.folder->dark) return SQLITE_IOERR_WRITE;
  PowerCutDisk& disk = *handle.disk;
  if (disk.troubled(*handle.folder, DiskTrouble::kWriteError)) return SQLITE_IOERR_WRITE;
  if (disk.troubled(*handle.folder, DiskTrouble::kFull)) return SQLITE_FULL;
  if (disk.troubled(*handle.folder, DiskTrouble::kShortWrite)) {
    disk.write(*handle.folder, *handle.file,
               {static_cast<const char*>(bytes), static_cast<std::size_t>(size) / 2},
               static_cast<std::size_t>(at));
    return SQLITE_IOERR_WRITE;
  }
  const bool powered = disk.operate(*handle.folder);
  disk.write(*handle.folder, *handle.file,
             {static_cast<const char*>(bytes), static_cast<std::size_t>(size)},
             static_cast<std::size_t>(at));
  return powered ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const Handle& handle = handle_of(file);
  if (handle.folder->dark) return SQLITE_IOERR_TRUNCATE;
  const bool powered = handle.disk->operate(*handle.folder);
  handle.disk->truncate(*handle.file, static_cast<std::size_t>(size));
  return powered ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync(sqlite3_file* file, int /*flags*/) {
  const Handle& handle = handle_of(file);
  if (handle.folder->dark || !handle.disk->operate(*handle.folder)) return SQLITE_IOERR_FSYNC;
  if (handle.disk->troubled(*handle.folder, DiskTrouble::kSyncError)) return SQLITE_IOERR_FSYNC;
  handle.disk->sync(*handle.folder, *handle.file);
  return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* out) {
  const Handle& handle = handle_of(file);
  if (handle.folder->dark) return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>(handle.file->live.size());
  return SQLITE_OK;
}

int control(sqlite3_file* /*file*/, int /*what*/, void* /*argument*/) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file* /*file*/) { return static_cast<int>(kSector); }
int characteristics(sqlite3_file* file) {
  return handle_of(file).overwrite_is_safe ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

int map_index(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Handle& handle = handle_of(file);
  *out = nullptr;
  if (handle.folder->dark) return SQLITE_IOERR_SHMMAP;
  PowerCutDisk::File& shared = *handle.file;
  if (!handle.uses_index) {
    handle.uses_index = true;
    ++shared.index_users;
  }
  auto found = shared.index.find(region);
  if (found == shared.index.end()) {
    if (extend == 0) return SQLITE_OK;
    found = shared.index.emplace(region, std::vector<char>(static_cast<std::size_t>(size))).first;
  }
  *out = found->second.data();
  return SQLITE_OK;
}

int lock_index(sqlite3_file* file, int first, int count, int flags) {
  Handle& handle = handle_of(file);
  PowerCutDisk::File& shared = *handle.file;
  const auto each = [&](const auto& visit) {
    for (int at = first; at < first + count; ++at) {
      if (!visit(shared.slots.at(static_cast<std::size_t>(at)), 1U << static_cast<unsigned>(at))) {
        return false;
      }
    }
    return true;
  };
  const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    each([&](auto& slot, unsigned bit) {
      if (alone && (handle.slots_exclusive & bit) != 0) slot.exclusive = false;
      if (!alone && (handle.slots_shared & bit) != 0) --slot.shared;
      (alone ? handle.slots_exclusive : handle.slots_shared) &= ~bit;
      return true;
    });
    return SQLITE_OK;
  }
  if (!each([&](const auto& slot, unsigned) {
        return !slot.exclusive && (!alone || slot.shared == 0);
      })) {
    return SQLITE_BUSY;
  }
  each([&](auto& slot, unsigned bit) {
    if (alone) {
      slot.exclusive = true;
    } else if ((handle.slots_shared & bit) == 0) {
      ++slot.shared;
    }
    (alone ? handle.slots_exclusive : handle.slots_shared) |= bit;
    return true;
  });
  return SQLITE_OK;
}

void index_barrier(sqlite3_file* /*file*/) {}

constexpr sqlite3_io_methods kMethods{.iVersion = 2,
                                      .xClose = close,
                                      .xRead = read,
                                      .xWrite = write,
                                      .xTruncate = truncate,
                                      .xSync = sync,
                                      .xFileSize = size_of,
                                      .xLock = lock,
                                      .xUnlock = unlock,
                                      .xCheckReservedLock = check_reserved,
                                      .xFileControl = control,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = characteristics,
                                      .xShmMap = map_index,
                                      .xShmLock = lock_index,
                                      .xShmBarrier = index_barrier,
                                      .xShmUnmap = unmap_index,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

// ---- The file system ----

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  if (name == nullptr || !PowerCutDisk::is_ours(name)) {
    return base()->xOpen(base(), name, file, flags, out_flags);
  }
  file->pMethods = nullptr;
  if (disk_of(vfs) == nullptr) return SQLITE_CANTOPEN;
  PowerCutDisk& disk = *disk_of(vfs);
  PowerCutDisk::Folder& folder = disk.folder_of(name);
  if (folder.dark) return SQLITE_CANTOPEN;
  auto& there = folder.live[name];
  if (!there) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || !disk.operate(folder)) {
      folder.live.erase(name);
      return SQLITE_CANTOPEN;
    }
    there = std::make_shared<PowerCutDisk::File>();
    there->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    there->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  }
  // SQLite syncs the folder with the first sync of every log that it opened to create, also when
  // one was there already.
  if ((flags & SQLITE_OPEN_CREATE) != 0 &&
      (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
    there->folder_unsynced = true;
  }
  const char* database = sqlite3_filename_database(name);
  new (file) Handle{.base = {&kMethods},
                    .disk = &disk,
                    .folder = &folder,
                    .file = there,
                    .level = SQLITE_LOCK_NONE,
                    .overwrite_is_safe = disk.defects().trusts_overwrite ||
                                         sqlite3_uri_boolean(database, "psow", 1) != 0,
                    .uses_index = false,
                    .slots_shared = 0,
                    .slots_exclusive = 0};
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove_name(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  if (!PowerCutDisk::is_ours(name)) return base()->xDelete(base(), name, sync_folder);
  if (disk_of(vfs) == nullptr) return SQLITE_IOERR_DELETE;
  PowerCutDisk& disk = *disk_of(vfs);
  PowerCutDisk::Folder& folder = disk.folder_of(name);
  if (folder.dark || !disk.operate(folder)) return SQLITE_IOERR_DELETE;
  disk.remove(folder, name, sync_folder != 0);
  return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  if (!PowerCutDisk::is_ours(name)) return base()->xAccess(base(), name, flags, out);
  if (disk_of(vfs) == nullptr) return SQLITE_IOERR_ACCESS;
  PowerCutDisk& disk = *disk_of(vfs);
  const PowerCutDisk::Folder& folder = disk.folder_of(name);
  if (folder.dark) return SQLITE_IOERR_ACCESS;
  const auto found = folder.live.find(name);
  *out = found != folder.live.end() && !found->second->live.empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
  return base()->xFullPathname(base(), name, size, out);
}
int randomness(sqlite3_vfs* /*vfs*/, int size, char* out) {
  return base()->xRandomness(base(), size, out);
}
// Nobody else runs: who waits for a lock would wait for ever.
int sleep(sqlite3_vfs* /*vfs*/, int microseconds) { return microseconds; }
int last_error(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*out*/) { return 0; }
int current_time(sqlite3_vfs* /*vfs*/, double* out) { return base()->xCurrentTime(base(), out); }
int current_time_64(sqlite3_vfs* /*vfs*/, sqlite3_int64* out) {
  return base()->xCurrentTimeInt64(base(), out);
}

// One for the life of the process: connections to other files that were opened through it may
// outlive a disk.
sqlite3_vfs& the_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made{};
    made.iVersion = 2;
    made.szOsFile = std::max(base()->szOsFile, static_cast<int>(sizeof(Handle)));
    made.mxPathname = base()->mxPathname;
    made.zName = "power-cut";
    made.xOpen = open;
    made.xDelete = remove_name;
    made.xAccess = access;
    made.xFullPathname = full_name;
    made.xRandomness = randomness;
    made.xSleep = sleep;
    made.xCurrentTime = current_time;
    made.xGetLastError = last_error;
    made.xCurrentTimeInt64 = current_time_64;
    return made;
  }();
  return vfs;
}

}  // namespace

PowerCutDisk::PowerCutDisk(std::uint64_t seed, DiskDefects defects)
    : random_(seed), defects_(defects), files_(std::make_unique<PowerCutFiles>(*this)) {
  the_vfs().pAppData = this;
  sqlite3_vfs_register(&the_vfs(), 1);
}

PowerCutDisk::~PowerCutDisk() {
  sqlite3_vfs_unregister(&the_vfs());
  the_vfs().pAppData = nullptr;
  sqlite3_vfs_register(base(), 1);
}

bool PowerCutDisk::is_ours(const std::filesystem::path& file) {
  return file.filename().string().starts_with("journal.db") || is_steady(file);
}

bool PowerCutDisk::is_steady(const std::filesystem::path& file) {
  return file.filename().string().starts_with("releases.db");
}

PowerCutDisk::Folder& PowerCutDisk::folder_of(const std::filesystem::path& file) {
  return (is_steady(file) ? steady_ : folders_)[file.parent_path()];
}

void PowerCutDisk::cut_after(const std::filesystem::path& folder, std::uint64_t operations) {
  folders_[folder].left = operations;
}

bool PowerCutDisk::dark(const std::filesystem::path& folder) const {
  const auto found = folders_.find(folder);
  return found != folders_.end() && found->second.dark;
}

std::string PowerCutDisk::content(const std::filesystem::path& folder) const {
  std::string all;
  for (const auto* folders : {&folders_, &steady_}) {
    const auto found = folders->find(folder);
    if (found == folders->end()) continue;
    for (const auto& [name, file] : found->second.live) all += file->live;
  }
  return all;
}

bool PowerCutDisk::operate(Folder& folder) {
  ++operations_;
  if (folder.left == 0 || --folder.left > 0) return true;
  folder.dark = true;
  ++cuts_;
  return false;
}

void PowerCutDisk::write(Folder& folder, File& file, std::string_view bytes, std::size_t at) {
  if (file.is_database && defects_.commit_without_sync) {
    // A checkpoint: now the log is synced even with synchronous=NORMAL.
    for (auto& [name, other] : folder.live) {
      if (!std::exchange(other->sync_owed, false)) continue;
      settle(*other);
    }
  }
  apply(file.live, bytes, at);
  file.pending.push_back({at, std::string(bytes), false});
  if (file.is_database && defects_.checkpoint_first) settle(file);
}

void PowerCutDisk::truncate(File& file, std::size_t size) {
  file.live.resize(size, '\0');
  file.pending.push_back({size, {}, true});
}

void PowerCutDisk::sync(Folder& folder, File& file) {
  if (file.folder_unsynced && !defects_.no_folder_sync) {
    file.folder_unsynced = false;
    folder.durable = folder.live;
  }
  if (file.is_log && defects_.commit_without_sync) {
    file.sync_owed = true;
    return;
  }
  if (file.is_log && defects_.checkpoint_first) return;
  settle(file);
}

void PowerCutDisk::remove(Folder& folder, const std::string& name, bool sync_folder) {
  folder.live.erase(name);
  if (sync_folder && !defects_.no_folder_sync) folder.durable = folder.live;
}

void PowerCutDisk::trouble_after(const std::filesystem::path& folder, DiskTrouble trouble,
                                 std::uint64_t calls) {
  folders_[folder].trouble = trouble;
  folders_[folder].trouble_left = calls;
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
    copy.live[name] = copy.durable[name] = same;
  }
  return copy;
}

void PowerCutDisk::put_back(const std::filesystem::path& path, const Folder& image) {
  Folder& folder = folders_[path];
  folder = {};
  for (const auto& [name, file] : image.live) {
    folder.live[name] = folder.durable[name] = std::make_shared<File>(*file);
  }
}

void PowerCutDisk::rename(Folder& folder, const std::string& from, const std::string& to) {
  const auto found = folder.live.find(from);
  if (found == folder.live.end()) return;
  folder.live[to] = found->second;
  folder.live.erase(from);
}

void PowerCutDisk::sync_folder(Folder& folder) {
  if (!defects_.no_folder_sync) folder.durable = folder.live;
}

void PowerCutDisk::ruin(const std::filesystem::path& path, std::string_view begin) {
  enum Way : std::uint8_t { kGone, kEmpty, kHead, kCutShort, kEverySector };
  const auto way = static_cast<Way>(random_.below(5));
  Folder& folder = folders_[path];
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
    for (std::size_t at = 0; way == kEverySector && at < content.size(); at += kSector) {
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
          std::min((from / kSector + 1) * kSector, change.at + change.bytes.size());
      if (!torn || random_.below(2) == 0) {
        apply(content, std::string_view(change.bytes).substr(from - change.at, to - from), from);
      }
      from = to;
    }
    // A sector that was written in part may come back as garbage, but for what was written.
    const std::size_t head = change.at / kSector * kSector;
    const std::size_t end = change.at + change.bytes.size();
    const std::size_t tail = (end + kSector - 1) / kSector * kSector;
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
  Folder& folder = folders_[path];
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
  folder = {};
  folder.live = folder.durable = std::move(left);
}

}  // namespace odop::test
