// Conditions, settling, and answers as bytes, on the small form of tests/data/forms/base.json.
#include "shared/forms/check.h"

#include "shared/forms/problems.h"
#include "tests/shared/forms/form_files.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace odop;
using namespace odop::forms;

namespace {

using List = std::vector<std::string>;

Form base() {
  auto form = parse_form(test::read_form_data("base.json"));
  if (!form.has_value()) FAIL(form.error().context);
  return std::move(form.value());
}

List asked(const Answers& answers) {
  List fields;
  const Form form = base();
  for (const Question* question : visible_questions(form, answers)) {
    fields.push_back(question->field);
  }
  return fields;
}

std::string problem(const Answers& answers, const std::string& field) {
  const auto found = check_answer(base(), field, answers, test::kSubmitted);
  return found ? std::string(found->text_key) : "";
}

}  // namespace

TEST_CASE("a question is asked when its condition holds", "[forms]") {
  struct Row {
    Answers answers;
    List asked;
  };
  const std::string person = "person";
  const std::string body = "body";
  const std::vector<Row> rows{
      {{}, {"kind", "name", "cost", "agree"}},
      {{{"kind", person}}, {"kind", "name", "likes", "sure", "cost", "agree"}},
      {{{"kind", body}}, {"kind", "body_name", "name", "cost", "agree"}},
      {{{"kind", std::string("king")}}, {"kind", "name", "cost", "agree"}},
      {{{"kind", body}, {"body_name", std::string("  ")}},
       {"kind", "body_name", "name", "cost", "agree"}},
      {{{"kind", body}, {"body_name", std::string("Silk")}},
       {"kind", "body_name", "members", "name", "cost", "agree"}},
      {{{"kind", body}, {"body_name", std::string("Silk")}, {"members", std::string("19")}},
       {"kind", "body_name", "members", "name", "cost", "agree"}},
      {{{"kind", body}, {"body_name", std::string("Silk")}, {"members", std::string("२०")}},
       {"kind", "body_name", "members", "name", "likes", "sure", "cost", "agree"}},
      {{{"kind", body}, {"body_name", std::string("Silk")}, {"members", std::int64_t{20}}},
       {"kind", "body_name", "members", "name", "likes", "sure", "cost", "agree"}},
      // An answer to a question that is not asked does not count.
      {{{"body_name", std::string("Silk")}, {"members", std::string("20")}},
       {"kind", "name", "cost", "agree"}},
      {{{"kind", person}, {"likes", List{"silk"}}}, {"kind", "name", "likes", "cost", "agree"}},
      {{{"kind", person}, {"likes", List{"silk", "other"}}},
       {"kind", "name", "likes", "other", "cost", "agree"}},
      {{{"kind", person}, {"likes", List{}}}, {"kind", "name", "likes", "sure", "cost", "agree"}},
      {{{"kind", person}, {"sure", true}},
       {"kind", "name", "likes", "sure", "born", "cost", "agree"}},
      {{{"kind", person}, {"sure", false}}, {"kind", "name", "likes", "sure", "cost", "agree"}},
      {{{"kind", person}, {"sure", true}, {"likes", List{"wool"}}},
       {"kind", "name", "likes", "cost", "agree"}},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    CHECK(asked(rows[i].answers) == rows[i].asked);
  }
}

