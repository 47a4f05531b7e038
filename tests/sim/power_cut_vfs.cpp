// SQLite's side of the disk: files, locks and the shared memory of a log's index.
#include "tests/sim/power_cut_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace odop::test {
namespace {

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
int sector_size(sqlite3_file* /*file*/) { return static_cast<int>(kDiskSector); }
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

// Connections to other files may outlive a disk; those to its own must not.
bool is_ours(sqlite3_vfs* vfs, const char* name) {
  return disk_of(vfs) != nullptr && disk_of(vfs)->holds(name);
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (disk_of(vfs) == nullptr) return SQLITE_CANTOPEN;
  if (name == nullptr || !disk_of(vfs)->holds(name)) {
    return base()->xOpen(base(), name, file, flags, out_flags);
  }
  PowerCutDisk& disk = *disk_of(vfs);
  PowerCutDisk::Folder& folder = disk.folder_of(name);
  if (folder.dark) return SQLITE_CANTOPEN;
  auto& there = folder.live[name];
  if (!there) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || !disk.operate(folder)) {
      folder.live.erase(name);
      return SQLITE_CANTOPEN;
    }
    there = PowerCutDisk::create(folder, name);
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
                    .overwrite_is_safe = folder.defects.trusts_overwrite ||
                                         sqlite3_uri_boolean(database, "psow", 1) != 0,
                    .uses_index = false,
                    .slots_shared = 0,
                    .slots_exclusive = 0};
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove_name(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  if (!is_ours(vfs, name)) return base()->xDelete(base(), name, sync_folder);
  PowerCutDisk& disk = *disk_of(vfs);
  PowerCutDisk::Folder& folder = disk.folder_of(name);
  if (folder.dark || !disk.operate(folder)) return SQLITE_IOERR_DELETE;
  disk.remove(folder, name, sync_folder != 0);
  return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  if (!is_ours(vfs, name)) return base()->xAccess(base(), name, flags, out);
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

void begin_power_cut_vfs(PowerCutDisk& disk) {
  the_vfs().pAppData = &disk;
  sqlite3_vfs_register(&the_vfs(), 1);
}

void end_power_cut_vfs() {
  sqlite3_vfs_unregister(&the_vfs());
  the_vfs().pAppData = nullptr;
  sqlite3_vfs_register(base(), 1);
}

}  // namespace odop::test
