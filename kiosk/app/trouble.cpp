#include "kiosk/app/trouble.h"

#include <system_error>

namespace odop::kiosk::app {

Trouble trouble_of(const Error& why, const std::filesystem::path& folder) {
  std::error_code error;
  const auto there = std::filesystem::status(folder, error);
  if (std::filesystem::exists(there) && !std::filesystem::is_directory(there)) {
    return Trouble::kNoFolder;
  }
  switch (why.code) {
    case ErrorCode::kDiskFull:
      return Trouble::kFull;
    case ErrorCode::kReadOnly:
      return probe_space(folder).read_only ? Trouble::kReadOnly : Trouble::kNotOurs;
    case ErrorCode::kUnsupported:
      return Trouble::kNewer;
    case ErrorCode::kCorrupt:
      return Trouble::kDamaged;
    default:
      return Trouble::kDisk;
  }
}

Trouble trouble_of(const Journal& journal, const DiskState& disk,
                   const std::filesystem::path& folder) {
  if (journal.closed()) return trouble_of(*journal.closed(), folder);
  if (disk.read_only) return Trouble::kReadOnly;
  return disk.accepts ? Trouble::kNone : Trouble::kFull;
}

}  // namespace odop::kiosk::app
