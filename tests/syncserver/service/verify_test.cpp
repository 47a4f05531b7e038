// Verification of rows that were changed, or taken away, behind the server's back; and of servers
// that went through a lot and are whole. Bytes that were flipped: backup_test.cpp.
#include "syncserver/service/verify.h"

#include "syncserver/service/backup.h"
#include "syncserver/service/erasure.h"
#include "syncserver/service/erasure_list.h"
#include "syncserver/service/fleet.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/releases.h"
#include "tests/syncserver/service/damage.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> open_at(const fs::path& file) { return open_store(file.string()); }

std::vector<std::string> problems_of(Store& store, const Desk& desk) {
  return verify_all(store, *desk.record_keys, desk.keys, desk.data).value().problems;
}

void check_whole(Store& store, const Desk& desk) {
  for (const std::string& problem : problems_of(store, desk)) FAIL_CHECK(problem);
}

// Number by number: 1 answered, 2 opened, 3 withdrawn, 4 its withdrawal, 5 and 6 not opened yet.
// Two releases; the kiosk was configured.
class BusyDesk : public Desk {
 public:
  BusyDesk() {
    publish("one");
    publish("two");
    must(store->configure(kiosk.identity.kiosk, R"({"mode":"production"})", kDeskStart));
    for (int i = 0; i < 3; ++i) sent.push_back(kiosk.enquiry());
    kiosk.push({sent[0].envelope, sent[1].envelope, sent[2].envelope});
    open_all();
    sent.push_back(kiosk.withdrawal(sent[2].reference, kCode));
    kiosk.push({sent[3].envelope});
    open_all();
    if (!submissions.answer({.reference = sent[0].reference, .state = "answered", .text = "450"})
             .has_value()) {
      throw std::runtime_error("not answered");
    }
    for (int i = 0; i < 2; ++i) sent.push_back(kiosk.enquiry());
    kiosk.push({sent[4].envelope, sent[5].envelope});
  }
  void publish(const std::string& what) {
    must(store->edit_draft(std::vector{record("product", "attar", "{\"x\":\"" + what + "\"}")}, {},
                           {}, kDeskStart));
    const MediaFolder media(data.media());
    Publisher publisher(*store, keys, media, data.root);
    if (!publisher.publish(clock.wall()).has_value()) throw std::runtime_error("no release");
  }
  // What verification says of a copy of the database in which this was done.
  std::vector<std::string> after(const std::string& sql) {
    const fs::path file = temp / fmt::format("{}.db", ++copies_);
    REQUIRE(store->copy_to(file).has_value());
    change_database(file, sql);
    return problems_of(*open_at(file).value(), *this);
  }

  test::TempFolder temp;
  TestKiosk kiosk{*this, "shilp-gram", "lucknow"};
  std::vector<TestKiosk::Sent> sent;

 private:
  int copies_ = 0;
};

struct Edit {
  const char* sql;
  const char* said;  // in one of the problems
};

