// The contract of what the office does with it.
#include "tests/syncserver/store/store_contract.h"
#include "tests/syncserver/store/store_samples.h"

#include <catch2/catch.hpp>

#include <vector>

namespace odop::syncserver {

void check_cases(Store& store) {
  const Device device = enrolled(store, "device-1");
  const Submission submission = opened(store, device, 1, {"kannauj", "agra"});
  CHECK(submission.state == SubmissionState::kOpened);
  CHECK(submission.body == "sealed body");
  CHECK(submission.envelope == arrival(device, 1).envelope);
  const auto cases = store.cases_of(submission.id).value();
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].office == "diepc-kannauj");
  CHECK(cases[1].due_ms == 9'000);
  CHECK(store.history_of(submission.id).value().size() == 2);

  // Opening again makes no second set of cases.
  Opened again;
  again.submission = submission.id;
  again.cases.push_back({.district = "mau", .office = {}, .state = "received"});
  REQUIRE(store.record_opened(std::vector{again}, 1).has_value());
  CHECK(store.cases_of(submission.id).value().size() == 2);

  const auto by_mobile = [&](char mac) {
    return store.submissions({.lookup_field = "mobile", .lookup_mac = Bytes(32, mac)}).value();
  };
  CHECK(by_mobile(1).size() == 1);
  CHECK(by_mobile(2).empty());
  CHECK(store.submissions({.district = "agra"}).value().size() == 1);
  CHECK(store.submissions({.district = "mau"}).value().empty());
  CHECK(store.submissions({.overdue_ms = 9'000}).value().empty());
  CHECK(store.submissions({.overdue_ms = 9'001}).value().size() == 1);

  Store::AnswerWrite answer;
  answer.submission = submission.id;
  answer.revision = 1;
  answer.state = "answered";
  answer.closes = true;
  answer.events.push_back({.case_id = cases[0].id,
                           .at_ms = 4'000,
                           .actor = "cli",
                           .state = "answered",
                           .text = "sealed text"});
  answer.feed_payload = "sealed answer";
  answer.audience.venue = "shilp-gram";
  REQUIRE(store.record_answer(answer, 4'000).has_value());
  CHECK(store.record_answer(answer, 4'000).error().code == ErrorCode::kConflict);
  CHECK(store.feed_after(device, FeedPosition{}, 10).value().size() == 1);
  CHECK(store.cases_of(submission.id).value()[0].closed_ms == 4'000);
  CHECK(store.cases_of(submission.id).value()[1].closed_ms == 0);
  CHECK(store.submissions({.district = "kannauj", .overdue_ms = 99'999}).value().empty());
  CHECK(store.submissions({.district = "agra", .overdue_ms = 99'999}).value().size() == 1);
  CHECK(store.history_of(submission.id).value().back().text == "sealed text");
  CHECK(store.cases_of(submission.id).value()[0].due_ms == 9'000);
  CHECK(store.cases_of(submission.id).value()[0].portal.empty());

  CHECK(store.newest_answer(submission.reference).value()->payload == "sealed answer");
  answer.revision = 2;
  answer.feed_payload = "second answer";
  answer.state = "scrutiny";
  answer.closes = false;
  answer.due_ms = 12'000;
  answer.portal = Bytes("sealed \xff portal");
  REQUIRE(store.record_answer(answer, 5'000).has_value());
  const auto moved = store.cases_of(submission.id).value();
  CHECK(moved[0].due_ms == 12'000);
  CHECK(moved[0].closed_ms == 0);
  CHECK(moved[0].portal == Bytes("sealed \xff portal"));
  CHECK(moved[1].due_ms == 9'000);
  CHECK(moved[1].portal.empty());
  const auto newest = store.newest_answer(submission.reference).value();
  REQUIRE(newest.has_value());
  CHECK(newest->payload == "second answer");
  CHECK(newest->position == store.feed_head(device).value());
  CHECK(newest->kind == 1);
  CHECK_FALSE(store.newest_answer("0000000000").value().has_value());

  // A later answer without either leaves both as they are.
  answer.revision = 3;
  answer.due_ms = 0;
  answer.portal.clear();
  REQUIRE(store.record_answer(answer, 6'000).has_value());
  CHECK(store.cases_of(submission.id).value()[0].due_ms == 12'000);
  CHECK(store.cases_of(submission.id).value()[0].portal == Bytes("sealed \xff portal"));
}

void check_office(Store& store) {
  const Device device = enrolled(store, "device-1");
  const Submission first = opened(store, device, 1, {"kannauj"});
  const Submission second = opened(store, device, 2, {"kannauj", "agra"});
  const Submission third = opened(store, device, 3, {"agra"});
  CHECK(store.cases_of(first.id).value()[0].changes == 1);

  // Pairs that share a look-up, of one district.
  CHECK(store.alike(1, "mobile", "", 10).value().empty());
  const Submission fourth = opened(store, device, 4, {"agra"}, 2);  // the mobile of `second`
  const auto pairs = store.alike(1, "mobile", "", 10).value();
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].first == second.id);
  CHECK(pairs[0].second == fourth.id);
  CHECK(pairs[0].field == "mobile");
  CHECK(store.alike(1, "mobile", "agra", 10).value().size() == 1);
  CHECK(store.alike(1, "mobile", "kannauj", 10).value().empty());
  CHECK(store.alike(2, "mobile", "", 10).value().empty());
  CHECK(store.alike(1, "email", "", 10).value().empty());
  CHECK(store.alike(1, "mobile", "", 0).value().empty());
  REQUIRE(store.settle_duplicate({second.id, fourth.id, "same", "cli", 50}).has_value());
  REQUIRE(store.settle_duplicate({second.id, fourth.id, "different", "cli", 60}).has_value());
  const auto verdicts = store.duplicate_verdicts().value();
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].verdict == "different");
  CHECK(verdicts[0].at_ms == 60);

  // A producer's draft, taken into the catalogue, and gone with the consent.
  ProducerDraft draft;
  draft.submission = second.id;
  draft.record = "producer/p-2";
  draft.district = "kannauj";
  draft.body = Bytes("sealed \xff draft");
  draft.made_ms = 70;
  std::uint32_t revision = 0;
  const auto approve = [&](const Submission& target, const std::string& record) {
    Store::AnswerWrite answer;
    answer.submission = target.id;
    answer.revision = target.id == second.id ? ++revision : 1;
    answer.state = "received";
    answer.producer = draft;
    answer.producer->submission = target.id;
    answer.producer->record = record;
    return store.record_answer(answer, 70);
  };
  REQUIRE(approve(second, "producer/p-2").has_value());
  draft.body = "another";
  REQUIRE(approve(second, "producer/p-2").has_value());  // the first stays
  REQUIRE(approve(third, "producer/p-3").has_value());
  const CatalogueRecord record{"producer", "p-2", "{}", "hash-of-p-2"};
  const CatalogueRecord stall{"stall", "p-2", "{}", "hash-of-stall"};
  REQUIRE(store.accept_producer_draft(second.id, record, std::nullopt, 79).has_value());
  CHECK(store.producer_drafts().value().at(0).stall.empty());
  REQUIRE(store.accept_producer_draft(second.id, record, stall, 80).has_value());
  CHECK(store.accept_producer_draft(first.id, record, stall, 80).error().code ==
        ErrorCode::kNotFound);
  const auto drafts = store.producer_drafts().value();
  REQUIRE(drafts.size() == 2);
  CHECK(drafts[0].body == Bytes("sealed \xff draft"));
  CHECK(drafts[0].accepted_ms == 80);
  CHECK(drafts[0].stall == "stall/p-2");
  CHECK(store.draft_of("stall").value().size() == 1);
  CHECK(drafts[1].accepted_ms == 0);
  CHECK(store.draft_of("producer").value().size() == 1);
  CHECK(store.take_downs().value().empty());

  const Submission withdrawal = opened(store, device, 5, {});
  const Submission other = opened(store, device, 6, {});
  REQUIRE(store.restrict(std::vector{second.id}, {withdrawal.id, second.reference, 0}, 5'000)
              .has_value());
  REQUIRE(store.restrict(std::vector{third.id}, {other.id, third.reference, 0}, 6'000).has_value());
  CHECK(store.producer_drafts().value().empty());
  CHECK(store.draft_of("producer").value().empty());
  CHECK(store.draft_of("stall").value().empty());
  CHECK(store.take_downs().value() == std::vector<std::string>{"producer/p-2", "stall/p-2"});
  CHECK(store.alike(1, "mobile", "", 10).value().empty());
  REQUIRE(store.take_down("product/x", "wrong", 90).has_value());
  REQUIRE(store.take_down("product/x", "again", 91).has_value());
  CHECK(store.take_downs().value().size() == 3);
  REQUIRE(store.lift_take_down("product/x").has_value());
  CHECK(store.take_downs().value().size() == 2);

  // The consent to be shown alone is withdrawn: before the approval, and by one that waited.
  REQUIRE(store.await_target({withdrawal.id, fourth.reference, 0}).has_value());
  REQUIRE(store.unpublish(fourth.id, "producer/p-4", withdrawal.id, 5'500).has_value());
  CHECK(store.waiting_withdrawals("").value().empty());
  REQUIRE(approve(fourth, "producer/p-4").has_value());
  CHECK(store.producer_drafts().value().empty());
  CHECK(store.submission(fourth.id).value()->state == SubmissionState::kOpened);
  REQUIRE(approve(first, "producer/p-1").has_value());
  REQUIRE(store
              .accept_producer_draft(first.id, {"producer", "p-1", "{}", "hash-of-p-1"},
                                     std::nullopt, 80)
              .has_value());
  REQUIRE(store.unpublish(first.id, "producer/p-1", 999'999, 5'600).has_value());
  CHECK(store.draft_of("producer").value().empty());
  CHECK(store.take_downs().value() ==
        std::vector<std::string>{"producer/p-1", "producer/p-2", "producer/p-4", "stall/p-2"});

  // Figures.
  CHECK(store.case_facts(2'000, "").value().empty());  // all arrived at 2,000
  CHECK(store.case_facts(2'001, "").value().size() == 5);
  const auto facts = store.case_facts(2'001, "kannauj").value();
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].kind == 1);
  CHECK(facts[0].form_id == "enquiry");
  CHECK(facts[0].state == "received");
  CHECK(facts[0].due_ms == 9'000);
  CHECK(facts[1].state == "withdrawn");
  CHECK(facts[1].closed_ms == 5'000);

  // Destruction, in its own time.
  CHECK(store.erasable(5'000, 10).value().empty());
  const auto due = store.erasable(5'001, 10).value();
  REQUIRE(due.size() == 2);
  CHECK(due[0].submission == second.id);
  CHECK(due[1].submission == withdrawal.id);
  CHECK(due[0].hash == second.hash);
  CHECK(due[0].withdrawn_ms == 5'000);
  CHECK(store.erase(first.id, 9'500).error().code == ErrorCode::kConflict);
  for (const Erasable& one : due) REQUIRE(store.erase(one.submission, 9'500).has_value());
  CHECK(store.erasable(5'001, 10).value().empty());
  CHECK(store.erasable(6'001, 10).value().size() == 2);
  const auto erased = store.submission(second.id).value();
  REQUIRE(erased.has_value());
  CHECK(erased->state == SubmissionState::kErased);
  CHECK(erased->body.empty());
  CHECK(erased->envelope.empty());
  CHECK(erased->reference == second.reference);
  CHECK(store
            .submissions(
                {.lookup_field = "mobile", .lookup_mac = Bytes(32, 2), .with_restricted = true})
            .value()
            .size() == 1);
  CHECK(store.case_facts(2'001, "").value().size() == 5);
}

void check_withdrawals(Store& store) {
  const Device device = enrolled(store, "device-1");
  const Submission target = opened(store, device, 1, {"kannauj"});
  const Submission withdrawal = opened(store, device, 2, {});
  REQUIRE(store.await_target({.submission = withdrawal.id, .reference = "later"}).has_value());
  CHECK(store.waiting_withdrawals("later").value().size() == 1);
  CHECK(store.waiting_withdrawals("other").value().empty());
  REQUIRE(store.waiting_withdrawals("").value().size() == 1);
  CHECK(store.waiting_withdrawals("").value()[0].reference == "later");

  // A waiting one whose code turns out wrong.
  const Submission guess = opened(store, device, 3, {});
  REQUIRE(store.await_target({.submission = guess.id, .reference = "guessed"}).has_value());
  REQUIRE(store.refuse_withdrawal(guess.id, {.at_ms = 4'400, .kind = "withdrawal_refused"}, 4'400)
              .has_value());
  CHECK(store.waiting_withdrawals("guessed").value().empty());
  CHECK(store.submission(guess.id).value()->state == SubmissionState::kQuarantined);
  CHECK(store.alarms(1).value().at(0).kind == "withdrawal_refused");

  Store::AnswerWrite early;
  early.submission = target.id;
  early.revision = 1;
  early.feed_payload = "sealed answer";
  early.audience.everyone = true;
  REQUIRE(store.record_answer(early, 4'500).has_value());
  CHECK(store.newest_answer(target.reference).value().has_value());

  REQUIRE(store
              .restrict(std::vector{target.id},
                        {.submission = withdrawal.id, .reference = target.reference}, 5'000)
              .has_value());
  CHECK(store.submissions({.reference = target.reference}).value().empty());
  const auto hidden =
      store.submissions({.reference = target.reference, .with_restricted = true}).value();
  REQUIRE(hidden.size() == 1);
  CHECK(hidden[0].state == SubmissionState::kRestricted);
  CHECK(store.cases_of(target.id).value()[0].state == "withdrawn");
  REQUIRE(store.withdrawal_of(target.id).value().has_value());
  CHECK(store.withdrawal_of(target.id).value()->submission == withdrawal.id);
  CHECK(store.withdrawal_of(target.id).value()->reference == "later");
  CHECK(store.withdrawal_of(target.id).value()->done_ms == 5'000);
  CHECK_FALSE(store.withdrawal_of(withdrawal.id).value().has_value());
  CHECK(store.waiting_withdrawals("later").value().empty());

  // It wins over whatever comes later.
  Store::AnswerWrite answer;
  answer.submission = target.id;
  answer.revision = 2;
  CHECK(store.record_answer(answer, 6'000).error().code == ErrorCode::kConflict);
  CHECK_FALSE(store.newest_answer(target.reference).value().has_value());
  const auto entries = store.feed_after(device, FeedPosition{}, 10).value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[1].kind == 3);
  CHECK(entries[1].payload == target.reference);

  // What belongs to the target goes later, by the same withdrawal and in its time.
  const Submission correction = opened(store, device, 4, {"kannauj"});
  REQUIRE(store
              .restrict(std::vector{correction.id, target.id},
                        {.submission = withdrawal.id, .reference = target.reference}, 7'000)
              .has_value());
  CHECK(store.withdrawal_of(correction.id).value()->done_ms == 5'000);
  const auto due = store.erasable(5'001, 10).value();
  REQUIRE(due.size() == 4);
  CHECK(due[0].submission == guess.id);
  CHECK(due[1].submission == target.id);
  CHECK(due[2].submission == withdrawal.id);
  CHECK(due[3].submission == correction.id);
  CHECK(due[3].reference == correction.reference);
  CHECK(store.feed_after(device, FeedPosition{}, 10).value().back().payload == target.reference);
}

}  // namespace odop::syncserver
