// A disk whose power fails: an SQLite VFS and a file system that keep what lies in a kiosk's folder
// in memory, and remember which of its bytes and names were synced. At a cut, what was not synced
// is dropped, reordered or torn, and the rest of a sector that was being written may be garbage, as
// seeds decide.
//
// It becomes SQLite's default VFS for a kiosk's files (journal.db*, releases.db*, catalogue-*)
// while it lives, and for a server's odop.db* and keys/records.db* below folders that it was told
// to `serve`. `files()` is the same disk for what the kiosk writes itself: outbox, keys, and below
// staging/ and media/ what releases bring. Every other file goes to the VFS that was there before.
// One at a time in a process. Threads: one works, the others wait for it.
//
// What it holds true of a real disk (hardening notes):
// - xSync makes a file's bytes durable; a file's name becomes durable when its folder is synced,
//   which SQLite does with the first sync of a new write-ahead log or rollback journal; a rename
//   that was not synced may have happened in one of two folders alone;
// - without SQLITE_IOCAP_POWERSAFE_OVERWRITE (psow=0) a sector that is written in part may be lost
//   as a whole, also what an earlier commit left in it.
#pragma once

#include "kiosk/store/file_system.h"
#include "shared/core/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odop::test {

// Calls that a program with a defect would leave out.
struct DiskDefects {
  // As PRAGMA synchronous=NORMAL: the write-ahead log is not synced at a commit.
  bool commit_without_sync = false;
  // The folder of a new write-ahead log is not synced.
  bool no_folder_sync = false;
  // As without psow=0: the log is not padded to whole sectors.
  bool trusts_overwrite = false;
  // A checkpoint writes into the database what the log has not kept yet.
  bool checkpoint_first = false;
  // What is written to the outbox is not synced.
  bool outbox_without_sync = false;
  // What a release brought is not synced before it is shown.
  bool release_without_sync = false;
};

inline constexpr std::size_t kDiskSector = 4096;

// What a disk does that is not cut, but ill or full: one call fails, the next ones work.
enum class DiskTrouble : std::uint8_t {
  kReadError,   // EIO
  kWriteError,  // EIO, nothing is written
  kShortWrite,  // a part is written, then EIO
  kFull,        // ENOSPC
  kSyncError,   // EIO; what was written may or may not be on the disk
};
inline constexpr std::uint64_t kDiskTroubles = 5;

class PowerCutDisk {
 public:
  explicit PowerCutDisk(std::uint64_t seed, DiskDefects defects = {});
  // No connection to a journal may be open any more.
  ~PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;

  // The power of this folder fails at the `operations`-th write, truncation, sync, creation or
  // deletion from now on: that one is in flight, it and every later call give SQLITE_IOERR. 0: it
  // does not fail.
  void cut_after(const std::filesystem::path& folder, std::uint64_t operations);
  // The same, but only the program dies there: what it wrote stays with the system.
  void kill_after(const std::filesystem::path& folder, std::uint64_t operations);
  [[nodiscard]] bool dark(const std::filesystem::path& folder) const;
  // The `calls`-th call of this kind from now on fails so, once. 0: none will.
  void trouble_after(const std::filesystem::path& folder, DiskTrouble trouble, std::uint64_t calls);
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }
  // All that is there now, synced or not: what a thief may read.
  [[nodiscard]] std::string content(const std::filesystem::path& folder) const;
  // Decides what survived. The folder's connections are closed by now.
  void power_up(const std::filesystem::path& folder);

  // A server's data folder: its databases lie here from now on, with what they hold by then.
  void serve(const std::filesystem::path& folder, DiskDefects defects = {});
  // The disk is no more. The folder's connections are closed.
  void forget(const std::filesystem::path& folder);

  // The same disk, for what a kiosk writes itself.
  [[nodiscard]] const kiosk::FileSystem& files() const { return *files_; }

  // Ruins what is there now of the files whose names begin so, in one of several ways.
  void ruin(const std::filesystem::path& folder, std::string_view name);

  [[nodiscard]] std::uint64_t operations() const { return operations_; }
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }
  [[nodiscard]] std::uint64_t kills() const { return kills_; }

  // ---- For the VFS's own functions ----
  struct Change {
    std::size_t at = 0;
    std::string bytes;       // of a write
    bool truncates = false;  // to `at` bytes
  };
  struct File {
    std::string live;              // what the program sees
    std::string durable;           // what was synced
    std::vector<Change> pending;   // since then, in order
    std::string parent;            // the folder that it was made in
    bool folder_unsynced = false;  // a log whose first sync also syncs the folder
    bool is_log = false;           // journal.db-wal
    bool is_database = false;      // journal.db
    bool sync_owed = false;        // commit_without_sync: until a checkpoint begins
    // Locks and the shared memory of the log's index, of all connections together.
    int shared = 0;
    bool reserved = false;
    bool waiting = false;  // PENDING: no new readers
    bool exclusive = false;
    int index_users = 0;
    std::map<int, std::vector<char>> index;
    struct Slot {
      int shared = 0;
      bool exclusive = false;
    };
    std::array<Slot, 8> slots;
  };
  struct Folder {
    std::map<std::string, std::shared_ptr<File>> live;     // by name
    std::map<std::string, std::shared_ptr<File>> durable;  // names that survive
    std::uint64_t left = 0;                                // operations until the cut; 0: none
    bool dark = false;
    bool killed = false;  // the program alone, not the power
    DiskDefects defects{};
    DiskTrouble trouble = DiskTrouble::kFull;
    std::uint64_t trouble_left = 0;  // calls until it; 0: none
  };
  // A copy of what a journal's folder holds now; and the same, put back over it. The folder's
  // connections are closed.
  [[nodiscard]] Folder image(const std::filesystem::path& folder) const;
  void put_back(const std::filesystem::path& folder, const Folder& image);
  // What one kiosk's folder holds now, for another's. No connection to either is open.
  void copy(const std::filesystem::path& from, const std::filesystem::path& to);
  // Counts one call of this kind. True: it fails.
  [[nodiscard]] bool troubled(Folder& folder, DiskTrouble kind);
  [[nodiscard]] bool holds(const std::filesystem::path& file) const;
  Folder& folder_of(const std::filesystem::path& file);
  // Counts one operation. False: the power is gone.
  [[nodiscard]] bool operate(Folder& folder);
  void write(Folder& folder, File& file, std::string_view bytes, std::size_t at);
  void truncate(File& file, std::size_t size);
  void sync(Folder& folder, File& file);
  void remove(Folder& folder, const std::string& name, bool sync_folder);
  void rename(Folder& folder, const std::string& from, const std::string& to);
  // Names below `path` alone.
  static void sync_folder(Folder& folder, const std::string& path);
  static void sync_all(Folder& folder);
  // A new file, empty.
  static std::shared_ptr<File> create(Folder& folder, const std::filesystem::path& file);

 private:
  Folder& at(const std::filesystem::path& folder);
  void survive(File& file);

  SeededRandom random_;
  DiskDefects defects_;
  std::map<std::string, Folder> folders_;
  std::set<std::string> served_;
  std::unique_ptr<kiosk::FileSystem> files_;
  std::uint64_t operations_ = 0;
  std::uint64_t cuts_ = 0;
  std::uint64_t kills_ = 0;
  std::uint64_t troubles_ = 0;
};

}  // namespace odop::test