void check_found(BusyDesk& desk, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    INFO(edit.sql);
    std::string all;
    for (const std::string& problem : desk.after(edit.sql)) {
      CHECK(problem.find('\n') == std::string::npos);
      all += problem + "\n";
    }
    CHECK_THAT(all, Catch::Contains(edit.said));
    CHECK(all.find("Canary") == std::string::npos);
    CHECK(all.find(desk.sent[0].reference) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("Verification finds rows that are gone", "[syncserver][verify]") {
  BusyDesk desk;
  check_whole(*desk.store, desk);
  check_found(
      desk,
      {
          {"DELETE FROM submissions", "submission 1: it was taken in, and its row is gone"},
          {"DELETE FROM submissions WHERE id = 1", "submission 1: it was taken in"},
          {"DELETE FROM submissions WHERE id = 2", "submission 2: it was taken in"},
          {"DELETE FROM submissions WHERE id = 4", "rows of withdrawals name"},
          {"DELETE FROM submissions WHERE id = 5", "submission 5: it was taken in"},
          {"DELETE FROM devices", "rows of submissions name in their column device"},
          {"DELETE FROM kiosks", "rows of devices name in their column kiosk"},
          {"DELETE FROM releases", "rows of pointers name in their column release"},
          {"DELETE FROM releases WHERE number = 1", "release 1 is missing"},
          {"DELETE FROM releases WHERE number = 2", "its release 2 is gone"},
          {"DELETE FROM release_items WHERE release = 2 AND id = 'product/attar'",
           "release 2: not what was signed: items"},
          {"DELETE FROM contents WHERE json LIKE '%one%'", "rows of release_items name"},
          {"DELETE FROM cases", "rows of case_events name"},
          {"DELETE FROM feed WHERE kind = 1", "submission 1: its answer 1 is not in the feed"},
      });
  // The newest that came, before anything was made of it: nothing tells it from one that never did.
  CHECK(desk.after("DELETE FROM submissions WHERE id = 6").empty());
  // Unless a backup held it.
  REQUIRE(make_backup(*desk.store, *desk.record_keys, desk.data, {desk.temp / "backup", {}},
                      desk.clock.wall())
              .has_value());
  check_found(desk, {{"DELETE FROM submissions WHERE id = 6",
                      "sequence 6 of epoch 1 is gone, which a backup covered"}});
}

TEST_CASE("Verification finds columns that are not what was signed", "[syncserver][verify]") {
  BusyDesk desk;
  const auto said = [](const char* column) {
    return std::string("not what was signed: ") + column;
  };
  const std::vector<std::pair<const char*, const char*>> columns = {
      {"epoch", "7"},         {"sequence", "70"},    {"previous", "'00'"},
      {"uuid", "'x'"},        {"kind", "2"},         {"reference", "'0170042836'"},
      {"form_id", "'other'"}, {"form_version", "9"}, {"wall_ms", "5"}};
  for (const auto& [column, value] : columns) {
    for (const int id : {2, 5}) {  // opened, and not
      const std::string sql =
          fmt::format("UPDATE submissions SET {} = {} WHERE id = {}", column, value, id);
      check_found(desk, {{sql.c_str(), said(column).c_str()}});
    }
  }
  const std::vector<std::pair<int, std::vector<int>>> states = {
      {2, {1, 3, 4, 5, 6}}, {3, {1, 2, 3, 5}}, {5, {2, 3, 4, 5}}};
  for (const auto& [id, others] : states) {
    for (const int state : others) {
      // A quarantine has its reason; this one is the withdrawal's.
      if (id == 3 && state == 3) continue;
      const std::string sql =
          fmt::format("UPDATE submissions SET state = {} WHERE id = {}", state, id);
      const std::string words = fmt::format("submission {}: its state", id);
      check_found(desk, {{sql.c_str(), words.c_str()}});
    }
  }
  check_found(
      desk,
      {
          {"UPDATE devices SET token_hash = substr(token_hash, 2) || '0'",
           "the hash of its token was changed"},
          {"UPDATE pointers SET document = '{}'", "ring all: there is no signed document"},
          {"UPDATE pointers SET document = replace(document, 'a', 'b')", "of ring all: "},
          {"UPDATE pointers SET serial = serial + 5", "not what was signed: serial"},
          {"UPDATE pointers SET ring = 'pilot'", "not what was signed: ring"},
          {"UPDATE pointers SET release = 1 WHERE serial = 2", "not what was signed: release"},
          {"UPDATE pointers SET expires_ms = expires_ms + 1", "not what was signed: expires_ms"},
          {"UPDATE releases SET created_ms = 1, records = 99",
           "release 2: not what was signed: created_ms, records"},
          {"UPDATE releases SET manifest = (SELECT manifest FROM releases WHERE number = 1)",
           "its release 2 has another manifest"},
          {"UPDATE feed SET payload = '00'", "feed entry 1 was changed"},
          {"UPDATE feed SET payload = '00' WHERE kind = 1", "was changed"},
          {"UPDATE feed SET payload = '00' WHERE kind = 3", "was changed"},
          {"UPDATE feed SET payload = '00' WHERE kind = 4", "was changed"},
          {"UPDATE feed SET payload = '' WHERE kind = 3", "was changed"},
          {"UPDATE feed SET kind = 9 WHERE kind = 4", "was changed"},
          {"UPDATE submissions SET answer = 4 WHERE id = 1", "its answer 4 is not in the feed"},
      });
}

TEST_CASE("A server that went through a lot is whole", "[syncserver][verify]") {
  BusyDesk desk;
  const auto make_at = [&](std::uint64_t sequence, const Bytes& key) {
    return desk.kiosk.make_at(sequence, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo, key);
  };
  const Bytes good = desk.keys.sealing.public_key();
  SECTION("a gap that may still come, and one at the end") {
    (void)desk.kiosk.enquiry();
    desk.kiosk.push({desk.kiosk.enquiry().envelope});
    FleetState state;
    state.last_sequence = Sequence{9};
    must(desk.store->record_heartbeat(desk.kiosk.identity.device_id, state));
    CHECK(list_kiosks(*desk.store, desk.clock.wall()).value().at(0).missing ==
          std::vector{Sequence{7}, Sequence{9}});
    check_whole(*desk.store, desk);
    // Its number is not the last that the kiosk gave out: found by the server's own.
    desk.kiosk.push({make_at(9, good).envelope});
    check_found(desk, {{"DELETE FROM submissions WHERE sequence = 8", "submission 7: it was"}});
  }
  SECTION("a fork, and an envelope that nobody can read") {
    desk.kiosk.push({make_at(2, good).envelope, make_at(5, good).envelope});
    desk.kiosk.push({make_at(7, crypto::SealingKey::generate().public_key()).envelope});
    desk.open_all();
    CHECK(desk.submissions.list({.state = "quarantined"})->size() == 5);
    check_whole(*desk.store, desk);
    check_found(desk, {{"UPDATE submissions SET state = 2 WHERE id = 2", "its state (opened)"},
                       {"UPDATE submissions SET state = 1 WHERE id = 5", "its state (received)"}});
  }
  SECTION("a revoked kiosk") {
    must(desk.store->revoke(desk.kiosk.identity.kiosk, kDeskStart));
    desk.kiosk.push({desk.kiosk.enquiry().envelope});
    desk.open_all();
    check_whole(*desk.store, desk);
  }
  SECTION("recordings that are here, and awaited") {
    desk.kiosk.spoken = {{"message", "OggS canary of a voice"}};
    const auto heard = desk.kiosk.enquiry();
    desk.kiosk.push({heard.envelope, desk.kiosk.enquiry().envelope});
    desk.kiosk.attach_all(heard);
    desk.open_all();
    check_whole(*desk.store, desk);
  }
  SECTION("several programs on one database, and restarts") {
    for (int i = 0; i < 3; ++i) {
      const auto other = open_at(desk.data.database()).value();
      KioskApi api(*other, desk.keys, desk.clock, desk.random, desk.data.root);
      const Caller caller = api.authenticate(desk.kiosk.identity.token).value();
      for (int j = 0; j < 40; ++j) {
        REQUIRE(api.push(caller, {wire::kProtocolVersion, {desk.kiosk.enquiry().envelope}})
                    .has_value());
      }
      desk.kiosk.push({desk.kiosk.enquiry().envelope});
    }
    desk.open_all();
    check_whole(*desk.store, desk);
    check_found(desk, {{"DELETE FROM submissions WHERE id = 65", "submission 65: it was taken in"},
                       {"DELETE FROM submissions WHERE id BETWEEN 129 AND 168",
                        "submission 129: it was taken in"}});
  }
  SECTION("erasure, and a restore that hears of more") {
    const BackupPlaces places{desk.temp / "backup", {}};
    REQUIRE(make_backup(*desk.store, *desk.record_keys, desk.data, places, desk.clock.wall())
                .has_value());
    desk.clock.advance(kKeepAfterWithdrawal + std::chrono::days{1});
    REQUIRE(erase_due(*desk.store, *desk.record_keys, desk.data, open_at, desk.clock.wall(), false)
                ->references.size() == 2);
    check_whole(*desk.store, desk);
    // Of another life: one of a device that is not here, one that this kiosk sent later.
    std::vector<Erased> erased;
    for (const std::uint64_t sequence : {1U, 8U}) {
      erased.push_back({.hash = Bytes(32, static_cast<char>(sequence)),
                        .device = sequence == 1 ? "0190a000-0000-7000-8000-00000000000f"
                                                : desk.kiosk.identity.device_id,
                        .epoch = Epoch{1},
                        .sequence = Sequence{sequence},
                        .kind = 1,
                        .reference = "0170042836",
                        .erased_ms = kDeskStart});
    }
    must(append_erased(desk.temp / "erased.list", erased));
    const DataFolder folder{desk.temp / "restored"};
    const std::vector<fs::path> lists{desk.temp / "erased.list"};
    REQUIRE(
        restore_backup(places, folder, open_at, desk.random, desk.clock.wall(), lists).has_value());
    const auto store = open_at(folder.database()).value();
    const auto record_keys = open_key_store(folder.record_keys()).value();
    KioskApi api(*store, desk.keys, desk.clock, desk.random, folder.root);
    const Caller caller = api.authenticate(desk.kiosk.identity.token).value();
    REQUIRE(
        api.push(caller, {wire::kProtocolVersion, {desk.kiosk.enquiry().envelope}}).has_value());
    const auto report = verify_all(*store, *record_keys, desk.keys, folder).value();
    for (const std::string& problem : report.problems) FAIL_CHECK(problem);
    CHECK(report.submissions == 8);  // and one whose device is not here
  }
}

}  // namespace odop::syncserver
