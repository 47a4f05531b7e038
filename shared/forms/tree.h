// JSON as a value: bounded before memory is taken, order kept, repeated keys refused. Forms and
// answers are read through it, so that the JSON library stays in two .cpp files.
//
// Whole numbers only: forms count and keep money in minor units; a fraction is refused.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace odop::forms {

struct Tree {
  enum class Kind : std::uint8_t { kNull, kBoolean, kInteger, kText, kList, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;
  std::vector<std::string> keys;  // of an object, one for each item
  std::vector<Tree> items;        // of a list or an object

  [[nodiscard]] bool is(Kind other) const { return kind == other; }
  // The value under a key; null when this is no object or has no such key.
  [[nodiscard]] const Tree* find(std::string_view key) const;
};

struct TreeLimits {
  std::size_t bytes = 0;
  std::size_t depth = 0;    // of objects and lists inside each other
  std::size_t values = 0;   // in all
  std::size_t members = 0;  // of one object or list
};

// Errors: kTooLarge (a limit), kMalformed (no JSON, not UTF-8, a fraction or a number beyond 64
// bits, a key twice). The context says where, never what a value holds.
[[nodiscard]] Result<Tree> parse_tree(std::string_view json, const TreeLimits& limits);

// JSON without white space, keys in their order.
[[nodiscard]] std::string to_json(const Tree& tree);

}  // namespace odop::forms
