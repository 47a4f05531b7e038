// Records of the catalogue that a form's question offers: institutions, currencies, schemes.
#include "kiosk/model/filling.h"
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/text/isolate.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace odop::kiosk {
namespace {

// A form whose only question picks a record of `source`.
std::shared_ptr<const forms::Form> picking(const std::string& source) {
  const std::string text = R"({"en":"T","hi":"क","ur":"ک"})";
  auto form = forms::parse_form(
      R"({"form":1,"id":"pick","version":1,"kind":"feedback","title":)" + text + R"(,"intro":)" +
      text +
      R"(,"consents":[],"schema":{"$schema":"http://json-schema.org/draft-07/schema#",)"
      R"("type":"object","properties":{"what":{"type":"string","format":"item-id"}},)"
      R"("required":["what"],"additionalProperties":false},"ui":{"sections":[{"id":"s","title":)" +
      text + R"(,"questions":[{"field":"what","widget":"picker","source":")" + source +
      R"(","label":)" + text + R"(}]}]}})");
  INFO((form ? "" : form.error().context));
  REQUIRE(form.has_value());
  return std::make_shared<const forms::Form>(std::move(*form));
}

struct Asked {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());

  explicit Asked(const std::string& source) {
    catalogue.forms = {picking(source)};
    ask(intent::SetLanguage{Language::kEnglish});
    ask(intent::Start{});
    ask(intent::StartForm{"pick"});
  }
  void ask(const Intent& intent) { (void)update(state, intent, catalogue, 1000); }
  template <typename View>
  View view() const {
    return std::get<View>(
        make_view(state, catalogue, {}, test::stand_words(Language::kEnglish)).body);
  }
  std::vector<std::string> values() const {
    std::vector<std::string> out;
    for (const auto& pick : view<QuestionView>().picks) out.push_back(pick.value);
    return out;
  }
  // What the read-back says of the choice.
  std::string read_back(const std::string& value) {
    ask(intent::Choose{"what", value});
    return without_isolates(view<ReviewView>().rows.at(0).value);
  }
};

TEST_CASE("Institutions that serve the state are picked by name", "[kiosk][model]") {
  Asked asked("institutions");
  CHECK(asked.values() ==
        std::vector<std::string>{"odop-cell", "awadh-shilp-gram", "india-expo-mart"});
  CHECK(asked.view<QuestionView>().picks.front().note == "Lucknow");
  CHECK(asked.read_back("odop-cell") == "ODOP Cell");
  Asked none("institutions");
  none.catalogue.institutions.clear();
  CHECK(none.values().empty());
  CHECK_FALSE(none.view<QuestionView>().no_picks.empty());
}

TEST_CASE("Currencies are picked by name and code", "[kiosk][model]") {
  Asked asked("currencies");
  CHECK(asked.values().front() == "INR");
  CHECK(asked.values().size() == 9);
  for (const auto& pick : asked.view<QuestionView>().picks) {
    CHECK(without_isolates(pick.label).ends_with("(" + pick.value + ")"));
  }
  CHECK(asked.read_back("EUR") == "Euro (EUR)");
}

TEST_CASE("Only schemes in force are picked", "[kiosk][model]") {
  Asked asked("schemes");
  const auto values = asked.values();
  CHECK(std::ranges::find(values, "stand-up-india") == values.end());
  CHECK(std::ranges::find(values, "pmegp") != values.end());
  CHECK(asked.read_back("pmegp").find("PMEGP") != std::string::npos);
}

}  // namespace
}  // namespace odop::kiosk
