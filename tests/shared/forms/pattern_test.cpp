#include "shared/forms/pattern.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace odop::forms;

namespace {

bool matches(const std::string& pattern, const std::string& text) {
  const auto parsed = Pattern::parse(pattern);
  CAPTURE(pattern);
  if (!parsed.has_value()) FAIL(parsed.error().context);
  return parsed.value().matches(text);
}

}  // namespace

TEST_CASE("patterns fit what a reader expects", "[forms]") {
  struct Row {
    std::string pattern;
    std::vector<std::string> fit;
    std::vector<std::string> miss;
  };
  const std::vector<Row> rows{
      {"^$", {""}, {"a", " "}},
      {"^abc$", {"abc"}, {"", "ab", "abcd", "xabc", "ABC"}},
      {"^a?b$", {"b", "ab"}, {"aab", "a", ""}},
      {"^a*b$", {"b", "ab", "aaab"}, {"aaa", "ba"}},
      {"^a+b$", {"ab", "aaab"}, {"b", "a"}},
      {"^a*a*a$", {"a", "aa", "aaaa"}, {"", "b"}},
      {"^a{3}$", {"aaa"}, {"aa", "aaaa"}},
      {"^a{1,3}$", {"a", "aa", "aaa"}, {"", "aaaa"}},
      {"^a{0,2}b$", {"b", "ab", "aab"}, {"aaab"}},
      {"^[A-Z]{4}0[A-Z0-9]{6}$", {"SBIN0001234"}, {"SBIN1001234", "sbin0001234"}},
      {"^\\d{2}-\\d{4}$", {"12-3456"}, {"1-23456", "12-345a", "१२-३४५६"}},
      {"^[^0-9]+$", {"abc", "क"}, {"", "a1"}},
      {"^[\\]\\-x]$", {"]", "-", "x"}, {"y", ""}},
      {"^[a-]$", {"a", "-"}, {"b"}},
      {"^a.c$", {"abc", "aकc", "a c"}, {"ac", "a\nc", "abbc"}},
      {"^\\.\\\\\\/$", {".\\/"}, {"a\\/"}},
      {"^[क-ह]+$", {"कखग"}, {"abc", "क1"}},
      {"^[آ-ی]+$", {"کتاب"}, {"book"}},
      {"^घ{2}$", {"घघ"}, {"घ"}},
      {"^a?a?a?aaa$", {"aaa", "aaaaaa"}, {"aa", "aaaaaaa"}},
  };
  for (const Row& row : rows) {
    for (const std::string& text : row.fit) {
      CAPTURE(text);
      CHECK(matches(row.pattern, text));
    }
    for (const std::string& text : row.miss) {
      CAPTURE(text);
      CHECK_FALSE(matches(row.pattern, text));
    }
  }
  CHECK_FALSE(matches("^.*$", "a\xFF"));
}

TEST_CASE("patterns that make others backtrack for ever are matched at once", "[forms]") {
  const std::string text = std::string(2000, 'a') + "!";
  std::string optional = "^";
  for (int i = 0; i < 60; ++i) optional += "a?";
  for (int i = 0; i < 60; ++i) optional += "a";
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(matches("^a*a*a*a*a*a*a*a*a*a*b$", text));
  CHECK_FALSE(matches("^[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*\\d$", text));
  CHECK(matches(optional + "$", std::string(60, 'a')));
  CHECK_FALSE(matches("^.{0,120}.{0,120}x$", text));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}
