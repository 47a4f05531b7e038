// The files that a kiosk writes itself, on a disk whose power fails (power_cut_disk.h).
#pragma once

#include "kiosk/store/file_system.h"
#include "tests/sim/power_cut_disk.h"

#include <string>
#include <vector>

namespace odop::test {

class PowerCutFiles final : public kiosk::FileSystem {
 public:
  // `disk` must outlive it.
  explicit PowerCutFiles(PowerCutDisk& disk) : disk_(disk) {}

  [[nodiscard]] Result<std::uint64_t> size(const std::filesystem::path& file) const override;
  [[nodiscard]] Result<Bytes> read(const std::filesystem::path& file, std::uint64_t from,
                                   std::size_t count) const override;
  [[nodiscard]] Result<std::unique_ptr<Output>> write_from(const std::filesystem::path& file,
                                                           std::uint64_t from) const override;
  [[nodiscard]] Status truncate(const std::filesystem::path& file,
                                std::uint64_t size) const override;
  [[nodiscard]] Status replace(const std::filesystem::path& from,
                               const std::filesystem::path& to) const override;
  void remove(const std::filesystem::path& file) const override;
  [[nodiscard]] Status write(const std::filesystem::path& file, BytesView bytes) const override;
  [[nodiscard]] Status copy(const std::filesystem::path& from,
                            const std::filesystem::path& to) const override;
  [[nodiscard]] Status rename(const std::filesystem::path& from,
                              const std::filesystem::path& to) const override;
  [[nodiscard]] Status sync_folder(const std::filesystem::path& folder) const override;
  [[nodiscard]] Status sync_all(const std::filesystem::path& folder) const override;
  // A folder is always there.
  void make_folder(const std::filesystem::path& /*folder*/) const override {}
  [[nodiscard]] Result<std::vector<std::string>> list(
      const std::filesystem::path& folder) const override;

 private:
  PowerCutDisk& disk_;
};

}  // namespace odop::test
