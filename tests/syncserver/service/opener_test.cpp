#include "syncserver/service/opener.h"

#include "syncserver/service/record_box.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

namespace odop::syncserver {

TEST_CASE("a list over two districts becomes a case for each", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto sent = kiosk.enquiry();
  kiosk.push({sent.envelope});

  CHECK(desk.open_all().opened == 1);

  const auto listed = desk.submissions.list({}).value();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].reference == sent.reference);
  CHECK(listed[0].kind == "enquiry");
  CHECK(listed[0].state == "opened");
  REQUIRE(listed[0].cases.size() == 2);
  CHECK(listed[0].cases[0].district == "kannauj");
  CHECK(listed[0].cases[0].office == "diepc-kannauj");
  CHECK(listed[0].cases[1].district == "agra");
  CHECK(listed[0].cases[1].due_ms == kDeskStart + 14LL * 24 * 3600 * 1000);

  // A second step finds nothing to do.
  CHECK(desk.opener.open_next().value().opened == 0);
  CHECK(desk.store->cases_of(listed[0].id).value().size() == 2);
}

TEST_CASE("what was opened is readable with its own key only", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  kiosk.push({kiosk.enquiry().envelope});
  desk.open_all();
  const Submission stored = desk.store->submissions({}).value().at(0);
  CHECK(stored.body.find("Canary") == Bytes::npos);
  // The server's sealing key opens neither the body nor the envelope any more.
  CHECK_FALSE(crypto::open(desk.keys.sealing, stored.body).has_value());
  CHECK_FALSE(wire::decode<wire::Envelope>(stored.envelope).has_value());
  CHECK(stored_body(*desk.record_keys, stored).value().answers == kEnquiryOfTwo);

  REQUIRE(desk.record_keys->destroy(to_hex(stored.hash)).has_value());
  CHECK(stored_body(*desk.record_keys, stored).error().code == ErrorCode::kNotFound);
}

TEST_CASE("an opener that was cut off after making the keys goes on", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  kiosk.push({kiosk.enquiry().envelope});
  const Bytes hash = desk.store->unopened(1).value().at(0).hash;
  const auto before = RecordBox::make(*desk.record_keys, std::vector{hash}).value();

  desk.open_all();

  const Submission stored = desk.store->submissions({}).value().at(0);
  CHECK(before[0].open(stored.body).has_value());
}

TEST_CASE("what cannot be read goes to quarantine and is seen there", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto other = crypto::SealingKey::generate();
  const auto good = kiosk.enquiry();
  kiosk.push(
      {kiosk.make_at(2, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo, other.public_key())
           .envelope,
       kiosk.make_at(3, wire::Kind::kEnquiry, "poem", kEnquiryOfTwo, desk.keys.sealing.public_key())
           .envelope,
       kiosk
           .make_at(4, wire::Kind::kEnquiry, "enquiry", R"({"products":"many"})",
                    desk.keys.sealing.public_key())
           .envelope,
       good.envelope});

  const OpenStep step = desk.open_all();

  CHECK(step.opened == 1);
  CHECK(step.quarantined == 3);
  const auto listed = desk.submissions.list({.state = "quarantined"}).value();
  REQUIRE(listed.size() == 3);
  CHECK(listed[0].reason == "unreadable");
  CHECK(listed[0].fields == "{}");
  CHECK(listed[1].reason == "form");
  CHECK(listed[1].fields.find("Canary") != std::string::npos);
  CHECK(listed[2].reason == "answers");
  // The bytes of what nobody can read are kept as they came.
  CHECK(wire::decode<wire::Envelope>(desk.store->submission(listed[0].id).value()->envelope)
            .has_value());
  std::size_t alarms = 0;
  const auto raised = desk.store->alarms(20).value();
  for (const Alarm& alarm : raised) alarms += alarm.kind == "unreadable";
  CHECK(alarms == 3);
}

TEST_CASE("a chain that does not follow its predecessor raises an alarm", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto first = kiosk.enquiry();
  const auto second = kiosk.enquiry();
  kiosk.push({first.envelope, second.envelope});
  desk.open_all();
  CHECK(desk.store->alarms(5).value().empty());

  TestKiosk broken(desk, "shilp-gram", "lucknow");
  const auto one = broken.enquiry();
  (void)broken.enquiry();  // moves the chain on, and is never sent
  const auto two = broken.make_at(2, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                  desk.keys.sealing.public_key());
  broken.push({one.envelope, two.envelope});
  desk.open_all();
  CHECK(desk.store->alarms(5).value().at(0).kind == "chain_break");
}

