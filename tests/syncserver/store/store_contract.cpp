#include "tests/syncserver/store/store_contract.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <thread>

namespace odop::syncserver {

namespace {

Device enrolled(Store& store, const std::string& id, const std::string& venue = "shilp-gram",
                const std::string& district = "lucknow") {
  Kiosk kiosk;
  kiosk.name = "Kiosk of " + id;
  kiosk.venue = venue;
  kiosk.district = district;
  kiosk.code_hash = "code-" + id;
  kiosk.code_expires_ms = 1'000;
  REQUIRE(store.add_kiosk(kiosk).has_value());
  Device device;
  device.id = id;
  device.public_key = Bytes(32, '\x07');
  device.token_hash = "token-" + id;
  device.epoch = Epoch{1};
  const auto result = store.enrol(kiosk.code_hash, device, 500);
  REQUIRE(result.has_value());
  return result.value();
}

Arrival arrival(const Device& device, std::uint64_t sequence, char content = 'a') {
  Arrival one;
  one.device = device.id;
  one.epoch = Epoch{1};
  one.sequence = Sequence{sequence};
  one.hash = Bytes(31, content) + static_cast<char>(sequence);
  one.previous = sequence == 1 ? Bytes{} : Bytes(31, content) + static_cast<char>(sequence - 1);
  one.uuid = "0190aaaa-0000-7000-8000-00000000000" + std::to_string(sequence % 10);
  one.kind = 1;
  one.reference = "00100" + std::to_string(sequence);
  one.form_id = "enquiry";
  one.form_version = 1;
  one.envelope = Bytes("envelope \xff\0 bytes ", 18) + content;
  return one;
}

std::vector<ArrivalVerdict> appended(Store& store, const std::vector<Arrival>& arrivals) {
  const auto verdicts = store.append(arrivals, 2'000);
  REQUIRE(verdicts.has_value());
  return verdicts.value().verdicts;
}

Submission only(const Result<std::vector<Submission>>& found) {
  REQUIRE(found.has_value());
  REQUIRE(found.value().size() == 1);
  return found.value().front();
}

// A submission with one case a district, opened.
Submission opened(Store& store, const Device& device, std::uint64_t sequence,
                  const std::vector<std::string>& districts, char mobile = 0) {
  REQUIRE(appended(store, {arrival(device, sequence)}).front() == ArrivalVerdict::kStored);
  SubmissionFilter filter;
  filter.reference = arrival(device, sequence).reference;
  const Submission submission = only(store.submissions(filter));
  Opened result;
  result.submission = submission.id;
  result.body = "sealed body";
  result.lookups.push_back(
      {.field = "mobile", .mac = Bytes(32, mobile != 0 ? mobile : static_cast<char>(sequence))});
  for (const auto& district : districts) {
    result.cases.push_back({.district = district,
                            .office = "diepc-" + district,
                            .state = "received",
                            .due_ms = 9'000});
  }
  REQUIRE(store.record_opened(std::vector{result}, 3'000).has_value());
  return only(store.submissions(filter));
}

}  // namespace

void check_fleet(Store& store) {
  const Device first = enrolled(store, "device-1");
  CHECK(first.kiosk.value == 1);
  CHECK(first.venue == "shilp-gram");

  // A code works once, in time, and no other does.
  Device again;
  again.id = "device-x";
  again.token_hash = "x";
  CHECK(store.enrol("code-device-1", again, 500).error().code == ErrorCode::kUnauthorized);
  CHECK(store.enrol("no such code", again, 500).error().code == ErrorCode::kUnauthorized);
  Kiosk late;
  late.code_hash = "late";
  late.code_expires_ms = 400;
  CHECK(store.add_kiosk(late).value().value == 2);
  CHECK(store.enrol("late", again, 500).error().code == ErrorCode::kUnauthorized);

  const auto found = store.device_by_token("token-device-1").value();
  REQUIRE(found.has_value());
  CHECK(found->id == "device-1");
  CHECK(found->public_key == Bytes(32, '\x07'));
  CHECK(found->district == "lucknow");
  CHECK_FALSE(store.device_by_token("other").value().has_value());

  // Whoever asks by stick is found by the code that it knows.
  const FleetRow row = store.fleet().value().front();
  CHECK(row.kiosk.code_hash == "code-device-1");
  CHECK(row.device.token_hash == "token-device-1");

  // Its answer was lost: the same key is the same device, and its token stays.
  Device repeated = again;
  repeated.public_key = first.public_key;
  repeated.token_hash = "token-again";
  const auto same = store.enrol("code-device-1", repeated, 600);
  REQUIRE(same.has_value());
  CHECK(same->id == "device-1");
  CHECK(same->kiosk == first.kiosk);
  CHECK(same->district == "lucknow");
  CHECK(same->token_hash == "token-device-1");
  CHECK(store.device_by_token("token-device-1").value()->id == "device-1");
  CHECK_FALSE(store.device_by_token("token-again").value().has_value());
  CHECK(store.enrol("code-device-1", repeated, 1'500).error().code == ErrorCode::kUnauthorized);

  FleetState state;
  state.seen_ms = 1'234;
  state.release_shown = ReleaseNumber{3};
  state.queue = 7;
  state.free_bytes = 40'000'000'000;
  state.clock_offset_ms = -250;
  state.app_version = "1.0";
  REQUIRE(store.record_heartbeat("device-1", state).has_value());
  CHECK(store.enrol("code-device-1", repeated, 600).error().code == ErrorCode::kUnauthorized);
  const auto rows = store.fleet().value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].device.state.free_bytes == 40'000'000'000);
  CHECK(rows[0].device.state.clock_offset_ms == -250);
  CHECK(rows[1].device.id.empty());

  // A configuration goes to that kiosk alone: at once, or when it enrols.
  REQUIRE(store.configure(KioskNumber{1}, R"({"mode":"production"})", 700).has_value());
  CHECK(store.configure(KioskNumber{99}, "{}", 700).error().code == ErrorCode::kNotFound);
  Kiosk set;
  set.venue = "shilp-gram";
  set.code_hash = "set";
  set.code_expires_ms = 1'000;
  set.configuration = R"({"mode":"test"})";
  REQUIRE(store.add_kiosk(set).value().value == 3);
  Device third = again;
  third.id = "device-3";
  third.token_hash = "token-3";
  third.public_key = Bytes(32, '\x03');
  third = store.enrol("set", third, 500).value();
  CHECK(store.fleet().value()[0].kiosk.configuration == R"({"mode":"production"})");
  const auto told = store.feed_after(first, FeedPosition{}, 10).value();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == 4);
  CHECK(told[0].payload == R"({"mode":"production"})");
  const auto told_third = store.feed_after(third, FeedPosition{}, 10).value();
  REQUIRE(told_third.size() == 1);
  CHECK(told_third[0].payload == R"({"mode":"test"})");

  REQUIRE(store.revoke(KioskNumber{1}, 777).has_value());
  CHECK(store.device("device-1").value()->revoked_ms == 777);
  CHECK(store.revoke(KioskNumber{99}, 777).error().code == ErrorCode::kNotFound);
}

void check_intake(Store& store) {
  const Device device = enrolled(store, "device-1");
  using V = ArrivalVerdict;
  CHECK(appended(store, {arrival(device, 1), arrival(device, 2)}) ==
        std::vector{V::kStored, V::kStored});
  CHECK(appended(store, {arrival(device, 2), arrival(device, 4)}) ==
        std::vector{V::kDuplicate, V::kStored});
  CHECK(appended(store, {arrival(device, 6), arrival(device, 6)}) ==
        std::vector{V::kStored, V::kDuplicate});

  // What was stored comes back byte for byte.
  const auto all = store.unopened(10).value();
  REQUIRE(all.size() == 4);
  CHECK(all[0].envelope == arrival(device, 1).envelope);
  CHECK(all[1].hash == arrival(device, 2).hash);
  CHECK(all[1].previous == arrival(device, 1).hash);
  CHECK(all[0].kiosk == device.kiosk);
  CHECK(all[0].received_ms == 2'000);

  CHECK(store.missing("device-1", Epoch{1}, Sequence{8}, 10).value() ==
        std::vector{Sequence{3}, Sequence{5}, Sequence{7}, Sequence{8}});
  const auto marks = store.watermarks().value();
  REQUIRE(marks.size() == 1);
  CHECK(marks[0].sequence == Sequence{2});
  REQUIRE(store.set_covered(marks).has_value());
  CHECK(store.device_by_token("token-device-1").value()->covered_sequence == Sequence{2});

  // Other bytes under the same sequence: both are kept and set apart, and somebody hears of it.
  // No backup counts as covering either: the clone's second is in none.
  const auto forked = store.append(std::vector{arrival(device, 2, 'b')}, 2'000);
  REQUIRE(forked.has_value());
  CHECK(forked->verdicts == std::vector{V::kFork});
  CHECK(forked->covered_sequence == Sequence{});
  REQUIRE(store.set_covered(marks).has_value());
  CHECK(store.device_by_token("token-device-1").value()->covered_sequence == Sequence{});
  CHECK(appended(store, {arrival(device, 2, 'b')}) == std::vector{V::kDuplicate});
  const auto set_apart = store.submissions({.reference = arrival(device, 2).reference}).value();
  REQUIRE(set_apart.size() == 2);
  CHECK(set_apart[0].state == SubmissionState::kQuarantined);
  CHECK(set_apart[1].state == SubmissionState::kQuarantined);
  CHECK(set_apart[1].reason == "fork");
  CHECK(store.alarms(10).value().size() == 1);
  CHECK(store.alarms(10).value().front().kind == "fork");
  CHECK(store.device("device-1").value()->forked_ms == 2'000);

  // The device is asked at the commit: what backups cover, and whether it is revoked.
  const auto before = store.append(std::vector{arrival(device, 8)}, 2'000);
  REQUIRE(before.has_value());
  CHECK(before->covered_epoch == Epoch{1});
  CHECK(before->covered_sequence == Sequence{});
  REQUIRE(store.revoke(device.kiosk, 3'000).has_value());
  CHECK(appended(store, {arrival(device, 9)}) == std::vector{V::kQuarantined});
  CHECK(store.submissions({.reference = arrival(device, 9).reference}).value().at(0).reason ==
        "revoked");
  CHECK(store.unopened(10).value().size() == 4);

  // What a receipt by stick tells of: everything, a fork with each of its bytes.
  const auto here = store.arrived_of("device-1").value();
  REQUIRE(here.size() == 7);
  CHECK(here[0].hash == arrival(device, 1).hash);
  CHECK_FALSE(here[0].quarantined);
  CHECK(here[0].reason.empty());
  CHECK(here[1].hash == arrival(device, 2).hash);
  CHECK(here[2].hash == arrival(device, 2, 'b').hash);
  CHECK(here[2].sequence == Sequence{2});
  CHECK(here[2].reason == "fork");
  CHECK(here[6].epoch == Epoch{1});
  CHECK(here[6].sequence == Sequence{9});
  CHECK(here[6].quarantined);
  CHECK(store.arrived_of("nobody").value().empty());

  Arrival foreign = arrival(device, 1);
  foreign.device = "nobody";
  CHECK(store.append(std::vector{foreign}, 1).error().code == ErrorCode::kNotFound);
}

void check_concurrent_intake(Store& store) {
  constexpr std::size_t kThreads = 8;
  constexpr std::uint64_t kEach = 25;
  std::vector<Device> devices;
  for (std::size_t i = 0; i < kThreads; ++i) {
    devices.push_back(enrolled(store, "device-" + std::to_string(i)));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(devices.size());
  for (const Device& device : devices) {
    threads.emplace_back([&store, &device, &wrong] {
      for (std::uint64_t s = 1; s <= kEach; ++s) {
        // One in five calls fails on purpose: its neighbours in the same commit must not notice.
        if (s % 5 == 0) {
          Arrival foreign = arrival(device, s);
          foreign.device = "nobody";
          if (store.append(std::vector{foreign}, 1).has_value()) ++wrong;
        }
        const auto verdicts = store.append(std::vector{arrival(device, s)}, 1);
        if (!verdicts.has_value() || verdicts.value().verdicts.front() != ArrivalVerdict::kStored)
          ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  const auto all = store.unopened(1'000).value();
  CHECK(all.size() == kThreads * kEach);
  std::set<std::int64_t> ids;
  for (const auto& one : all) ids.insert(one.id);
  CHECK(ids.size() == all.size());
  const auto marks = store.watermarks().value();
  for (const auto& mark : marks) CHECK(mark.sequence == Sequence{kEach});
}

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
  REQUIRE(store.accept_producer_draft(second.id, record, 80).has_value());
  CHECK(store.accept_producer_draft(first.id, record, 80).error().code == ErrorCode::kNotFound);
  const auto drafts = store.producer_drafts().value();
  REQUIRE(drafts.size() == 2);
  CHECK(drafts[0].body == Bytes("sealed \xff draft"));
  CHECK(drafts[0].accepted_ms == 80);
  CHECK(drafts[1].accepted_ms == 0);
  CHECK(store.draft_of("producer").value().size() == 1);
  CHECK(store.take_downs().value().empty());

  const Submission withdrawal = opened(store, device, 5, {});
  const Submission other = opened(store, device, 6, {});
  REQUIRE(store.restrict(second.id, {withdrawal.id, second.reference, 0}, 5'000).has_value());
  REQUIRE(store.restrict(third.id, {other.id, third.reference, 0}, 6'000).has_value());
  CHECK(store.producer_drafts().value().empty());
  CHECK(store.draft_of("producer").value().empty());
  CHECK(store.take_downs().value() == std::vector<std::string>{"producer/p-2"});
  CHECK(store.alike(1, "mobile", "", 10).value().empty());
  REQUIRE(store.take_down("product/x", "wrong", 90).has_value());
  REQUIRE(store.take_down("product/x", "again", 91).has_value());
  CHECK(store.take_downs().value().size() == 2);
  REQUIRE(store.lift_take_down("product/x").has_value());
  CHECK(store.take_downs().value().size() == 1);

  // The consent to be shown alone is withdrawn: before the approval, and by one that waited.
  REQUIRE(store.await_target({withdrawal.id, fourth.reference, 0}).has_value());
  REQUIRE(store.unpublish(fourth.id, "producer/p-4", withdrawal.id, 5'500).has_value());
  CHECK(store.waiting_withdrawals("").value().empty());
  REQUIRE(approve(fourth, "producer/p-4").has_value());
  CHECK(store.producer_drafts().value().empty());
  CHECK(store.submission(fourth.id).value()->state == SubmissionState::kOpened);
  REQUIRE(approve(first, "producer/p-1").has_value());
  REQUIRE(store.accept_producer_draft(first.id, {"producer", "p-1", "{}", "hash-of-p-1"}, 80)
              .has_value());
  REQUIRE(store.unpublish(first.id, "producer/p-1", 999'999, 5'600).has_value());
  CHECK(store.draft_of("producer").value().empty());
  CHECK(store.take_downs().value() ==
        std::vector<std::string>{"producer/p-1", "producer/p-2", "producer/p-4"});
  CHECK(store.take_downs().value().size() == 3);

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
  CHECK(store.erase(first.id).error().code == ErrorCode::kConflict);
  for (const Erasable& one : due) REQUIRE(store.erase(one.submission).has_value());
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

  REQUIRE(
      store.restrict(target.id, {.submission = withdrawal.id, .reference = target.reference}, 5'000)
          .has_value());
  CHECK(store.submissions({.reference = target.reference}).value().empty());
  const auto hidden =
      store.submissions({.reference = target.reference, .with_restricted = true}).value();
  REQUIRE(hidden.size() == 1);
  CHECK(hidden[0].state == SubmissionState::kRestricted);
  CHECK(store.cases_of(target.id).value()[0].state == "withdrawn");
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
}

void check_feed(Store& store) {
  const Device here = enrolled(store, "here", "shilp-gram", "lucknow");
  const Device there = enrolled(store, "there", "expo-mart", "gautam-buddha-nagar");
  const Device nowhere = enrolled(store, "nowhere", "", "");
  const auto answer = [&](std::uint64_t sequence, const Audience& audience) {
    const Submission submission = opened(store, here, sequence, {"agra"});
    Store::AnswerWrite write;
    write.submission = submission.id;
    write.revision = 1;
    write.feed_payload = std::to_string(sequence);
    write.audience = audience;
    REQUIRE(store.record_answer(write, 1).has_value());
  };
  answer(1, {.venue = "shilp-gram"});
  answer(2, {.district = "gautam-buddha-nagar"});
  answer(3, {.everyone = true});
  answer(4, {.device = "nowhere"});
  answer(5, {.venue = "shilp-gram", .district = "lucknow"});

  const auto payloads = [&](const Device& device, std::uint64_t after, std::size_t limit) {
    std::string all;
    const auto items = store.feed_after(device, FeedPosition{after}, limit).value();
    for (const auto& item : items) all += item.payload;
    return all;
  };
  CHECK(payloads(here, 0, 10) == "135");
  CHECK(payloads(there, 0, 10) == "23");
  CHECK(payloads(nowhere, 0, 10) == "34");
  CHECK(payloads(here, 1, 1) == "3");
  CHECK(store.feed_head(here).value() == FeedPosition{5});
  CHECK(store.feed_head(there).value() == FeedPosition{3});
}

void check_catalogue(Store& store) {
  CHECK_FALSE(store.newest_release().value().has_value());
  CHECK_FALSE(store.pointer("all").value().has_value());
  const std::vector<CatalogueRecord> records = {{"product", "b", R"({"n":1})", "h1"},
                                                {"product", "a", R"({"n":2})", "h2"},
                                                {"unit", "kg", R"({"n":1})", "h1"}};
  const std::vector<Medium> media = {{"m1", 4, 60'000, "image/jpeg"}};
  REQUIRE(store.edit_draft(records, {}, media, 1).has_value());
  REQUIRE(store.edit_draft(records, {}, media, 1).has_value());  // again: nothing changes
  const auto draft = store.draft().value();
  REQUIRE(draft.size() == 3);
  CHECK(draft[0].id == "a");
  CHECK(draft[2].json == R"({"n":1})");
  CHECK(store.draft_of("unit").value().size() == 1);
  CHECK(store.medium("m1").value()->size == 60'000);
  CHECK_FALSE(store.medium("m2").value().has_value());

  REQUIRE(store.edit_draft({}, std::vector<std::string>{"product/b"}, {}, 2).has_value());
  CHECK(store.draft().value().size() == 2);
  CHECK(store.content("h1").value() == R"({"n":1})");
  CHECK(store.content("none").error().code == ErrorCode::kNotFound);

  Release release;
  release.number = ReleaseNumber{1};
  release.created_ms = 5;
  release.records = 2;
  release.manifest = "{}";
  release.packs = {{ReleaseNumber{0}, 99}};
  const std::vector<ReleaseItem> items = {{1, "product/a", "h2", 7}, {4, "m1", "m1", 60'000}};
  StoredPointer pointer;
  pointer.serial = 1;
  pointer.ring = "all";
  pointer.release = release.number;
  pointer.document = "{}";
  REQUIRE(store.publish(release, items, std::vector{pointer}).has_value());
  CHECK(store.publish(release, items, std::vector{pointer}).error().code == ErrorCode::kConflict);
  CHECK(store.newest_release().value()->packs.at(0).size == 99);
  CHECK(store.release_items(ReleaseNumber{1}).value().size() == 2);
  CHECK(store.pointer("all").value()->release == ReleaseNumber{1});
  CHECK_FALSE(store.pointer("pilot").value().has_value());
}

void check_attachments(Store& store) {
  const Device device = enrolled(store, "device-1");
  Device stranger;
  stranger.public_key = Bytes(32, '\x08');
  const Bytes sealed = Bytes("sealed \xff\0 bytes", 15) + Bytes(3'000, 's');
  const auto size = static_cast<std::uint32_t>(sealed.size());
  const Bytes hash(32, 'h');
  Arrival one = arrival(device, 1);
  one.attachments = {{hash, size}, {Bytes(32, 'i'), 10}};
  REQUIRE(appended(store, {one, arrival(device, 2)}).front() == ArrivalVerdict::kStored);
  CHECK(appended(store, {one}).front() == ArrivalVerdict::kDuplicate);  // names nothing twice
  const std::int64_t id = only(store.submissions({.reference = one.reference})).id;
  REQUIRE(store.attachments_of(id).value().size() == 2);

  // Whole only with its attachments: a backup of now would not cover them, nor what follows.
  CHECK(store.watermarks().value().empty());

  CHECK_FALSE(store.attachment_named(stranger.public_key, hash).value().has_value());
  CHECK_FALSE(store.attachment_named(device.public_key, Bytes(32, 'x')).value().has_value());
  const Attachment named = store.attachment_named(device.public_key, hash).value().value();
  CHECK(named.submission == id);
  CHECK(named.place == 0);
  CHECK(named.size == size);
  CHECK(named.state == AttachmentState::kAwaited);
  CHECK(named.held == 0);

  // Pieces go behind each other, and nowhere else.
  CHECK(store.add_piece(named, 5, "late").value() == 0);
  CHECK(store.add_piece(named, 0, BytesView(sealed).substr(0, 2'000)).value() == 2'000);
  CHECK(store.add_piece(named, 0, BytesView(sealed).substr(0, 2'000)).value() == 2'000);
  CHECK(store.add_piece(named, 2'000, BytesView(sealed)).value() == 2'000);  // too much
  CHECK(store.attachment_named(device.public_key, hash).value()->held == 2'000);
  CHECK(store.add_piece(named, 2'000, BytesView(sealed).substr(2'000)).value() == size);
  CHECK(store.pieces(named).value() == sealed);
  REQUIRE(store.drop_pieces(named).has_value());
  CHECK(store.pieces(named).value().empty());
  CHECK(store.add_piece(named, 0, "again").value() == 5);

  REQUIRE(store.store_attachment(named, sealed).has_value());
  CHECK(store.attachment_body(named).value() == sealed);
  CHECK(store.attachments_here_of("device-1").value() == std::vector{hash});
  CHECK(store.pieces(named).value().empty());
  CHECK(store.add_piece(named, 0, "more").value() == 0);
  REQUIRE(store.store_attachment(named, "something else").has_value());
  CHECK(store.attachment_body(named).value() == sealed);  // it was not awaited any more
  CHECK(store.watermarks().value().empty());              // the second is not here

  // Opened after its submission, once.
  CHECK(store.unopened_attachments(10).value().empty());
  Opened result;
  result.submission = id;
  result.body = "sealed body";
  REQUIRE(store.record_opened(std::vector{result}, 3'000).has_value());
  const auto unopened = store.unopened_attachments(10).value();
  REQUIRE(unopened.size() == 1);
  CHECK(unopened[0].place == 0);
  REQUIRE(store.record_attachment_opened(named, AttachmentState::kOpened, "its own").has_value());
  CHECK(store.attachment_body(named).value() == "its own");
  REQUIRE(store.record_attachment_opened(named, AttachmentState::kUnreadable, {}).has_value());
  CHECK(store.attachments_of(id).value()[0].state == AttachmentState::kOpened);
  CHECK(store.unopened_attachments(10).value().empty());

  // What does not come is alarmed once, and taken all the same.
  const Attachment other =
      store.attachment_named(device.public_key, Bytes(32, 'i')).value().value();
  CHECK(store.give_up_attachments(2'000, 9'000).value() == 0);  // received at 2,000
  CHECK(store.give_up_attachments(2'001, 9'000).value() == 1);
  CHECK(store.give_up_attachments(2'001, 9'000).value() == 0);
  CHECK(store.alarms(10).value().front().kind == "recording_missing");
  CHECK(store.attachments_of(id).value()[1].state == AttachmentState::kMissing);
  CHECK(store.watermarks().value().empty());
  REQUIRE(store.store_attachment(other, "0123456789").has_value());
  CHECK(store.attachments_of(id).value()[1].state == AttachmentState::kHere);
  REQUIRE(store.watermarks().value().size() == 1);
  CHECK(store.watermarks().value()[0].sequence == Sequence{2});

  // Erased with its submission; nothing brings it back.
  REQUIRE(store.restrict(id, {.submission = id, .reference = one.reference}, 10'000).has_value());
  CHECK(store.unopened_attachments(10).value().empty());
  REQUIRE(store.erase(id).has_value());
  const auto all = store.attachments_of(id).value();
  REQUIRE(all.size() == 2);
  for (const Attachment& erased : all) {
    CHECK(erased.state == AttachmentState::kErased);
    CHECK(store.attachment_body(erased).value().empty());
  }
  REQUIRE(store.store_attachment(named, sealed).has_value());
  CHECK(store.attachment_body(named).value().empty());
}

}  // namespace odop::syncserver
