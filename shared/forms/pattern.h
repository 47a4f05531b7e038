// A small pattern language for admins' schemas, matched in time proportional to text times pattern.
//
// JSON Schema's own patterns are regular expressions of JavaScript, and std::regex backtracks: an
// innocent-looking one can hang a kiosk, and a long text overflows its stack. Here a pattern is a
// sequence of characters, \d, . (no line end) and [classes], each with ?, *, +, {n} or {n,m},
// between ^ and $. No groups, no alternatives, no look-around. Characters are code points, so
// classes of Devanagari or Arabic letters work. Pure, any thread.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace odop::forms {

inline constexpr std::size_t kMaxPatternBytes = 256;
inline constexpr std::size_t kMaxPatternSteps = 256;  // after {n,m} is written out; decision

class Pattern {
 public:
  // Errors: kMalformed; the context says what is not allowed.
  [[nodiscard]] static Result<Pattern> parse(std::string_view pattern);

  // Whether the whole text fits. Malformed UTF-8 never does.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Range {
    char32_t first = 0;
    char32_t last = 0;
  };
  // One character of the text.
  struct Step {
    std::vector<Range> ranges;
    bool negated = false;
    bool optional = false;
    bool repeats = false;
  };

  friend class PatternReader;

  [[nodiscard]] static bool takes(const Step& step, char32_t c);

  std::vector<Step> steps_;
};

}  // namespace odop::forms