TEST_CASE("a withdrawal wins in whatever order the two arrive", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  TestKiosk elsewhere(desk, "expo-mart", "agra");
  const auto enquiry = kiosk.enquiry();
  const auto withdrawal = elsewhere.withdrawal(enquiry.reference, kCode);

  SECTION("enquiry first") {
    kiosk.push({enquiry.envelope});
    desk.open_all();
    elsewhere.push({withdrawal.envelope});
    CHECK(desk.open_all().withdrawn == 1);
  }
  SECTION("withdrawal first") {
    elsewhere.push({withdrawal.envelope});
    CHECK(desk.open_all().withdrawn == 0);
    CHECK(desk.store->waiting_withdrawals(enquiry.reference).value().size() == 1);
    kiosk.push({enquiry.envelope});
    CHECK(desk.open_all().withdrawn == 1);
    CHECK(desk.store->waiting_withdrawals("").value().empty());
  }
  SECTION("both in one step, the withdrawal first") {
    elsewhere.push({withdrawal.envelope});
    kiosk.push({enquiry.envelope});
    CHECK(desk.open_all().withdrawn == 1);
  }
  SECTION("by a kiosk that forks there") {
    const auto twin = elsewhere.make_at(1, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                        desk.keys.sealing.public_key());
    kiosk.push({enquiry.envelope});
    elsewhere.push({twin.envelope});
    CHECK(elsewhere.push({withdrawal.envelope}).at(0).reason == "fork");
    CHECK(desk.open_all().withdrawn == 1);
    CHECK(desk.submissions.show(twin.reference).value().at(0).state == "quarantined");
  }
  SECTION("withdrawal first, and the enquiry lies in quarantine for a fork") {
    elsewhere.push({withdrawal.envelope});
    CHECK(desk.open_all().withdrawn == 0);
    const auto twin = kiosk.make_at(1, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                    desk.keys.sealing.public_key());
    kiosk.push({twin.envelope});
    CHECK(kiosk.push({enquiry.envelope}).at(0).reason == "fork");
    desk.clock.advance(kSettleAge);
    CHECK(desk.opener.open_next().value().withdrawn == 1);
  }
  SECTION("cut off between opening the enquiry and restricting it") {
    elsewhere.push({withdrawal.envelope});
    desk.open_all();
    kiosk.push({enquiry.envelope});
    // Another opener got as far as this.
    const Submission target = desk.store->unopened(1).value().at(0);
    const auto box =
        std::move(RecordBox::make(*desk.record_keys, std::vector{target.hash}).value().front());
    wire::SubmissionBody body;
    body.answers = "{}";
    body.language = "hi";
    body.status_code = kCode;
    body.status_secret = Bytes(16, 's');
    Opened opened;
    opened.submission = target.id;
    opened.body = box.seal(wire::encode(body));
    REQUIRE(desk.store->record_opened(std::vector{opened}, kDeskStart).has_value());
    Opener restarted(*desk.store, *desk.record_keys, desk.keys, desk.clock);
    CHECK(restarted.open_next().value().withdrawn == 1);
  }

  CHECK(desk.submissions.list({.reference = enquiry.reference}).value().empty());
  const auto shown = desk.submissions.show(enquiry.reference).value();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].state == "restricted");
  CHECK(shown[0].fields == "{}");
  CHECK(
      desk.submissions.answer({.reference = enquiry.reference, .state = "answered"}).error().code ==
      ErrorCode::kForbidden);
  for (TestKiosk* every : {&kiosk, &elsewhere}) {
    auto entries = every->feed();
    // One of the kiosks sent two under one sequence, and was told.
    std::erase_if(entries, [](const wire::FeedEntry& entry) {
      return entry.kind == wire::FeedKind::kConfiguration;
    });
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].kind == wire::FeedKind::kWithdrawal);
    CHECK(entries[0].payload == enquiry.reference);
  }
}

TEST_CASE("a withdrawal with a wrong code changes nothing but the alarms",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto enquiry = kiosk.enquiry();
  const auto guess = kiosk.withdrawal(enquiry.reference, "87654321");
  const bool target_first = GENERATE(true, false);
  kiosk.push({target_first ? enquiry.envelope : guess.envelope});
  desk.open_all();
  kiosk.push({target_first ? guess.envelope : enquiry.envelope});
  CHECK(desk.open_all().withdrawn == 0);

  CHECK(desk.submissions.list({.reference = enquiry.reference}).value().at(0).state == "opened");
  CHECK(desk.submissions.list({.reference = guess.reference}).value().at(0).reason ==
        "withdrawal_refused");
  CHECK(desk.store->alarms(1).value().at(0).kind == "withdrawal_refused");
  CHECK(desk.store->waiting_withdrawals("").value().empty());
  CHECK(kiosk.feed().empty());
}

}  // namespace odop::syncserver
