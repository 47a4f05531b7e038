#include "syncserver/service/answers_json.h"

#include "syncserver/service/routing.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

namespace {
constexpr std::uint8_t kEnquiry = 1;
constexpr std::uint8_t kWithdrawal = 7;
}  // namespace

TEST_CASE("answers of a wrong shape are refused", "[syncserver][service]") {
  const auto refused = [](std::uint8_t kind, const std::string& text) {
    return !read_answers(kind, text).has_value();
  };
  CHECK(refused(kEnquiry, ""));
  CHECK(refused(kEnquiry, "[]"));
  CHECK(refused(kEnquiry, R"({"mobile":5})"));
  CHECK(refused(kEnquiry, R"({"products":[1]})"));
  CHECK(refused(kEnquiry, R"({"products":[{"district":7}]})"));
  CHECK(refused(kEnquiry, R"({"a":)" + std::string(20, '[') + std::string(20, ']') + "}"));
  std::string many = R"({"products":[{})";
  for (std::size_t i = 0; i < kMaxListedProducts; ++i) many += ",{}";
  CHECK(refused(kEnquiry, many + "]}"));
  CHECK(refused(kWithdrawal, R"({"reference":"0170042836"})"));
  CHECK(refused(kWithdrawal, R"({"reference":"1","status_code":"12345678"})"));
  CHECK_FALSE(refused(kEnquiry, R"({"mobile":null,"products":[],"new_field":[[1]]})"));
}

TEST_CASE("a form is known by kind, name and version", "[syncserver][service]") {
  CHECK(known_form(kEnquiry, "enquiry", 1));
  CHECK_FALSE(known_form(kEnquiry, "enquiry", 2));
  CHECK_FALSE(known_form(kEnquiry, "enquiry", 0));
  CHECK_FALSE(known_form(kEnquiry, "withdrawal", 1));
  CHECK_FALSE(known_form(99, "", 1));
}

TEST_CASE("nobody is shown the code of a withdrawal", "[syncserver][service]") {
  CHECK(shown_answers(R"({"reference":"1","status_code":"12345678"})", "") ==
        R"({"reference":"1"})");
  CHECK(shown_answers("no json", "") == "{}");
}

TEST_CASE("districts that the catalogue does not know become the state's case",
          "[syncserver][service]") {
  const std::vector<CatalogueRecord> records = {
      {"district", "agra", "{}", ""},
      {"office", "bank-agra", R"({"district":"agra"})", ""},
      {"office", "diepc-agra", R"({"district":"agra"})", ""},
      {"kind", "question", R"({"due_days":7,"owner":"diepc"})", ""},
      {"kind", "broken", R"({"due_days":-1})", ""}};
  const Routing routing(records);
  const std::vector<std::string> asked = {"agra", "atlantis", "agra", "mu"};
  const auto cases = routing.cases("question", asked, 1'000);
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].district == "agra");
  CHECK(cases[0].office == "diepc-agra");
  CHECK(cases[0].due_ms == 1'000 + 7LL * 86'400'000);
  CHECK(cases[1].district.empty());
  CHECK(cases[1].office.empty());
  CHECK(routing.cases("broken", {}, 0).at(0).due_ms == 14LL * 86'400'000);
}

}  // namespace odop::syncserver
