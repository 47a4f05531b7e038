#include "shared/forms/schema.h"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <exception>
#include <map>
#include <set>
#include <utility>

namespace odop::forms {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

// Formats and patterns are checked by this room. valijson would know three formats of its own and
// match patterns with std::regex.
Tree without_own_keywords(const Tree& tree) {
  Tree out = tree;
  if (tree.is(Tree::Kind::kList)) {
    for (Tree& item : out.items) item = without_own_keywords(item);
    return out;
  }
  if (!tree.is(Tree::Kind::kObject)) return out;
  out.keys.clear();
  out.items.clear();
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    const bool own = tree.items[i].is(Tree::Kind::kText) &&
                     (tree.keys[i] == "format" || tree.keys[i] == "pattern");
    if (own) continue;
    out.keys.push_back(tree.keys[i]);
    out.items.push_back(without_own_keywords(tree.items[i]));
  }
  return out;
}

void populate(const json& source, valijson::Schema& schema) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(NlohmannJsonAdapter(source), schema);
}

// "[\"name\"]" or "[name]" -> "name".
std::string field_in(const std::string& step) {
  const std::size_t from = step.find_first_not_of("[\"");
  const std::size_t to = step.find_last_not_of("]\"");
  return from == std::string::npos || to < from ? "" : step.substr(from, to - from + 1);
}

}  // namespace

struct CompiledSchema::Impl {
  valijson::Schema whole;
  std::map<std::string, valijson::Schema, std::less<>> fields;
};

CompiledSchema::CompiledSchema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CompiledSchema::~CompiledSchema() = default;

Result<std::shared_ptr<const CompiledSchema>> CompiledSchema::compile(const Tree& schema) {
  try {
    const json whole = json::parse(to_json(without_own_keywords(schema)));
    auto impl = std::make_unique<Impl>();
    populate(whole, impl->whole);
    for (const auto& [field, part] : whole.at("properties").items()) {
      populate(part, impl->fields[field]);
    }
    return std::shared_ptr<const CompiledSchema>(new CompiledSchema(std::move(impl)));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, std::string("schema: ") + error.what());
  }
}

bool CompiledSchema::fits(const std::string& field, const Value& value) const {
  const auto found = impl_->fields.find(field);
  if (found == impl_->fields.end()) return false;
  try {
    const json object = json::parse(to_json(Answers{{field, value}}));
    const auto member = object.find(field);
    if (member == object.end()) return true;  // nothing was said
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    return validator.validate(found->second, NlohmannJsonAdapter(*member), nullptr);
  } catch (const std::exception&) {
    return false;
  }
}

std::vector<std::string> CompiledSchema::misfits(const Answers& answers) const {
  std::set<std::string> out;
  try {
    const json object = json::parse(to_json(answers));
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    if (validator.validate(impl_->whole, NlohmannJsonAdapter(object), &results)) return {};
    for (const auto& error : results) {
      // The root alone speaks of no single field.
      if (error.context.size() > 1) out.insert(field_in(error.context[1]));
    }
    if (out.empty()) out.emplace();
  } catch (const std::exception&) {
    out.emplace();
  }
  return {out.begin(), out.end()};
}

}  // namespace odop::forms
