#include "kiosk/store/record_json.h"

#include "kiosk/store/records.h"

#include <charconv>

namespace odop::kiosk::record_json {

const json* find(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const json& object, std::string_view key) {
  const json* value = find(object, key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  if (value->is_boolean()) return value->get<bool>() ? "yes" : "no";
  if (value->is_number_integer()) return std::to_string(value->get<std::int64_t>());
  throw std::invalid_argument(std::string(key) + " is no text");
}

LocalText local(const json& object, std::string_view key) {
  const json* value = find(object, key);
  if (value == nullptr) return {};
  if (!value->is_object()) throw std::invalid_argument(std::string(key) + " has no languages");
  return {{text(*value, "hi"), text(*value, "en"), text(*value, "ur")}};
}

LocalText source_in(const json& object) {
  return {{text(object, "source_hi"), text(object, "source"), text(object, "source_ur")}};
}

std::optional<double> number(const json& object, std::string_view key) {
  const json* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  if (value->is_string()) {
    const auto& digits = value->get_ref<const std::string&>();
    if (digits.empty()) return std::nullopt;
    double parsed = 0;
    const char* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, parsed).ptr == end) return parsed;
  }
  throw std::invalid_argument(std::string(key) + " is no number");
}

std::vector<std::string> list(const json& object, std::string_view key) {
  std::vector<std::string> values;
  const json* value = find(object, key);
  if (value == nullptr) return values;
  if (value->is_string()) {
    if (!value->get_ref<const std::string&>().empty()) values.push_back(value->get<std::string>());
    return values;
  }
  if (!value->is_array()) throw std::invalid_argument(std::string(key) + " is no list");
  for (const json& item : *value) values.push_back(item.get<std::string>());
  return values;
}

std::vector<std::string> slugs(const json& object, std::string_view key) {
  std::vector<std::string> values = list(object, key);
  for (std::string& value : values) value = slug_of(value);
  return values;
}

std::string slug(const json& object, std::string_view key) { return slug_of(text(object, key)); }

bool yes(const json& object, std::string_view key) {
  const std::string value = text(object, key);
  return value == "yes" || value == "true" || value == "1";
}

namespace {

bool is_hash(std::string_view hash) {
  return hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string hash_text(const json& object, std::string_view key) {
  std::string hash = text(object, key);
  if (!hash.empty() && !is_hash(hash)) throw std::invalid_argument(std::string(key));
  return hash;
}

void need_name(const LocalText& name) {
  if (name.in(0).empty()) throw std::invalid_argument("the record has no name");
}

}  // namespace odop::kiosk::record_json
