// The translated words of one language, read from a gettext .mo file (made from assets/i18n/*.po at
// build time). The msgid is a key ("home.search"), the msgstr is the text, in every language.
//
//   msgid "receipt.kept"            msgid "list.count"
//   msgstr "{office} में रखा है"       msgid_plural "list.count.many"
//                                   msgstr[0] "{n} उत्पाद"
//                                   msgstr[1] "{n} उत्पाद"
//
// Plurals: msgstr[0] is the CLDR category "one", msgstr[1] is "other" (in Hindi 0 and 1 are "one",
// in English and Urdu only 1), as ICU decides; the file's own Plural-Forms line is not evaluated.
// Immutable after loading: safe to read from any thread.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/text/language.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace odop {

// A value for the placeholder {name}. The views must live until the call returns.
struct WordArgument {
  std::string_view name;
  std::string_view value;
};

class Words {
 public:
  // Caps of a .mo file; ours has some 600 texts in 60 kB.
  static constexpr std::size_t kMaxFileBytes = 4U << 20U;
  static constexpr std::size_t kMaxEntries = 20'000;

  // No words: every key shows as itself.
  explicit Words(Language language) : language_(language) {}

  // Errors: NotFound, Io, TooLarge, Malformed (not a little-endian .mo file, or an offset or a
  // length points outside of it, or a text is not UTF-8).
  [[nodiscard]] static Result<Words> load(Language language, const std::filesystem::path& mo_file);
  [[nodiscard]] static Result<Words> parse(Language language, BytesView mo_bytes);

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> keys() const;  // sorted

  // The text, or the key itself when there is none, so that a missing word is seen and not blank.
  // The view lives as long as this object, or as `key` when the text is missing.
  [[nodiscard]] std::string_view get(std::string_view key) const;

  // The text with each {name} replaced by its value in a bidi isolate. An unknown placeholder stays
  // as it is written; a value that no placeholder names is left out. Values are not looked into, so
  // a brace in a name is harmless.
  [[nodiscard]] std::string format(std::string_view key,
                                   std::initializer_list<WordArgument> arguments) const;

  // The plural form for `n`; {n} is the number in Indian grouping.
  [[nodiscard]] std::string plural(std::string_view key, std::int64_t n,
                                   std::initializer_list<WordArgument> arguments = {}) const;

 private:
  Language language_;
  std::map<std::string, std::vector<std::string>, std::less<>> texts_;  // key -> forms, one or more
};

}  // namespace odop
