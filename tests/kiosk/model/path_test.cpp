// The way of a case as the answer's screen shows it.
#include "kiosk/model/update.h"
#include "kiosk/model/views.h"
#include "shared/text/isolate.h"
#include "tests/support/stand_catalogue.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace odop::kiosk {
namespace {

constexpr std::int64_t kDay = 86'400'000;

struct Asked {
  Catalogue catalogue = test::stand_catalogue();
  State state = initial_state(test::stand_kiosk());

  Asked() {
    state.visit.language = Language::kEnglish;
    state.visit.screens = {Screen{}, Screen{ScreenId::kAnswer, {}}};
    state.visit.lookup.outcome = LookupOutcome::kAnswered;
  }
  void reach(const std::string& path, const std::vector<std::string>& states) {
    FoundAnswer answer;
    answer.path = path;
    answer.state = states.empty() ? "received" : states.back();
    answer.at_ms = state.kiosk.wall_ms - 10 * kDay;
    for (const auto& reached : states) {
      answer.reached.push_back({reached, answer.at_ms, "kannauj"});
      answer.at_ms += kDay;
    }
    state.visit.lookup.answers = {answer};
  }
  AnswerView view() const {
    const auto made = make_view(state, catalogue, {}, test::stand_words(Language::kEnglish));
    return std::get<AnswerView>(made.body);
  }
  // "Received+" reached, "Selected*" where it stands, "Sanctioned-" to come.
  std::vector<std::string> path() const {
    std::vector<std::string> out;
    for (const auto& step : view().path) {
      out.push_back(step.label + (step.current ? "*" : step.done ? "+" : "-"));
    }
    return out;
  }
  std::string name(const std::string& path, const std::string& wanted) const {
    for (const auto& one : catalogue.case_states) {
      if (one.path == path && one.state == wanted) return one.name.in(1);
    }
    return {};
  }
};

using Steps = std::vector<std::string>;

TEST_CASE("A case shows the stations of its kind and where it stands", "[kiosk][model]") {
  Asked asked;
  asked.reach("question", {"received", "assigned"});
  const auto view = asked.view();
  CHECK(asked.path() == Steps{view.path[0].label + "+", asked.name("question", "received") + "+",
                              asked.name("question", "assigned") + "*",
                              asked.name("question", "answered") + "-"});
  CHECK_FALSE(view.path[1].date.empty());
  CHECK(view.path[3].date.empty());
  CHECK_FALSE(view.now.empty());
  CHECK(view.letters.empty());  // nobody wrote anything
}

TEST_CASE("What a case came to beside the stations is shown, and a skipped one as still to come",
          "[kiosk][model]") {
  Asked asked;
  const std::string path = "marketing-assistance";
  asked.reach(path, {"received", "query", "verified"});
  CHECK(asked.path() == Steps{asked.view().path[0].label + "+", asked.name(path, "received") + "+",
                              asked.name(path, "handed_to_portal") + "-",
                              asked.name(path, "query") + "+", asked.name(path, "verified") + "*",
                              asked.name(path, "paid") + "-"});
}

TEST_CASE("After a refusal nothing more is promised", "[kiosk][model]") {
  Asked asked;
  const std::string path = "margin-money";
  asked.reach(path, {"received", "handed_to_portal", "scrutiny", "rejected"});
  const auto steps = asked.path();
  CHECK(steps.back() == asked.name(path, "rejected") + "*");
  for (const auto& step : steps) CHECK_FALSE(step.ends_with("-"));
}

// A draft that was only answered is neither filed nor granted.
TEST_CASE("A case that came to an end at once shows nothing that never was", "[kiosk][model]") {
  Asked asked;
  std::set<std::string> paths;
  std::size_t ends = 0;
  for (const auto& end : asked.catalogue.case_states) {
    paths.insert(end.path);
    if (!end.last) continue;
    INFO(end.path << ": received, then " << end.state);
    asked.reach(end.path, {"received", end.state});
    CHECK(asked.path() == Steps{asked.view().path[0].label + "+",
                                asked.name(end.path, "received") + "+",
                                asked.name(end.path, end.state) + "*"});
    CHECK_FALSE(asked.view().path[2].date.empty());
    ++ends;
  }
  CHECK(paths.size() >= 10);
  CHECK(ends >= 2 * paths.size());
}

TEST_CASE("Before its end a case shows as done what has a time, and nothing else",
          "[kiosk][model]") {
  Asked asked;
  for (const auto& here : asked.catalogue.case_states) {
    if (here.last || here.state == "received") continue;
    INFO(here.path << ": received, then " << here.state);
    asked.reach(here.path, {"received", here.state});
    const auto view = asked.view();
    CHECK(view.path[1].done);
    CHECK(std::ranges::count(view.path, true, &PathStep::current) == 1);
    for (std::size_t i = 1; i < view.path.size(); ++i) {
      CHECK(view.path[i].done == !view.path[i].date.empty());
    }
    CHECK_FALSE(view.path.back().done);
  }
}

TEST_CASE("An answer with the newest steps alone still says that the office has it",
          "[kiosk][model]") {
  Asked asked;
  const std::string path = "margin-money";
  asked.reach(path, {"scrutiny", "query", "scrutiny"});
  const auto steps = asked.path();
  CHECK(steps[1] == asked.name(path, "received") + "+");
  CHECK(steps[2] == asked.name(path, "handed_to_portal") + "-");
}

TEST_CASE("A case that went back stands where it was sent", "[kiosk][model]") {
  Asked asked;
  const std::string path = "registration";
  asked.reach(path, {"received", "checking", "query", "checking"});
  const auto steps = asked.path();
  CHECK(steps[2] == asked.name(path, "checking") + "*");
  CHECK(steps[3] == asked.name(path, "query") + "+");
  CHECK(steps.back() == asked.name(path, "approved") + "-");
}

TEST_CASE("The number at the portal and the officer's words stand beside the way",
          "[kiosk][model]") {
  Asked asked;
  asked.reach("margin-money", {"received", "handed_to_portal"});
  asked.state.visit.lookup.answers.front().portal_reference = "UPODOP/17";
  asked.state.visit.lookup.answers.front().text = "Bring the passbook.";
  const auto view = asked.view();
  CHECK(view.portal.find("UPODOP/17") != std::string::npos);
  REQUIRE(view.letters.size() == 1);
  CHECK(view.letters[0].text == "Bring the passbook.");
}

TEST_CASE("Without states of its kind a case shows the four that all have", "[kiosk][model]") {
  Asked asked;
  asked.reach("a-newer-kind", {"received", "unheard_of"});
  CHECK(asked.view().path.size() == 4);
  CHECK(asked.view().letters.size() == 1);
  CHECK_FALSE(asked.view().letters[0].text.starts_with("answer.state"));
  asked.reach("question", {});
  CHECK(asked.view().path.size() == 4);
}

TEST_CASE("Who has not answered yet is named beside the one who has", "[kiosk][model]") {
  Asked asked;
  const std::int64_t at = asked.state.kiosk.wall_ms - 10 * kDay;
  FoundAnswer answer;
  answer.path = "enquiry";
  answer.state = "answered";
  answer.district = "kannauj";
  answer.text = "Two makers will call you.";
  answer.at_ms = at + kDay;
  answer.reached = {{"received", at, "kannauj"},
                    {"received", at, "azamgarh"},
                    {"received", at, "lucknow"},
                    {"answered", at + kDay, "kannauj"}};
  const auto note = [&] {
    asked.state.visit.lookup.answers = {answer};
    return without_isolates(asked.view().note);
  };
  CHECK(note() == "No answer yet from Azamgarh and Lucknow.");
  answer.reached.push_back({"assigned", at + 2 * kDay, "lucknow"});
  answer.reached.push_back({"closed", at + 2 * kDay, "azamgarh"});
  CHECK(note() == "No answer yet from Lucknow.");
  answer.reached.push_back({"answered", at + 3 * kDay, "lucknow"});
  CHECK(note().empty());
  // One who asks back has spoken; and what the cell says holds for all.
  answer.reached = {{"received", at, "kannauj"}, {"assigned", at + kDay, "kannauj"}};
  CHECK(note().empty());
  answer.district.clear();
  CHECK(note().empty());
}

TEST_CASE("A day of another year is told with its year", "[kiosk][model]") {
  struct Row {
    const char* today;
    bool told;
  };
  for (const Row row : {Row{"2026-12-31", false}, Row{"2027-01-01", true}, Row{"", true}}) {
    for (const Language language : kLanguages) {
      INFO(row.today << ", language " << index(language));
      Asked asked;
      asked.state.visit.language = language;
      asked.catalogue.created_date = "2026-11-11";
      asked.reach("question", {"received", "answered"});
      asked.state.visit.lookup.answers.front().text = "Come on Monday.";
      asked.state.kiosk.today = row.today;
      const auto made = make_view(asked.state, asked.catalogue, {}, test::stand_words(language));
      const auto& view = std::get<AnswerView>(made.body);
      REQUIRE(view.letters.size() == 1);
      for (const std::string& text :
           {view.path[1].date, view.letters[0].date, view.age, made.head.note}) {
        INFO(text);
        CHECK((text.find("2026") != std::string::npos) == row.told);
      }
    }
  }
}

TEST_CASE("Without states of its kind nobody was asked who has no time", "[kiosk][model]") {
  Asked asked;
  asked.reach("question", {});
  asked.state.visit.lookup.answers.front().text = "Come on Monday.";
  const auto view = asked.view();
  REQUIRE(view.path.size() == 3);
  CHECK(view.path[2].current);
  CHECK(view.path[1].done);
  FoundAnswer passed;
  passed.state = "assigned";
  passed.at_ms = kDay;
  asked.state.visit.lookup.answers.insert(asked.state.visit.lookup.answers.begin(), passed);
  CHECK(asked.view().path.size() == 4);
}

}  // namespace
}  // namespace odop::kiosk
