// A descriptor of the operating system that closes itself. Owned by one; -1 is none.
// Threads: one at a time.
#pragma once

namespace odop {

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  // At once; false when the system reports an error, errno says which: those of a late write.
  [[nodiscard]] bool close();

 private:
  int descriptor_;
};

}  // namespace odop
