// Duplicates, figures and destruction, on a server to which registrations came.
#include "syncserver/service/duplicates.h"
#include "syncserver/service/erasure.h"
#include "syncserver/service/reports.h"
#include "tests/syncserver/service/form_desk.h"

#include <fstream>
#include <iterator>

namespace odop::syncserver {

namespace {

json registration(const std::string& name, const std::string& mobile, const std::string& village,
                  const std::string& district = "kannauj") {
  json answers = good("registration");
  answers["name"] = name;
  answers["mobile"] = mobile;
  answers["district"] = district;
  answers["more"] = true;
  answers["village"] = village;
  answers.erase("pin");
  return answers;
}

constexpr std::int64_t kNovember = 1'793'471'400'000;  // 1 November 2026, midnight in India
constexpr std::int64_t kDay = 24LL * 3600 * 1000;

CaseFact fact(wire::Kind kind, const char* form, const char* state, std::int64_t received,
              std::int64_t due, std::int64_t closed, const char* district = "agra") {
  return {static_cast<std::uint8_t>(kind), form, district, state, received, due, closed};
}

}  // namespace

TEST_CASE("Two registrations are weighed with their reasons", "[syncserver][service]") {
  const Registrant a{.name = "रमेश कुमार",
                     .mobile = "+919415207318",
                     .district = "agra",
                     .village = "फतेहाबाद",
                     .pin = "283111",
                     .craft = "agra-marble"};
  Registrant b = a;
  CHECK(compare(a, b).score == 100);
  b = {.name = "Ramesh Kumar",
       .mobile = "+919415207319",
       .district = "agra",
       .village = "Fatehabad",
       .craft = "agra-marble"};
  CHECK(compare(a, b).score == 60);
  CHECK(compare(a, b).reasons ==
        std::vector<std::string>{"similar_name", "same_village", "same_craft"});
  b.district = "kannauj";  // a village of that name elsewhere
  CHECK(compare(a, b).score < kProposedScore);
  b = {.name = "Sita Devi", .mobile = a.mobile};
  CHECK(compare(a, b).reasons == std::vector<std::string>{"same_mobile"});
  CHECK(compare(a, b).score == kProposedScore);
  CHECK(compare(Registrant{}, Registrant{}).score == 0);
}

TEST_CASE("Duplicates are proposed across scripts, settled, and never merged",
          "[syncserver][service]") {
  FormDesk desk;
  Duplicates duplicates(*desk.store, *desk.record_keys, desk.clock);
  const auto sent = [&](const json& answers) {
    const auto view = desk.opened("registration", answers);
    CAPTURE(view.reason);
    REQUIRE(view.state == "opened");
    return view.reference;
  };
  const auto first = sent(registration("रमेश कुमार", "+919415207318", "तिर्वा"));
  const auto second = sent(registration("Ramesh Kumar", "+919415207319", "Tirwa"));
  const auto third = sent(registration("Sita Devi", "+919415207318", "Chhibramau"));
  const auto fourth = sent(registration("Ramesh Kumar", "+919415207317", "Tirwa", "agra"));
  const auto fifth = sent(registration("Abdul Karim", "+919415207316", "Tirwa"));
  (void)desk.opened("question", good("question"));

  const auto pairs = duplicates.list("", false).value();
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0].first.reference == first);
  CHECK(pairs[0].second.reference == second);
  CHECK(pairs[0].likeness.reasons.front() == "similar_name");
  CHECK(pairs[1].second.reference == third);
  CHECK(pairs[0].likeness.score >= pairs[1].likeness.score);
  CHECK(duplicates.list("agra", false).value().empty());
  CHECK(duplicates.list("kannauj", false).value().size() == 2);

  REQUIRE(duplicates.settle(second, group_reference(first), false, "officer").has_value());
  CHECK(duplicates.list("", false).value().size() == 1);
  const auto all = duplicates.list("", true).value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].verdict == "different");
  for (const auto& reference : {first, second, third, fourth, fifth}) {
    CHECK(desk.submissions.show(reference).value().at(0).state == "opened");
  }
  const auto code = [&](const std::string& a, const std::string& b) {
    return duplicates.settle(a, b, true, "officer").error().code;
  };
  CHECK(code(first, first) == ErrorCode::kInvalidArgument);
  CHECK(code("12", first) == ErrorCode::kInvalidArgument);
  CHECK(code(make_reference(KioskNumber{9}, Sequence{9}, desk.random), first) ==
        ErrorCode::kNotFound);
  const auto question = desk.opened("question", good("question")).reference;
  CHECK(code(question, first) == ErrorCode::kInvalidArgument);

  // Whoever withdraws is in no pair any more.
  desk.kiosk.push({desk.kiosk.withdrawal(third, kCode).envelope});
  desk.open_all();
  CHECK(duplicates.list("", false).value().empty());
  CHECK(code(third, first) == ErrorCode::kConflict);
}