TEST_CASE("one answer is judged by format, length, pattern, bounds and options", "[forms]") {
  const Answers body{{"kind", std::string("body")}};
  const auto with = [](Answers answers, const std::string& field, Value value) {
    answers[field] = std::move(value);
    return answers;
  };
  const auto named = [&](const std::string& name) { return with(body, "body_name", name); };
  CHECK(problem(named("Silk House"), "body_name").empty());
  CHECK(problem(named(""), "body_name") == kMissing);
  CHECK(problem(named("S"), "body_name") == kTooShort);
  CHECK(problem(named(std::string(41, 'x')), "body_name") == kTooLong);
  CHECK(problem(named(std::string(500, 'x')), "body_name") == kTooLong);
  CHECK(problem(named("रेशम घर"), "body_name") == kNotFitting);
  CHECK(problem(with({}, "body_name", std::string("1")), "body_name").empty());  // not asked
  CHECK(problem({}, "nobody").empty());
  const Answers person{{"kind", std::string("person")}};
  CHECK(problem(with({}, "kind", std::string("king")), "kind") == kChoice);
  CHECK(problem(with({}, "kind", true), "kind") == kChoice);
  CHECK(problem(with({}, "kind", std::int64_t{1}), "kind") == kChoice);
  CHECK(problem(with(person, "likes", List{"silk", "silk"}), "likes").empty());
  CHECK(problem(with(person, "likes", List{"silk", "wool", "other"}), "likes") == kTooMany);
  CHECK(problem(with(person, "likes", List{"cotton"}), "likes") == kChoice);
  CHECK(problem(with(person, "likes", std::string("silk")), "likes") == kChoice);
  CHECK(problem(with({}, "cost", std::string("0.99")), "cost") == kTooSmall);
  CHECK(problem(with({}, "cost", std::string("1")), "cost").empty());
  CHECK(problem(with({}, "cost", std::string("10,00,000.01")), "cost") == kTooLarge);
  CHECK(problem(with({}, "cost", std::string("lots")), "cost") == kMoney);
  CHECK(problem(with({}, "cost", std::int64_t{99}), "cost") == kTooSmall);
  CHECK(problem(with({}, "cost", std::int64_t{-1}), "cost") == kTooSmall);
  CHECK(problem(with({}, "agree", false), "agree") == kMustBeYes);
  CHECK(problem(with({}, "agree", std::string("true")), "agree") == kChoice);
  Answers sure = with(person, "sure", true);
  CHECK(problem(with(sure, "born", std::string("1986")), "born").empty());
  CHECK(problem(with(sure, "born", std::string("1985")), "born") == kBirthDay);
  CHECK(problem(with(sure, "born", std::string("1984")), "born") == kTooOld);
}

TEST_CASE("settling keeps one spelling of what was asked, and nothing else", "[forms]") {
  const Form form = base();
  const Answers typed{{"kind", std::string("person")},
                      {"body_name", std::string("left over from before")},
                      {"name", std::string("  Ravi   Kumar ")},
                      {"likes", List{"wool", "silk", "wool"}},
                      {"sure", true},
                      {"cost", std::string("₹1,250.50")},
                      {"agree", true},
                      {"stranger", std::string("234567890124")}};
  const Settled settled = settle(form, typed, test::kSubmitted);
  CHECK(settled.problems.empty());
  CHECK(settled.answers == Answers{{"kind", std::string("person")},
                                   {"name", std::string("Ravi Kumar")},
                                   {"likes", List{"silk", "wool"}},
                                   {"cost", std::int64_t{125050}},
                                   {"agree", true}});
  CHECK(
      to_json(settled.answers) ==
      R"({"agree":true,"cost":125050,"kind":"person","likes":["silk","wool"],"name":"Ravi Kumar"})");
}

TEST_CASE("answers that contradict each other are found by the whole schema", "[forms]") {
  const Form form = base();
  Answers answers{{"kind", std::string("body")},
                  {"body_name", std::string("Silk House")},
                  {"name", std::string("Ravi")},
                  {"agree", true}};
  // allOf: a body must state the cost. No question by itself can know that.
  CHECK(check_all(form, answers, test::kSubmitted) ==
        std::vector<FieldProblem>{{.field = "", .text_key = kNotFitting}});
  CHECK(check_all(form, answers, test::kSubmitted, Extent::kUnfinished).empty());
  answers["cost"] = std::string("500");
  CHECK(check_all(form, answers, test::kSubmitted).empty());
}

TEST_CASE("an unfinished form misses nothing, but what it says must be right", "[forms]") {
  const Form form = base();
  const Answers answers{{"kind", std::string("body")}, {"name", std::string("R2")}};
  const Settled settled = settle(form, answers, test::kSubmitted, Extent::kUnfinished);
  CHECK(settled.problems == std::vector<FieldProblem>{{.field = "name", .text_key = kName}});
  CHECK(settled.answers == Answers{{"kind", std::string("body")}});
}

TEST_CASE("a form's own words replace those of the problem", "[forms]") {
  const Form form = base();
  const LocalText* words = own_words(form, {.field = "body_name", .text_key = kNotFitting});
  REQUIRE(words != nullptr);
  CHECK(words->in(Language::kEnglish) == "Write it in Roman letters");
  CHECK(own_words(form, {.field = "body_name", .text_key = kMissing}) == nullptr);
  CHECK(own_words(form, {.field = "nobody", .text_key = kMissing}) == nullptr);
}

