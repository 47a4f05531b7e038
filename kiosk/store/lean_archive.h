// The lean form: fields one after the other, lengths and whole numbers as varints (LEB128), signed
// ones zigzag. Only this kiosk writes and reads it, behind a digest, so it carries no names.
#pragma once

#include "kiosk/model/catalogue.h"
#include "shared/core/bytes.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace odop::kiosk {

class LeanWriter {
 public:
  template <typename... Fields>
  void operator()(Fields&... fields) {
    (put(fields), ...);
  }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  void unsigned_number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void put(std::string& text) {
    unsigned_number(text.size());
    out_ += text;
  }
  void put(bool value) { out_.push_back(value ? '\1' : '\0'); }
  void put(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) out_.push_back(static_cast<char>(bits >> shift));
  }
  template <typename T>
  requires std::is_integral_v<T>
  void put(T value) {
    const auto wide = static_cast<std::int64_t>(value);
    unsigned_number((static_cast<std::uint64_t>(wide) << 1) ^
                    static_cast<std::uint64_t>(wide >> 63));
  }
  template <typename T>
  void put(std::vector<T>& values) {
    unsigned_number(values.size());
    for (T& value : values) put(value);
  }
  template <typename T>
  void put(std::optional<T>& value) {
    put(value.has_value());
    if (value.has_value()) put(*value);
  }
  template <typename T>
  requires std::is_class_v<T>
  void put(T& value) { fields(*this, value); }

  Bytes out_;
};

class LeanReader {
 public:
  explicit LeanReader(BytesView in) : in_(in) {}
  template <typename... Fields>
  void operator()(Fields&... fields) {
    (get(fields), ...);
  }
  // Everything was there and nothing is left over.
  [[nodiscard]] bool whole() const { return good_ && in_.empty(); }

 private:
  std::uint64_t unsigned_number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<std::uint8_t>(in_.front());
      in_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    good_ = false;
    return 0;
  }
  // A length can never be more than the bytes that remain.
  std::size_t length() {
    const std::uint64_t value = unsigned_number();
    if (value <= in_.size()) return static_cast<std::size_t>(value);
    good_ = false;
    return 0;
  }
  void get(std::string& text) {
    const std::size_t size = length();
    text.assign(in_.data(), size);
    in_.remove_prefix(size);
  }
  void get(bool& value) { value = unsigned_number() != 0; }
  void get(double& value) {
    if (in_.size() < 8) {
      good_ = false;
      return;
    }
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
      bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(in_[i])) << (8 * i);
    }
    in_.remove_prefix(8);
    value = std::bit_cast<double>(bits);
  }
  template <typename T>
  requires std::is_integral_v<T>
  void get(T& value) {
    const std::uint64_t coded = unsigned_number();
    value = static_cast<T>(static_cast<std::int64_t>(coded >> 1) ^
                           -static_cast<std::int64_t>(coded & 1));
  }
  template <typename T>
  void get(std::vector<T>& values) {
    values.resize(length());
    for (T& value : values) get(value);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  template <typename T>
  requires std::is_class_v<T>
  void get(T& value) { fields(*this, value); }

  BytesView in_;
  bool good_ = true;
};

}  // namespace odop::kiosk
