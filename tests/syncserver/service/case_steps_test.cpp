// Answering by the states of the catalogue: what is told to the asker, and what is refused.
#include "shared/crypto/answer.h"
#include "syncserver/service/case_sheet.h"
#include "syncserver/service/erasure.h"
#include "tests/syncserver/service/form_desk.h"

#include <algorithm>
#include <filesystem>

namespace odop::syncserver {

namespace {

wire::Answer told(FormDesk& desk, const std::string& reference) {
  const auto entries = desk.kiosk.feed();
  REQUIRE_FALSE(entries.empty());
  REQUIRE(entries.back().kind == wire::FeedKind::kAnswer);
  const auto sealed = wire::decode<wire::SealedAnswer>(entries.back().payload).value();
  return crypto::open_answer(sealed, reference, kCode).value();
}

std::vector<std::string> names(const wire::Answer& answer) {
  std::vector<std::string> states;
  for (const auto& step : answer.steps) states.push_back(step.state);
  return states;
}

}  // namespace

TEST_CASE("An application's way is told with its dates and the portal's reference",
          "[syncserver][service]") {
  FormDesk desk;
  const std::string reference = desk.opened("margin-money", good("margin-money")).reference;
  const auto move = [&](const char* state, const char* text, const char* portal = "") {
    desk.clock.advance(std::chrono::hours(24));
    return desk.submissions.answer({.reference = reference,
                                    .state = state,
                                    .text = text,
                                    .portal_reference = portal,
                                    .actor = "officer"});
  };
  REQUIRE(move("handed_to_portal", "पोर्टल पर दाखिल", "UP/ODOP/26/4711").has_value());
  auto answer = told(desk, reference);
  CHECK(answer.path == "margin-money");
  CHECK(answer.portal_reference == "UP/ODOP/26/4711");
  CHECK(names(answer) == std::vector<std::string>{"received", "handed_to_portal"});
  REQUIRE(move("scrutiny", "").has_value());
  REQUIRE(move("query", "जाति प्रमाण पत्र लाएं").has_value());
  REQUIRE(move("query", "आय प्रमाण पत्र भी").has_value());
  REQUIRE(move("scrutiny", "").has_value());
  answer = told(desk, reference);
  CHECK(names(answer) ==
        std::vector<std::string>{"received", "handed_to_portal", "scrutiny", "query", "scrutiny"});
  CHECK(answer.portal_reference == "UP/ODOP/26/4711");  // as it was said before
  CHECK(answer.steps[0].at_ms == kDeskStart);
  CHECK(answer.steps[4].at_ms - answer.steps[0].at_ms == 5 * 24 * 3'600'000LL);
  CHECK(answer.steps[1].district == good("margin-money")["district"]);

  // The due date moves with the state, and the portal's reference is shown.
  const SubmissionView shown = desk.submissions.show(reference).value().at(0);
  CHECK(shown.cases.at(0).due_ms == answer.steps[4].at_ms + 15 * 24 * 3'600'000LL);
  CHECK(shown.cases[0].portal_reference == "UP/ODOP/26/4711");
  CHECK(shown.cases[0].history.back().actor == "officer");
  CHECK(shown.form == "margin-money");
  // Sealed at rest.
  CHECK(desk.store->cases_of(shown.id).value().at(0).portal.find("4711") == Bytes::npos);
}

TEST_CASE("A step that the states do not allow changes nothing and says what is allowed",
          "[syncserver][service]") {
  FormDesk desk;
  const std::string reference = desk.opened("skill-toolkit", good("skill-toolkit")).reference;
  const auto error = [&](AnswerOrder order) {
    order.reference = reference;
    const Status done = desk.submissions.answer(order);
    REQUIRE_FALSE(done.has_value());
    return done.error();
  };
  const auto leap = error({.state = "toolkit_issued", .text = "x"});
  CHECK(leap.code == ErrorCode::kConflict);
  CHECK(leap.context.find("may not follow \"received\"") != std::string::npos);
  CHECK(leap.context.find("handed_to_portal") != std::string::npos);
  const auto of_another = error({.state = "disbursed"});
  CHECK(of_another.code == ErrorCode::kInvalidArgument);
  CHECK(of_another.context.find("toolkit_issued") != std::string::npos);
  CHECK(error({.state = "scrutiny", .portal_reference = std::string(41, '7')}).code ==
        ErrorCode::kTooLarge);
  CHECK(error({.state = "scrutiny", .portal_reference = "two\nlines"}).code ==
        ErrorCode::kInvalidArgument);
  CHECK(error({.state = "scrutiny", .portal_reference = "\xC3("}).code ==
        ErrorCode::kInvalidArgument);
  for (const AnswerOrder& order :
       {AnswerOrder{.state = "scrutiny", .text = "लिखें 2345 6789 0124"},
        AnswerOrder{.state = "scrutiny", .portal_reference = "२३४५६७८९०१२४"}}) {
    const auto number = error(order);
    CHECK(number.code == ErrorCode::kInvalidArgument);
    CHECK(number.context.find("Aadhaar") != std::string::npos);
    CHECK(number.context.find("2345") == std::string::npos);
  }
  CHECK(desk.kiosk.feed().empty());
  const SubmissionView shown = desk.submissions.show(reference).value().at(0);
  CHECK(shown.cases.at(0).state == "received");
  CHECK(shown.cases[0].history.size() == 1);
  CHECK(shown.cases[0].portal_reference.empty());
}

TEST_CASE("An answer to a submission with one case is that district's", "[syncserver][service]") {
  FormDesk desk;
  json question = good("question");
  question["district"] = "agra";
  const std::string one = desk.opened("question", question).reference;
  REQUIRE(
      desk.submissions.answer({.reference = one, .state = "answered", .text = "x"}).has_value());
  CHECK(told(desk, one).district == "agra");

  json answers = good("enquiry");
  answers["products"] = json::parse(kEnquiryOfTwo)["products"];
  const std::string two = desk.opened("enquiry", answers).reference;
  REQUIRE(
      desk.submissions.answer({.reference = two, .state = "answered", .text = "x"}).has_value());
  CHECK(told(desk, two).district.empty());
}

TEST_CASE("Nobody says by hand that details were destroyed", "[syncserver][service]") {
  FormDesk desk;
  const std::string target = desk.opened("question", good("question")).reference;
  const json answers = {{"reference", target}, {"status_code", kCode}, {"scope", "all"}};
  const std::string reference = desk.opened("withdrawal", answers).reference;
  REQUIRE(desk.submissions.answer({.reference = reference, .state = "stopped"}).has_value());
  const Status done = desk.submissions.answer({.reference = reference, .state = "destroyed"});
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::kInvalidArgument);
  CHECK(done.error().context.find("erase due") != std::string::npos);
  CHECK(done.error().context.ends_with("allowed: answered, closed"));
  const SubmissionView before = desk.submissions.show(reference).value().at(0);
  CHECK(before.cases.at(0).state == "stopped");

