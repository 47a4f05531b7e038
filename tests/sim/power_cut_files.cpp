#include "tests/sim/power_cut_files.h"

#include <algorithm>
#include <utility>

namespace odop::test {
namespace {

using File = PowerCutDisk::File;
using Folder = PowerCutDisk::Folder;

tl::unexpected<Error> dark() { return fail(ErrorCode::kIo, "the power is gone"); }
tl::unexpected<Error> ill() { return fail(ErrorCode::kIo, "the disk is ill"); }

class PowerCutOutput final : public kiosk::FileSystem::Output {
 public:
  PowerCutOutput(PowerCutDisk& disk, Folder& folder, std::shared_ptr<File> file, std::uint64_t from)
      : disk_(disk), folder_(folder), file_(std::move(file)), at_(from) {}

  Status write(BytesView bytes) override {
    if (folder_.dark) return dark();
    if (disk_.troubled(folder_, DiskTrouble::kWriteError)) return ill();
    if (disk_.troubled(folder_, DiskTrouble::kFull)) return fail(ErrorCode::kDiskFull, "no room");
    if (disk_.troubled(folder_, DiskTrouble::kShortWrite)) {
      disk_.write(folder_, *file_, bytes.substr(0, bytes.size() / 2), at_);
      return ill();
    }
    const bool powered = disk_.operate(folder_);
    disk_.write(folder_, *file_, bytes, at_);
    at_ += bytes.size();
    if (!powered) return dark();
    return {};
  }

  Status finish() override {
    if (folder_.dark || !disk_.operate(folder_)) return dark();
    if (disk_.troubled(folder_, DiskTrouble::kSyncError)) return ill();
    if (!folder_.defects.outbox_without_sync) disk_.sync(folder_, *file_);
    return {};
  }

 private:
  PowerCutDisk& disk_;
  Folder& folder_;
  std::shared_ptr<File> file_;
  std::size_t at_;
};

std::shared_ptr<File> find(const Folder& folder, const std::filesystem::path& file) {
  const auto found = folder.live.find(file);
  return found == folder.live.end() ? nullptr : found->second;
}

}  // namespace

Result<std::uint64_t> PowerCutFiles::size(const std::filesystem::path& file) const {
  const Folder& folder = disk_.folder_of(file);
  if (folder.dark) return dark();
  const auto there = find(folder, file);
  if (!there) return fail(ErrorCode::kNotFound, "no such file");
  return there->live.size();
}

Result<Bytes> PowerCutFiles::read(const std::filesystem::path& file, std::uint64_t from,
                                  std::size_t count) const {
  Folder& folder = disk_.folder_of(file);
  if (folder.dark) return dark();
  if (disk_.troubled(folder, DiskTrouble::kReadError)) return ill();
  const auto there = find(folder, file);
  if (!there) return fail(ErrorCode::kNotFound, "no such file");
  const std::size_t at = std::min<std::size_t>(from, there->live.size());
  return there->live.substr(at, count);
}

Result<std::unique_ptr<kiosk::FileSystem::Output>> PowerCutFiles::write_from(
    const std::filesystem::path& file, std::uint64_t from) const {
  Folder& folder = disk_.folder_of(file);
  if (folder.dark) return dark();
  auto there = find(folder, file);
  if (!there) {
    if (!disk_.operate(folder)) return dark();
    there = PowerCutDisk::create(folder, file);
  }
  return std::make_unique<PowerCutOutput>(disk_, folder, std::move(there), from);
}

Status PowerCutFiles::truncate(const std::filesystem::path& file, std::uint64_t size) const {
  Folder& folder = disk_.folder_of(file);
  if (folder.dark) return dark();
  const auto there = find(folder, file);
  if (!there) return fail(ErrorCode::kNotFound, "no such file");
  const bool powered = disk_.operate(folder);
  disk_.truncate(*there, size);
  if (!powered || !disk_.operate(folder)) return dark();
  disk_.sync(folder, *there);
  return {};
}

Status PowerCutFiles::replace(const std::filesystem::path& from,
                              const std::filesystem::path& to) const {
  if (auto renamed = rename(from, to); !renamed) return renamed;
  Folder& folder = disk_.folder_of(to);
  if (!disk_.operate(folder)) return dark();
  disk_.sync_folder(folder, to.parent_path());
  return {};
}

void PowerCutFiles::remove(const std::filesystem::path& file) const {
  Folder& folder = disk_.folder_of(file);
  if (folder.dark || !find(folder, file) || !disk_.operate(folder)) return;
  disk_.remove(folder, file, false);
}

Status PowerCutFiles::write(const std::filesystem::path& file, BytesView bytes) const {
  Folder& folder = disk_.folder_of(file);
  if (folder.dark) return dark();
  if (disk_.troubled(folder, DiskTrouble::kWriteError)) return ill();
  if (disk_.troubled(folder, DiskTrouble::kFull)) return fail(ErrorCode::kDiskFull, "no room");
  const bool torn = disk_.troubled(folder, DiskTrouble::kShortWrite);
  auto there = find(folder, file);
  const bool powered = disk_.operate(folder);
  if (there) {
    disk_.truncate(*there, 0);
  } else {
    there = PowerCutDisk::create(folder, file);
  }
  if (!powered || !disk_.operate(folder)) return dark();
  disk_.write(folder, *there, torn ? bytes.substr(0, bytes.size() / 2) : bytes, 0);
  if (torn) return ill();
  return {};
}

Status PowerCutFiles::copy(const std::filesystem::path& from,
                           const std::filesystem::path& to) const {
  const auto size = this->size(from);
  if (!size) return fail(size.error());
  const auto bytes = read(from, 0, static_cast<std::size_t>(*size));
  if (!bytes) return fail(bytes.error());
  return write(to, *bytes);
}

Status PowerCutFiles::rename(const std::filesystem::path& from,
                             const std::filesystem::path& to) const {
  Folder& folder = disk_.folder_of(from);
  if (folder.dark) return dark();
  if (!find(folder, from)) return fail(ErrorCode::kNotFound, "no such file");
  const bool powered = disk_.operate(folder);
  disk_.rename(folder, from, to);
  if (!powered) return dark();
  return {};
}

Status PowerCutFiles::sync_folder(const std::filesystem::path& path) const {
  Folder& folder = disk_.folder_of(path / "any");
  if (folder.dark || !disk_.operate(folder)) return dark();
  if (disk_.troubled(folder, DiskTrouble::kSyncError)) return ill();
  disk_.sync_folder(folder, path);
  return {};
}

Status PowerCutFiles::sync_all(const std::filesystem::path& path) const {
  Folder& folder = disk_.folder_of(path / "any");
  if (folder.dark || !disk_.operate(folder)) return dark();
  if (disk_.troubled(folder, DiskTrouble::kSyncError)) return ill();
  disk_.sync_all(folder);
  return {};
}

Result<std::vector<std::string>> PowerCutFiles::list(const std::filesystem::path& path) const {
  const Folder& folder = disk_.folder_of(path / "any");
  if (folder.dark) return dark();
  std::vector<std::string> names;
  for (const auto& [name, file] : folder.live) {
    const std::filesystem::path whole(name);
    if (whole.parent_path() == path) names.push_back(whole.filename());
  }
  return names;
}

}  // namespace odop::test
