#include "syncserver/service/media_folder.h"

#include "shared/core/descriptor.h"
#include "shared/crypto/digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace {

tl::unexpected<Error> failed(const std::filesystem::path& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOSPC || reason == EDQUOT ? ErrorCode::kDiskFull
                         : reason == ENOENT                   ? ErrorCode::kNotFound
                         : reason == EROFS                    ? ErrorCode::kReadOnly
                                                              : ErrorCode::kIo;
  return fail(code, path.string() + ": " + std::generic_category().message(reason));
}

bool write_all(int handle, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(handle, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<Spool> Spool::open(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  std::string name = (folder / "spool.XXXXXX").string();
  const int handle = ::mkostemp(name.data(), O_CLOEXEC);
  if (handle < 0 || ::unlink(name.c_str()) != 0) {
    const auto error = failed(folder);
    if (handle >= 0) ::close(handle);
    return error;
  }
  return Spool{handle, folder};
}

Spool::~Spool() {
  if (handle_ >= 0) ::close(handle_);
}

Result<std::uint64_t> Spool::append(BytesView bytes) {
  if (::lseek(handle_, static_cast<off_t>(size_), SEEK_SET) < 0 || !write_all(handle_, bytes)) {
    return failed(folder_);
  }
  return std::exchange(size_, size_ + bytes.size());
}

Result<Bytes> Spool::read(std::uint64_t offset, std::size_t size) const {
  Bytes bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(handle_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(folder_);
    if (got == 0) return fail(ErrorCode::kIo, folder_.string() + ": a spool is too short");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Status sync_folder(const std::filesystem::path& folder) {
  const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failed(folder);
  return {};
}

Status write_durably(const std::filesystem::path& target, BytesView bytes, unsigned mode) {
  std::string beside = target.string() + ".XXXXXX";
  {
    const Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
    if (file.get() < 0) return failed(target);
    if (!write_all(file.get(), bytes) || ::fchmod(file.get(), mode) != 0 ||
        ::fsync(file.get()) != 0) {
      const auto error = failed(target);
      ::unlink(beside.c_str());
      return error;
    }
  }
  if (::rename(beside.c_str(), target.c_str()) != 0) {
    const auto error = failed(target);
    ::unlink(beside.c_str());
    return error;
  }
  return sync_folder(target.parent_path());
}

Status append_lines_durably(const std::filesystem::path& file, std::string lines) {
  const Descriptor out(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!out.open()) return failed(file);
  char last = '\n';
  const off_t size = ::lseek(out.get(), 0, SEEK_END);
  if (size > 0 && ::pread(out.get(), &last, 1, size - 1) == 1 && last != '\n') {
    lines.insert(0, "\n");
  }
  if (!write_all(out.get(), lines) || ::fsync(out.get()) != 0) return failed(file);
  return sync_folder(file.parent_path());
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed(path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failed(path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::kIo, path.string() + ": no regular file");
  if (static_cast<std::size_t>(info.st_size) > limit) {
    return fail(ErrorCode::kTooLarge,
                path.string() + ": more than " + std::to_string(limit) + " bytes");
  }
  Bytes bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + at, bytes.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) break;
    at += static_cast<std::size_t>(count);
  }
  bytes.resize(at);
  return bytes;
}

std::filesystem::path MediaFolder::path_of(const std::string& hash) const {
  return folder_ / hash.substr(0, 2) / hash;
}

Result<std::string> MediaFolder::put(BytesView bytes) const {
  std::string hash = to_hex(crypto::sha256(bytes));
  const std::filesystem::path target = path_of(hash);
  std::error_code problem;
  if (std::filesystem::file_size(target, problem) == bytes.size() && !problem) return hash;
  if (std::filesystem::create_directories(target.parent_path(), problem)) {
    if (Status synced = sync_folder(folder_); !synced.has_value()) return fail(synced.error());
  }
  if (problem) return fail(ErrorCode::kIo, target.string() + ": " + problem.message());
  if (Status written = write_durably(target, bytes); !written.has_value()) {
    return fail(written.error());
  }
  return hash;
}

}  // namespace odop::syncserver