TEST_CASE("A period is whole months of the Indian calendar", "[syncserver][service]") {
  const auto month = report_period("2026-11", 1).value();
  CHECK(month.from_ms == kNovember);
  CHECK(month.until_ms == kNovember + 30 * kDay);
  CHECK(month.name == "2026-11");
  const auto two = report_period("2027-01", 2).value();
  CHECK(two.name == "2026-12/2027-01");
  CHECK(two.from_ms == kNovember + 30 * kDay);
  CHECK(two.until_ms == kNovember + 92 * kDay);
  for (const char* bad : {"", "2026", "2026-13", "2026-00", "26-11", "2026/11", "2026-1",
                          "2026-11x", "1999-01", "-026-11", "2026-+1"}) {
    CAPTURE(bad);
    CHECK(report_period(bad, 1).error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("A month counts what came, ended, is open and is late", "[syncserver][service]") {
  const auto period = report_period("2026-11", 1).value();
  using wire::Kind;
  const std::vector<CaseFact> facts = {
      // Came before and ended in November; came and is late; came and is not; not yet there.
      fact(Kind::kEnquiry, "enquiry", "answered", kNovember - kDay, kNovember, kNovember + kDay),
      fact(Kind::kEnquiry, "enquiry", "received", kNovember + kDay, kNovember + 9 * kDay, 0),
      fact(Kind::kEnquiry, "enquiry", "received", kNovember + 2 * kDay, kNovember + 40 * kDay, 0),
      fact(Kind::kEnquiry, "enquiry", "received", kNovember + 30 * kDay, kNovember + 44 * kDay, 0),
      // Ended after the month: open in it, late at its end.
      fact(Kind::kEnquiry, "enquiry", "closed", kNovember - 20 * kDay, kNovember - 6 * kDay,
           kNovember + 31 * kDay),
      fact(Kind::kRegistration, "registration", "withdrawn", kNovember + kDay, 0, kNovember + kDay),
      fact(Kind::kApplication, "margin-money", "scrutiny", kNovember, kNovember + 60 * kDay, 0),
      fact(Kind::kApplication, "margin-money", "scrutiny", kNovember - kDay, kNovember + 60 * kDay,
           0),
      fact(Kind::kApplication, "new-form", "received", kNovember, kNovember + 60 * kDay, 0, "")};
  const std::map<std::string, std::string> schemes = {{"margin-money", "odop-margin-money"}};
  const Report report = count_cases(facts, period, schemes, kNovember + 100 * kDay);
  REQUIRE(report.districts.size() == 2);
  CHECK(report.districts[0].district.empty());
  const DistrictReport& agra = report.districts[1];
  CHECK(agra.kinds.at("enquiry") ==
        KindFigures{.received = 2, .answered = 1, .withdrawn = 0, .open = 3, .overdue = 2});
  CHECK(agra.kinds.at("registration") ==
        KindFigures{.received = 1, .answered = 0, .withdrawn = 1, .open = 0, .overdue = 0});
  REQUIRE(agra.applications.size() == 1);
  CHECK(agra.applications[0].scheme == "odop-margin-money");
  CHECK(agra.applications[0].state == "scrutiny");
  CHECK(agra.applications[0].received == 1);
  CHECK(agra.applications[0].total == 2);
  CHECK(report.districts[0].applications.at(0).scheme == "new-form");
  CHECK(report.kinds.at("application").received == 2);
  // A month that is not over: what falls due later in it is not late.
  CHECK(count_cases(facts, period, schemes, kNovember + 5 * kDay).kinds.at("enquiry").overdue == 1);

  const auto rows = report_rows(report, false);
  CHECK(rows[0] == std::vector<std::string>{"period", "district", "measure", "kind", "scheme",
                                            "state", "count"});
  const std::vector<std::string> total = {"2026-11", "all", "open", "enquiry", "", "", "3"};
  CHECK(std::ranges::find(rows, total) != rows.end());
  for (const auto& row : report_rows(report, true)) {
    CHECK((row.back() == "count" || row.back() == "0" || row.back() == "<5"));
  }
  CHECK(shown_count(5, true) == "5");
  CHECK(shown_count(4, true) == "<5");
  CHECK(shown_count(0, true) == "0");
}

TEST_CASE("A report counts what was opened, of a district that is one", "[syncserver][service]") {
  FormDesk desk;
  json application = good("margin-money");
  application["district"] = "agra";
  const auto reference = desk.opened("margin-money", application).reference;
  must(desk.submissions.answer({.reference = reference, .state = "scrutiny"}));
  const auto period = report_period("2026-11", 1).value();
  const Report report = make_report(*desk.store, period, "agra", kDeskStart).value();
  REQUIRE(report.districts.size() == 1);
  CHECK(report.districts[0].applications.at(0).scheme == "odop-margin-money");
  CHECK(report.districts[0].applications[0].state == "scrutiny");
  CHECK(make_report(*desk.store, period, "kannauj", kDeskStart)->districts.empty());
  CHECK(make_report(*desk.store, period, "atlantis", kDeskStart).error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("A year after a withdrawal its key is gone and nothing can be read",
          "[syncserver][service]") {
  FormDesk desk;
  const auto target = desk.opened("registration", good("registration")).reference;
  const auto other = desk.opened("registration", good("registration")).reference;
  desk.clock.advance(std::chrono::days(1));
  const auto withdrawal = desk.kiosk.withdrawal(target, kCode);
  desk.kiosk.push({withdrawal.envelope});
  desk.open_all();
  const auto erased = [&](bool preview) {
    return erase_due(
               *desk.store, *desk.record_keys, desk.data,
               [](const std::filesystem::path& file) { return open_store(file.string()); },
               desk.clock.wall(), preview)
        .value();
  };
  desk.clock.advance(std::chrono::days(365));
  CHECK(erased(false).references.empty());
  desk.clock.advance(std::chrono::milliseconds(1));
  CHECK(erased(true).references.size() == 2);  // it and its withdrawal
  CHECK(desk.submissions.show(target).value().at(0).state == "restricted");
  const auto before =
      desk.store->submissions({.reference = target, .with_restricted = true}).value();
  const ErasureReport report = erased(false);
  CHECK(report.done);
  CHECK(report.references.size() == 2);
  CHECK(desk.submissions.show(target).value().at(0).state == "erased");
  CHECK(desk.submissions.show(target).value().at(0).fields == "{}");
  CHECK(desk.submissions.show(withdrawal.reference).value().at(0).state == "erased");
  CHECK_FALSE(desk.record_keys->get(to_hex(before.at(0).hash)).value().has_value());
  CHECK(desk.submissions.show(other).value().at(0).state == "opened");
  CHECK(erased(false).references.empty());
  CHECK(desk.submissions.answer({.reference = target, .state = "answered"}).error().code ==
        ErrorCode::kForbidden);

  // A stale kiosk that pushes it again brings nothing back.
  const auto verdicts = desk.kiosk.push({withdrawal.envelope});
  CHECK(verdicts.at(0).code == wire::VerdictCode::kDuplicate);
  desk.open_all();
  CHECK(desk.submissions.show(withdrawal.reference).value().at(0).state == "erased");
}

}  // namespace odop::syncserver
