// Every form in assets/catalogue/forms: valid, whole in three languages, filled with good answers
// and with bad ones.
#include "shared/forms/check.h"
#include "shared/forms/formats.h"
#include "shared/text/normalise.h"
#include "tests/shared/forms/form_files.h"
#include "tests/shared/forms/rows.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace odop;
using namespace odop::forms;

namespace {

// First column of a catalogue file.
std::set<std::string> catalogue_ids(const std::string& name) {
  std::ifstream file(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue/" + name);
  REQUIRE(file.good());
  std::set<std::string> ids;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) ids.insert(line.substr(0, line.find(',')));
  return ids;
}

bool has_picture(const std::string& stem) {
  const auto folder = std::filesystem::path(ODOP_SOURCE_DIR) / "assets/drawings";
  return std::filesystem::exists(folder / "icons" / (stem + ".svg")) ||
         std::filesystem::exists(folder / "craft" / (stem + ".svg"));
}

bool has_letter_between(const std::string& text, unsigned char lead_from, unsigned char lead_to) {
  return std::ranges::any_of(text, [=](char c) {
    return static_cast<unsigned char>(c) >= lead_from && static_cast<unsigned char>(c) <= lead_to;
  });
}

// Each language in its own script; what is the same in all three is a code (FOB).
void check_scripts(const LocalText& text) {
  const std::string& hindi = text.in(Language::kHindi);
  const std::string& english = text.in(Language::kEnglish);
  const std::string& urdu = text.in(Language::kUrdu);
  CAPTURE(hindi, english, urdu);
  if (hindi == english && english == urdu) {
    CHECK(english.size() <= 4);
    return;
  }
  CHECK(has_letter_between(hindi, 0xE0, 0xE0));        // Devanagari begins with E0
  CHECK_FALSE(has_letter_between(hindi, 0xD8, 0xDB));  // Arabic
  CHECK(has_letter_between(urdu, 0xD8, 0xDB));
  CHECK_FALSE(has_letter_between(urdu, 0xE0, 0xE0));
  CHECK_FALSE(has_letter_between(english, 0x80, 0xFF));
}

Value typed_value(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (text.empty() || text.front() != '[') return text;
  std::vector<std::string> list;
  std::size_t from = 1;
  while (from < text.size() - 1) {
    const std::size_t to = std::min(text.find(',', from), text.size() - 1);
    list.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return list;
}

}  // namespace

TEST_CASE("the forms that the issue names ship", "[forms]") {
  CHECK(test::shipped_forms() ==
        std::vector<std::string>{"attendance", "common-facility-centre", "correction", "enquiry",
                                 "feedback", "gem-help", "margin-money", "marketing-assistance",
                                 "problem", "question", "registration", "skill-toolkit",
                                 "withdrawal"});
  for (const std::string& id : test::shipped_forms()) CHECK(test::shipped_form(id).id == id);
}

TEST_CASE("every text of a shipped form is in three languages", "[forms]") {
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    CAPTURE(id);
    check_scripts(form.title);
    check_scripts(form.intro);
    for (const Section& section : form.sections) check_scripts(section.title);
    for (const Question& question : form.questions) {
      CAPTURE(question.field);
      check_scripts(question.label);
      CHECK(question.label.in(Language::kEnglish).size() <= 60);  // short words
      if (question.help) check_scripts(*question.help);
      for (const Option& option : question.options) check_scripts(option.label);
      for (const auto& [key, words] : question.errors) check_scripts(words);
      if (!question.picture.empty()) CHECK(has_picture(question.picture));
      for (const Option& option : question.options) {
        if (!option.picture.empty()) CHECK(has_picture(option.picture));
      }
    }
  }
}

TEST_CASE("a scheme's form says that it is a draft, by when, and what to bring", "[forms]") {
  const auto schemes = catalogue_ids("schemes.csv");
  std::set<std::string> seen;
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    CAPTURE(id);
    REQUIRE(form.scheme.has_value() == (form.kind == "application"));
    if (!form.scheme) continue;
    CHECK(schemes.contains(form.scheme->scheme));
    seen.insert(form.scheme->scheme);
    CHECK(form.scheme->not_filed.in(Language::kEnglish).find("assisted draft") !=
          std::string::npos);
    CHECK(form.scheme->not_filed.in(Language::kHindi).find("मसौदा") != std::string::npos);
    CHECK(form.scheme->not_filed.in(Language::kUrdu).find("مسودہ") != std::string::npos);
    CHECK(form.scheme->documents.size() >= 4);
    CHECK_FALSE(form.scheme->deadline_fields.empty());
    check_scripts(form.scheme->not_filed);
    check_scripts(form.scheme->deadline_unknown);
    for (const Document& document : form.scheme->documents) check_scripts(document.label);
  }
  CHECK(seen.size() == 4);
}

