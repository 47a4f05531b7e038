// The few calls of a file system that the outbox needs, as values go in and out of them: so a test
// can cut the power between any two, and tear what was not synced.
//
// Threads: any; an Output belongs to one.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

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
};

// The operating system's. Holds nothing.
[[nodiscard]] const FileSystem& system_files();

}  // namespace odop::kiosk
