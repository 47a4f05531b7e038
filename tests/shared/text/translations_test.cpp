// The translations that ship, as msgfmt compiled them: every key in each language, the same
// placeholders, and text in normal form.
#include "shared/forms/problems.h"
#include "shared/text/language.h"
#include "shared/text/normalise.h"
#include "shared/text/words.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace odop;

namespace {

Words shipped(Language language) {
  const auto file = std::filesystem::path(ODOP_BINARY_DIR) / "share/odop/i18n" /
                    (std::string(code(language)) + ".mo");
  auto words = Words::load(language, file);
  if (!words.has_value()) FAIL(words.error().context);
  return std::move(words.value());
}

std::multiset<std::string> placeholders(std::string_view text) {
  std::multiset<std::string> names;
  for (std::size_t open = text.find('{'); open != std::string_view::npos;) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    names.emplace(text.substr(open + 1, close - open - 1));
    open = text.find('{', close);
  }
  return names;
}

}  // namespace

TEST_CASE("every language has every word, with the same placeholders", "[text]") {
  const Words english = shipped(Language::kEnglish);
  REQUIRE(english.size() > 100);
  for (const Language language : {Language::kHindi, Language::kUrdu}) {
    const Words words = shipped(language);
    CHECK(words.keys() == english.keys());
    for (const auto& key : words.keys()) {
      CAPTURE(key, code(language));
      CHECK(placeholders(words.get(key)) == placeholders(english.get(key)));
      CHECK(is_nfc(words.get(key)));
      CHECK_FALSE(words.get(key).empty());
    }
  }
}

TEST_CASE("Hindi words hold no letters of legacy fonts", "[text]") {
  const Words words = shipped(Language::kHindi);
  for (const auto& key : words.keys()) {
    CAPTURE(key);
    CHECK_FALSE(has_legacy_font_letters(words.get(key)));
  }
}

TEST_CASE("what a form check can say has words", "[text]") {
  for (const Language language : kLanguages) {
    const Words words = shipped(language);
    for (const std::string_view key : forms::kEveryProblem) {
      CAPTURE(key, code(language));
      CHECK(words.has(key));
    }
  }
}