  // Nor by a sheet.
  const std::string kept = desk.opened("registration", good("registration")).reference;
  const json one = {{"reference", kept}, {"status_code", kCode}, {"scope", "publish"}};
  const SubmissionView waiting = desk.opened("withdrawal", one);
  CaseSheet sheet(*desk.store, desk.submissions);
  auto rows = sheet.rows(waiting.cases.at(0).district).value();
  const auto column = std::ranges::find(rows[0], "new_state") - rows[0].begin();
  const auto row = std::ranges::find(rows, group_reference(waiting.reference),
                                     [](const auto& cells) { return cells.at(0); });
  REQUIRE(row != rows.end());
  row->at(static_cast<std::size_t>(column)) = "destroyed";
  const SheetReport report = sheet.import(to_csv(rows), {}).value();
  CHECK_FALSE(report.applied);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0].code == "bad_state");

  // Erasure does, when the year is over.
  desk.clock.advance(kKeepAfterWithdrawal + std::chrono::days{1});
  const auto open = [](const std::filesystem::path& file) { return open_store(file.string()); };
  REQUIRE(erase_due(*desk.store, *desk.record_keys, desk.data, open, desk.clock.wall(), false)
              .has_value());
  const SubmissionView after = desk.submissions.show(reference).value().at(0);
  CHECK(after.state == "erased");
  CHECK(after.cases.at(0).state == "destroyed");
  CHECK_FALSE(after.cases[0].overdue);
  CHECK(desk.submissions.show(target).value().at(0).cases.at(0).state == "withdrawn");
}

TEST_CASE("All districts of an enquiry move together or none", "[syncserver][service]") {
  FormDesk desk;
  json answers = good("enquiry");
  answers["products"] = json::parse(kEnquiryOfTwo)["products"];
  const SubmissionView before = desk.opened("enquiry", answers);
  REQUIRE(before.cases.size() == 2);
  REQUIRE(desk.submissions
              .answer({.reference = before.reference, .state = "assigned", .district = "agra"})
              .has_value());
  // "received" follows nothing: the other case still stands there, this one does not.
  const Status back = desk.submissions.answer({.reference = before.reference, .state = "received"});
  REQUIRE_FALSE(back.has_value());
  CHECK(back.error().code == ErrorCode::kConflict);
  CHECK(back.error().context.starts_with("the case of agra: "));
  REQUIRE(
      desk.submissions.answer({.reference = before.reference, .state = "answered", .text = "450"})
          .has_value());
  const auto answer = told(desk, before.reference);
  CHECK(answer.path == "enquiry");
  CHECK(names(answer) ==
        std::vector<std::string>{"received", "received", "assigned", "answered", "answered"});
  CHECK(answer.portal_reference.empty());
}

TEST_CASE("A long way is told by its newest steps", "[syncserver][service]") {
  FormDesk desk;
  const std::string reference = desk.opened("problem", good("problem")).reference;
  for (int i = 0; i < 7; ++i) {
    for (const char* state : {"assigned", "query", "solved", "answered"}) {
      REQUIRE(desk.submissions.answer({.reference = reference, .state = state}).has_value());
    }
  }
  const auto answer = told(desk, reference);
  CHECK(answer.steps.size() == wire::kMaxCaseSteps);
  CHECK(answer.steps.back().state == "answered");
  CHECK(answer.steps.front().state == "assigned");
}

}  // namespace odop::syncserver
