#include "shared/text/words.h"

#include "shared/text/isolate.h"
#include "shared/text/normalise.h"
#include "shared/text/numbers.h"

#include <unicode/locid.h>
#include <unicode/plurrule.h>
#include <unicode/unistr.h>
#include <unicode/utypes.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace odop {
namespace {

// GNU gettext manual, "The Format of GNU MO Files": seven 32-bit words, then the two tables.
constexpr std::uint32_t kMagic = 0x950412DE;
constexpr std::size_t kHeaderBytes = 28;

// One 32-bit word, little endian: assets/i18n has msgfmt write that order on every machine.
std::uint32_t word_at(BytesView file, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(file[offset + i])) << (8 * i);
  }
  return value;
}

// The string of row `row` in the table at `table`; nothing when it leaves the file.
std::optional<std::string_view> string_at(BytesView file, std::size_t table, std::size_t row) {
  const std::size_t length = word_at(file, table + row * 8);
  const std::size_t offset = word_at(file, table + row * 8 + 4);
  if (offset > file.size() || length > file.size() - offset) return std::nullopt;
  return file.substr(offset, length);
}

std::vector<std::string> split_forms(std::string_view text) {
  std::vector<std::string> forms;
  for (;;) {
    const std::size_t end = text.find('\0');
    forms.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return forms;
    text.remove_prefix(end + 1);
  }
}

// Whether `n` takes the CLDR category "one". The rules are made once and are immutable.
bool is_one(Language language, std::int64_t n) {
  static const std::array rules_by_language = [] {
    std::array<std::unique_ptr<icu::PluralRules>, 3> rules;
    for (const Language each : kLanguages) {
      UErrorCode status = U_ZERO_ERROR;
      const std::string locale(code(each));
      rules.at(index(each)).reset(icu::PluralRules::forLocale(icu::Locale(locale.c_str()), status));
    }
    return rules;
  }();
  const auto& rules = rules_by_language.at(index(language));
  if (rules == nullptr) return n == 1;
  return rules->select(static_cast<double>(n)) == icu::UnicodeString(u"one");
}

std::string filled(std::string_view text, std::span<const WordArgument> arguments) {
  std::string out;
  out.reserve(text.size() + 32);
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    out.append(text.substr(0, open));
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = std::find_if(arguments.begin(), arguments.end(),
                                    [&](const WordArgument& a) { return a.name == name; });
    if (found == arguments.end()) {
      out.append(text.substr(open, close - open + 1));
    } else {
      out.append(isolate(found->value));
    }
    text.remove_prefix(close + 1);
  }
  out.append(text);
  return out;
}

}  // namespace

Result<Words> Words::load(Language language, const std::filesystem::path& mo_file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(mo_file, error);
  if (error) return fail(ErrorCode::kNotFound, "no words at " + mo_file.string());
  if (size > kMaxFileBytes) return fail(ErrorCode::kTooLarge, mo_file.string());
  std::ifstream in(mo_file, std::ios::binary);
  Bytes bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) return fail(ErrorCode::kIo, "cannot read " + mo_file.string());
  return parse(language, bytes);
}

Result<Words> Words::parse(Language language, BytesView file) {
  const auto malformed = [](const char* what) {
    return fail(ErrorCode::kMalformed, std::string("words: ") + what);
  };
  if (file.size() > kMaxFileBytes) return fail(ErrorCode::kTooLarge, "words file");
  if (file.size() < kHeaderBytes || word_at(file, 0) != kMagic) return malformed("no .mo file");
  if (word_at(file, 4) >> 16U > 1) return fail(ErrorCode::kUnsupported, "words: .mo revision");
  const std::size_t count = word_at(file, 8);
  const std::size_t keys = word_at(file, 12);
  const std::size_t values = word_at(file, 16);
  if (count > kMaxEntries) return fail(ErrorCode::kTooLarge, "words: entries");
  if (keys > file.size() || count * 8 > file.size() - keys || values > file.size() ||
      count * 8 > file.size() - values) {
    return malformed("a table lies outside");
  }
  Words words(language);
  for (std::size_t row = 0; row < count; ++row) {
    const auto key = string_at(file, keys, row);
    const auto value = string_at(file, values, row);
    if (!key || !value) return malformed("a string lies outside");
    if (!is_utf8(*key) || !is_utf8(*value)) return malformed("not UTF-8");
    // The key of a plural is "singular NUL plural"; the first is ours. The empty key is the header.
    const std::string_view name = key->substr(0, key->find('\0'));
    if (!name.empty()) words.texts_.insert_or_assign(std::string(name), split_forms(*value));
  }
  return words;
}

bool Words::has(std::string_view key) const { return texts_.find(key) != texts_.end(); }

std::vector<std::string> Words::keys() const {
  std::vector<std::string> all;
  all.reserve(texts_.size());
  for (const auto& [key, forms] : texts_) all.push_back(key);
  return all;
}

std::string_view Words::get(std::string_view key) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? key : std::string_view(found->second.front());
}

std::string Words::format(std::string_view key,
                          std::initializer_list<WordArgument> arguments) const {
  return filled(get(key), {arguments.begin(), arguments.size()});
}

std::string Words::plural(std::string_view key, std::int64_t n,
                          std::initializer_list<WordArgument> arguments) const {
  const std::string number = group_indian(n);
  std::vector<WordArgument> all(arguments);
  all.push_back({"n", number});
  const auto found = texts_.find(key);
  if (found == texts_.end()) return filled(key, all);
  const auto& forms = found->second;
  return filled(is_one(language_, n) ? forms.front() : forms.back(), all);
}

}  // namespace odop
