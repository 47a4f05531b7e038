#include "shared/text/words.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace odop;
using namespace std::string_literals;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

void put_word(std::string& file, std::size_t value) {
  for (unsigned i = 0; i < 4; ++i) file.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

// A .mo file as the gettext manual describes it.
std::string make_mo(const Entries& entries) {
  const std::size_t keys = 28;
  const std::size_t values = keys + entries.size() * 8;
  std::size_t at = values + entries.size() * 8;
  std::string file;
  std::string body;
  for (const std::size_t word : {std::size_t{0x950412DE}, std::size_t{0}, entries.size(), keys,
                                 values, std::size_t{0}, at}) {
    put_word(file, word);
  }
  for (const bool second : {false, true}) {
    for (const auto& [key, value] : entries) {
      const std::string& text = second ? value : key;
      put_word(file, text.size());
      put_word(file, at + body.size());
      body.append(text).push_back('\0');
    }
  }
  return file + body;
}

const Entries kEntries{
    {"", "Content-Type: text/plain; charset=UTF-8\n"},
    {"greeting", "नमस्ते {name}, {name}!"},
    {"list.count\0list.counts"s, "{n} उत्पाद ({place})\0{n} उत्पादों"s},
    {"plain", "इत्र"},
    {"price", "قیمت {price} ہے {"},
};

}  // namespace

TEST_CASE("words are found by key, and a missing one shows as its key", "[text]") {
  const Words words = Words::parse(Language::kHindi, make_mo(kEntries)).value();
  CHECK(words.size() == 4);
  CHECK(words.get("plain") == "इत्र");
  CHECK(words.get("no.such.key") == "no.such.key");
  CHECK(words.has("plain"));
  CHECK_FALSE(words.has("no.such.key"));
  CHECK_FALSE(words.has(""));
  CHECK(words.keys() == std::vector<std::string>{"greeting", "list.count", "plain", "price"});
  CHECK(Words(Language::kUrdu).get("x") == "x");
}

TEST_CASE("values go into isolates, and are not looked into", "[text]") {
  const Words words = Words::parse(Language::kUrdu, make_mo(kEntries)).value();
  CHECK(words.format("greeting", {{"name", "{other}"}, {"other", "no"}}) ==
        "नमस्ते \u2068{other}\u2069, \u2068{other}\u2069!");
  CHECK(words.format("price", {{"price", "₹1,250"}}) == "قیمت \u2068₹1,250\u2069 ہے {");
  CHECK(words.format("greeting", {}) == "नमस्ते {name}, {name}!");
  CHECK(words.format("greeting", {{"name", ""}}) == "नमस्ते , !");
  CHECK(words.format("missing {name}", {{"name", "x"}}) == "missing \u2068x\u2069");
}

TEST_CASE("plural forms follow each language's rule", "[text]") {
  const std::string mo = make_mo(kEntries);
  const Words hindi = Words::parse(Language::kHindi, mo).value();
  const Words english = Words::parse(Language::kEnglish, mo).value();
  CHECK(hindi.plural("list.count", 0, {{"place", "आगरा"}}) ==
        "\u20680\u2069 उत्पाद (\u2068आगरा\u2069)");
  CHECK(english.plural("list.count", 0) == "\u20680\u2069 उत्पादों");
  CHECK(english.plural("list.count", 1).find("({place})") != std::string::npos);
  CHECK(hindi.plural("list.count", 123456) == "\u20681,23,456\u2069 उत्पादों");
  CHECK(hindi.plural("plain", 5) == "इत्र");
  CHECK(hindi.plural("nothing", 5) == "nothing");
}

TEST_CASE("a .mo file cut or changed anywhere is refused or read, never overrun", "[text][fault]") {
  const std::string whole = make_mo(kEntries);
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    const auto parsed = Words::parse(Language::kHindi, whole.substr(0, size));
    CAPTURE(size);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == ErrorCode::kMalformed);
  }
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x7F', '\x80', '\xFF'}) {
      std::string changed = whole;
      changed[at] = value;
      if (!Words::parse(Language::kHindi, changed).has_value()) ++refused;
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("limits of a .mo file hold", "[text][fault]") {
  std::string many = make_mo(kEntries);
  many[8] = static_cast<char>(0xFF);
  many[11] = static_cast<char>(0x7F);
  CHECK(Words::parse(Language::kHindi, many).error().code == ErrorCode::kTooLarge);
  CHECK(Words::parse(Language::kHindi, std::string(Words::kMaxFileBytes + 1, '\0')).error().code ==
        ErrorCode::kTooLarge);
  std::string future = make_mo(kEntries);
  future[6] = 2;
  CHECK(Words::parse(Language::kHindi, future).error().code == ErrorCode::kUnsupported);
  CHECK(Words::load(Language::kHindi, "/no/such/file.mo").error().code == ErrorCode::kNotFound);
}

TEST_CASE("words load from a file", "[text]") {
  const auto path =
      std::filesystem::temp_directory_path() /
      ("odop-words-" + std::to_string(reinterpret_cast<std::uintptr_t>(&kEntries)) + ".mo");
  std::ofstream(path, std::ios::binary) << make_mo(kEntries);
  const auto words = Words::load(Language::kHindi, path);
  std::filesystem::remove(path);
  REQUIRE(words.has_value());
  CHECK(words.value().get("plain") == "इत्र");
}
