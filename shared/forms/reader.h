// Reading the parts of a form's definition. Private to this room. The first fault stays, with its
// place; what follows a fault reads as empty, so that callers need not ask at each step.
#pragma once

#include "shared/forms/form.h"
#include "shared/forms/tree.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace odop::forms {

class Faults {
 public:
  void say(const std::string& place, const std::string& what) {
    if (first_.empty()) first_ = place + ": " + what;
  }
  [[nodiscard]] bool any() const { return !first_.empty(); }
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  std::string first_;
};

// Refuses every key that is not among `allowed`. False when the tree is no object.
bool read_keys(const Tree& object, std::initializer_list<std::string_view> allowed,
               const std::string& place, Faults& faults);

// An id: a-z, 0-9 and hyphens, dots or underscores, beginning with a letter or digit.
[[nodiscard]] std::string read_id(const Tree& object, std::string_view key,
                                  const std::string& place, Faults& faults);
[[nodiscard]] std::string read_optional_id(const Tree& object, std::string_view key,
                                           const std::string& place, Faults& faults);
[[nodiscard]] bool is_id(std::string_view text);

[[nodiscard]] std::int64_t read_whole(const Tree& object, std::string_view key, std::int64_t least,
                                      std::int64_t most, std::int64_t otherwise,
                                      const std::string& place, Faults& faults);
[[nodiscard]] bool read_flag(const Tree& object, std::string_view key, const std::string& place,
                             Faults& faults);

// A text in hi, en and ur: each there, NFC, no control characters, no legacy-font Hindi.
[[nodiscard]] LocalText read_text(const Tree& object, std::string_view key, std::size_t max_bytes,
                                  const std::string& place, Faults& faults);
[[nodiscard]] std::optional<LocalText> read_optional_text(const Tree& object, std::string_view key,
                                                          std::size_t max_bytes,
                                                          const std::string& place, Faults& faults);
[[nodiscard]] Audio read_audio(const Tree& object, const std::string& place, Faults& faults);

// The list under a key, of at most `most` items; an empty one when it is missing and `needed` is
// false.
[[nodiscard]] const std::vector<Tree>& read_list(const Tree& object, std::string_view key,
                                                 bool needed, std::size_t most,
                                                 const std::string& place, Faults& faults);

// "show_if". `before` holds the questions that it may look at.
[[nodiscard]] Condition read_condition(const Tree& object, const std::vector<Question>& before,
                                       const std::string& place, Faults& faults);

// One question with its part of the schema.
[[nodiscard]] Question read_question(const Tree& object, const Tree& schema,
                                     const std::vector<Question>& before, const std::string& place,
                                     Faults& faults);

}  // namespace odop::forms
