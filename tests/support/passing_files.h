// The system's files, for tests that change a call or two of them.
#pragma once

#include "kiosk/store/file_system.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace odop::test {

class PassingFiles : public kiosk::FileSystem {
 public:
  [[nodiscard]] Result<std::uint64_t> size(const std::filesystem::path& file) const override {
    return system_.size(file);
  }
  [[nodiscard]] Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                   std::size_t count) const override {
    return system_.read(file, from, count);
  }
  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override {
    return system_.write_from(file, from);
  }
  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override {
    return system_.truncate(file, size);
  }
  [[nodiscard]] Status replace(const std::filesystem::path& from,
                               const std::filesystem::path& to) const override {
    return system_.replace(from, to);
  }
  void remove(const std::filesystem::path& file) const override { system_.remove(file); }
  [[nodiscard]] Status write(const std::filesystem::path& file, BytesView bytes) const override {
    return system_.write(file, bytes);
  }
  [[nodiscard]] Status copy(const std::filesystem::path& from,
                            const std::filesystem::path& to) const override {
    return system_.copy(from, to);
  }
  [[nodiscard]] Status rename(const std::filesystem::path& from,
                              const std::filesystem::path& to) const override {
    return system_.rename(from, to);
  }
  [[nodiscard]] Status sync_folder(const std::filesystem::path& folder) const override {
    return system_.sync_folder(folder);
  }
  [[nodiscard]] Status sync_all(const std::filesystem::path& folder) const override {
    return system_.sync_all(folder);
  }
  void make_folder(const std::filesystem::path& folder) const override {
    system_.make_folder(folder);
  }
  [[nodiscard]] Result<std::vector<std::string>> list(
      const std::filesystem::path& folder) const override {
    return system_.list(folder);
  }

 private:
  const kiosk::FileSystem& system_ = kiosk::system_files();
};

}  // namespace odop::test
