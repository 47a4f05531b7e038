// The JSON Schema of a form: which keywords it may use, and valijson's verdict. Private to this
// room.
#pragma once

#include "shared/core/result.h"
#include "shared/forms/answers.h"
#include "shared/forms/tree.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace odop::forms {

// Refuses, by name and place, every keyword that a form may not use; among them $ref (nothing is
// fetched, nothing recurses), patternProperties and propertyNames (a form knows its fields), and
// pattern and format outside a field's own schema. Empty = nothing to refuse, else "place: what".
[[nodiscard]] std::string schema_fault(const Tree& schema);

class CompiledSchema {
 public:
  // A schema in which schema_fault found nothing. Errors: kMalformed (valijson's own words).
  [[nodiscard]] static Result<std::shared_ptr<const CompiledSchema>> compile(const Tree& schema);

  CompiledSchema(const CompiledSchema&) = delete;
  CompiledSchema& operator=(const CompiledSchema&) = delete;
  ~CompiledSchema();

  // Whether the stored value of a field fits the field's own schema. False for an unknown field.
  [[nodiscard]] bool fits(const std::string& field, const Value& value) const;

  // The fields about which the whole schema complains, "" for a complaint about no single field.
  [[nodiscard]] std::vector<std::string> misfits(const Answers& answers) const;

 private:
  struct Impl;
  explicit CompiledSchema(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace odop::forms
