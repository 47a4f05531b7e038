// A person who fills a form of the catalogue at a real kiosk: whatever the screen asks is answered
// from a table, and before each answer the bad ones of another table are tried, which the kiosk
// must refuse in words beside the field.
#pragma once

#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "shared/text/language.h"
#include "tests/support/stand.h"

#include <set>
#include <string>
#include <vector>

namespace odop::test {

struct BadAnswer {
  std::string field;
  std::string typed;  // empty: nothing
};

struct FormTask {
  forms::Form form;
  forms::Answers answers;  // by field, as people type them
  std::vector<BadAnswer> bad;
};

// tests/data/forms/good/ID.json and the rows of bad_answers.tsv for that form.
[[nodiscard]] FormTask task_of(const std::string& form);
// The same answers for another form, such as one that an admin has just published.
[[nodiscard]] FormTask task_of(forms::Form form, const std::string& answers_of);

struct Walked {
  std::string reference;  // digits
  std::string code;
  std::vector<std::string> asked;  // fields, in order
  int refused = 0;                 // bad answers
};

// From the form's first page to the receipt, which stays on the screen. Throws std::runtime_error
// when the kiosk takes a bad answer, says nothing about it in the person's language, loses an
// answer on the way back, or does not get on.
[[nodiscard]] Walked walk_form(Stand& stand, const FormTask& task, Language language);

// From the attract screen to the artisan's page, in that language.
void open_artisan_page(Stand& stand, Language language);

}  // namespace odop::test
