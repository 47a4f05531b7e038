// Destruction by bytes: what was erased is in no file of the server's folder, in no backup that was
// within reach, and does not come back by a backup that was not, nor by a kiosk that pushes again.
#include "syncserver/service/erasure.h"

#include "syncserver/service/backup.h"
#include "syncserver/service/erasure_list.h"
#include "syncserver/service/media_folder.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace odop::syncserver {

namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> open_file(const fs::path& file) { return open_store(file.string()); }

// Pieces of what lay on the disk for one submission, each long enough to be no accident.
using Needles = std::map<std::string, Bytes>;

// A desk that received, opened and let be withdrawn one enquiry, beside one that stays.
class ErasureDesk : public Desk {
 public:
  ErasureDesk() {
    target = kiosk.enquiry();
    other = kiosk.enquiry();
    kiosk.push({target.envelope, other.envelope});
    open_all();
  }
  Submission stored(const std::string& reference) {
    return store->submissions({.reference = reference, .with_restricted = true}).value().at(0);
  }
  Needles needles_of(const TestKiosk::Sent& sent) {
    const Submission row = stored(sent.reference);
    const Bytes key = record_keys->get(to_hex(row.hash)).value().value();
    const auto middle = [](const Bytes& bytes) { return bytes.substr(bytes.size() / 2, 64); };
    return {{"the envelope as it came, sealed to the server", middle(sent.envelope)},
            {"the envelope under the record's key", middle(row.envelope)},
            {"the body under the record's key", middle(row.body)},
            {"the record's key", to_base64(key)}};
  }
  // Withdrawn by its asker, and a year goes by.
  void withdraw_and_wait() {
    kiosk.push({kiosk.withdrawal(target.reference, kCode).envelope});
    open_all();
    clock.advance(kKeepAfterWithdrawal + std::chrono::days{1});
  }
  ErasureReport erase() {
    return erase_due(*store, *record_keys, data, open_file, clock.wall(), false).value();
  }

  TestKiosk kiosk{*this, "shilp-gram", "lucknow"};
  TestKiosk::Sent target, other;
  test::TempFolder temp;
};

// Which of the needles are in any file below `folder`.
std::vector<std::string> found(const fs::path& folder, const Needles& needles) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const Bytes bytes = read_file(entry.path(), 1U << 30U).value();
    for (const auto& [name, needle] : needles) {
      if (bytes.find(needle) != Bytes::npos) {
        names.push_back(name + " in " + entry.path().filename().string());
      }
    }
  }
  return names;
}

bool holds(const std::vector<std::string>& names, std::string_view what) {
  return std::ranges::any_of(names, [&](const auto& name) { return name.starts_with(what); });
}

}  // namespace

TEST_CASE("What was erased is in no byte of the data folder, nor of a backup within reach",
          "[syncserver][erasure]") {
  ErasureDesk desk;
  const Needles gone = desk.needles_of(desk.target);
  const Needles kept = desk.needles_of(desk.other);
  const BackupPlaces together{desk.temp / "monday", {}};
  const BackupPlaces apart{desk.temp / "tuesday", desk.temp / "safe"};
  for (const auto& places : {together, apart}) {
    REQUIRE(make_backup(*desk.store, *desk.record_keys, desk.data, places, desk.clock.wall())
                .has_value());
  }
  // The test can fail: everything is there before.
  const auto before = found(desk.data.root, gone);
  for (const char* part : {"the envelope under", "the body", "the record's key"}) {
    CHECK(holds(before, part));
    CHECK(holds(found(desk.temp.path(), gone), part));
  }

  desk.withdraw_and_wait();
  const auto report = desk.erase();
  CHECK(report.references.size() == 2);  // and the withdrawal, which held the code
  CHECK(report.backups_cleaned.size() == 2);
  CHECK(report.backups_left.empty());
  for (const fs::path& folder : {desk.data.root, desk.temp.path()}) {
    for (const auto& name : found(folder, gone)) FAIL_CHECK(name << " below " << folder);
    CHECK(holds(found(folder, kept), "the body"));
    CHECK(holds(found(folder, kept), "the record's key"));
  }
  // The backups are whole, and what they bring back is the other one alone.
  const DataFolder restored{desk.temp / "restored"};
  REQUIRE(
      restore_backup(together, restored, open_file, desk.random, desk.clock.wall()).has_value());
  CHECK(found(restored.root, gone).empty());
  const auto store = open_file(restored.database()).value();
  CHECK(store->submissions({.reference = desk.target.reference, .with_restricted = true})
            .value()
            .at(0)
            .state == SubmissionState::kErased);
  CHECK(store->submissions({.reference = desk.other.reference}).value().size() == 1);
  CHECK(restore_backup(apart, DataFolder{desk.temp / "restored-2"}, open_file, desk.random,
                       desk.clock.wall())
            .has_value());
}

