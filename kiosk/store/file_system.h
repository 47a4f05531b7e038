// The few calls of a file system that outbox, keys and catalogues need, as values go in and out of
// them: so a test can cut the power between any two, and tear what was not synced.
//
// Threads: any; an Output belongs to one.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace odop::kiosk {

// Errors of all: kNotFound, kDiskFull, kReadOnly, kIo.
class FileSystem {
 public:
  // A file that is being written. Destroyed without `finish`, what was written may be there or not.
  class Output {
   public:
    Output() = default;
    virtual ~Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    [[nodiscard]] virtual Status write(BytesView bytes) = 0;
    // Synced when it returns a value. By the descriptor that wrote, since another may be told
    // nothing of a late error.
    [[nodiscard]] virtual Status finish() = 0;
  };

  virtual ~FileSystem() = default;

  // kIo of what is no regular file.
  [[nodiscard]] virtual Result<std::uint64_t> size(const std::filesystem::path& file) const = 0;
  // Fewer than `count` bytes at the end of the file.
  [[nodiscard]] virtual Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                           std::size_t count) const = 0;
  // Writes from that offset on; a missing file is created (0600), what lies behind stays.
  [[nodiscard]] virtual Result<std::unique_ptr<Output>> write_from(
      const std::filesystem::path& file, std::uint64_t from) const = 0;
  // And sync.
  [[nodiscard]] virtual Status truncate(const std::filesystem::path& file,
                                        std::uint64_t size) const = 0;
  // Renames over what is there, then syncs the folder.
  [[nodiscard]] virtual Status replace(const std::filesystem::path& from,
                                       const std::filesystem::path& to) const = 0;
  virtual void remove(const std::filesystem::path& file) const = 0;

  // ---- Many files, synced once ----
  // The whole file anew (0600), in the place of what is there.
  [[nodiscard]] virtual Status write(const std::filesystem::path& file, BytesView bytes) const = 0;
  [[nodiscard]] virtual Status copy(const std::filesystem::path& from,
                                    const std::filesystem::path& to) const = 0;
  // Over what is there; the folders are not synced.
  [[nodiscard]] virtual Status rename(const std::filesystem::path& from,
                                      const std::filesystem::path& to) const = 0;
  [[nodiscard]] virtual Status sync_folder(const std::filesystem::path& folder) const = 0;
  // Everything that was written to the disk that holds this folder.
  [[nodiscard]] virtual Status sync_all(const std::filesystem::path& folder) const = 0;

  // With those above it; one that is there is left alone.
  virtual void make_folder(const std::filesystem::path& folder) const = 0;
  // Names of the regular files in it.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(
      const std::filesystem::path& folder) const = 0;

  [[nodiscard]] bool has(const std::filesystem::path& file) const { return size(file).has_value(); }
};

// Replaces `file` as a whole (0600): what stood there stays until the new one is on the disk.
[[nodiscard]] Status write_durably(const FileSystem& files, const std::filesystem::path& file,
                                   BytesView bytes);
// Errors: kNotFound, kTooLarge (above `most` bytes), kIo.
[[nodiscard]] Result<Bytes> read_whole(const FileSystem& files, const std::filesystem::path& file,
                                       std::uint64_t most);

// The operating system's. Holds nothing.
[[nodiscard]] const FileSystem& system_files();

}  // namespace odop::kiosk
