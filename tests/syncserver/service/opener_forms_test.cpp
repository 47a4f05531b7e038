// Opening what was filled in published forms: checked again, routed, or kept apart with the reason.
#include "syncserver/service/published_forms.h"
#include "tests/syncserver/service/form_desk.h"

namespace odop::syncserver {

namespace {

wire::SubmissionBody rated(bool incomplete) {
  wire::SubmissionBody body;
  body.answers = R"({"rating":"good"})";
  body.incomplete = incomplete;
  return body;
}

}  // namespace

TEST_CASE("Each shipped form is opened, routed to its district and due by its kind",
          "[syncserver][service]") {
  FormDesk desk;
  for (const std::string& id : test::shipped_forms()) {
    if (id == "withdrawal" || id == "correction") continue;  // these need a target
    CAPTURE(id);
    const json answers = good(id);
    const SubmissionView view = desk.opened(id, answers);
    CHECK(view.reason.empty());
    REQUIRE(view.state == "opened");
    CHECK(json::parse(view.fields) == answers);
    REQUIRE_FALSE(view.cases.empty());
    const std::string district = answers.contains("products")
                                     ? answers["products"][0]["district"].get<std::string>()
                                     : answers.value("district", "lucknow");
    CHECK(view.cases[0].district == district);
    CHECK(view.cases[0].office == "diepc-" + district);
    CHECK(view.cases[0].due_ms > kDeskStart);
  }
}

TEST_CASE("What does not fit its form is kept apart, with the field and not what it says",
          "[syncserver][service]") {
  FormDesk desk;
  json answers = good("registration");
  std::string reason;
  SECTION("a mobile number that is none") {
    answers["mobile"] = "+915876543210";
    reason = "answers: mobile: form.error.";
  }
  SECTION("an Aadhaar number in a text") {
    answers["village"] = "2345 6789 0124";
    reason = "answers: village: form.error.aadhaar";
  }
  SECTION("a required answer is missing") {
    answers.erase("name");
    reason = "answers: name: form.error.missing";
  }
  SECTION("a field that the form does not have") {
    answers["caste"] = "x";
    reason = "answers: ";
  }
  const SubmissionView view = desk.opened("registration", answers);
  CHECK(view.state == "quarantined");
  CHECK(view.reason.starts_with(reason));
  CHECK(view.reason.find("5876") == std::string::npos);
  CHECK(view.reason.find("2345") == std::string::npos);
  CHECK(view.cases.empty());
}

TEST_CASE("Without the consents that its form requires, nothing is opened",
          "[syncserver][service]") {
  FormDesk desk;
  const json answers = good("registration");
  desk.kiosk.notice_version = 2;
  desk.kiosk.purposes = {"contact", "publish"};
  const SubmissionView agreed = desk.opened("registration", answers);
  CHECK(agreed.state == "opened");
  REQUIRE(agreed.consents.size() == 2);
  CHECK(agreed.consents[1].purpose == "publish");
  CHECK(agreed.consents[1].notice == "registration");
  CHECK(agreed.consents[1].notice_version == 2);
  CHECK(agreed.consents[1].language == "hi");
  CHECK(agreed.consents[1].given);
  CHECK(purposes_given(agreed.consents) == "contact publish");

  desk.kiosk.purposes = {"publish"};
  const SubmissionView without = desk.opened("registration", answers);
  CHECK(without.state == "quarantined");
  CHECK(without.reason == "answers: contact: consent is missing");
  CHECK(without.cases.empty());
  desk.kiosk.purposes.clear();
  CHECK(desk.opened("registration", answers).state == "quarantined");
  CHECK(desk.opened("feedback", {{"rating", "good"}}).state == "opened");  // asks for none

  // Refused is not given; an unfinished one needs it as well; the notice tells of its own purpose.
  const forms::Form form = test::shipped_form("registration");
  wire::SubmissionBody body;
  body.answers = answers.dump();
  body.consents.emplace_back().notice_id = "registration-contact";
  body.consents[0].refused = {"contact"};
  CHECK_FALSE(checked_answers(form, body, kDeskStart, 0).has_value());
  body.incomplete = true;
  CHECK_FALSE(checked_answers(form, body, kDeskStart, 0).has_value());
  body.consents[0].given = {"be_called"};
  CHECK(checked_answers(form, body, kDeskStart, 0).has_value());
}

TEST_CASE("A form counts with its own kind and its published versions only",
          "[syncserver][service]") {
  FormDesk desk;
  CHECK(desk.opened(wire::Kind::kQuestion, "registration", good("registration").dump()).reason ==
        "form");
  CHECK(desk.opened(wire::Kind::kQuestion, "poem", "{}").reason == "form");

  // Version 2 asks more; a kiosk that still holds version 1 goes on.
  json form = json::parse(test::shipped_form_text("feedback"));
  form["version"] = 2;
  form["schema"]["required"].push_back("message");
  const CatalogueRecord next = record("form", "feedback", form.dump());
  must(desk.store->edit_draft(std::vector{next}, {}, {}, kDeskStart));
  desk.publish();
  CHECK(desk.opened("feedback", {{"rating", "good"}}).state == "opened");
  const auto published = desk.store->published("form").value();
  const PublishedForms forms(published);
  REQUIRE(forms.find("feedback", 2) != nullptr);
  CHECK(forms.find("feedback", 3) == nullptr);
  const auto refused = checked_answers(*forms.find("feedback", 2), rated(false), kDeskStart, 0);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().context == "message: form.error.missing");
  CHECK(checked_answers(*forms.find("feedback", 2), rated(true), kDeskStart, 0).has_value());
}

TEST_CASE("A correction reaches the districts of what it corrects, with its code only",
          "[syncserver][service]") {
  FormDesk desk;
  const std::string target = desk.opened("enquiry", good("enquiry")).reference;
  const std::string district = desk.submissions.show(target).value().at(0).cases.at(0).district;
  json answers = {{"reference", target},
                  {"status_code", kCode},
                  {"what", {"mobile"}},
                  {"mobile", "+919415207318"}};
  const SubmissionView view = desk.opened("correction", answers);
  CHECK(view.state == "opened");
  CHECK(view.kind == "correction");
  REQUIRE_FALSE(view.cases.empty());
  CHECK(view.cases[0].district == district);
  CHECK_FALSE(json::parse(view.fields).contains("status_code"));

  answers["status_code"] = "87654321";
  CHECK(desk.opened("correction", answers).reason == "correction_refused");
}

TEST_CASE("A withdrawal of one purpose leaves the rest; of all, nothing", "[syncserver][service]") {
  FormDesk desk;
  const std::string target = desk.opened("registration", good("registration")).reference;
  json answers = {{"reference", target}, {"status_code", kCode}, {"scope", "publish"}};
  const SubmissionView one = desk.opened("withdrawal", answers);
  CHECK(one.state == "opened");
  CHECK(json::parse(one.fields)["scope"] == "publish");
  CHECK(one.cases.at(0).district == good("registration")["district"]);
  CHECK(desk.submissions.show(target).value().at(0).state == "opened");

  answers["status_code"] = "87654321";
  CHECK(desk.opened("withdrawal", answers).reason == "withdrawal_refused");

  answers = {{"reference", target}, {"status_code", kCode}, {"scope", "all"}};
  CHECK(desk.opened("withdrawal", answers).state == "opened");
  CHECK(desk.submissions.show(target).value().at(0).state == "restricted");
}

}  // namespace odop::syncserver
