#include "shared/crypto/secret.h"

#include <sodium.h>

#include <cstring>
#include <new>
#include <utility>

namespace odop::crypto {

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (sodium_init() < 0) throw std::bad_alloc{};
  data_ = static_cast<unsigned char*>(sodium_malloc(size));
  if (data_ == nullptr) throw std::bad_alloc{};
  sodium_memzero(data_, size_);  // sodium_malloc fills with a pattern
}

SecretBytes::SecretBytes(BytesView bytes) : SecretBytes(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_, bytes.data(), bytes.size());
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

BytesView SecretBytes::view() const {
  // unsigned char and char may look at the same bytes.
  return {reinterpret_cast<const char*>(data_), size_};
}

}  // namespace odop::crypto
