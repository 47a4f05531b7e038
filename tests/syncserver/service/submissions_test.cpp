#include "syncserver/service/submissions.h"

#include "shared/crypto/answer.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

namespace {

wire::SealedAnswer newest(TestKiosk& kiosk) {
  const auto entries = kiosk.feed();
  REQUIRE_FALSE(entries.empty());
  REQUIRE(entries.back().kind == wire::FeedKind::kAnswer);
  return wire::decode<wire::SealedAnswer>(entries.back().payload).value();
}

}  // namespace

TEST_CASE(
    "an answer reaches the other kiosks of venue and district, and only the asker's code opens it",
    "[syncserver][service]") {
  Desk desk;
  TestKiosk asked(desk, "shilp-gram", "lucknow");
  TestKiosk same_venue(desk, "shilp-gram", "");
  TestKiosk same_district(desk, "station", "lucknow");
  TestKiosk elsewhere(desk, "expo-mart", "agra");
  const auto sent = asked.enquiry();
  asked.push({sent.envelope});
  desk.open_all();
  CHECK(desk.api.answer(elsewhere.caller(), sent.reference).error().code == ErrorCode::kNotFound);

  desk.clock.advance(std::chrono::hours(1));
  REQUIRE(desk.submissions
              .answer({.reference = group_reference(sent.reference),
                       .state = "answered",
                       .text = "भाव 450 रुपये"})
              .has_value());

  for (TestKiosk* kiosk : {&asked, &same_venue, &same_district}) {
    const auto sealed = newest(*kiosk);
    CHECK(sealed.reference == sent.reference);
    CHECK(sealed.revision == 1);
  }
  const auto opened = crypto::open_answer(newest(same_venue), sent.reference, kCode).value();
  CHECK(opened.text == "भाव 450 रुपये");
  CHECK(opened.state == "answered");
  CHECK(opened.at_ms == kDeskStart + 3'600'000);
  CHECK(crypto::open_answer(newest(same_venue), sent.reference, "12345679").error().code ==
        ErrorCode::kUnauthorized);

  CHECK(elsewhere.feed().empty());
  const auto looked_up = desk.api.answer(elsewhere.caller(), sent.reference).value();
  CHECK(crypto::verify_document(looked_up, "feed", desk.keys.server.public_key()).has_value());
  const auto entry = wire::decode<wire::FeedEntry>(looked_up.payload).value();
  CHECK(entry.payload == asked.feed().back().payload);

  const auto shown = desk.submissions.show(sent.reference).value().at(0);
  for (const CaseView& one : shown.cases) {
    CHECK(one.state == "answered");
    CHECK(one.closed_ms == kDeskStart + 3'600'000);
    REQUIRE(one.history.size() == 2);
    CHECK(one.history[1].text == "भाव 450 रुपये");
  }
}

TEST_CASE("each district answers its own case and hides none of the other's words",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto sent = kiosk.enquiry();
  kiosk.push({sent.envelope});
  desk.open_all();
  const auto answer = [&](const char* district, const char* state, const char* text) {
    return desk.submissions.answer(
        {.reference = sent.reference, .state = state, .text = text, .district = district});
  };
  REQUIRE(answer("kannauj", "quoted", "450").has_value());
  CHECK(crypto::open_answer(newest(kiosk), sent.reference, kCode)->text == "450");
  REQUIRE(answer("agra", "answered", "900").has_value());

  const auto sealed = newest(kiosk);
  CHECK(sealed.revision == 2);
  CHECK(crypto::open_answer(sealed, sent.reference, kCode)->text == "आगरा: 900\n\nकन्नौज: 450");

  // Each officer sees the own case and the own products.
  const auto own = desk.submissions.list({.district = "kannauj"}).value().at(0);
  REQUIRE(own.cases.size() == 1);
  CHECK(own.cases[0].state == "quoted");
  CHECK(own.fields.find("kannauj-attar") != std::string::npos);
  CHECK(own.fields.find("agra-marble") == std::string::npos);
  CHECK(answer("lucknow", "answered", "").error().code == ErrorCode::kNotFound);
  CHECK(desk.submissions.show(sent.reference, "lucknow").error().code == ErrorCode::kNotFound);
}

TEST_CASE("an order that makes no sense is refused before anything is sealed",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto sent = kiosk.enquiry();
  kiosk.push({sent.envelope});
  const auto code = [&](const AnswerOrder& order) {
    return desk.submissions.answer(order).error().code;
  };
  CHECK(code({.reference = sent.reference, .state = "answered"}) == ErrorCode::kConflict);
  desk.open_all();
  CHECK(code({.reference = sent.reference, .state = "withdrawn"}) == ErrorCode::kInvalidArgument);
  CHECK(code({.reference = "12", .state = "answered"}) == ErrorCode::kInvalidArgument);
  CHECK(code({.reference = sent.reference, .state = "answered", .text = std::string(2'001, 'x')}) ==
        ErrorCode::kTooLarge);
  CHECK(kiosk.feed().empty());
}

TEST_CASE("lists are filtered by overdue, state and mobile number", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto first = kiosk.enquiry();
  kiosk.push({first.envelope,
              kiosk.make(wire::Kind::kEnquiry, "enquiry", R"({"mobile":"+91600"})").envelope});
  desk.open_all();
  CHECK(desk.submissions.list({.overdue = true}).value().empty());
  desk.clock.advance(std::chrono::days(14) + std::chrono::minutes(1));
  CHECK(desk.submissions.list({.overdue = true}).value().size() == 2);
  REQUIRE(desk.submissions.answer({.reference = first.reference, .state = "closed"}).has_value());
  CHECK(desk.submissions.list({.overdue = true}).value().size() == 1);
  CHECK(desk.submissions.list({.state = "closed"}).value().at(0).reference == first.reference);
  CHECK(desk.submissions.list({.mobile = "+919876543210"}).value().at(0).reference ==
        first.reference);
  CHECK(desk.submissions.list({.mobile = "+919876543211"}).value().empty());
  // Without a product the kiosk's own district answers.
  CHECK(desk.submissions.list({.district = "lucknow"}).value().size() == 1);
}

TEST_CASE("an export holds a row for each case and no formula", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  kiosk.push({kiosk.enquiry().envelope});
  desk.open_all();
  const auto all = desk.submissions.export_rows("").value();
  REQUIRE(all.size() == 3);
  const auto own = desk.submissions.export_rows("agra").value();
  REQUIRE(own.size() == 2);
  CHECK(own[0].size() == own[1].size());
  const std::string csv = to_csv(own);
  CHECK(csv.starts_with("\xEF\xBB\xBFreference,"));
  CHECK(csv.find(",'+919876543210,") != std::string::npos);
  CHECK(csv.find("'=1+1") != std::string::npos);
  CHECK(csv.find("agra-marble 3 piece") != std::string::npos);
  CHECK(csv.find("kannauj-attar") == std::string::npos);
}

TEST_CASE("CSV quotes what needs it and disarms what a spreadsheet would run",
          "[syncserver][service]") {
  const std::string csv =
      to_csv({{"a,b", "say \"x\"", "two\nlines", "=1", "+1", "-1", "@x", "a=1", ""}});
  CHECK(csv == "\xEF\xBB\xBF\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",'=1,'+1,'-1,'@x,a=1,\r\n");
}

}  // namespace odop::syncserver
