#include "shared/forms/format.h"
#include "shared/forms/pattern.h"
#include "shared/forms/schema.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace odop::forms {
namespace {

using Kind = Tree::Kind;

constexpr std::size_t kMaxRuleDepth = 6;  // allOf, not, if ... inside each other; decision
constexpr std::size_t kMaxRuleParts = 200;

constexpr std::array<std::string_view, 15> kRootKeys{
    "$schema", "$comment",   "title",    "description",
    "type",    "properties", "required", "additionalProperties",
    "allOf",   "anyOf",      "oneOf",    "not",
    "if",      "then",       "else"};

constexpr std::array<std::string_view, 16> kFieldKeys{
    "$comment",  "title",     "description", "type",       "enum",    "const",
    "minLength", "maxLength", "pattern",     "format",     "minimum", "maximum",
    "items",     "minItems",  "maxItems",    "uniqueItems"};

// Inside allOf and its like: what is asked of several answers together.
constexpr std::array<std::string_view, 10> kRuleKeys{
    "$comment", "properties", "required", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"};

constexpr std::array<std::string_view, 10> kRuleFieldKeys{
    "$comment",  "const",     "enum",     "minimum", "maximum",
    "minLength", "maxLength", "contains", "not",     "maxItems"};

template <std::size_t Size>
std::string listed(const std::array<std::string_view, Size>& keys) {
  std::string out;
  for (const std::string_view key : keys) {
    if (!out.empty()) out += ", ";
    out += key;
  }
  return out;
}

// The first fault stays.
class Rules {
 public:
  std::string check(const Tree& schema) {
    if (!schema.is(Kind::kObject)) return "schema: must be an object";
    keywords(schema, kRootKeys, "schema");
    const Tree* dialect = schema.find("$schema");
    if (dialect != nullptr && dialect->text != "http://json-schema.org/draft-07/schema#" &&
        dialect->text != "http://json-schema.org/draft-07/schema") {
      say("schema.$schema", "must be draft-07");
    }
    const Tree* type = schema.find("type");
    if (type == nullptr || type->text != "object") say("schema.type", "must be \"object\"");
    const Tree* more = schema.find("additionalProperties");
    if (more == nullptr || !more->is(Kind::kBoolean) || more->boolean) {
      say("schema.additionalProperties", "must be false");
    }
    properties_ = schema.find("properties");
    if (properties_ == nullptr || !properties_->is(Kind::kObject) || properties_->items.empty()) {
      say("schema.properties", "must be an object with a field at least");
      return fault_;
    }
    for (std::size_t i = 0; i < properties_->items.size(); ++i) {
      field(properties_->items[i], "schema.properties." + properties_->keys[i]);
    }
    names(schema.find("required"), "schema.required");
    rule_parts(schema, "schema", 0);
    return fault_;
  }

 private:
  void say(const std::string& place, const std::string& what) {
    if (fault_.empty()) fault_ = place + ": " + what;
  }

  template <std::size_t Size>
  void keywords(const Tree& object, const std::array<std::string_view, Size>& allowed,
                const std::string& place) {
    for (const std::string& key : object.keys) {
      if (std::ranges::find(allowed, key) == allowed.end()) {
        say(place,
            "\"" + key.substr(0, 40) + "\" is not allowed here; allowed are " + listed(allowed));
      }
    }
  }

  // A whole number from 0; what is not there is fine.
  void count(const Tree& object, std::string_view key, const std::string& place) {
    const Tree* value = object.find(key);
    if (value != nullptr && (!value->is(Kind::kInteger) || value->integer < 0)) {
      say(place + "." + std::string(key), "must be a whole number from 0");
    }
  }

  void number(const Tree& object, std::string_view key, const std::string& place) {
    const Tree* value = object.find(key);
    if (value != nullptr && !value->is(Kind::kInteger)) {
      say(place + "." + std::string(key), "must be a whole number");
    }
  }

  void names(const Tree* list, const std::string& place) {
    if (list == nullptr) return;
    if (!list->is(Kind::kList)) return say(place, "must be a list of fields");
    for (const Tree& name : list->items) {
      if (!name.is(Kind::kText) || properties_->find(name.text) == nullptr) {
        say(place, "names \"" + name.text.substr(0, 40) + "\", which is no field");
      }
    }
  }

  void values(const Tree* list, const std::string& place) {
    if (list == nullptr) return;
    if (!list->is(Kind::kList) || list->items.empty())
      return say(place, "must be a list of values");
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const Tree& value = list->items[i];
      if (value.is(Kind::kList) || value.is(Kind::kObject) || value.is(Kind::kNull)) {
        say(place, "may hold texts, whole numbers, true and false only");
      }
      for (std::size_t j = 0; j < i; ++j) {
        const Tree& other = list->items[j];
        if (other.kind == value.kind && other.text == value.text &&
            other.integer == value.integer && other.boolean == value.boolean) {
          say(place, "holds a value twice");
        }
      }
    }
  }

  void field(const Tree& schema, const std::string& place) {
    if (!schema.is(Kind::kObject)) return say(place, "must be an object");
    keywords(schema, kFieldKeys, place);
    for (const std::string_view key : {"minLength", "maxLength", "minItems", "maxItems"}) {
      count(schema, key, place);
    }
    number(schema, "minimum", place);
    number(schema, "maximum", place);
    values(schema.find("enum"), place + ".enum");
    const Tree* type = schema.find("type");
    const std::string name = type == nullptr ? "" : type->text;
    if (name != "string" && name != "integer" && name != "boolean" && name != "array") {
      say(place + ".type",
          "must be \"string\", \"integer\", \"boolean\" or \"array\" (money and counts are "
          "integers)");
    }
    const Tree* unique = schema.find("uniqueItems");
    if (unique != nullptr && !unique->is(Kind::kBoolean))
      say(place + ".uniqueItems", "must be true or false");
    const Tree* format = schema.find("format");
    if (format != nullptr && (!format->is(Kind::kText) || !format_of(format->text))) {
      say(place + ".format", "\"" + format->text.substr(0, 40) + "\" is no format of this program");
    }
    const Tree* pattern = schema.find("pattern");
    if (pattern != nullptr) {
      const auto parsed = Pattern::parse(pattern->text);
      if (!pattern->is(Kind::kText) || !parsed.has_value()) {
        say(place + ".pattern", parsed.has_value() ? "must be a text" : parsed.error().context);
      }
    }
    const Tree* constant = schema.find("const");
    if (constant != nullptr &&
        (name != "boolean" || !constant->is(Kind::kBoolean) || !constant->boolean)) {
      say(place + ".const", "may only be true, for a declaration; write options as enum");
    }
    const Tree* items = schema.find("items");
    if ((items != nullptr) != (name == "array"))
      say(place + ".items", "belongs to an array, and an array needs it");
    if (items != nullptr) list_items(*items, place + ".items");
  }

  // Chosen options, ids of records, or the lines of an enquiry's list.
  void list_items(const Tree& items, const std::string& place) {
    if (!items.is(Kind::kObject)) return say(place, "must be an object");
    const Tree* type = items.find("type");
    if (type != nullptr && type->text == "string") {
      static constexpr std::array<std::string_view, 3> kTextItem{"type", "enum", "format"};
      keywords(items, kTextItem, place);
      values(items.find("enum"), place + ".enum");
      const Tree* format = items.find("format");
      if (format != nullptr && format->text != "item-id")
        say(place + ".format", "must be \"item-id\"");
      return;
    }
    static constexpr std::array<std::string_view, 4> kLine{"type", "properties", "required",
                                                           "additionalProperties"};
    if (type == nullptr || type->text != "object")
      return say(place + ".type", "must be \"string\" or \"object\"");
    keywords(items, kLine, place);
    const Tree* fields = items.find("properties");
    if (fields == nullptr || !fields->is(Kind::kObject))
      return say(place + ".properties", "is missing");
    static constexpr std::array<std::string_view, 4> kLineFields{"product", "district", "quantity",
                                                                 "unit"};
    keywords(*fields, kLineFields, place + ".properties");
    const Tree* outer = std::exchange(properties_, fields);
    names(items.find("required"), place + ".required");
    properties_ = outer;
    for (std::size_t i = 0; i < fields->items.size(); ++i) {
      field(fields->items[i], place + ".properties." + fields->keys[i]);
    }
    const Tree* more = items.find("additionalProperties");
    if (more == nullptr || !more->is(Kind::kBoolean) || more->boolean) {
      say(place + ".additionalProperties", "must be false");
    }
  }

  bool room(const std::string& place, std::size_t depth) {
    if (depth >= kMaxRuleDepth) say(place, "rules are nested too deep");
    if (++parts_ > kMaxRuleParts) say(place, "there are too many rules");
    return fault_.empty();
  }

  void rule_parts(const Tree& object, const std::string& place, std::size_t depth) {
    for (const std::string_view key : {"allOf", "anyOf", "oneOf"}) {
      const Tree* list = object.find(key);
      if (list == nullptr) continue;
      const std::string here = place + "." + std::string(key);
      if (!list->is(Kind::kList) || list->items.empty())
        return say(here, "must be a list of rules");
      for (const Tree& part : list->items) rule(part, here, depth + 1);
    }
    for (const std::string_view key : {"not", "if", "then", "else"}) {
      const Tree* part = object.find(key);
      if (part != nullptr) rule(*part, place + "." + std::string(key), depth + 1);
    }
    const bool branches = object.find("then") != nullptr || object.find("else") != nullptr;
    if (branches && object.find("if") == nullptr) say(place, "then and else need an if");
  }

  void rule(const Tree& part, const std::string& place, std::size_t depth) {
    if (!room(place, depth)) return;
    if (!part.is(Kind::kObject)) return say(place, "must be an object");
    keywords(part, kRuleKeys, place);
    names(part.find("required"), place + ".required");
    if (const Tree* fields = part.find("properties"); fields != nullptr) {
      if (!fields->is(Kind::kObject)) return say(place + ".properties", "must be an object");
      for (std::size_t i = 0; i < fields->items.size(); ++i) {
        if (properties_->find(fields->keys[i]) == nullptr) {
          say(place + ".properties",
              "names \"" + fields->keys[i].substr(0, 40) + "\", which is no field");
        }
        rule_field(fields->items[i], place + ".properties." + fields->keys[i], depth + 1);
      }
    }
    rule_parts(part, place, depth);
  }

  void rule_field(const Tree& part, const std::string& place, std::size_t depth) {
    if (!room(place, depth)) return;
    if (!part.is(Kind::kObject)) return say(place, "must be an object");
    keywords(part, kRuleFieldKeys, place);
    for (const std::string_view key : {"minLength", "maxLength", "maxItems"})
      count(part, key, place);
    number(part, "minimum", place);
    number(part, "maximum", place);
    values(part.find("enum"), place + ".enum");
    for (const std::string_view key : {"contains", "not"}) {
      const Tree* inner = part.find(key);
      if (inner != nullptr) rule_field(*inner, place + "." + std::string(key), depth + 1);
    }
  }

  const Tree* properties_ = nullptr;
  std::size_t parts_ = 0;
  std::string fault_;
};

}  // namespace

std::string schema_fault(const Tree& schema) { return Rules().check(schema); }

}  // namespace odop::forms
