#include "kiosk/store/files.h"

#include "kiosk/store/file_system.h"
#include "shared/core/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace odop::kiosk {
namespace {

bool write_all(int descriptor, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Error error_of_system(std::string_view what) {
  const int number = errno;
  ErrorCode code = ErrorCode::kIo;
  if (number == ENOSPC || number == EDQUOT) code = ErrorCode::kDiskFull;
  if (number == EROFS || number == EACCES || number == EPERM) code = ErrorCode::kReadOnly;
  if (number == ENOENT) code = ErrorCode::kNotFound;
  return {code, std::string(what) + ": " + std::generic_category().message(number)};
}

Status write_plainly(const std::filesystem::path& file, BytesView bytes) {
  Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out.open()) return fail(error_of_system("create a file"));
  if (!write_all(out.get(), bytes)) return fail(error_of_system("write a file"));
  if (!out.close()) return fail(error_of_system("close a file"));
  return {};
}

Status write_durably(const std::filesystem::path& file, BytesView bytes) {
  return write_durably(system_files(), file, bytes);
}

Result<Bytes> read_whole(const std::filesystem::path& file, std::uint64_t most) {
  return read_whole(system_files(), file, most);
}

Status sync_folder(const std::filesystem::path& folder) {
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!in.open()) return fail(error_of_system("open a folder"));
  if (::fsync(in.get()) != 0) return fail(error_of_system("sync a folder"));
  return {};
}

Status sync_file_system(const std::filesystem::path& folder) {
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!in.open()) return fail(error_of_system("open a folder"));
  if (::syncfs(in.get()) != 0) return fail(error_of_system("sync a file system"));
  return {};
}

Status rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return fail(error_of_system("rename"));
  return {};
}

Status reserve_file(const std::filesystem::path& file, std::uint64_t size) {
  Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out.open()) return fail(error_of_system("create the reserve"));
  const int failed = ::posix_fallocate(out.get(), 0, static_cast<off_t>(size));
  if (failed != 0) {
    ::unlink(file.c_str());
    errno = failed;
    return fail(error_of_system("fill the reserve"));
  }
  return {};
}

}  // namespace odop::kiosk
