// The fields of a JSON message, written and read. Both classes have the same members, so that each
// message is described once (json.cpp) for either direction. Internal to the room.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/wire/messages.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace odop::wire {

class JsonWriter {
 public:
  nlohmann::json object = nlohmann::json::object();

  void text(const char* key, const std::string& value, std::size_t /*cap*/) { object[key] = value; }
  void bytes(const char* key, const Bytes& value, std::size_t /*cap*/) {
    object[key] = to_base64(value);
  }
  // Signed JSON travels as the text it is, anything else as base64: `text` or `payload`.
  void signed_bytes(const Bytes& value, std::size_t cap) {
    if (value.starts_with('{') && is_utf8(value)) {
      text("text", value, cap);
    } else {
      bytes("payload", value, cap);
    }
  }
  template <std::integral Integer>
  void number(const char* key, Integer value) {
    object[key] = value;
  }
  template <typename Tag>
  void number(const char* key, Number<Tag> value) {
    object[key] = value.value;
  }
  void texts(const char* key, const std::vector<std::string>& values, std::size_t /*count*/,
             std::size_t /*cap*/) {
    object[key] = values;
  }
  void byte_strings(const char* key, const std::vector<Bytes>& values, std::size_t /*count*/,
                    std::size_t cap) {
    nlohmann::json list = nlohmann::json::array();
    for (const Bytes& value : values) list.push_back(to_base64(value));
    object[key] = std::move(list);
    static_cast<void>(cap);
  }
  void roots(const RootSet& set) {
    if (is_lone_root(set)) {
      bytes("root_public_key", set.keys.front(), 32);
    } else {
      message("roots", set);
    }
  }
  void flag(const char* key, bool value) { object[key] = value; }
  template <typename T>
  void message(const char* key, const T& value);
  template <typename T>
  void optional_message(const char* key, const std::optional<T>& value) {
    if (value) message(key, *value);
  }
  template <typename T>
  void messages(const char* key, const std::vector<T>& values, std::size_t count);
  // What came to a message later: left out when empty.
  void late_text(const char* key, const std::string& value, std::size_t cap) {
    if (!value.empty()) text(key, value, cap);
  }
  void late_bytes(const char* key, const Bytes& value, std::size_t cap) {
    if (!value.empty()) bytes(key, value, cap);
  }
  template <std::integral Integer>
  void late_number(const char* key, Integer value) {
    if (value != 0) number(key, value);
  }
  template <typename T>
  void late_messages(const char* key, const std::vector<T>& values, std::size_t count) {
    if (!values.empty()) messages(key, values, count);
  }
};

class JsonReader {
 public:
  explicit JsonReader(const nlohmann::json& object) : object_(object), good_(object.is_object()) {}
  [[nodiscard]] bool good() const { return good_; }

  void text(const char* key, std::string& value, std::size_t cap) {
    const nlohmann::json* found = find(key);
    if (found == nullptr) return;
    const auto* string = found->get_ptr<const std::string*>();
    if (string == nullptr || string->size() > cap) {
      good_ = false;
    } else {
      value = *string;
    }
  }
  void bytes(const char* key, Bytes& value, std::size_t cap) {
    std::string base64;
    text(key, base64, (cap + 2) / 3 * 4);
    good_ = good_ && from_base64(base64, value) && value.size() <= cap;
  }
  void signed_bytes(Bytes& value, std::size_t cap) {
    if (good_ && object_.contains("text")) {
      text("text", value, cap);
    } else {
      bytes("payload", value, cap);
    }
  }
  template <std::integral Integer>
  void number(const char* key, Integer& value) {
    if (const nlohmann::json* found = find(key)) read_number(*found, value);
  }
  template <typename Tag>
  void number(const char* key, Number<Tag>& value) {
    number(key, value.value);
  }
  void texts(const char* key, std::vector<std::string>& values, std::size_t count,
             std::size_t cap) {
    const nlohmann::json* list = find_list(key, count);
    if (list == nullptr) return;
    for (const nlohmann::json& element : *list) {
      const auto* string = element.get_ptr<const std::string*>();
      if (string == nullptr || string->size() > cap) {
        good_ = false;
        return;
      }
      values.push_back(*string);
    }
  }
  void byte_strings(const char* key, std::vector<Bytes>& values, std::size_t count,
                    std::size_t cap) {
    std::vector<std::string> list;
    texts(key, list, count, (cap + 2) / 3 * 4);
    for (const std::string& base64 : list) {
      good_ = good_ && from_base64(base64, values.emplace_back()) && values.back().size() <= cap;
    }
  }
  void roots(RootSet& set) {
    if (good_ && object_.contains("roots")) {
      message("roots", set);
    } else {
      set = {1, 1, {Bytes()}};
      bytes("root_public_key", set.keys.front(), 32);
    }
  }
  void flag(const char* key, bool& value) {
    const nlohmann::json* found = find(key);
    if (found == nullptr) return;
    good_ = good_ && found->is_boolean();
    if (good_) value = found->get<bool>();
  }
  template <typename T>
  void message(const char* key, T& value) {
    if (const nlohmann::json* found = find(key)) read_message(*found, value);
  }
  template <typename T>
  void optional_message(const char* key, std::optional<T>& value) {
    if (good_ && object_.contains(key)) message(key, value.emplace());
  }
  template <typename T>
  void messages(const char* key, std::vector<T>& values, std::size_t count) {
    const nlohmann::json* list = find_list(key, count);
    if (list == nullptr) return;
    for (const nlohmann::json& element : *list) read_message(element, values.emplace_back());
  }
  void late_text(const char* key, std::string& value, std::size_t cap) {
    if (good_ && object_.contains(key)) text(key, value, cap);
  }
  void late_bytes(const char* key, Bytes& value, std::size_t cap) {
    if (good_ && object_.contains(key)) bytes(key, value, cap);
  }
  template <std::integral Integer>
  void late_number(const char* key, Integer& value) {
    if (good_ && object_.contains(key)) number(key, value);
  }
  template <typename T>
  void late_messages(const char* key, std::vector<T>& values, std::size_t count) {
    if (good_ && object_.contains(key)) messages(key, values, count);
  }

 private:
  const nlohmann::json* find(const char* key) {
    if (!good_) return nullptr;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      good_ = false;
      return nullptr;
    }
    return &*found;
  }
  const nlohmann::json* find_list(const char* key, std::size_t count) {
    const nlohmann::json* found = find(key);
    if (found == nullptr) return nullptr;
    good_ = found->is_array() && found->size() <= count;
    return good_ ? found : nullptr;
  }
  template <typename Integer>
  void read_number(const nlohmann::json& found, Integer& value) {
    if (found.is_number_unsigned()) {
      const auto number = found.get<std::uint64_t>();
      good_ = std::in_range<Integer>(number);
      if (good_) value = static_cast<Integer>(number);
    } else if (found.is_number_integer()) {
      const auto number = found.get<std::int64_t>();
      good_ = std::in_range<Integer>(number);
      if (good_) value = static_cast<Integer>(number);
    } else {
      good_ = false;
    }
  }
  template <typename T>
  void read_message(const nlohmann::json& found, T& value);

  const nlohmann::json& object_;
  bool good_;
};

}  // namespace odop::wire
