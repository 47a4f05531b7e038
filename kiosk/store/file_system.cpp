#include "kiosk/store/file_system.h"

#include "kiosk/store/files.h"
#include "shared/core/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace odop::kiosk {
namespace {

class SystemOutput final : public FileSystem::Output {
 public:
  SystemOutput(Descriptor descriptor, std::uint64_t at)
      : descriptor_(std::move(descriptor)), at_(static_cast<off_t>(at)) {}

  Status write(BytesView bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), at_);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(error_of_system("write a file"));
      at_ += written;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status finish() override {
    if (::fdatasync(descriptor_.get()) != 0) return fail(error_of_system("sync a file"));
    if (!descriptor_.close()) return fail(error_of_system("close a file"));
    return {};
  }

 private:
  Descriptor descriptor_;
  off_t at_;
};

class SystemFiles final : public FileSystem {
 public:
  [[nodiscard]] Result<std::uint64_t> size(const std::filesystem::path& file) const override {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return fail(error_of_system("stat a file"));
    if (!S_ISREG(info.st_mode)) return fail(ErrorCode::kIo, "no regular file");
    return static_cast<std::uint64_t>(info.st_size);
  }

  [[nodiscard]] Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                   std::size_t count) const override {
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.open()) return fail(error_of_system("open a file"));
    Bytes bytes(count, '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t got =
          ::pread(in.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(from + at));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(error_of_system("read a file"));
      if (got == 0) break;
      at += static_cast<std::size_t>(got);
    }
    bytes.resize(at);
    return bytes;
  }

  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override {
    Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (!out.open()) return fail(error_of_system("open a file"));
    return std::make_unique<SystemOutput>(std::move(out), from);
  }

  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override {
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!out.open()) return fail(error_of_system("open a file"));
    if (::ftruncate(out.get(), static_cast<off_t>(size)) != 0) {
      return fail(error_of_system("cut a file"));
    }
    if (::fdatasync(out.get()) != 0) return fail(error_of_system("sync a file"));
    return {};
  }

  [[nodiscard]] Status replace(const std::filesystem::path& from,
                               const std::filesystem::path& to) const override {
    if (auto renamed = rename_file(from, to); !renamed) return renamed;
    return sync_folder(to.parent_path());
  }

  void remove(const std::filesystem::path& file) const override { ::unlink(file.c_str()); }

  [[nodiscard]] Status write(const std::filesystem::path& file, BytesView bytes) const override {
    return write_plainly(file, bytes);
  }

  [[nodiscard]] Status copy(const std::filesystem::path& from,
                            const std::filesystem::path& to) const override {
    std::error_code error;
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
    if (error) {
      errno = error.value();
      return fail(error_of_system("copy a file"));
    }
    std::filesystem::permissions(
        to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    return {};
  }

  [[nodiscard]] Status rename(const std::filesystem::path& from,
                              const std::filesystem::path& to) const override {
    return rename_file(from, to);
  }
  [[nodiscard]] Status sync_folder(const std::filesystem::path& folder) const override {
    return kiosk::sync_folder(folder);
  }
  [[nodiscard]] Status sync_all(const std::filesystem::path& folder) const override {
    return sync_file_system(folder);
  }

  void make_folder(const std::filesystem::path& folder) const override {
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
  }

  [[nodiscard]] Result<std::vector<std::string>> list(
      const std::filesystem::path& folder) const override {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      std::error_code ignored;
      if (entry.is_regular_file(ignored)) names.push_back(entry.path().filename().string());
    }
    if (error) {
      errno = error.value();
      return fail(error_of_system("list a folder"));
    }
    return names;
  }
};

Status write_anew(const FileSystem& files, const std::filesystem::path& file, BytesView bytes) {
  files.remove(file);  // what an earlier try left
  auto output = files.write_from(file, 0);
  if (!output) return fail(output.error());
  if (auto written = (*output)->write(bytes); !written) return written;
  return (*output)->finish();
}

}  // namespace

Status write_durably(const FileSystem& files, const std::filesystem::path& file, BytesView bytes) {
  std::filesystem::path temporary = file;
  temporary += ".new";
  Status status = write_anew(files, temporary, bytes);
  if (status) status = files.replace(temporary, file);
  if (!status) files.remove(temporary);
  return status;
}

Result<Bytes> read_whole(const FileSystem& files, const std::filesystem::path& file,
                         std::uint64_t most) {
  const auto size = files.size(file);
  if (!size) return fail(size.error());
  if (*size > most) return fail(ErrorCode::kTooLarge, "file is larger than it may be");
  return files.read(file, 0, static_cast<std::size_t>(*size));
}

const FileSystem& system_files() {
  static const SystemFiles files;
  return files;
}

}  // namespace odop::kiosk
