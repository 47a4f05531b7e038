#include "shared/forms/pattern.h"

#include "shared/text/normalise.h"
#include "shared/text/utf8.h"

#include <algorithm>
#include <string>
#include <utility>

namespace odop::forms {

// Reads a pattern from left to right; the first fault stays.
class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  Result<Pattern> read() {
    if (text_.size() > kMaxPatternBytes) return fault("is longer than 256 bytes");
    if (!is_utf8(text_)) return fault("is not UTF-8");
    if (text_.size() < 2 || text_.front() != '^' || text_.back() != '$') {
      return fault("must begin with ^ and end with $");
    }
    text_.remove_prefix(1);
    text_.remove_suffix(1);
    Pattern pattern;
    while (at_ < text_.size() && fault_.empty()) {
      Pattern::Step step = read_step();
      repeat(pattern, std::move(step));
    }
    if (!fault_.empty()) return fault(fault_);
    return pattern;
  }

 private:
  using Step = Pattern::Step;

  static Result<Pattern> fault(const std::string& reason) {
    return fail(ErrorCode::kMalformed, reason);
  }

  char32_t next() { return next_code_point(text_, at_); }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void refuse(const char* reason) {
    if (fault_.empty()) fault_ = reason;
  }

  // What stands behind a backslash.
  Pattern::Range escaped() {
    if (at_ >= text_.size()) {
      refuse("ends with a backslash");
      return {};
    }
    const char32_t c = next();
    if (c == U'd') return {U'0', U'9'};
    const bool sign =
        c < 0x80 &&
        std::string_view(".-\\/[](){}^$|?*+ ").find(static_cast<char>(c)) != std::string_view::npos;
    if (!sign) refuse("has a backslash before a letter other than d");
    return {c, c};
  }

  Step read_step() {
    Step step;
    const char32_t c = next();
    if (c == U'[') {
      read_class(step);
    } else if (c == U'\\') {
      step.ranges.push_back(escaped());
    } else if (c == U'.') {
      step.ranges.push_back({U'\n', U'\n'});
      step.negated = true;
    } else if (c == U'(' || c == U')' || c == U'|') {
      refuse("has groups or alternatives");
    } else if (c == U'^' || c == U'$' || c == U'*' || c == U'+' || c == U'?' || c == U'{') {
      refuse("has a sign at a place where it means nothing");
    } else {
      step.ranges.push_back({c, c});
    }
    return step;
  }

  void read_class(Step& step) {
    if (peek() == '^') {
      step.negated = true;
      ++at_;
    }
    while (at_ < text_.size() && peek() != ']' && fault_.empty()) {
      const char32_t c = next();
      Pattern::Range range = c == U'\\' ? escaped() : Pattern::Range{c, c};
      const bool spans = peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
      if (spans) {
        ++at_;
        const char32_t end = next();
        const Pattern::Range last = end == U'\\' ? escaped() : Pattern::Range{end, end};
        if (range.first != range.last || last.first != last.last || last.last < range.first) {
          refuse("has a range in the wrong order");
        }
        range.last = last.last;
      }
      step.ranges.push_back(range);
    }
    if (peek() != ']') return refuse("has a [ without a ]");
    if (step.ranges.empty()) return refuse("has an empty class");
    ++at_;
  }

  std::size_t read_count() {
    std::size_t count = 0;
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9' && at_ - from < 4) {
      count = count * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    }
    if (at_ == from) refuse("has { } without a number");
    return count;
  }

  // Writes a step as often as its quantifier says.
  void repeat(Pattern& pattern, Step step) {
    std::size_t least = 1;
    std::size_t most = 1;
    const char sign = peek();
    if (sign == '?') {
      least = 0;
      ++at_;
    } else if (sign == '*' || sign == '+') {
      step.repeats = true;
      step.optional = sign == '*';
      ++at_;
    } else if (sign == '{') {
      ++at_;
      least = most = read_count();
      if (peek() == ',') {
        ++at_;
        most = read_count();
      }
      if (peek() != '}') return refuse("has a { without a }");
      ++at_;
      if (most < least || most == 0) return refuse("has { } with numbers in the wrong order");
    }
    if (pattern.steps_.size() + most > kMaxPatternSteps) return refuse("is too long");
    for (std::size_t i = 0; i < most; ++i) {
      Step copy = step;
      copy.optional = step.optional || i >= least;
      pattern.steps_.push_back(std::move(copy));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string fault_;
};

Result<Pattern> Pattern::parse(std::string_view pattern) { return PatternReader(pattern).read(); }

bool Pattern::takes(const Step& step, char32_t c) {
  const bool listed = std::ranges::any_of(
      step.ranges, [c](const Range& range) { return range.first <= c && c <= range.last; });
  return listed != step.negated;
}

// All places in the pattern where the text read so far may stand, moved on by each character.
bool Pattern::matches(std::string_view text) const {
  std::vector<bool> here(steps_.size() + 1, false);
  const auto skip_optional = [&](std::vector<bool>& places) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (places[i] && steps_[i].optional) places[i + 1] = true;
    }
  };
  here[0] = true;
  skip_optional(here);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == kNoCodePoint) return false;
    std::vector<bool> after(steps_.size() + 1, false);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!here[i] || !takes(steps_[i], c)) continue;
      after[i + 1] = true;
      if (steps_[i].repeats) after[i] = true;
    }
    skip_optional(after);
    here = std::move(after);
  }
  return here.back();
}

}  // namespace odop::forms
