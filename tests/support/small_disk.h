// A file system of a test's own (tmpfs), to be filled up and made read-only. Mounting wants root
// and its rights: where they are missing `mounted` is false, and the test says that it left this
// out.
#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>

namespace odop::test {

class SmallDisk {
 public:
  SmallDisk(std::filesystem::path place, std::uint64_t megabytes) : place_(std::move(place)) {
    std::filesystem::create_directories(place_);
    const std::string size = "size=" + std::to_string(megabytes) + "m";
    mounted_ = ::mount("odop-test", place_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (!mounted_) std::cout << "left out: a disk of the test's own wants root and CAP_SYS_ADMIN\n";
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const { return place_; }

  // False while somebody holds a file open for writing.
  [[nodiscard]] bool read_only(bool yes) const {
    unsigned long flags = MS_REMOUNT;
    if (yes) flags |= MS_RDONLY;
    return ::mount("odop-test", place_.c_str(), "tmpfs", flags, nullptr) == 0;
  }
  // With a file of the test's own, so that so many bytes are left.
  void fill(std::uint64_t but) const {
    free_up();
    const auto space = std::filesystem::space(place_);
    std::ofstream filler(place_ / "filler", std::ios::binary);
    const std::string block(64UL * 1024, 'f');
    for (std::uint64_t left = space.available > but ? space.available - but : 0; left > 0;) {
      const std::uint64_t part = left < block.size() ? left : block.size();
      filler.write(block.data(), static_cast<std::streamsize>(part));
      left -= part;
    }
  }
  void free_up() const { std::filesystem::remove(place_ / "filler"); }

 private:
  std::filesystem::path place_;
  bool mounted_ = false;
};

}  // namespace odop::test
