// Memory for keys: guard pages, locked out of swap and core dumps as far as the system allows, and
// overwritten when freed (sodium_malloc). Takes four pages each, so it is for keys, not for bulk;
// bulk is overwritten by odop::wipe.
#pragma once

#include "shared/core/bytes.h"

#include <cstddef>

namespace odop::crypto {

// Movable, not copyable: a secret has one place.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zero bytes; throws std::bad_alloc
  explicit SecretBytes(BytesView bytes);   // a copy
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  [[nodiscard]] unsigned char* data() { return data_; }
  [[nodiscard]] const unsigned char* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  // Lives as long as the object does.
  [[nodiscard]] BytesView view() const;

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace odop::crypto
