// The text as ICU and HarfBuzz see it: UTF-16, with the way back to the caller's UTF-8 offsets; and
// ICU's break iterators, opened once.
// Threads: one only.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct UBreakIterator;

namespace odop::typeset {

struct UnicodeText {
  std::u16string units;
  std::vector<std::uint32_t> bytes;  // offset in UTF-8 of each unit, and of the end
};

// Every byte is accepted: what is not UTF-8 becomes U+FFFD. Paragraph separators become '\n', a tab
// a space, other control characters a zero-width space. `out` keeps its memory.
void to_utf16(std::string_view utf8, UnicodeText& out);

// Overwrites what it held.
void wipe(UnicodeText& text);

class Breaker {
 public:
  // Errors: Internal (ICU without its data).
  [[nodiscard]] static Result<Breaker> open();

  Breaker(Breaker&&) noexcept;
  Breaker& operator=(Breaker&&) noexcept;
  ~Breaker();

  // Places after which a line may end, ascending, in (0, size]; the last is the size.
  void line_breaks(std::u16string_view paragraph, std::vector<std::size_t>& out);

  // Grapheme boundaries, ascending, from 0 to the size.
  void graphemes(std::u16string_view text, std::vector<std::size_t>& out);

 private:
  struct Close {
    void operator()(UBreakIterator* iterator) const;
  };
  using Iterator = std::unique_ptr<UBreakIterator, Close>;
  Breaker(Iterator lines, Iterator graphemes);

  Iterator lines_;
  Iterator graphemes_;
};

}  // namespace odop::typeset
