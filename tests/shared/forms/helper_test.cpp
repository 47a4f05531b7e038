#include "shared/forms/helper.h"

#include "shared/forms/answers.h"
#include "shared/forms/form.h"
#include "tests/shared/forms/form_files.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;         // NOLINT: a test
using namespace odop::forms;  // NOLINT

TEST_CASE("Who helped stands beside the answers and is none of them", "[shared][forms]") {
  const std::string plain = R"({"message":"अच्छा","rating":"good"})";
  const std::string helped = with_helper(plain, "सुनीता वर्मा");
  CHECK(helped == R"({"_helper":"सुनीता वर्मा","message":"अच्छा","rating":"good"})");
  CHECK(helper_in(helped) == "सुनीता वर्मा");
  CHECK(with_helper(plain, "") == plain);
  CHECK(helper_in(plain).empty());
  CHECK(with_helper("{}", "A") == R"({"_helper":"A"})");

  const Form form = test::shipped_form("feedback");
  const auto answers = answers_from_json(form, helped);
  REQUIRE(answers.has_value());
  CHECK(to_json(*answers) == plain);
  CHECK(answers_from_json(form, R"({"_helper":7,"rating":"good"})").error().code ==
        ErrorCode::kMalformed);
  CHECK_FALSE(
      answers_from_json(form, with_helper(plain, "A").replace(2, 7, "_hilfe1")).has_value());
  const std::string endless(kMaxHelperBytes + 1, 'x');
  CHECK_FALSE(answers_from_json(form, R"({"_helper":")" + endless + "\"}").has_value());
  CHECK(helper_in(R"({"_helper":")" + endless + "\"}").empty());
  CHECK(helper_in("no json").empty());
}
