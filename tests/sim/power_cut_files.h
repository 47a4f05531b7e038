// The files that a kiosk writes itself, on a disk whose power fails (power_cut_disk.h).
#pragma once

#include "kiosk/store/file_system.h"
#include "tests/sim/power_cut_disk.h"

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

 private:
  PowerCutDisk& disk_;
};

}  // namespace odop::test
