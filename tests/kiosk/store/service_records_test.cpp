#include "kiosk/store/records.h"

#include <catch2/catch.hpp>

#include <string>

namespace odop::kiosk {
namespace {

Catalogue loaded(const wire::Record& record) {
  const auto lean = lean_of(record);
  INFO((lean ? "" : lean.error().context));
  REQUIRE(lean.has_value());
  REQUIRE(lean->has_value());
  Catalogue catalogue;
  REQUIRE(add_lean(record.type, **lean, catalogue).has_value());
  for (std::size_t size = 0; size < (*lean)->size(); ++size) {
    Catalogue other;
    CHECK_FALSE(add_lean(record.type, BytesView(**lean).substr(0, size), other).has_value());
  }
  return catalogue;
}

TEST_CASE("A scheme and its figures come through with dates and source", "[kiosk][store]") {
  const auto schemes = loaded({"scheme", "margin", R"({"name":{"en":"Margin"},
      "summary":{"en":"A subsidy"},"valid_to":"2027-03-31","apply_by":"2026-12-15",
      "apply_where":"portal","source":"notice","checked_on":"2026-11-24"})"});
  const Scheme* scheme = schemes.scheme("margin");
  REQUIRE(scheme != nullptr);
  CHECK(scheme->summary.in(1) == "A subsidy");
  CHECK(scheme->day("apply_by") == "2026-12-15");
  CHECK(scheme->day("valid_to") == "2027-03-31");
  CHECK(scheme->day("valid_from").empty());
  CHECK(scheme->day("another").empty());
  CHECK(scheme->dated.checked_on == "2026-11-24");
  CHECK(schemes.scheme("other") == nullptr);

  const auto figures = loaded({"scheme_figure", "margin.low", R"({"scheme":"margin",
      "label":{"en":"Up to 25 lakh"},"use":"subsidy","percent":12.5,"max_inr":625000,
      "cost_from_inr":0,"whichever_is":"less","source":"s","checked_on":"2026-11-24",
      "confidence":"high"})"});
  REQUIRE(figures.scheme_figures.size() == 1);
  const SchemeFigure& figure = figures.scheme_figures[0];
  CHECK(figure.id == "margin.low");
  CHECK(figure.percent == 12.5);
  CHECK(figure.max_inr == 625000);
  CHECK(figure.cost_from_inr == 0);
  CHECK_FALSE(figure.cost_to_inr.has_value());
  CHECK(figure.dated.source.in(0) == "s");
}

TEST_CASE("A rule of eligibility knows which answer it needs", "[kiosk][store]") {
  const std::string head = R"({"scheme":"margin","place":2,"question":{"en":"Adult?"},"met":)"
                           R"({"en":"Yes"},"unmet":{"en":"No"},"icon":"people","source":"s",)"
                           R"("checked_on":"2026-11-24","needs":)";
  const auto yes = loaded({"eligibility", "margin.age", head + "\"yes\"}"});
  REQUIRE(yes.eligibility.size() == 1);
  CHECK(yes.eligibility[0].needs_yes);
  CHECK(yes.eligibility[0].place == 2);
  CHECK(yes.eligibility[0].unmet.in(1) == "No");
  CHECK_FALSE(loaded({"eligibility", "margin.age", head + "\"no\"}"}).eligibility[0].needs_yes);
}

TEST_CASE("Facilities, institutions, batches, questions and sessions come through",
          "[kiosk][store]") {
  const auto facility = loaded({"facility", "f", R"({"kind":"laboratory","district":"Kannauj",
      "name":{"en":"Lab"},"phone":"+91","source":"s","checked_on":"2026-11-24"})"});
  CHECK(facility.facilities[0].district == "kannauj");
  CHECK(facility.facilities[0].kind == "laboratory");
  const auto institution = loaded({"institution", "i", R"({"district":"lucknow",
      "statewide":"yes","name":{"en":"Cell"}})"});
  CHECK(institution.institutions[0].statewide);
  const auto batch = loaded({"training_batch", "b", R"({"scheme":"toolkit","district":"agra",
      "title":{"en":"Ten days"},"start_date":"2026-12-01","end_date":"2026-12-10","seats":25,
      "status":"open"})"});
  CHECK(batch.batches[0].seats == 25);
  CHECK(batch.batches[0].end_date == "2026-12-10");
  const auto question = loaded({"question", "q", R"({"question":{"en":"Where?"},
      "answer":{"en":"There."}})"});
  CHECK(question.questions[0].district.empty());
  CHECK(question.questions[0].answer.in(1) == "There.");
  const auto session = loaded({"session", "e.s", R"({"event":"e","title":{"en":"Talk"},
      "date":"2026-12-01","start_time":"10:30","status":"moved"})"});
  CHECK(session.sessions[0].event == "e");
  CHECK(session.sessions[0].start_time == "10:30");
  CHECK(session.sessions[0].end_time.empty());
}

TEST_CASE("A state of a case comes through with its place on the path", "[kiosk][store]") {
  const auto catalogue = loaded({"case_state", "loan.selected", R"({"path":"loan",
      "state":"selected","order":50,"next":["sanctioned"],"final":"no","station":"yes",
      "icon":"check","name":{"en":"Selected"},"sentence":{"en":"You were chosen."}})"});
  REQUIRE(catalogue.case_states.size() == 1);
  const CaseState& state = catalogue.case_states[0];
  CHECK(state.path == "loan");
  CHECK(state.state == "selected");
  CHECK(state.place == 50);
  CHECK(state.station);
  CHECK_FALSE(state.last);
  CHECK(state.sentence.in(1) == "You were chosen.");
  CHECK(state.icon == "check");
}

TEST_CASE("A recorded prompt comes through with its medium", "[kiosk][store]") {
  const std::string hash(64, 'a');
  const wire::Record record{"audio", "awa-name",
                            R"({"key":"form/registration/name","language":"awa","text":"x",)"
                            R"("medium":")" +
                                hash + "\"}"};
  const auto catalogue = loaded(record);
  REQUIRE(catalogue.prompts.size() == 1);
  CHECK(catalogue.prompts[0].id == "awa-name");
  CHECK(catalogue.prompts[0].key == "form/registration/name");
  CHECK(catalogue.prompts[0].tongue == "awa");
  CHECK(catalogue.prompts[0].medium == hash);
  const auto media = media_of(record);
  REQUIRE(media->size() == 1);
  CHECK(media->front().kind == wire::ItemKind::kAudio);
  CHECK_FALSE(lean_of({"audio", "x", R"({"language":"awa","medium":"../up"})"}).has_value());
}

TEST_CASE("What nobody could read on a screen stops the release", "[kiosk][store]") {
  for (const auto& [type, json] :
       {std::pair{"scheme", R"({"summary":{"en":"x"}})"},
        std::pair{"scheme_figure", R"({"label":{"en":"x"},
                                       "percent":"ten"})"},
        std::pair{"eligibility", R"({"needs":"yes"})"}, std::pair{"facility", R"({"name":"Lab"})"},
        std::pair{"question", R"([1])"}}) {
    const auto lean = lean_of({type, "id", json});
    INFO(type);
    REQUIRE_FALSE(lean.has_value());
    CHECK(lean.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("A moved event keeps the day that was published first", "[kiosk][store]") {
  const auto catalogue = loaded({"event", "e", R"({"title":{"en":"Fair"},"district":"Agra",
      "start_date":"2019-01-01","end_date":"2019-01-02","moved_to_start":"2019-02-01",
      "moved_to_end":"2019-02-03","moved_precision":"about","status":"moved",
      "venue_id":"mart"})"});
  CHECK(catalogue.events[0].start_date == "2019-02-01");
  CHECK(catalogue.events[0].first_start == "2019-01-01");
  CHECK(catalogue.events[0].about);
  CHECK(catalogue.events[0].venue_id == "mart");
}

}  // namespace
}  // namespace odop::kiosk
