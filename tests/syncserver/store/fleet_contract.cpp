// The contract of kiosks, their feed and the catalogue that they show.
#include "tests/syncserver/store/store_contract.h"
#include "tests/syncserver/store/store_samples.h"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace odop::syncserver {

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
  state.app_number = 2;
  REQUIRE(store.record_heartbeat("device-1", state).has_value());
  CHECK(store.enrol("code-device-1", repeated, 600).error().code == ErrorCode::kUnauthorized);
  const auto rows = store.fleet().value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].device.state.free_bytes == 40'000'000'000);
  CHECK(rows[0].device.state.clock_offset_ms == -250);
  CHECK(rows[0].device.state.app_version == "1.0");
  CHECK(rows[0].device.state.app_number == 2);
  CHECK(rows[1].device.id.empty());

  // One that comes late takes nothing back of what a kiosk said it gave out: the list of what never
  // arrived is made from it.
  state.last_sequence = Sequence{12};
  REQUIRE(store.record_heartbeat("device-1", state).has_value());
  state.last_sequence = Sequence{9};
  state.queue = 5;
  REQUIRE(store.record_heartbeat("device-1", state).has_value());
  CHECK(store.fleet().value()[0].device.state.last_sequence == Sequence{12});
  CHECK(store.fleet().value()[0].device.state.queue == 5);

  // Who is let in again has said that, too, whether it stands here already or not.
  Device back = store.device("device-1").value().value();
  back.state.last_sequence = Sequence{14};
  CHECK(store.readmit(back, 600).value().state.last_sequence == Sequence{14});
  back.state.last_sequence = Sequence{13};
  CHECK(store.readmit(back, 600).value().state.last_sequence == Sequence{14});
  CHECK(store.alarms(10).value().empty());
  Device lost = back;
  lost.id = "device-lost";
  lost.token_hash = "token-lost";
  CHECK(store.readmit(lost, 600).error().code == ErrorCode::kConflict);
  lost.kiosk = KioskNumber{700};
  CHECK(store.readmit(lost, 600).value().state.last_sequence == Sequence{13});
  CHECK(store.alarms(10).value().at(0).kind == "readmitted");

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

// A copied disk is told to enrol anew, once; what was meant for it reaches what it became.
void check_anew(Store& store) {
  const Device old = enrolled(store, "device-1");
  const auto feed = [&](const Device& device) {
    return store.feed_after(device, FeedPosition{0}, 100).value();
  };
  const std::size_t before = feed(old).size();
  const Arrival first = arrival(old, 1);
  REQUIRE(store.append(std::vector{first, arrival(old, 1, 'b')}, 1'000).has_value());
  REQUIRE(store.append(std::vector{arrival(old, 1, 'c')}, 2'000).has_value());
  const auto told = feed(old);
  REQUIRE(told.size() == before + 1);
  CHECK(told.back().kind == 4);
  CHECK(told.back().payload == R"({"enrol_anew":"device-1"})");
  CHECK(store.device("device-1").value()->demanded_ms == 1'000);
  REQUIRE(store.demand_enrolment("device-1", 3'000).has_value());
  CHECK(feed(old).size() == before + 1);

  // An answer for the old one alone, given before the new one is known to be it.
  const auto answer = [&](const std::string& reference, const std::string& words) {
    Store::AnswerWrite write;
    write.submission = only(store.submissions({.reference = reference})).id;
    write.revision = 1;
    write.state = "answered";
    write.feed_payload = words;
    write.audience.device = "device-1";
    REQUIRE(store.record_answer(write, 4'000).has_value());
  };
  for (const std::uint64_t sequence : {2U, 3U}) (void)opened(store, old, sequence, {"agra"}, 0);
  answer(arrival(old, 2).reference, "early");
  const Device next = enrolled(store, "device-2");
  const auto words = [&](const Device& device) {
    std::multiset<std::string> all;
    for (const FeedItem& item : feed(device)) {
      if (item.kind == 1) all.insert(item.payload);
    }
    return all;
  };
  REQUIRE(store.configure(next.kiosk, "{}", 4'500).has_value());
  CHECK(words(next).empty());
  const FeedPosition head = store.feed_head(next).value();
  REQUIRE(store.record_former("device-2", "device-1", 5'000).has_value());
  REQUIRE(store.record_former("device-2", "somebody", 6'000).has_value());
  CHECK(store.device("device-2").value()->former == "device-1");
  // Behind the position that it has come to, too.
  CHECK(store.feed_after(next, head, 100).value().size() == 1);
  answer(arrival(old, 3).reference, "late");
  CHECK(words(next) == std::multiset<std::string>{"early", "early", "late"});
  // Not what the old one was told of itself.
  for (const FeedItem& item : feed(next)) CHECK(item.payload != told.back().payload);
  // Nor is anything of the new one the old one's.
  CHECK(words(old) == std::multiset<std::string>{"early", "late"});

  Arrival spoken = arrival(old, 4);
  const Bytes hash(32, 'h');
  spoken.attachments = {{hash, 10}};
  REQUIRE(store.append(std::vector{spoken}, 7'000).has_value());
  Device stranger;
  stranger.id = "device-3";
  stranger.public_key = Bytes(32, '\x09');
  CHECK_FALSE(store.attachment_named(stranger, hash).value().has_value());
  Device other_key = next;
  other_key.public_key = Bytes(32, '\x09');
  CHECK(store.attachment_named(other_key, hash).value().has_value());

  // Whoever has its disk has the keys of what it was, too; of others' nothing is taken.
  const Device apart = enrolled(store, "device-4");
  REQUIRE(store.revoke(next.kiosk, 9'000).has_value());
  CHECK(store.device("device-2").value()->revoked_ms == 9'000);
  CHECK(store.device("device-1").value()->revoked_ms == 9'000);
  CHECK(store.device(apart.id).value()->revoked_ms == 0);
}

}  // namespace odop::syncserver
