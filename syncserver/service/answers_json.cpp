#include "syncserver/service/answers_json.h"

#include "shared/core/reference_number.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace odop::syncserver {

namespace {

using nlohmann::json;

constexpr std::size_t kStatusCodeDigits = 8;
constexpr std::size_t kMaxIdBytes = 128;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Parses with the depth bounded before memory is taken.
json parse(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&](int depth, json::parse_event_t event, json&) {
    const bool opens =
        event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    too_deep = too_deep || (opens && depth >= static_cast<int>(kMaxAnswerDepth));
    return !too_deep;
  };
  json parsed = json::parse(text.begin(), text.end(), watch, false);
  return too_deep ? json(json::value_t::discarded) : parsed;
}

// An optional text field. False: it is there and no text.
bool take_text(const json& object, const char* name, std::string& out) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return true;
  if (!found->is_string()) return false;
  out = found->get<std::string>();
  return true;
}

Status malformed(const char* field) { return fail(ErrorCode::kMalformed, field); }

Status read_products(const json& object, ReadAnswers& out) {
  const auto products = object.find("products");
  if (products == object.end() || products->is_null()) return {};
  if (!products->is_array() || products->size() > kMaxListedProducts) return malformed("products");
  for (const json& product : *products) {
    if (!product.is_object()) return malformed("products");
    std::string id;
    std::string district;
    if (!take_text(product, "product", id) || !take_text(product, "district", district) ||
        id.size() > kMaxIdBytes || district.size() > kMaxIdBytes) {
      return malformed("products");
    }
    if (!district.empty()) out.districts.push_back(std::move(district));
  }
  return {};
}

Status read_target(const json& object, ReadAnswers& out) {
  std::string reference;
  if (!take_text(object, "reference", reference) ||
      !take_text(object, "status_code", out.status_code) ||
      !take_text(object, "scope", out.scope)) {
    return malformed("target");
  }
  if (out.scope == "all") out.scope.clear();
  auto plain = parse_reference(reference);
  if (!plain.has_value() || out.status_code.size() != kStatusCodeDigits ||
      !is_digits(out.status_code)) {
    return malformed("target");
  }
  out.reference = std::move(*plain);
  return {};
}

std::string scalar_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string product_text(const json& product) {
  if (!product.is_object()) return scalar_text(product);
  std::string text;
  for (const char* part : {"product", "quantity", "unit"}) {
    const auto found = product.find(part);
    if (found == product.end()) continue;
    const std::string word = scalar_text(*found);
    if (word.empty()) continue;
    if (!text.empty()) text.push_back(' ');
    text += word;
  }
  return text;
}

std::string value_text(const json& value) {
  if (!value.is_array()) return scalar_text(value);
  std::string list;
  for (const json& item : value) {
    if (!list.empty()) list += "; ";
    list += product_text(item);
  }
  return list;
}

}  // namespace

std::string_view kind_name(std::uint8_t kind) {
  switch (static_cast<wire::Kind>(kind)) {
    case wire::Kind::kEnquiry:
      return "enquiry";
    case wire::Kind::kRegistration:
      return "registration";
    case wire::Kind::kApplication:
      return "application";
    case wire::Kind::kQuestion:
      return "question";
    case wire::Kind::kProblem:
      return "problem";
    case wire::Kind::kFeedback:
      return "feedback";
    case wire::Kind::kWithdrawal:
      return "withdrawal";
    case wire::Kind::kAttendance:
      return "attendance";
    case wire::Kind::kCorrection:
      return "correction";
  }
  return {};
}

bool known_form(std::uint8_t kind, std::string_view form_id, std::uint32_t version) {
  return !form_id.empty() && form_id == kind_name(kind) && version >= 1 &&
         version <= kNewestFormVersion;
}

Result<ReadAnswers> read_answers(std::uint8_t kind, std::string_view text) {
  const json object = parse(text);
  if (!object.is_object()) return fail(ErrorCode::kMalformed, "no JSON object");
  ReadAnswers out;
  if (Status read = read_products(object, out); !read.has_value()) return fail(read.error());
  std::string district;
  if (!take_text(object, "district", district) || district.size() > kMaxIdBytes) {
    return fail(ErrorCode::kMalformed, "district");
  }
  if (!district.empty()) out.districts.push_back(std::move(district));
  if (!take_text(object, "mobile", out.mobile)) return fail(ErrorCode::kMalformed, "mobile");
  if (out.mobile.empty() && !take_text(object, "phone", out.mobile)) {
    return fail(ErrorCode::kMalformed, "phone");
  }
  if (static_cast<wire::Kind>(kind) == wire::Kind::kRegistration &&
      !take_text(object, "name", out.name)) {
    return fail(ErrorCode::kMalformed, "name");
  }
  if (!take_text(object, "email", out.email)) return fail(ErrorCode::kMalformed, "email");
  std::transform(out.email.begin(), out.email.end(), out.email.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (static_cast<wire::Kind>(kind) == wire::Kind::kWithdrawal ||
      static_cast<wire::Kind>(kind) == wire::Kind::kCorrection) {
    if (Status read = read_target(object, out); !read.has_value()) return fail(read.error());
  }
  return out;
}

std::string shown_answers(std::string_view text, std::string_view district) {
  json object = parse(text);
  if (!object.is_object()) return "{}";
  object.erase("status_code");
  const auto products = object.find("products");
  if (!district.empty() && products != object.end() && products->is_array()) {
    json own = json::array();
    for (const json& product : *products) {
      const bool here = product.is_object() && product.contains("district") &&
                        product["district"] == std::string(district);
      if (here) own.push_back(product);
    }
    *products = std::move(own);
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string field_text(std::string_view text, std::string_view field) {
  const json object = parse(text);
  if (!object.is_object()) return {};
  const auto found = object.find(std::string(field));
  return found == object.end() ? std::string{} : value_text(*found);
}

std::string number_to_call(std::string_view text) {
  std::string mobile = field_text(text, "mobile");
  return mobile.empty() ? field_text(text, "phone") : mobile;
}

std::vector<std::string> other_fields(std::string_view text) {
  std::vector<std::string> fields;
  const json object = parse(text);
  if (!object.is_object()) return fields;
  for (const auto& [field, value] : object.items()) {
    if (field == "name" || field == "mobile" || field == "phone" || field == "status_code") {
      continue;
    }
    std::string words = value_text(value);
    if (!words.empty()) fields.push_back(field + ": " + std::move(words));
  }
  return fields;
}

}  // namespace odop::syncserver
