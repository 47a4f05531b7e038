#include "shared/forms/minimum_program.h"

#include "shared/core/program.h"
#include "tests/shared/forms/form_files.h"

#include <catch2/catch.hpp>

#include <string>

namespace odop::forms {

TEST_CASE("A form wants the program that first read what it uses", "[forms]") {
  Form form = test::shipped_form("question");
  CHECK(minimum_program(form) == kFirstProgramNumber);
  form.questions.back().later = true;
  CHECK(minimum_program(form) == 2);
  form.questions.back().later = false;
  form.questions.front().preset = "india";
  CHECK(minimum_program(form) == 2);
}

TEST_CASE("This program reads every form that is shipped", "[forms]") {
  std::uint32_t most = 0;
  for (const std::string& id : test::shipped_forms()) {
    INFO(id);
    const std::uint32_t wanted = minimum_program(test::shipped_form(id));
    CHECK(wanted <= kProgramNumber);
    most = std::max(most, wanted);
  }
  CHECK(most == 2);  // the enquiry
}

}  // namespace odop::forms