TEST_CASE("each consent has its notice in the catalogue", "[forms]") {
  std::ifstream file(std::string(ODOP_SOURCE_DIR) + "/assets/catalogue/notices.csv");
  REQUIRE(file.good());
  // The first five columns hold no commas: id, version, kind, purpose, required.
  std::set<std::string> notices;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> columns;
    std::istringstream row(line);
    for (std::string column; columns.size() < 5 && std::getline(row, column, ',');) {
      columns.push_back(column);
    }
    if (columns.size() == 5) {
      notices.insert(columns[0] + " " + columns[3] + (columns[4] == "yes" ? " required" : ""));
    }
  }
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    CAPTURE(id);
    for (const ConsentPurpose& consent : form.consents) {
      CAPTURE(consent.notice);
      CHECK(notices.contains(consent.notice + " " + consent.purpose +
                             (consent.required ? " required" : "")));
    }
    // What holds a name or a number needs a consent; a slip's holder gave one before.
    const bool personal = form.find("mobile") != nullptr && form.find("reference") == nullptr;
    if (personal) CHECK_FALSE(form.consents.empty());
  }
}

TEST_CASE("no shipped form asks for what a kiosk may not take", "[forms]") {
  for (const std::string& id : test::shipped_forms()) {
    for (const Question& question : test::shipped_form(id).questions) {
      CAPTURE(id, question.field);
      for (const char* word : {"aadhaar", "account", "biometric", "document", "photo"}) {
        CHECK(question.field.find(word) == std::string::npos);
      }
    }
  }
}

TEST_CASE("good answers fill every shipped form", "[forms]") {
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    const Answers typed = test::good_answers(id);
    const Settled settled = settle(form, typed, test::kSubmitted);
    CAPTURE(id);
    for (const auto& problem : settled.problems) {
      FAIL_CHECK(problem.field << ": " << problem.text_key);
    }
    // Every typed answer is asked for and kept.
    for (const auto& [field, value] : typed) {
      CAPTURE(field);
      CHECK(settled.answers.contains(field));
    }
    // What is stored is read back, is right, and stays as it is.
    const auto read = answers_from_json(form, to_json(settled.answers));
    if (!read.has_value()) FAIL(read.error().context);
    CHECK(read.value() == settled.answers);
    const Settled again = settle(form, read.value(), test::kSubmitted);
    CHECK(again.problems.empty());
    CHECK(again.answers == settled.answers);
  }
}

TEST_CASE("a required answer that is left out is missed, and an unfinished form may be sent",
          "[forms]") {
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    const auto problems = check_all(form, {}, test::kSubmitted);
    CAPTURE(id);
    CHECK_FALSE(problems.empty());
    for (const FieldProblem& problem : problems) CHECK(problem.text_key == kMissing);
    CHECK(check_all(form, {}, test::kSubmitted, Extent::kUnfinished).empty());
    for (const Question* question : visible_questions(form, {})) {
      const auto problem = check_answer(form, question->field, {}, test::kSubmitted);
      CHECK(problem.has_value() == question->required);
    }
  }
}

TEST_CASE("a bad answer is refused at its field, and only there", "[forms]") {
  std::map<std::string, int> seen;
  for (const auto& row : test::read_rows("bad_answers.tsv", 4)) {
    const Form form = test::shipped_form(row.fields[0]);
    Answers answers = test::good_answers(row.fields[0]);
    const std::string& field = row.fields[1];
    CAPTURE(row.line, form.id, field, row.fields[2]);
    REQUIRE(form.find(field) != nullptr);
    if (row.fields[2] == "~") {
      answers.erase(field);
    } else {
      answers[field] = typed_value(row.fields[2]);
    }
    const std::string key = "form.error." + row.fields[3];
    const Settled settled = settle(form, answers, test::kSubmitted);
    const FieldProblem wanted{.field = field, .text_key = key};
    CHECK(settled.problems == std::vector<FieldProblem>{wanted});
    ++seen[form.id];
    if (key == kNotFitting) continue;  // answers that contradict each other, each right by itself
    CHECK(check_answer(form, field, answers, test::kSubmitted) == wanted);
    CHECK_FALSE(settled.answers.contains(field));  // neither stored nor logged from there
  }
  CHECK(seen.size() == test::shipped_forms().size());
}

TEST_CASE("an Aadhaar number gets into no text of any shipped form", "[forms]") {
  const std::string number = "2345 6789 0124";
  REQUIRE(holds_aadhaar(number));
  int tried = 0;
  for (const std::string& id : test::shipped_forms()) {
    const Form form = test::shipped_form(id);
    for (const Question* question : visible_questions(form, test::good_answers(id))) {
      if (question->type == AnswerType::kBoolean || question->type == AnswerType::kProducts) {
        continue;
      }
      CAPTURE(id, question->field);
      Answers answers = test::good_answers(id);
      if (question->type == AnswerType::kTexts) {
        answers[question->field] = std::vector<std::string>{number};
      } else {
        answers[question->field] = number;
      }
      const Settled settled = settle(form, answers, test::kSubmitted);
      CHECK_FALSE(settled.problems.empty());
      CHECK(to_json(settled.answers).find("6789") == std::string::npos);
      ++tried;
    }
  }
  CHECK(tried > 100);
}