TEST_CASE("answers from outside are bounded and typed", "[forms]") {
  const Form form = base();
  const auto refused = [&](const std::string& json) {
    const auto read = answers_from_json(form, json);
    return read.has_value() ? ErrorCode::kInternal : read.error().code;
  };
  CHECK(answers_from_json(form, "{}").value().empty());
  CHECK(answers_from_json(form, R"({"kind":"body","cost":5,"agree":true,"likes":["silk"]})")
            .value()
            .size() == 4);
  CHECK(refused("") == ErrorCode::kMalformed);
  CHECK(refused("[]") == ErrorCode::kMalformed);
  CHECK(refused(R"({"stranger":1})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"kind":1})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"kind":null})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"cost":"5"})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"cost":5.5})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"agree":"true"})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"likes":"silk"})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"likes":[1]})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"likes":[["silk"]]})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"kind":"body","kind":"person"})") == ErrorCode::kMalformed);
  CHECK(refused(R"({"likes":[[[["silk"]]]]})") == ErrorCode::kTooLarge);
  CHECK(refused("{\"name\":\"" + std::string(kMaxAnswersBytes, 'x') + "\"}") ==
        ErrorCode::kTooLarge);
  std::string many = R"({"likes":["silk")";
  for (int i = 0; i < 401; ++i) many += R"(,"silk")";
  CHECK(refused(many + "]}") == ErrorCode::kTooLarge);
}

TEST_CASE("a spoken answer counts where the form allows a voice", "[forms]") {
  const Form form = base();  // `name` takes a voice and is required, `body_name` takes none
  const Answers rest{{"kind", std::string("person")}, {"agree", true}};
  const auto keys = [&](const Answers& answers, const Spoken& spoken,
                        Extent extent = Extent::kWhole) {
    List out;
    for (const FieldProblem& found : check_all(form, answers, test::kSubmitted, extent, spoken)) {
      out.push_back(found.field + ":" + std::string(found.text_key));
    }
    return out;
  };
  CHECK(keys(rest, {}) == List{"name:" + std::string(kMissing)});
  CHECK(keys(rest, {"name"}).empty());
  CHECK(check_answer(form, "name", rest, test::kSubmitted).has_value());
  CHECK_FALSE(check_answer(form, "name", rest, test::kSubmitted, {"name"}).has_value());

  const Settled settled = settle(form, rest, test::kSubmitted, Extent::kWhole, {"name"});
  CHECK(settled.spoken == Spoken{"name"});
  CHECK_FALSE(settled.answers.contains("name"));  // nothing is put into the mouth of anybody

  // Typed as well: what was typed is checked as ever.
  Answers typed = rest;
  typed["name"] = std::string("Asha 7");
  CHECK(keys(typed, {"name"}).size() == 1);
  typed["name"] = std::string("Asha");
  CHECK(keys(typed, {"name"}).empty());

  const std::string misfit = ":" + std::string(kNotFitting);
  CHECK(keys(typed, {"body_name"}) == List{"body_name" + misfit});
  CHECK(keys(typed, {"kind"}) == List{"kind" + misfit});
  CHECK(keys(typed, {"nowhere"}) == List{"nowhere" + misfit});
  CHECK(keys(typed, {"nowhere"}, Extent::kUnfinished) == List{"nowhere" + misfit});
}

TEST_CASE("what nobody is asked is not spoken, and a spoken answer opens what follows", "[forms]") {
  Form form = base();
  for (Question& question : form.questions) {
    if (question.field == "body_name") question.voice = true;
  }
  Answers answers{{"kind", std::string("body")}};
  const auto is_asked = [&](const Spoken& spoken, std::string_view field) {
    const auto asked = visible_questions(form, answers, spoken);
    return std::ranges::find(asked, field, &Question::field) != asked.end();
  };
  CHECK_FALSE(is_asked({}, "members"));
  CHECK(is_asked({"body_name"}, "members"));  // asked once the body's name was given

  answers = {{"kind", std::string("person")}, {"name", std::string("Asha")}, {"agree", true}};
  const Settled settled = settle(form, answers, test::kSubmitted, Extent::kWhole, {"body_name"});
  CHECK(settled.problems.empty());
  CHECK(settled.spoken.empty());
}
