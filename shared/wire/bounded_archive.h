// The one way in for cereal's portable binary. cereal's own archive believes every length (nine
// bytes made it take 3.8 GB); this one reads from memory and refuses, before anything is allocated:
// a size above the field's cap or above what the remaining bytes can hold, more elements than the
// budget, nesting deeper than 16, a bool that is neither 0 nor 1. Sizes are 32 bits.
//
// Only codec.cpp includes this. It throws cereal::Exception, which the codec turns into an Error.
#pragma once

#include "shared/core/bytes.h"

#include <cereal/archives/portable_binary.hpp>
#include <cereal/cereal.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace odop::wire {

static_assert(std::endian::native == std::endian::little, "the archive copies little-endian bytes");

class BoundedInputArchive
    : public cereal::InputArchive<BoundedInputArchive, cereal::AllowEmptyClassElision> {
 public:
  static constexpr std::size_t kMaxDepth = 16;

  // `bytes` must outlive the archive. `max_elements` bounds the elements of all lists together.
  BoundedInputArchive(BytesView bytes, std::size_t max_elements)
      : InputArchive(this), bytes_(bytes), elements_left_(max_elements) {
    std::uint8_t little_endian = 0;
    read(&little_endian, sizeof little_endian);
    if (little_endian != 1) throw cereal::Exception("byte order");
  }

  [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }

  void read(void* out, std::size_t size) {
    if (size > bytes_.size()) throw cereal::Exception("too few bytes");
    std::memcpy(out, bytes_.data(), size);
    bytes_.remove_prefix(size);
  }

  // A length that is safe to allocate: `count` elements of at least `min_bytes` each.
  [[nodiscard]] std::size_t read_size(std::size_t cap, std::size_t min_bytes) {
    std::uint32_t count = 0;
    read(&count, sizeof count);
    if (count > cap) throw cereal::Exception("size above its cap");
    if (count > bytes_.size() / min_bytes) throw cereal::Exception("size above what is there");
    return count;
  }

  void spend_elements(std::size_t count) {
    if (count > elements_left_) throw cereal::Exception("too many elements");
    elements_left_ -= count;
  }

  void enter() {
    if (++depth_ > kMaxDepth) throw cereal::Exception("nested too deep");
  }
  void leave() { --depth_; }

  void read_bytes(Bytes& out, std::size_t cap) {
    const std::size_t size = read_size(cap, 1);
    out.assign(bytes_.data(), size);
    bytes_.remove_prefix(size);
  }

 private:
  BytesView bytes_;
  std::size_t elements_left_;
  std::size_t depth_ = 0;
};

template <typename T>
requires std::is_class_v<T>
void prologue(BoundedInputArchive& archive, const T&) { archive.enter(); }

template <typename T>
requires std::is_class_v<T>
void epilogue(BoundedInputArchive& archive, const T&) { archive.leave(); }

template <typename T>
requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    std::uint8_t byte = 0;
    archive.read(&byte, sizeof byte);
    if (byte > 1) throw cereal::Exception("neither true nor false");
    value = byte == 1;
  } else {
    archive.read(&value, sizeof value);
  }
}

// A byte or text string of at most `cap` bytes.
struct Capped {
  std::string& value;
  std::size_t cap;
};

template <typename Archive>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const Capped& field) {
  archive(static_cast<std::uint32_t>(field.value.size()));
  archive(cereal::binary_data(field.value.data(), field.value.size()));
}

inline void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, Capped& field) {
  archive.read_bytes(field.value, field.cap);
}

// At most `cap` elements, each of which takes at least `min_bytes` when encoded.
template <typename T>
struct CappedList {
  std::vector<T>& value;
  std::size_t cap;
  std::size_t min_bytes;
};

template <typename Archive, typename T>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const CappedList<T>& field) {
  archive(static_cast<std::uint32_t>(field.value.size()));
  for (const T& element : field.value) archive(element);
}

template <typename T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, CappedList<T>& field) {
  const std::size_t count = archive.read_size(field.cap, field.min_bytes);
  archive.spend_elements(count);
  field.value.clear();
  field.value.reserve(count);
  for (std::size_t i = 0; i < count; ++i) archive(field.value.emplace_back());
}

// At most `cap` strings of at most `each` bytes.
struct CappedStrings {
  std::vector<std::string>& value;
  std::size_t cap;
  std::size_t each;
};

template <typename Archive>
void CEREAL_SAVE_FUNCTION_NAME(Archive& archive, const CappedStrings& field) {
  archive(static_cast<std::uint32_t>(field.value.size()));
  for (std::string& element : field.value) archive(Capped{element, field.each});
}

inline void CEREAL_LOAD_FUNCTION_NAME(BoundedInputArchive& archive, CappedStrings& field) {
  const std::size_t count = archive.read_size(field.cap, sizeof(std::uint32_t));
  archive.spend_elements(count);
  field.value.clear();
  field.value.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    archive.read_bytes(field.value.emplace_back(), field.each);
  }
}

}  // namespace odop::wire
