// Reading one field of a record's JSON. Private to kiosk/store. nlohmann and these throw; who calls
// a parser catches (records.cpp).
#pragma once

#include "kiosk/model/local_text.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace odop::kiosk::record_json {

using nlohmann::json;

// Null when it is missing or null.
[[nodiscard]] const json* find(const json& object, std::string_view key);
// Texts, booleans (yes, no) and whole numbers; empty when missing.
[[nodiscard]] std::string text(const json& object, std::string_view key);
[[nodiscard]] LocalText local(const json& object, std::string_view key);
// Where a statement comes from: "source" is in English, "source_hi" and "source_ur" may be there.
[[nodiscard]] LocalText source_in(const json& object);
// Numbers, and texts that are numbers; nothing when missing or empty.
[[nodiscard]] std::optional<double> number(const json& object, std::string_view key);
// A list of texts, or one text.
[[nodiscard]] std::vector<std::string> list(const json& object, std::string_view key);
[[nodiscard]] std::vector<std::string> slugs(const json& object, std::string_view key);
[[nodiscard]] std::string slug(const json& object, std::string_view key);
[[nodiscard]] bool yes(const json& object, std::string_view key);
// Lower-case hex SHA-256, or empty.
[[nodiscard]] std::string hash_text(const json& object, std::string_view key);
void need_name(const LocalText& name);

template <typename T>
std::optional<T> whole(const json& object, std::string_view key) {
  const auto value = number(object, key);
  if (!value) return std::nullopt;
  constexpr double kExact = 9e15;  // doubles are exact below 2^53
  if (*value < -kExact || *value > kExact) throw std::invalid_argument(std::string(key));
  return static_cast<T>(*value);
}

}  // namespace odop::kiosk::record_json
