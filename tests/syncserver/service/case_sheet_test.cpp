// The officer's round trip: out as a sheet, back with states, all rows or none.
#include "syncserver/service/case_sheet.h"

#include "shared/crypto/answer.h"
#include "syncserver/service/csv.h"
#include "tests/syncserver/service/form_desk.h"

#include <algorithm>

namespace odop::syncserver {

namespace {

using Rows = std::vector<std::vector<std::string>>;

// A district's desk with three open cases in Lucknow, and its sheet.
class SheetDesk : public FormDesk {
 public:
  SheetDesk() {
    json question = good("question");
    question["district"] = "lucknow";
    json money = good("margin-money");
    money["district"] = "lucknow";
    references = {opened("question", question).reference, opened("margin-money", money).reference,
                  opened("question", question).reference};
    rows = sheet.rows("lucknow").value();
    REQUIRE(rows.size() == 4);
  }

  // The cell of a case's row, to be filled.
  std::string& cell(std::size_t row, const std::string& column) {
    const auto at = std::ranges::find(rows[0], column);
    REQUIRE(at != rows[0].end());
    return rows.at(row).at(static_cast<std::size_t>(at - rows[0].begin()));
  }
  SheetReport import(const SheetImport& how = {}) {
    return sheet.import(to_csv(rows), how).value();
  }
  std::string state_of(std::size_t row) {
    return submissions.show(references.at(row - 1)).value().at(0).cases.at(0).state;
  }

