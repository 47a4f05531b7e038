#include "kiosk/text/unicode_text.h"

#include <unicode/ubrk.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cstring>
#include <utility>

namespace odop::typeset {
namespace {

char32_t shown_as(char32_t c) {
  constexpr char32_t kZeroWidthSpace = 0x200B;
  switch (c) {
    case U'\t':
      return U' ';
    case U'\n':
    case 0x85:    // next line
    case 0x2028:  // line separator
    case 0x2029:  // paragraph separator
      return U'\n';
    default:
      return c < 0x20 || (c >= 0x7F && c < 0xA0) ? kZeroWidthSpace : c;
  }
}

}  // namespace

void to_utf16(std::string_view utf8, UnicodeText& out) {
  out.units.clear();
  out.bytes.clear();
  out.units.reserve(utf8.size());
  out.bytes.reserve(utf8.size() + 1);
  const auto size = static_cast<std::int32_t>(utf8.size());
  for (std::int32_t i = 0; i < size;) {
    const auto start = static_cast<std::uint32_t>(i);
    UChar32 decoded = 0;
    // The macro narrows on its own account.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
    U8_NEXT_OR_FFFD(utf8.data(), i, size, decoded);
#pragma GCC diagnostic pop
    const char32_t c = shown_as(static_cast<char32_t>(decoded));
    if (c > 0xFFFF) {
      out.units.push_back(static_cast<char16_t>(U16_LEAD(c)));
      out.units.push_back(static_cast<char16_t>(U16_TRAIL(c)));
      out.bytes.push_back(start);
    } else {
      out.units.push_back(static_cast<char16_t>(c));
    }
    out.bytes.push_back(start);
  }
  out.bytes.push_back(static_cast<std::uint32_t>(utf8.size()));
}

void wipe(UnicodeText& text) {
  // To the capacity: the text before may have been longer.
  text.units.resize(text.units.capacity());
  explicit_bzero(text.units.data(), text.units.size() * sizeof(char16_t));
  text.units.clear();
  text.bytes.clear();
}

void Breaker::Close::operator()(UBreakIterator* iterator) const { ubrk_close(iterator); }

Breaker::Breaker(Iterator lines, Iterator graphemes)
    : lines_(std::move(lines)), graphemes_(std::move(graphemes)) {}
Breaker::Breaker(Breaker&&) noexcept = default;
Breaker& Breaker::operator=(Breaker&&) noexcept = default;
Breaker::~Breaker() = default;

Result<Breaker> Breaker::open() {
  UErrorCode status = U_ZERO_ERROR;
  // The root rules serve Hindi, English and Urdu alike: CLDR tailors lines for none of them.
  Iterator lines(ubrk_open(UBRK_LINE, "", nullptr, 0, &status));
  Iterator graphemes(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status));
  if (U_FAILURE(status)) {
    return fail(ErrorCode::kInternal, std::string("ICU break rules: ") + u_errorName(status));
  }
  return Breaker(std::move(lines), std::move(graphemes));
}

void Breaker::line_breaks(std::u16string_view paragraph, std::vector<std::size_t>& out) {
  out.clear();
  UErrorCode status = U_ZERO_ERROR;
  ubrk_setText(lines_.get(), paragraph.data(), static_cast<std::int32_t>(paragraph.size()),
               &status);
  ubrk_first(lines_.get());
  for (std::int32_t at = ubrk_next(lines_.get()); U_SUCCESS(status) && at != UBRK_DONE;
       at = ubrk_next(lines_.get())) {
    out.push_back(static_cast<std::size_t>(at));
  }
  if (out.empty() || out.back() != paragraph.size()) {
    out.push_back(paragraph.size());
  }
}

void Breaker::graphemes(std::u16string_view text, std::vector<std::size_t>& out) {
  out.assign(1, 0);
  UErrorCode status = U_ZERO_ERROR;
  ubrk_setText(graphemes_.get(), text.data(), static_cast<std::int32_t>(text.size()), &status);
  for (std::int32_t at = ubrk_next(graphemes_.get()); U_SUCCESS(status) && at != UBRK_DONE;
       at = ubrk_next(graphemes_.get())) {
    out.push_back(static_cast<std::size_t>(at));
  }
  if (out.back() != text.size()) {
    out.push_back(text.size());
  }
}

}  // namespace odop::typeset
