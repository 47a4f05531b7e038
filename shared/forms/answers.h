// What a person answered: values by field. As typed on the kiosk, or as stored (check.h makes the
// one of the other). Plain values; whoever holds them clears them.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace odop::forms {

struct Form;

inline constexpr std::size_t kMaxAnswersBytes = 32 * 1024;  // of a submission's JSON
inline constexpr std::size_t kMaxListedProducts = 200;      // more than the catalogue has

// One line of an enquiry's list.
struct ListedProduct {
  std::string product;        // id
  std::string district;       // id
  std::int64_t quantity = 0;  // 0 = not said
  std::string unit;           // id; empty = not said

  friend bool operator==(const ListedProduct&, const ListedProduct&) = default;
};

// Boolean; whole number, and money in minor units; text; chosen options; a list of products.
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>,
                           std::vector<ListedProduct>>;

using Answers = std::map<std::string, Value, std::less<>>;

// Whether nothing was said: an empty text or list.
[[nodiscard]] bool is_empty(const Value& value);

// A JSON object, keys sorted, empty answers left out: the same answers give the same bytes.
[[nodiscard]] std::string to_json(const Answers& answers);

// Reads what to_json wrote; hostile until checked. Errors: kTooLarge (kMaxAnswersBytes, nesting,
// lists), kMalformed (no JSON object, a field that the form does not have or of another type). The
// context names the field, never what it holds.
[[nodiscard]] Result<Answers> answers_from_json(const Form& form, std::string_view json);

}  // namespace odop::forms