TEST_CASE("A backup that was out of reach brings nothing back, nor does a kiosk",
          "[syncserver][erasure]") {
  ErasureDesk desk;
  const Needles gone = desk.needles_of(desk.target);
  const BackupPlaces old{desk.temp / "shelf" / "monday", {}};
  fs::create_directories(desk.temp / "shelf");
  REQUIRE(
      make_backup(*desk.store, *desk.record_keys, desk.data, old, desk.clock.wall()).has_value());
  // The disk with it is taken home.
  fs::rename(desk.temp / "shelf" / "monday", desk.temp / "at-home");
  desk.withdraw_and_wait();
  const auto report = desk.erase();
  CHECK(report.backups_cleaned.empty());
  CHECK(report.backups_left == std::vector<std::string>{(desk.temp / "shelf" / "monday").string()});
  CHECK(found(desk.data.root, gone).empty());
  CHECK_FALSE(found(desk.temp / "at-home", gone).empty());
  // A later backup carries the list.
  const BackupPlaces later{desk.temp / "shelf" / "friday", {}};
  REQUIRE(
      make_backup(*desk.store, *desk.record_keys, desk.data, later, desk.clock.wall()).has_value());

  const auto check_restored = [&](const BackupPlaces& from, const fs::path& to,
                                  const std::vector<fs::path>& lists) {
    const DataFolder restored{to};
    REQUIRE(restore_backup(from, restored, open_file, desk.random, desk.clock.wall(), lists)
                .has_value());
    for (const auto& name : found(restored.root, gone)) FAIL_CHECK(name << " below " << to);
    const auto store = open_file(restored.database()).value();
    KioskApi api(*store, desk.keys, desk.clock, desk.random, restored.root);
    // Pushed again by a kiosk that kept it: it was there.
    const Caller caller = api.authenticate(desk.kiosk.identity.token).value();
    const auto receipt =
        wire::decode<wire::BatchReceipt>(
            api.push(caller, {wire::kProtocolVersion, {desk.target.envelope}}).value().payload)
            .value();
    CHECK(receipt.verdicts.at(0).code == wire::VerdictCode::kDuplicate);
    CHECK(store->unopened(10).value().empty());
    CHECK(found(restored.root, gone).empty());
    const auto rows =
        store->submissions({.reference = desk.target.reference, .with_restricted = true}).value();
    const auto cases = store->cases_of(rows.at(0).id).value();
    CHECK(cases.size() == 2);
    for (const Case& one : cases) {
      CHECK(one.closed_ms != 0);
    }
  };
  // Named by hand.
  const BackupPlaces home{desk.temp / "at-home", {}};
  check_restored(home, desk.temp / "a", {erasure_list(later.to)});
  CHECK(restore_backup(home, DataFolder{desk.temp / "x"}, open_file, desk.random, desk.clock.wall(),
                       std::vector<fs::path>{desk.temp / "no.list"})
            .error()
            .code == ErrorCode::kNotFound);
  // Found beside it.
  fs::rename(desk.temp / "at-home", old.to);
  check_restored(old, desk.temp / "b", {});
  // Without the list it would all come back: the mutation.
  fs::rename(old.to, desk.temp / "alone");
  const DataFolder naive{desk.temp / "c"};
  fs::create_directories(desk.temp / "nowhere");
  fs::rename(desk.temp / "alone", desk.temp / "nowhere" / "monday");
  REQUIRE(restore_backup({desk.temp / "nowhere" / "monday", {}}, naive, open_file, desk.random,
                         desk.clock.wall())
              .has_value());
  CHECK_FALSE(found(naive.root, gone).empty());
}

TEST_CASE("What a backup never had is remembered as erased", "[syncserver][erasure]") {
  ErasureDesk desk;
  const Submission row = desk.stored(desk.target.reference);
  const test::TempFolder temp;
  const auto empty = open_file(temp / "empty.db").value();
  const Erased erased{.hash = row.hash,
                      .device = row.device,
                      .epoch = row.epoch,
                      .sequence = row.sequence,
                      .kind = row.kind,
                      .reference = row.reference,
                      .erased_ms = 1};
  must(empty->forget(erased));
  must(empty->forget(erased));
  CHECK(empty->hash_of(row.device, row.epoch, row.sequence).value() == row.hash);
}

TEST_CASE("The list of what was erased is read as far as it was written", "[syncserver][erasure]") {
  const test::TempFolder temp;
  const auto file = erasure_list(temp.path());
  CHECK(read_erased(file).value().empty());
  Erased one{.hash = Bytes(32, 'a'),
             .device = "018f0000-0000-7000-8000-000000000001",
             .epoch = Epoch{1},
             .sequence = Sequence{7},
             .kind = 1,
             .reference = "0170042836",
             .erased_ms = 5};
  Erased two = one;
  two.hash = Bytes(32, 'b');
  must(append_erased(file, std::vector{one}));
  const Bytes first = read_file(file, 4096).value();
  must(append_erased(file, std::vector{one, two}));
  const Bytes all = read_file(file, 4096).value();
  const auto read = read_erased(file).value();
  REQUIRE(read.size() == 2);
  CHECK(read[0].hash == one.hash);
  CHECK(read[0].sequence == one.sequence);
  CHECK(read[1].reference == one.reference);
  // Cut anywhere: the whole lines count, and what follows later is whole again.
  for (std::size_t cut = first.size(); cut < all.size(); ++cut) {
    must(write_durably(file, all.substr(0, cut)));
    CHECK(read_erased(file).value().size() == (cut + 1 < all.size() ? 1 : 2));
    must(append_erased(file, std::vector{two}));
    CHECK(read_erased(file).value().size() == 2);
  }
  must(write_durably(file, "{\"hash\":\"zz\"}\n"));
  CHECK(read_erased(file).error().code == ErrorCode::kCorrupt);
}

}  // namespace odop::syncserver
