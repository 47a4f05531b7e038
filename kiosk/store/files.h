// Files that survive a power cut: temporary file, sync, rename, sync of the folder.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace odop::kiosk {

// Replaces `file` as a whole, mode 0600 (write_durably of file_system.h, on the system's). Errors:
// kDiskFull, kReadOnly, kIo; the old file stays.
[[nodiscard]] Status write_durably(const std::filesystem::path& file, BytesView bytes);

// Without any sync: the caller syncs the file system once for many files. Errors as above.
[[nodiscard]] Status write_plainly(const std::filesystem::path& file, BytesView bytes);

// read_whole of file_system.h, on the system's.
[[nodiscard]] Result<Bytes> read_whole(const std::filesystem::path& file, std::uint64_t most);

[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
// Everything written to the file system that holds `folder`.
[[nodiscard]] Status sync_file_system(const std::filesystem::path& folder);
[[nodiscard]] Status rename_file(const std::filesystem::path& from,
                                 const std::filesystem::path& to);

// A file of `size` bytes whose blocks are really taken. Errors as above; then there is no file.
[[nodiscard]] Status reserve_file(const std::filesystem::path& file, std::uint64_t size);

// The error of a system call that just failed, by errno.
[[nodiscard]] Error error_of_system(std::string_view what);

}  // namespace odop::kiosk
