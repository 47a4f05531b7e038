#include "kiosk/store/file_system.h"

#include "kiosk/store/files.h"
#include "shared/core/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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
};

}  // namespace

const FileSystem& system_files() {
  static const SystemFiles files;
  return files;
}

}  // namespace odop::kiosk
