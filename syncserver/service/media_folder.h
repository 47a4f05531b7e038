// Files by their hash: DATA/media/ab/ab12...  A file that is there is whole: it is written beside,
// synced, renamed, and its folder synced (hardening.md: without this 548 of 600 simulated power
// cuts left bad files; with it none).
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <filesystem>
#include <string>

namespace odop::syncserver {

class MediaFolder {
 public:
  explicit MediaFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Hex SHA-256 of `bytes`, once they are durable. Errors: kDiskFull, kIo.
  [[nodiscard]] Result<std::string> put(BytesView bytes) const;
  // Where the file of this hash (64 lower-case digits) lies or would lie.
  [[nodiscard]] std::filesystem::path path_of(const std::string& hash) const;

 private:
  std::filesystem::path folder_;
};

// Writes `bytes` to `target` so that after a power cut it holds either its old content or the new,
// in a folder that exists. `mode` as in chmod. Errors: kDiskFull, kIo.
[[nodiscard]] Status write_durably(const std::filesystem::path& target, BytesView bytes,
                                   unsigned mode = 0644);
// Makes what was renamed into `folder` outlive a power cut. Errors: kIo.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
// Errors: kNotFound, kIo, kTooLarge.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace odop::syncserver