  CaseSheet sheet{*store, submissions};
  std::vector<std::string> references;
  Rows rows;
};

// The only problem of a report that changed nothing.
SheetProblem only(const SheetReport& report) {
  REQUIRE(report.problems.size() == 1);
  CHECK_FALSE(report.applied);
  CHECK_FALSE(report.problems[0].message.empty());
  return report.problems[0];
}

}  // namespace

TEST_CASE("A sheet goes out, comes back filled, and answers its cases", "[syncserver][service]") {
  SheetDesk desk;
  CHECK(desk.cell(1, "kind") == "question");
  CHECK(desk.cell(2, "form") == "margin-money");
  CHECK(desk.cell(2, "state") == "received");
  CHECK(desk.cell(2, "may_become").find("handed_to_portal; scrutiny") == 0);
  CHECK(desk.cell(1, "answers").find("question: ") != std::string::npos);
  CHECK(desk.cell(1, "received") == "2026-11-24");
  const std::string csv = to_csv(desk.rows);
  CHECK(csv.starts_with("\xEF\xBB\xBFreference,"));
  CHECK(csv.find("status_code") == std::string::npos);

  CHECK(desk.import().untouched == 3);  // as it went out
  CHECK(desk.kiosk.feed().empty());

  desk.cell(1, "new_state") = "answered";
  desk.cell(1, "remark") = "सोमवार को आएं";
  desk.cell(2, "new_state") = "handed_to_portal";
  desk.cell(2, "portal_reference") = "UP-4711";
  const SheetReport preview = desk.import({.preview = true});
  CHECK(preview.problems.empty());
  CHECK_FALSE(preview.applied);
  CHECK(preview.district == "lucknow");
  REQUIRE(preview.changes.size() == 2);
  CHECK(preview.changes[1].row == 3);
  CHECK(preview.changes[1].from == "received");
  CHECK(preview.changes[1].to == "handed_to_portal");
  CHECK(desk.state_of(1) == "received");

  const SheetReport done = desk.import({.actor = "officer of Lucknow"});
  CHECK(done.applied);
  CHECK(done.untouched == 1);
  CHECK(desk.state_of(1) == "answered");
  CHECK(desk.state_of(2) == "handed_to_portal");
  CHECK(desk.state_of(3) == "received");
  const auto view = desk.submissions.show(desk.references[1]).value().at(0);
  CHECK(view.cases.at(0).portal_reference == "UP-4711");
  CHECK(view.cases[0].history.back().actor == "officer of Lucknow");
  // The asker reads it.
  const auto entries = desk.kiosk.feed();
  REQUIRE(entries.size() == 2);
  const auto sealed = wire::decode<wire::SealedAnswer>(entries[0].payload).value();
  CHECK(crypto::open_answer(sealed, desk.references[0], kCode)->text == "सोमवार को आएं");

  // What is closed is not on the next sheet, and the portal's number is.
  desk.rows = desk.sheet.rows("lucknow").value();
  REQUIRE(desk.rows.size() == 3);
  CHECK(desk.cell(1, "portal_reference") == "UP-4711");
  CHECK(desk.import().untouched == 2);
}

TEST_CASE("A wrong row is told by row and column, and nothing is changed",
          "[syncserver][service]") {
  SheetDesk desk;
  desk.cell(1, "new_state") = "answered";
  std::string column;
  std::string code;
  SECTION("a state that the path does not have") {
    desk.cell(2, "new_state") = "perhaps";
    column = "new_state", code = "bad_state";
  }
  SECTION("a state that may not follow") {
    desk.cell(2, "new_state") = "adjusted";
    column = "new_state", code = "bad_state";
  }
  SECTION("another district's case") {
    desk.cell(2, "district") = "agra";
    desk.cell(2, "new_state") = "scrutiny";
    column = "district", code = "other_district";
  }
  SECTION("a mistyped reference") {
    desk.cell(2, "reference").back() = desk.cell(2, "reference").back() == '9' ? '0' : '9';
    desk.cell(2, "new_state") = "scrutiny";
    column = "reference", code = "bad_reference";
  }
  SECTION("a reference that nobody has") {
    desk.cell(2, "reference") = make_reference(KioskNumber{9}, Sequence{9}, desk.random);
    desk.cell(2, "new_state") = "scrutiny";
    column = "reference", code = "unknown_case";
  }
  SECTION("the same case twice") {
    desk.cell(2, "reference") = desk.cell(1, "reference");
    desk.cell(2, "new_state") = "closed";
    column = "reference", code = "duplicate_row";
  }
  SECTION("a remark beyond the limit") {
    desk.cell(2, "remark") = std::string(2'001, 'x');
    column = "remark", code = "bad_words";
  }
  SECTION("an Aadhaar number in a remark") {
    desk.cell(2, "remark") = "2345 6789 0124";
    column = "remark", code = "bad_words";
  }
  SECTION("a portal reference of two lines") {
    desk.cell(2, "portal_reference") = "a\nb";
    column = "portal_reference", code = "bad_words";
  }
  SECTION("the mark by which it is found was overwritten") {
    desk.cell(2, "new_state") = "scrutiny";
    desk.cell(2, "seen") = "one";
    column = "seen", code = "bad_number";
  }
  SECTION("somebody went on with it since the export") {
    desk.cell(2, "new_state") = "scrutiny";
    must(desk.submissions.answer({.reference = desk.references[1], .state = "query"}));
    column = "seen", code = "changed_since";
  }
  SECTION("the asker has withdrawn") {
    desk.cell(2, "new_state") = "scrutiny";
    desk.kiosk.push({desk.kiosk.withdrawal(desk.references[1], kCode).envelope});
    desk.open_all();
    column = "reference", code = "withdrawn";
  }
  const SheetProblem problem = only(desk.import());
  CHECK(problem.row == 3);
  CHECK(problem.column == column);
  CHECK(problem.code == code);
  CHECK(problem.message.find("2345") == std::string::npos);
  CHECK(desk.state_of(1) == "received");

  // The right row alone, when that is asked for.
  const SheetReport half = desk.import({.valid_only = true});
  CHECK(half.applied);
  CHECK(half.problems.size() == 1);
  CHECK(desk.state_of(1) == "answered");
}

TEST_CASE("An officer's sheet is the own district's, whatever the rows say",
          "[syncserver][service]") {
  SheetDesk desk;
  desk.cell(1, "new_state") = "answered";
  CHECK(only(desk.import({.district = "agra"})).code == "other_district");
  CHECK(desk.sheet.rows("atlantis").error().code == ErrorCode::kNotFound);
  CHECK(desk.sheet.rows("agra").value().size() == 1);  // the header
}

TEST_CASE("A file that is no such sheet is told as a whole", "[syncserver][service]") {
  SheetDesk desk;
  const auto code = [&](const std::string& text) {
    const auto problem = only(desk.sheet.import(text, {}).value());
    CHECK(problem.row <= 1);
    return problem.code;
  };
  CHECK(code("") == "empty_file");
  CHECK(code("\"reference") == "bad_csv");
  CHECK(code("reference,district,seen,new_state,remark\n") == "missing_column");
  CHECK(code("reference\xFF\n") == "not_utf8");
  std::string long_sheet = "reference,district,seen,new_state,remark,portal_reference\n";
  for (std::size_t i = 0; i <= kMaxSheetRows; ++i) long_sheet += "1,lucknow,1,,,\n";
  CHECK(code(long_sheet) == "too_many_rows");
}

TEST_CASE("Columns may move, be left out at the end, and hold other digits",
          "[syncserver][service]") {
  SheetDesk desk;
  const std::string reference = desk.references[0];
  const std::string csv =
      "remark,new_state,seen,district,note,reference,portal_reference\r\n"
      "'=ठीक है,answered,१,lucknow,?," +
      reference + "\r\n";
  const SheetReport report = desk.sheet.import(csv, {}).value();
  for (const auto& problem : report.problems) UNSCOPED_INFO(problem.message);
  REQUIRE(report.applied);
  CHECK(report.changes.at(0).remark == "=ठीक है");
}

TEST_CASE("When somebody answers between check and commit, no row is changed",
          "[syncserver][service]") {
  SheetDesk desk;
  std::vector<AnswerOrder> orders(2);
  orders[0].reference = desk.references[0];
  orders[0].state = "answered";
  orders[0].seen = 1;
  orders[1].reference = desk.references[1];
  orders[1].state = "scrutiny";
  orders[1].seen = 2;
  CHECK(desk.submissions.answer_all(orders).error().code == ErrorCode::kConflict);
  CHECK(desk.state_of(1) == "received");
  orders[1].seen = 1;
  CHECK(desk.submissions.answer_all(orders).has_value());
  CHECK(desk.state_of(1) == "answered");
  CHECK(desk.state_of(2) == "scrutiny");
}

}  // namespace odop::syncserver
