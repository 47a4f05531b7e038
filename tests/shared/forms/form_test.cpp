// What parse_form refuses, and that it says where and why.
#include "shared/forms/form.h"

#include "tests/shared/forms/form_files.h"
#include "tests/shared/forms/rows.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

using namespace odop;
using namespace odop::forms;
using nlohmann::json;

namespace {

json base() { return json::parse(test::read_form_data("base.json")); }

std::string fault_of(const std::string& text) {
  const auto form = parse_form(text);
  return form.has_value() ? "" : form.error().context;
}

}  // namespace

TEST_CASE("a form is read as it is written", "[forms]") {
  const auto parsed = parse_form(base().dump());
  if (!parsed.has_value()) FAIL(parsed.error().context);
  const Form& form = parsed.value();
  CHECK(form.id == "base");
  CHECK(form.version == 3);
  CHECK(form.kind == "application");
  CHECK(form.title.in(Language::kUrdu) == "فارم");
  REQUIRE(form.scheme.has_value());
  CHECK(form.scheme->documents.front().id == "photo");
  CHECK(form.consents.front().required);
  REQUIRE(form.sections.size() == 3);
  CHECK(form.sections[1].first == 4);
  CHECK(form.sections[1].count == 4);
  REQUIRE(form.questions.size() == 10);
  const Question& kind = *form.find("kind");
  CHECK(kind.widget == Widget::kOneChoice);
  CHECK(kind.required);
  CHECK(kind.options[1].label.in(Language::kEnglish) == "Body");
  const Question& body = *form.find("body_name");
  CHECK(body.required);
  CHECK(body.max_length == 40);
  CHECK(body.pattern.has_value());
  CHECK(body.show_if.kind == Condition::Kind::kIs);
  CHECK(form.find("name")->audio.at("awa") == "name-awa");
  CHECK(form.find("name")->voice);
  CHECK(form.find("likes")->type == AnswerType::kTexts);
  CHECK(form.find("born")->ages.most == 40);
  CHECK(form.find("cost")->currency == "INR");
  CHECK(form.find("cost")->maximum == 100'000'000);
  CHECK(form.find("agree")->must_be_yes);
  CHECK(form.find("nobody") == nullptr);
}

TEST_CASE("a fault in a form is named with its place", "[forms]") {
  const auto rows = test::read_rows("hostile.tsv", 3);
  CHECK(rows.size() > 150);
  for (const auto& row : rows) {
    json form = base();
    const json::json_pointer pointer(row.fields[0]);
    CAPTURE(row.line, row.fields[0], row.fields[1].substr(0, 200));
    if (row.fields[1] == "remove") {
      form = form.patch({{{"op", "remove"}, {"path", row.fields[0]}}});
    } else {
      form[pointer] = json::parse(row.fields[1]);
    }
    const std::string fault = fault_of(form.dump());
    CHECK_THAT(fault, Catch::Contains(row.fields[2]));
  }
}

TEST_CASE("what is no form at all is refused", "[forms]") {
  const std::string good = base().dump();
  REQUIRE(fault_of(good).empty());
  CHECK_THAT(fault_of(""), Catch::Contains("no JSON"));
  CHECK_THAT(fault_of("{"), Catch::Contains("no JSON at byte"));
  CHECK_THAT(fault_of("[]"), Catch::Contains("must be an object"));
  CHECK_THAT(fault_of("null"), Catch::Contains("must be an object"));
  CHECK_THAT(fault_of(good + "x"), Catch::Contains("no JSON at byte"));
  CHECK_THAT(fault_of("{\"form\":1,\"form\":1}"), Catch::Contains("twice"));
  CHECK_THAT(fault_of("{\"id\":\"\xFF\"}"), Catch::Contains("not UTF-8"));
  CHECK_THAT(fault_of(std::string(100'000, '[')), Catch::Contains("too many levels"));
  CHECK_THAT(fault_of("{\"a\":" + std::string(100, '[')), Catch::Contains("too many levels"));
  CHECK_THAT(fault_of(std::string(kMaxFormBytes + 1, ' ')), Catch::Contains("bytes"));
  std::string many = "[0";
  for (int i = 0; i < 30'000; ++i) many += ",0";
  CHECK_THAT(fault_of(many + "]"), Catch::Contains("too many"));
}

TEST_CASE("a form cut at any byte is refused", "[forms]") {
  const std::string good = base().dump();
  for (std::size_t size = 0; size < good.size(); size += 7) {
    CAPTURE(size);
    CHECK_FALSE(parse_form(good.substr(0, size)).has_value());
  }
}

TEST_CASE("a form with one byte changed is read or refused, never worse", "[forms]") {
  const std::string good = base().dump();
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); at += 3) {
    for (const char byte : {'\0', '"', '{', '\x80', '9'}) {
      std::string changed = good;
      changed[at] = byte;
      if (!parse_form(changed).has_value()) ++refused;
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("the largest form that is allowed is parsed in time", "[forms]") {
  json form = base();
  form["schema"].erase("allOf");
  auto& questions = form["ui"]["sections"][2]["questions"];
  while (questions.size() < 72) {
    const std::string field = "more_" + std::to_string(questions.size());
    json question = {{"field", field}, {"widget", "choice"}, {"label", form["title"]}};
    json values = json::array();
    for (std::size_t i = 0; i < 12; ++i) {
      values.push_back("v" + std::to_string(i));
      question["options"].push_back({{"value", values.back()}, {"label", form["title"]}});
    }
    form["schema"]["properties"][field] = {{"type", "string"}, {"enum", values}};
    questions.push_back(question);
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(fault_of(form.dump()).empty());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
  json one_more = questions.back();
  for (int i = 0; i < 10; ++i) {
    const std::string field = "over_" + std::to_string(i);
    one_more["field"] = field;
    form["schema"]["properties"][field] = form["schema"]["properties"]["more_71"];
    questions.push_back(one_more);
  }
  CHECK_THAT(fault_of(form.dump()), Catch::Contains("80"));
}
